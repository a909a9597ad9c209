// If these failed, everything would be urgent, or noise at a limit ring all night.
#include "twin/decide/alarms/alarm.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "twin/contract/refusal.hpp"
#include "twin/core/draw.hpp"
#include "twin/math/distributions.hpp"

namespace twin::decide::alarms {
namespace {

using contract::refusal;
constexpr std::uint64_t Seed = 20261209;

// Wrong: priorities would not be about 80, 15 and 5 %, or a worse alarm rank below a lesser one.
TEST(Priorities, AreFewWhereTheyAreHigh) {
  std::vector<double> severity;
  for (std::uint32_t i = 0; i < 200; ++i) severity.push_back(core::Draw{Seed, 0}.uniform(0, i, 0));
  const std::vector<Priority> p = priorities_of(severity);
  EXPECT_EQ(std::ranges::count(p, Priority::Low), 160);
  EXPECT_EQ(std::ranges::count(p, Priority::Medium), 30);
  EXPECT_EQ(std::ranges::count(p, Priority::High), 10);
  for (std::size_t i = 0; i < 200; ++i) {
    for (std::size_t j = 0; j < 200; ++j) {
      EXPECT_TRUE(severity[i] <= severity[j] || p[i] >= p[j]);
    }
  }
  // All alike: nobody can say which is worse, so none is high.
  const std::vector<Priority> alike = priorities_of(std::vector<double>(50, 3.0));
  EXPECT_EQ(std::ranges::count(alike, Priority::Low), 50);
  EXPECT_TRUE(priorities_of({}).empty());
  EXPECT_EQ(refusal([] {
              priorities_of(std::vector<double>{1}, {0.5, 0.1, 0.1});
            }),
            "shares of priorities = 0.5, 0.1, 0.1 (must sum to 1)");
  EXPECT_NE(refusal([] { priorities_of(std::vector<double>{std::nan("")}); }), "accepted");
}

// Wrong: noise at a limit would set and clear an alarm a thousand times. Noise of deviation 1 around the
// limit 0, 10,000 values: without a deadband thousands of changes, with ten deviations at most one.
TEST(HighLimit, DoesNotChatterWithADeadband) {
  SCOPED_TRACE(Seed);
  HighLimit bare(0.0, 0.0), calm(0.0, 10.0);
  int bare_changes = 0, calm_changes = 0;
  for (std::uint32_t i = 0; i < 10'000; ++i) {
    const double x = math::normal(core::Draw{Seed, 1}.uniform(0, i, 0));
    bare_changes += bare.take(x).has_value();
    calm_changes += calm.take(x).has_value();
  }
  EXPECT_GT(bare_changes, 4'000);
  EXPECT_EQ(calm_changes, 1);
  EXPECT_TRUE(calm.set());
  EXPECT_FALSE(calm.take(std::nan("")));
  EXPECT_FALSE(calm.take(-10.0));
  EXPECT_EQ(calm.take(-10.5), Change::Cleared);
  EXPECT_EQ(calm.take(0.5), Change::Set);
  EXPECT_EQ(refusal([] { HighLimit(1, -1); }), "deadband = -1 (must not be negative)");
}

}  // namespace
}  // namespace twin::decide::alarms
