// Shell completion, made from the program's own description: a new flag completes by itself.
#pragma once
#include <string>

namespace apps::fabtwin {

class Command;

// A script for "bash", "zsh" or "fish". Throws twin::core::Error for another shell.
std::string completion_script(const Command& program, const std::string& shell);

}  // namespace apps::fabtwin
