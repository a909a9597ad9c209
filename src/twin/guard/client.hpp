// What those around the guard make: the text of a command, which people sign, and the public half of a
// key. The guard itself only reads; none of this is in its process.
#pragma once
#include "twin/guard/command.hpp"

namespace twin::guard {

// Writes a text by its `fields`.
struct Writing {
  std::string text;
  void operator()(std::string_view key, const auto& value) {
    text.append(key).append(" ").append(show(value)).append("\n");
  }
};

[[nodiscard]] std::string show(const Command& command);
[[nodiscard]] PublicKey public_key(const Seed& seed);

}  // namespace twin::guard
