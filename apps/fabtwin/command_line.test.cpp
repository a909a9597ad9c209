// If this failed, a program would run with other values than its user wrote, or refuse them without saying why.
#include "apps/fabtwin/command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace apps::fabtwin {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Brew {
  std::string pot, hop = "mild";
  double degrees = 66.5;
  int litres = 3;
  std::uint32_t batches = 1;
  std::uint64_t seed = 7;
  std::optional<int> port;
  std::vector<double> malts = {1.0};
  std::vector<std::string> with;
  bool dry = false;
};

class CommandLines : public ::testing::Test {
 protected:
  CommandLines() {
    line.program().describe("brew: a program");
    Command& command = line.program().add_command("cook", "Cook\nbeer");
    command.add_option("POT", brew.pot, "what it is in").required();
    command.add_option("--hop", brew.hop, "kind").one_of({"mild", "bitter"}).shows_default();
    const Option degrees = command.add_option("--degrees", brew.degrees, "heat")
                               .within(20, 100)
                               .type_name("C")
                               .shows_default();
    command.add_option("--litres", brew.litres, "volume").above(0);
    command.add_option("--batches", brew.batches, "how many").excludes(degrees);
    command.add_option("--seed", brew.seed, "chance").shows_default("any");
    command.add_option("--port", brew.port, "of the tap");
    command.add_option("--malts", brew.malts, "shares").comma_separated();
    command.add_option("--with", brew.with, "a spice").repeatable();
    command.add_flag("--dry", brew.dry, "no sugar is left");
    command.footer("Examples:\n  brew cook pot");
    command.action([this, degrees] {
      heat_given = degrees.given();
      return Exit::Interrupted;
    });
  }

  std::string refused(std::vector<std::string> words) {
    words.insert(words.begin(), "cook");
    const Parsed parsed = line.parse(words);
    EXPECT_EQ(parsed.exit, Exit::Usage);
    EXPECT_FALSE(parsed.action);
    return parsed.text;
  }

  Brew brew;
  bool heat_given = false;
  CommandLine line{"brew", "1.2"};
};

TEST_F(CommandLines, GiveEachOptionItsValue) {
  const Parsed parsed = line.parse({"cook", "kettle", "--hop", "bitter", "--degrees=70", "--litres",
                                    "5", "--seed", "18446744073709551615", "--port", "0", "--malts",
                                    "0.5,0.25", "--with", "a=1", "--with", "b", "--dry"});
  ASSERT_EQ(parsed.exit, Exit::Ok) << parsed.text;
  EXPECT_EQ(parsed.action(), Exit::Interrupted);
  EXPECT_TRUE(heat_given);
  EXPECT_EQ(brew.pot, "kettle");
  EXPECT_EQ(brew.hop, "bitter");
  EXPECT_EQ(brew.degrees, 70.0);
  EXPECT_EQ(brew.litres, 5);
  EXPECT_EQ(brew.seed, ~std::uint64_t{0});
  EXPECT_EQ(brew.port, 0);
  EXPECT_THAT(brew.malts, ElementsAre(0.5, 0.25));
  EXPECT_THAT(brew.with, ElementsAre("a=1", "b"));
  EXPECT_TRUE(brew.dry);
}

TEST_F(CommandLines, LeaveWhatIsNotGiven) {
  const Parsed parsed = line.parse({"cook", "kettle", "--batches", "2"});
  ASSERT_EQ(parsed.exit, Exit::Ok) << parsed.text;
  (void)parsed.action();
  EXPECT_FALSE(heat_given);
  EXPECT_EQ(brew.batches, 2U);
  EXPECT_EQ(brew.degrees, 66.5);
  EXPECT_FALSE(brew.port);
  EXPECT_FALSE(brew.dry);
}

TEST_F(CommandLines, SayWhatIsWrong) {
  EXPECT_EQ(refused({}), "POT is required (see brew cook --help)");
  EXPECT_EQ(refused({"p", "--hop", "sweet"}),
            "--hop: 'sweet' (one of mild, bitter) (see brew cook --help)");
  EXPECT_EQ(refused({"p", "--degrees", "120"}),
            "--degrees: 120 (must be 20 to 100) (see brew cook --help)");
  EXPECT_EQ(refused({"p", "--degrees", "nan"}),
            "--degrees: nan (must be 20 to 100) (see brew cook --help)");
  EXPECT_EQ(refused({"p", "--litres", "0"}),
            "--litres: 0 (must be above 0) (see brew cook --help)");
  EXPECT_EQ(refused({"p", "--batches", "2", "--degrees", "50"}),
            "--degrees excludes --batches (see brew cook --help)");
  EXPECT_THAT(refused({"p", "--degrees", "warm"}), HasSubstr("--degrees"));
  EXPECT_THAT(refused({"p", "--batches", "-1"}), HasSubstr("--batches"));
  EXPECT_THAT(refused({"p", "--seed", "1", "--seed", "2"}), HasSubstr("--seed"));
  EXPECT_THAT(refused({"p", "q"}), HasSubstr("q"));
  EXPECT_EQ(refused({"p", "--dri"}),
            "unknown flag '--dri' (see brew cook --help) did you mean --dry?");
  EXPECT_EQ(line.parse({"cok"}).text, "unknown command 'cok' (see brew --help) did you mean cook?");
  EXPECT_EQ(line.parse({}).exit, Exit::Usage);
}

TEST_F(CommandLines, HelpAndTellTheirVersion) {
  EXPECT_EQ(line.parse({"--version"}).text, "brew 1.2\n");
  EXPECT_THAT(line.parse({"--help"}).text, HasSubstr("cook"));
  const Parsed help = line.parse({"cook", "--help"});
  EXPECT_EQ(help.exit, Exit::Ok);
  EXPECT_FALSE(help.action);
  EXPECT_THAT(help.text, HasSubstr("--degrees"));
  EXPECT_THAT(help.text, HasSubstr("brew cook pot"));
}

// A manual would describe another program.
TEST_F(CommandLines, DescribeThemselves) {
  const Command& command = *line.program().commands().at(0);
  EXPECT_EQ(command.name(), "cook");
  EXPECT_EQ(command.text(), "Cook beer");
  const std::vector<OptionWords> options = command.options();
  ASSERT_EQ(options.size(), 11U);
  EXPECT_THAT(options[0].flags, ElementsAre("-h", "--help"));
  EXPECT_EQ(options[0].value, "");
  EXPECT_EQ(options[1].name, "POT");
  EXPECT_TRUE(options[1].flags.empty());
  EXPECT_EQ(options[3].name, "--degrees");
  EXPECT_THAT(options[3].value, HasSubstr("20 to 100"));
  EXPECT_EQ(options[3].standard, "66.5");
  EXPECT_EQ(options[6].standard, "any");
  line.program().commands().at(0)->remove_option("--dry");
  EXPECT_EQ(command.options().size(), 10U);
}

}  // namespace
}  // namespace apps::fabtwin
