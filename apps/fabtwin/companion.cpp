#include "apps/fabtwin/companion.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "apps/fabtwin/exit.hpp"

namespace apps::fabtwin {

namespace fs = std::filesystem;

fs::path find_companion(const fs::path& own, const std::string& name) {
  const fs::path folder = own.parent_path();
  for (const fs::path& at : {folder / name, folder.parent_path() / "libexec" / "fabtwin" / name})
    if (::access(at.c_str(), X_OK) == 0 && !fs::is_directory(at)) return at;
  return {};
}

void become(const std::string& command, const std::vector<std::string>& words) {
  const std::string name = "fabtwin-" + command;
  std::error_code failed;
  const fs::path own = fs::read_symlink("/proc/self/exe", failed);
  const fs::path program = find_companion(own, name);
  if (program.empty())
    throw Failure(Exit::Failed,
                  fmt::format("{} (not beside {}, nor in ../libexec/fabtwin) build it by "
                              "./run {}?",
                              name, own.string(), command));
  std::vector<std::string> copies = words;
  copies.insert(copies.begin(), program.string());
  std::vector<char*> arguments;
  for (std::string& word : copies) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::fflush(nullptr);
  ::execv(program.c_str(), arguments.data());
  throw Failure(Exit::Failed,
                fmt::format("{} ({})", program.string(), std::generic_category().message(errno)));
}

}  // namespace apps::fabtwin
