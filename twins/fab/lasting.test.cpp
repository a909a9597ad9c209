// If this failed, a repair that has lasted an hour would be expected to end as if it had just begun, or the other way
// round.
#include "twins/fab/lasting.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "twin/core/draw.hpp"

namespace twins::fab {
namespace {

constexpr double Mean = 100.0;
constexpr std::array<Duration, 3> LastingLaws = {Duration{Duration::Law::Uniform, Mean, 40.0},
                                                 Duration{Duration::Law::Exponential, Mean, 0.0},
                                                 Duration{Duration::Law::Constant, Mean, 0.0}};

// Wrong: what is drawn would not be what is left of the law. The conditional distribution by counting: the value of
// uniform u must have the share u of all values between the bounds below it.
TEST(Lasting, IsTheLawBetweenTheBounds) {
  const auto below = [](const Duration& d, double x) {
    if (d.law == Duration::Law::Exponential)
      return x <= 0.0 ? 0.0 : 1.0 - std::exp(-x / (2 * Mean));
    return std::min(std::max((x - 2 * 60.0) / (2 * 80.0), 0.0), 1.0);  // scale 2
  };
  for (const Duration& d : {LastingLaws[0], LastingLaws[1]}) {
    for (const double from : {0.0, 50.0, 150.0, 250.0}) {
      for (const double to : {260.0, 275.0, NoEnd}) {
        for (const double u : {0.001, 0.3, 0.9, 0.999}) {
          const double x = lasting(d, 2.0, from, to, u);
          EXPECT_GE(x, from);
          EXPECT_LE(x, to);
          double share = (below(d, x) - below(d, from)) / (below(d, to) - below(d, from));
          if (d.law == Duration::Law::Exponential) share = 1.0 - share;  // inverted from above
          EXPECT_NEAR(share, u, 1e-12) << from << " to " << to;
        }
      }
    }
  }
}

// Wrong: a job beyond its law's longest time would end in the past, or never.
TEST(Lasting, BeyondTheLawItEndsNow) {
  for (const Duration& d : LastingLaws) {
    for (const double u : {0.01, 0.99}) {
      EXPECT_GT(end_of(d, 1.0, 1000, 900'000, u), 900'000);
      if (d.law != Duration::Law::Exponential) {
        EXPECT_EQ(end_of(d, 1.0, 1000, 900'000, u), 900'001);
      }
      EXPECT_EQ(lasting(d, 1.0, 500.0, 400.0, u), 400.0);  // bounds at odds: the upper one stands
    }
  }
  EXPECT_EQ(end_of(LastingLaws[2], 1.0, 1000, 1050, 0.5), 1100);
}

// Wrong: an interval met at a random instant would be an ordinary one. Its mean rest is E[D^2] / (2 E[D]);
// standard error over 40,000 draws below 0.4.
TEST(Lasting, RestOfAnyIsTheResidualLife) {
  const std::array<double, 3> expected = {(Mean * Mean + 40.0 * 40.0 / 3.0) / (2 * Mean), Mean,
                                          Mean / 2};
  for (std::size_t k = 0; k < LastingLaws.size(); ++k) {
    double sum = 0.0;
    constexpr std::uint32_t Draws = 40'000;
    for (std::uint32_t i = 0; i < Draws; ++i) {
      const twin::core::Block b = twin::core::Draw{.seed = 3}.block(1, i, 0);
      sum += rest_of_any(LastingLaws[k], 1.0, twin::core::uniform_of(b[0], b[1]),
                         twin::core::uniform_of(b[2]));
    }
    EXPECT_NEAR(sum / Draws, expected[k], 5 * 0.5) << k;  // the exponential's error is 100 / 200
  }
}

}  // namespace
}  // namespace twins::fab
