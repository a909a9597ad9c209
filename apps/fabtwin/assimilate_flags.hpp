// The words of `fabtwin assimilate`, told by both programs that know the command: fabtwin, which hands it on, and
// fabtwin-assimilate, which carries it out.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "apps/fabtwin/command_line.hpp"

namespace apps::fabtwin {

struct AssimilateFlags {
  std::string file, csv;
  std::optional<std::uint32_t> seeds, cycles, burn_in;  // instead of the file's
  std::optional<std::uint64_t> first_seed;
  std::uint32_t threads = 1;
  bool json = false;
};

void add_assimilate(Command& program, std::function<Exit(const AssimilateFlags&)> does);

}  // namespace apps::fabtwin
