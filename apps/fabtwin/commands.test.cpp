#include "apps/fabtwin/commands.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace apps::fabtwin {
namespace {

using ::testing::HasSubstr;

class Commands : public ::testing::Test {
 protected:
  Commands() { describe(line.program()); }
  CommandLine line{"fabtwin", "1.0"};
};

// A user would have to guess what a command does.
TEST_F(Commands, AreExplainedWithAnExample) {
  EXPECT_GE(line.program().commands().size(), 20U);
  for (const auto& command : line.program().commands()) {
    EXPECT_FALSE(command->text().empty()) << command->name();
    EXPECT_THAT(command->footer(), HasSubstr("Examples:\n  ")) << command->name();
    EXPECT_THAT(command->footer(), HasSubstr("fabtwin " + command->name()));
    for (const OptionWords& option : command->options())
      EXPECT_FALSE(option.text.empty()) << option.name;
  }
}

// A slip of the finger would be answered by a riddle.
TEST_F(Commands, SuggestTheNearestWord) {
  const Command& program = line.program();
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
  const Parsed sweep = line.parse({"sweep", "fab", "--loads", "0.5,0.9", "--set", "a=1"});
  EXPECT_EQ(sweep.exit, Exit::Ok) << sweep.text;
  EXPECT_TRUE(sweep.action);
  const Parsed wrong = line.parse({"simulate", "fab", "--wake", "maybe"});
  EXPECT_EQ(wrong.exit, Exit::Usage);
  EXPECT_EQ(wrong.text,
            "--wake: 'maybe' (one of cascading, all, never) (see fabtwin simulate --help)");
}

}  // namespace
}  // namespace apps::fabtwin
