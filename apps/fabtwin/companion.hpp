// A command that is carried out by a program of its own beside this one: it costs minutes to build, and few need it
// (docs/decisions/0020).
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace apps::fabtwin {

// Where a program called `name` belongs to the program at `own`: in its folder, else in ../libexec/fabtwin.
// Empty: in neither.
std::filesystem::path find_companion(const std::filesystem::path& own, const std::string& name);

// This process becomes fabtwin-COMMAND with these words. Throws Failure where it is not there or does not start.
[[noreturn]] void become(const std::string& command, const std::vector<std::string>& words);

}  // namespace apps::fabtwin
