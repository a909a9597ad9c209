#include "apps/fabtwin/commands.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <CLI/CLI.hpp>

#include "apps/fabtwin/man_page.hpp"

namespace apps::fabtwin {
namespace {

using ::testing::HasSubstr;

class Commands : public ::testing::Test {
 protected:
  Commands() { describe(program, chosen); }
  CLI::App program;
  Action chosen;
};

// A user would have to guess what a command does.
TEST_F(Commands, AreExplainedWithAnExample) {
  for (const CLI::App* command : commands_of(program)) {
    EXPECT_FALSE(command->get_description().empty()) << command->get_name();
    EXPECT_THAT(command->get_footer(), HasSubstr("Examples:\n  ")) << command->get_name();
    EXPECT_THAT(command->get_footer(), HasSubstr("fabtwin " + command->get_name()));
    for (const CLI::Option* option : options_of(*command))
      EXPECT_FALSE(option->get_description().empty()) << option->get_name();
  }
}

// A slip of the finger would be answered by a riddle.
TEST_F(Commands, SuggestTheNearestWord) {
  EXPECT_EQ(unknown_word(program, {"simulte", "x"}),
            "unknown command 'simulte' (see fabtwin --help) did you mean simulate?");
  EXPECT_EQ(unknown_word(program, {"simulate", "x", "--replicatons=3"}),
            "unknown flag '--replicatons' (see fabtwin simulate --help) did you mean "
            "--replications?");
  EXPECT_EQ(unknown_word(program, {"simulate", "x", "--seed", "-3", "--", "--any"}), "");
  EXPECT_EQ(unknown_word(program, {"--qqqqqqq"}), "unknown flag '--qqqqqqq' (see fabtwin --help)");
}

// The same fab would be run with other values than the line says.
TEST_F(Commands, AreParsed) {
  program.parse("sweep fab --loads 0.5,0.9 --days 10 --warmup 1 --set a=1 --set b=2", false);
  EXPECT_TRUE(chosen);
  EXPECT_THROW(program.parse("simulate", false), CLI::RequiredError);
  EXPECT_THROW(program.parse("simulate fab --wake maybe", false), CLI::ValidationError);
  EXPECT_THROW(program.parse("simulate fab --days soon", false), CLI::ConversionError);
}

}  // namespace
}  // namespace apps::fabtwin
