// If these failed, a command would run from a present that cannot be, or each of them from another one.
#include "apps/fabtwin/ahead_flags.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "apps/fabtwin/exit.hpp"

namespace apps::fabtwin {
namespace {

std::string refusal_ahead(const AheadFlags& flags, double horizon_hours) {
  try {
    check_ahead(flags, horizon_hours);
  } catch (const Failure& failure) {
    return failure.what();
  }
  return "";
}

TEST(AheadFlags, AreRefusedWithTheirReason) {
  AheadFlags flags;
  EXPECT_EQ(refusal_ahead(flags, 72.0), "");
  EXPECT_EQ(refusal_ahead(flags, 0.0), "--horizon 0 (must be above 0 and at most 8760 hours)");
  EXPECT_EQ(refusal_ahead(flags, std::nan("")),
            "--horizon nan (must be above 0 and at most 8760 hours)");
  flags.run.threads = 0;
  EXPECT_EQ(refusal_ahead(flags, 72.0), "--threads 0 (must be 1 to 1024)");
  flags.after_days = -1.0;
  EXPECT_EQ(refusal_ahead(flags, 72.0), "--after -1 (must be 0 to 36500 days)");
}

// A rule that needs lines by setup is run on a fab that has them, in whatever case it is written.
TEST(AheadFlags, MakeWhatAnotherRuleNeeds) {
  AheadFlags flags;
  EXPECT_EQ(another_rule("CR", flags), "cr");
  EXPECT_FALSE(flags.setup_lines);
  EXPECT_EQ(another_rule("", flags), "");
  EXPECT_EQ(another_rule("ATCS:k1=1", flags), "atcs:k1=1");
  EXPECT_TRUE(flags.setup_lines);
  EXPECT_THROW(another_rule("fifi", flags), Failure);
}

// What is run ahead is the fab after those days, the same each time.
TEST(AheadFlags, StandAtTheirPresent) {
  AheadFlags flags;
  flags.path = "data/minifab";
  flags.after_days = 3.0;
  flags.outlook_days = 5.0;
  flags.run.threads = 1;
  const Present one(flags);
  EXPECT_EQ(one.seen.now, static_cast<twins::fab::Tick>(3.0 * twins::fab::DayMs));
  const auto outlook = one.learn_outlook();
  flags.run.threads = 2;
  EXPECT_EQ(Present(flags).learn_outlook(), outlook);
  EXPECT_GE(outlook.paces.size(), 1U);
}

}  // namespace
}  // namespace apps::fabtwin
