// The words of `fabtwin uq`, told by both programs that know the command: fabtwin, which hands it on, and fabtwin-uq,
// which carries it out.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "apps/fabtwin/command_line.hpp"

namespace apps::fabtwin {

struct UqFlags {
  std::string file, folder, report;      // folder: instead of the file's; empty: that
  std::optional<std::uint32_t> threads;  // instead of the file's
  std::optional<std::uint32_t> serve;    // the port; 0: any that is free
  bool json = false;
};

void add_uq(Command& program, std::function<Exit(const UqFlags&)> does);

}  // namespace apps::fabtwin
