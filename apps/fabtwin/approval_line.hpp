// A person's signature of what a twin would send, made on the person's own machine: the twin gets the line, and never
// the key.
#pragma once
#include <filesystem>
#include <string>

#include "twin/core/tick.hpp"

namespace apps::fabtwin {

struct Signing {
  std::filesystem::path key;  // of fabtwin-guard-key; its owner alone may read it
  std::string person, role;
  twin::core::Tick at = 0;  // [ms since 1970]
};
// "approval PERSON ROLE AT SIGNATURE". twin::core::Error where the key cannot be used, or the text is no command in
// its one spelling.
[[nodiscard]] std::string approval_line(const Signing& by, const std::string& command_text);

// What is signed, a line for each thing that a tool would be told: not the twin's words for it, but the text itself.
[[nodiscard]] std::string command_words(const std::string& command_text);

}  // namespace apps::fabtwin
