// If these failed, models would be compared by a wrong evidence, or a second place would be lost.
#include "twin/infer/sample/tempering.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "twin/contract/refusal.hpp"
#include "twin/math/statistics.hpp"

namespace twin::infer {
namespace {

// y_i = x_i + error of variance v, for five x: evidence N(y; 0, 1 + v), posterior N(y / (1 + v), v / (1 + v)).
constexpr std::size_t D = 5;
constexpr double NoiseVariance = 0.04;
constexpr double SeenFive[D] = {1.5, -0.7, 0.2, 2.0, -1.1};
Target linear() {
  return target_of(D, [](std::span<const double> x) {
    double sum = 0.0;
    for (std::size_t i = 0; i < D; ++i)
      sum -= 0.5 * ((SeenFive[i] - x[i]) * (SeenFive[i] - x[i]) / NoiseVariance +
                    std::log(2 * std::numbers::pi * NoiseVariance));
    return sum;
  });
}

TEST(Tempering, EvidenceHasNoBias) {
  double exact = 0.0;
  for (const double y : SeenFive)
    exact -=
        0.5 * (y * y / (1 + NoiseVariance) + std::log(2 * std::numbers::pi * (1 + NoiseVariance)));
  math::Moments ratio, mean, square;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const Tempered t = temper(linear(), {.particles = 400, .seed = seed});
    ASSERT_TRUE(t.arrived());
    ratio.add(std::exp(t.log_evidence - exact));
    double m = 0.0, s = 0.0;
    for (std::size_t k = 0; k < 400; ++k) {
      m += t.x[k * D] / 400;
      s += (t.x[k * D] - SeenFive[0] / (1 + NoiseVariance)) *
           (t.x[k * D] - SeenFive[0] / (1 + NoiseVariance)) / 400;
    }
    mean.add(m);
    square.add(s);
  }
  const double root = std::sqrt(60.0);
  EXPECT_NEAR(ratio.mean(), 1.0, 4.5 * ratio.deviation() / root);
  EXPECT_LT(ratio.deviation(), 0.5);
  EXPECT_NEAR(mean.mean(), SeenFive[0] / (1 + NoiseVariance), 4.5 * mean.deviation() / root);
  EXPECT_NEAR(square.mean(), NoiseVariance / (1 + NoiseVariance), 4.5 * square.deviation() / root);
}

TEST(Tempering, KeepsBothPlaces) {
  // Two bells far apart, three to one: chains would stay where they began.
  const Target two = target_of(2, [](std::span<const double> x) {
    const auto bell = [&](double a) {
      return std::exp(-50 * ((x[0] - a) * (x[0] - a) + x[1] * x[1]));
    };
    return std::log(0.75 * bell(1.5) + 0.25 * bell(-1.5));
  });
  math::Moments right;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const Tempered t = temper(two, {.particles = 500, .seed = seed});
    double count = 0.0;
    for (std::size_t k = 0; k < 500; ++k) count += t.x[2 * k] > 0;
    right.add(count / 500);
  }
  EXPECT_NEAR(right.mean(), 0.75, 4.5 * right.deviation() / std::sqrt(40.0));
  EXPECT_LT(right.deviation(), 0.15);
}

TEST(Tempering, SaysWhatCannotBe) {
  const auto why = [](const Target& t, const TemperingOptions& o) {
    return contract::refusal([&] { (void)temper(t, o); });
  };
  EXPECT_EQ(why(target_of(1, [](auto) { return -std::numeric_limits<double>::infinity(); }), {}),
            "tempering: no particle of the prior has a likelihood above 0");
  EXPECT_EQ(why(linear(), {.particles = 5}),
            "tempering: 5 particles (at least 10), 10 moves (at least 1)");
  EXPECT_EQ(why(linear(), {.effective = 1.0}), "tempering: a share of 1 (between 0 and 1)");
}

}  // namespace
}  // namespace twin::infer
