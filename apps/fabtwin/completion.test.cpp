#include "apps/fabtwin/completion.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <CLI/CLI.hpp>

#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/man_page.hpp"
#include "twin/core/error.hpp"

namespace apps::fabtwin {
namespace {

using ::testing::HasSubstr;

// A new command or flag would not complete.
TEST(Completion, KnowsEveryCommandAndFlag) {
  CLI::App program;
  Action chosen;
  describe(program, chosen);
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const std::string script = completion_script(program, shell);
    for (const CLI::App* command : commands_of(program)) {
      EXPECT_THAT(script, HasSubstr(command->get_name())) << shell;
      for (const CLI::Option* option : options_of(*command)) {
        for (const std::string& name : option->get_lnames())
          EXPECT_THAT(script, HasSubstr((std::string(shell) == "fish" ? "-l " : "--") + name));
      }
    }
    EXPECT_THAT(script, HasSubstr("fifo"));
  }
  EXPECT_THROW(completion_script(program, "csh"), twin::core::Error);
}

}  // namespace
}  // namespace apps::fabtwin
