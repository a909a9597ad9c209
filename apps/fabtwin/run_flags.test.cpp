#include "apps/fabtwin/run_flags.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/fabtwin/exit.hpp"
#include "apps/fabtwin/files.hpp"
#include "twin/record/scratch_folder.hpp"

namespace apps::fabtwin {
namespace {

using ::testing::HasSubstr;

// The exit code and the message with which preparing ends; {Ok, ""} where it does not.
std::pair<Exit, std::string> refusal_run_flags(const RunFlags& flags) {
  try {
    prepare(read_fab(flags.path), flags);
  } catch (const Failure& failure) {
    return {failure.exit(), failure.what()};
  }
  return {Exit::Ok, ""};
}

RunFlags on_minifab() {
  RunFlags flags;
  flags.path = "data/minifab";
  return flags;
}

// A wrong option would be taken for a broken data set, or be found after a day of running.
TEST(RunFlags, AreRefusedWithTheirReason) {
  EXPECT_EQ(refusal_run_flags(on_minifab()).first, Exit::Ok)
      << refusal_run_flags(on_minifab()).second;
  RunFlags flags = on_minifab();
  flags.run.rule = "fifi";
  EXPECT_EQ(refusal_run_flags(flags).first, Exit::Usage);
  EXPECT_THAT(refusal_run_flags(flags).second, HasSubstr("did you mean fifo?"));
  flags = on_minifab();
  flags.run.days = -1.0;
  EXPECT_EQ(refusal_run_flags(flags).first, Exit::Usage);
  flags = on_minifab();
  flags.load = 0.0;
  EXPECT_EQ(refusal_run_flags(flags).first, Exit::Usage);
  flags = on_minifab();
  flags.set = {"transprt=2"};
  EXPECT_THAT(refusal_run_flags(flags).second, HasSubstr("did you mean 'transport'?"));
  flags.set = {"transport"};
  EXPECT_THAT(refusal_run_flags(flags).second, HasSubstr("must be PARAM=VALUE"));
  flags.set = {"transport=fast"};
  EXPECT_THAT(refusal_run_flags(flags).second, HasSubstr("not a number"));
  flags.set = {"transport=-1"};
  EXPECT_THAT(refusal_run_flags(flags).second, HasSubstr("must be from 0 to 100"));
  flags = on_minifab();
  flags.path = "data/nowhere";
  EXPECT_EQ(refusal_run_flags(flags).first, Exit::BadInput);
}

// A rule as the literature writes it would be unknown.
TEST(RunFlags, TakeRulesInAnyCase) {
  RunFlags flags = on_minifab();
  flags.run.rule = "CR";
  EXPECT_EQ(prepare(read_fab(flags.path), flags).run.rule, "cr");
}

// What the user wrote on the line would lose against the file, or change another parameter.
TEST(RunFlags, SetParametersOverTheFile) {
  const twin::record::ScratchFolder folder("run_flags");
  const std::string file = folder / "theta.json";
  RunFlags flags = on_minifab();
  const Prepared plain = prepare(read_fab(flags.path), flags);
  const auto parameters = plain.layout->parameters();
  const std::string first = parameters.front().name;
  write_file(file, std::string_view("{\"transport\": 3, \"" + first + "\": 0.9}"));
  flags.theta_file = file;
  flags.set = {"transport=2"};
  const Prepared changed = prepare(read_fab(flags.path), flags);
  EXPECT_DOUBLE_EQ(changed.theta[plain.layout->theta_map.transport()], 2.0);
  EXPECT_DOUBLE_EQ(changed.theta.front(), 0.9);
  EXPECT_DOUBLE_EQ(changed.theta[1], plain.theta[1]);
  write_file(file, std::string_view("[1, 2"));
  EXPECT_THAT(refusal_run_flags(flags).second, HasSubstr("must be a JSON object"));
  write_file(file, std::string_view(R"({"transport": "x"})"));
  EXPECT_THAT(refusal_run_flags(flags).second, HasSubstr("must be a number"));
}

// The model would run otherwise than it was told.
TEST(RunFlags, ReachTheModel) {
  RunFlags flags = on_minifab();
  flags.load = 0.5;
  flags.no_breakdowns = true;
  flags.breakdowns = "suspend";
  flags.wake = "never";
  const auto o = layout_options(flags);
  using Options = twins::fab::LayoutOptions;
  EXPECT_DOUBLE_EQ(o.load, 0.5);
  EXPECT_FALSE(o.breakdowns);
  EXPECT_TRUE(o.maintenance);
  EXPECT_EQ(o.breakdown, Options::Breakdowns::Suspend);
  EXPECT_EQ(o.wake, Options::Wake::Never);
}

}  // namespace
}  // namespace apps::fabtwin
