// If these failed, the plant would share its luck with a simulation, or two of its chances would be
// one.
#include "apps/plant/chance.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace apps::plant {
namespace {

TEST(Chance, NumbersAreDistinctAndNotTheModels) {
  const std::set<Chance> all = {
      Chance::Theta,     Chance::NextHold, Chance::HeldLot, Chance::HoldTime, Chance::Clock,
      Chance::ClockStep, Chance::Reboot,   Chance::Lie,     Chance::Way,      Chance::WayTwo,
      Chance::WayThree,  Chance::AckWay,   Chance::Cut};
  EXPECT_EQ(all.size(), 13U);
  EXPECT_GE(static_cast<std::uint32_t>(*all.begin()), 1000U);
}

TEST(Chance, ExponentialTimesHaveTheirMean) {
  // Wrong: a line would be cut twice as often as asked, and nothing would show it.
  const twin::core::Draw draw{.seed = 1, .member = PlantMember};
  constexpr int N = 100'000;
  constexpr double Mean = 60'000.0;
  double sum = 0.0;
  for (std::uint32_t k = 0; k < N; ++k) {
    const auto t = exponential(Mean, draw.uniform(1, 2, k));
    ASSERT_GE(t, 1);
    sum += static_cast<double>(t);
  }
  // The standard error of the mean is Mean / sqrt(N); z = 5 is one false alarm in 1.7 million. Half
  // a tick is what rounding down and the least of 1 add.
  EXPECT_NEAR(sum / N, Mean + 0.5, 5.0 * Mean / std::sqrt(static_cast<double>(N)));
}

}  // namespace
}  // namespace apps::plant
