#include "apps/fabtwin/completion.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/man_page.hpp"
#include "twin/core/error.hpp"

namespace apps::fabtwin {
namespace {

using ::testing::HasSubstr;

// A new command or flag would not complete.
TEST(Completion, KnowsEveryCommandAndFlag) {
  CommandLine line("fabtwin", "1.0");
  Command& program = line.program();
  describe(program);
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const std::string script = completion_script(program, shell);
    for (const auto& command : program.commands()) {
      EXPECT_THAT(script, HasSubstr(command->name())) << shell;
      for (const OptionWords& option : command->options()) {
        for (const std::string& flag : option.flags) {
          if (!flag.starts_with("--")) continue;
          EXPECT_THAT(script,
                      HasSubstr(std::string(shell) == "fish" ? "-l " + flag.substr(2) : flag));
        }
      }
    }
    EXPECT_THAT(script, HasSubstr("fifo"));
  }
  EXPECT_THROW(completion_script(program, "csh"), twin::core::Error);
}

}  // namespace
}  // namespace apps::fabtwin
