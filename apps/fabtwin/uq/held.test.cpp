// If these failed, an emulator would be told to be better or worse than it is.
#include "apps/fabtwin/uq/held.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace apps::fabtwin::uq {
namespace {

TEST(UqHeld, SaysHowFarWhatWasForetoldIsOff) {
  // Outputs 0, 1, 2, 3: squares about their mean 5. One missed by 1, the others met.
  const Held h = held_against({0, 1, 2, 2}, {0.25, 0.25, 0.25, 0.25}, {0, 1, 2, 3});
  EXPECT_DOUBLE_EQ(h.q2, 0.8);
  EXPECT_DOUBLE_EQ(h.rmse, 0.5);
  EXPECT_DOUBLE_EQ(h.coverage, 0.75);  // 1 is two deviations
  EXPECT_DOUBLE_EQ(h.ratio, 1.0);
  const Held without = held_against({0, 1, 2, 2}, {}, {0, 1, 2, 3});
  EXPECT_EQ(without.q2, h.q2);
  EXPECT_EQ(without.ratio, 0.0);
}

TEST(UqHeld, WarnsOfAnEmulatorThatForetellsLittle) {
  Answer answer;
  warn_of_little({.q2 = 0.71}, "it", answer);
  EXPECT_TRUE(answer.warnings.empty());
  warn_of_little({.q2 = -3.0}, "it", answer);
  ASSERT_EQ(answer.warnings.size(), 1U);
  EXPECT_TRUE(answer.warnings[0].starts_with("it foretells 0 % of the variance"));
}

TEST(UqHeld, PutsColumnsInRows) {
  EXPECT_EQ(rows_of({{1, 2, 3}, {4, 5, 6}}), (std::vector<double>{1, 4, 2, 5, 3, 6}));
}

}  // namespace
}  // namespace apps::fabtwin::uq
