// If this failed, a forecast's numbers would not mean what they say, or its budget would not last in the record.
#include "twins/fab/forecast/forecast.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "twin/contract/refusal.hpp"

namespace twins::fab::forecast {
namespace {

using twin::contract::refusal;

// Wrong: 90 % intervals would hold less than 90 %. Of 19 members the k-th stands at probability k / 20.
TEST(Forecast, QuantilesAreThoseThatRealityLiesBelow) {
  std::vector<float> members(19);
  for (std::size_t i = 0; i < 19; ++i) members[i] = static_cast<float>(i + 1);
  EXPECT_EQ(quantile_of_sorted(members, 0.05), 1.0F);
  EXPECT_EQ(quantile_of_sorted(members, 0.5), 10.0F);
  EXPECT_FLOAT_EQ(quantile_of_sorted(members, 0.525), 10.5F);
  EXPECT_EQ(quantile_of_sorted(members, 0.001), 1.0F);
  EXPECT_EQ(quantile_of_sorted(members, 0.999), 19.0F);
  members.back() = members[17] = Beyond;
  EXPECT_EQ(quantile_of_sorted(members, 0.95), Beyond);
  EXPECT_EQ(quantile_of_sorted(members, 0.88), Beyond);  // between the 17th and one beyond
  EXPECT_EQ(quantile_of_sorted(members, 0.85), 17.0F);
  EXPECT_FALSE(std::isnan(quantile_of_sorted(members, 0.9)));
}

TEST(Forecast, ABudgetLastsInTheRecord) {
  const Budget b{50, 72, 3};
  const twin::core::Note note = note_of(b, 77);
  EXPECT_EQ(note.text, "members=50 horizon_hours=72 bottlenecks=3");
  EXPECT_EQ(budget_of(note), b);
  const auto refused = [](const std::string& text) {
    return refusal([&] { (void)budget_of({0, "budget", text}); });
  };
  EXPECT_EQ(refused("members=50"), "budget 'members=50' (must have horizon_hours=NUMBER here)");
  EXPECT_EQ(refused("members=many horizon_hours=1 bottlenecks=1"),
            "budget 'members=many horizon_hours=1 bottlenecks=1' (members= is no whole number)");
  EXPECT_EQ(refused("members=5 horizon_hours=1 bottlenecks=1 x"),
            "budget 'members=5 horizon_hours=1 bottlenecks=1 x' (nothing may follow)");
  EXPECT_EQ(refused("members=1 horizon_hours=1 bottlenecks=1"), "members = 1 (must be 2 to 10000)");
  EXPECT_EQ(refused("members=9 horizon_hours=0 bottlenecks=1"),
            "a horizon of 0 hours (must be 1 to 8760)");
  EXPECT_EQ(refusal([] {
              (void)budget_of({0, "site", "x"});
            }),
            "budget 'x' (a note of kind 'site', must be 'budget')");
}

TEST(Forecast, StaleDataAreSaid) {
  Forecast f;
  f.now = f.known = 1000;
  EXPECT_EQ(staleness_text(f), "");
  f.now += 12'240'000;
  EXPECT_EQ(staleness_text(f), "from data of 3.4 hours ago; the fab has been simulated since");
  EXPECT_EQ(duration_text(90'000), "90 seconds");
  EXPECT_EQ(duration_text(3'600'000), "60 minutes");
  EXPECT_EQ(duration_text(260'000'000), "3.0 days");
}

}  // namespace
}  // namespace twins::fab::forecast
