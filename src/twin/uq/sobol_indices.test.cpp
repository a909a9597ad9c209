// If these failed, people would work on an input that does not matter, or trust an interval that does not hold.
#include "twin/uq/sobol_indices.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "twin/contract/refusal.hpp"
#include "twin/uq/example.hpp"

namespace twin::uq {
namespace {

// An interval of 95 % times this holds but for one case in 10^5: t with 15 degrees of freedom.
constexpr double Sure = 6.25 / 2.13;

void expect_holds(const math::Interval& i, double truth, const char* what) {
  EXPECT_NEAR(i.mean, truth, Sure * i.half_width + 1e-9) << what;
}

TEST(SobolIndices, OfIshigamiAreTheExactOnes) {
  const auto f = pointwise(example::ishigami);
  for (const Sampling sampling : {Sampling::Sobol, Sampling::Chance}) {
    const SobolStudy study{.inputs = 3,
                           .groups = {{0}, {1}, {2}, {0, 2}},
                           .points = 4'096,
                           .sampling = sampling,
                           .seed = 7};
    const SobolIndices s = sobol_indices(study, f);
    for (std::size_t i = 0; i < 3; ++i) {
      expect_holds(s.first[i], example::IshigamiFirst[i], "first");
      expect_holds(s.total[i], example::IshigamiTotal[i], "total");
    }
    expect_holds(s.first[3], 1 - example::IshigamiFirst[1], "closed, of inputs 0 and 2");
    expect_holds(s.mean, 3.5, "mean");
    expect_holds(s.variance, 13.844587940719, "variance");
    EXPECT_EQ(s.evaluations, 4'096U * 16 * 6);
    // 65,536 rows of chance tell an index to about 1 / 256 of what varies; sequences tell it ten times as well.
    const double most = sampling == Sampling::Sobol ? 0.004 : 0.02;
    EXPECT_LT(s.first[0].half_width, most);
    EXPECT_LT(s.total[0].half_width, most);
  }
}

TEST(SobolIndices, OfGAreTheExactOnes) {
  const auto exact = example::g_indices();
  const SobolIndices s =
      sobol_indices({.inputs = 8, .points = 8'192, .seed = 3}, pointwise(example::g));
  for (std::size_t i = 0; i < 8; ++i) {
    expect_holds(s.first[i], exact.first[i], "first");
    expect_holds(s.total[i], exact.total[i], "total");
  }
  expect_holds(s.variance, exact.variance, "variance");
}

TEST(SobolIndices, IntervalsHoldAsOftenAsTheySay) {
  // 200 studies by chance: of 800 intervals that promise 90 %, so many hold: 720, +- 4.5 deviations of what two in a
  // study have in common at most (sqrt(800 x 0.09 x 4)).
  std::size_t held = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const SobolIndices s = sobol_indices({.inputs = 3,
                                          .groups = {{0}, {1}},
                                          .points = 256,
                                          .sampling = Sampling::Chance,
                                          .seed = seed,
                                          .confidence = 0.9},
                                         pointwise(example::ishigami));
    for (std::size_t i = 0; i < 2; ++i) {
      held += std::abs(s.first[i].mean - example::IshigamiFirst[i]) <= s.first[i].half_width;
      held += std::abs(s.total[i].mean - example::IshigamiTotal[i]) <= s.total[i].half_width;
    }
  }
  EXPECT_NEAR(static_cast<double>(held), 720.0, 4.5 * 17.0);
}

TEST(SobolIndices, AreTheSameForAnyNumberOfThreads) {
  const SobolStudy study{.inputs = 3, .points = 1'500, .replications = 3};
  const auto f = pointwise(example::ishigami);
  const SobolIndices one = sobol_indices(study, f, 1), three = sobol_indices(study, f, 3);
  EXPECT_EQ(one.first, three.first);
  EXPECT_EQ(one.total, three.total);
  EXPECT_EQ(one.variance, three.variance);
}

TEST(SobolIndices, LeaveOutRunsThatFail) {
  // One point in thirty has no value: rows are left out and counted, and the rest tells nearly the same.
  const auto f = pointwise([](std::span<const double> u) {
    return std::fmod(u[0] * 1e4, 1.0) < 1.0 / 30 ? std::numeric_limits<double>::quiet_NaN()
                                                 : example::ishigami(u);
  });
  const SobolIndices s = sobol_indices({.inputs = 3, .points = 4'096}, f);
  // A row has five runs with two values of input 0 between them.
  const double share = static_cast<double>(s.failed) / (4'096.0 * 16);
  EXPECT_NEAR(share, 1 - std::pow(29.0 / 30, 2), 0.005);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(s.first[i].mean, example::IshigamiFirst[i], 0.02);
    EXPECT_NEAR(s.total[i].mean, example::IshigamiTotal[i], 0.02);
  }
  EXPECT_EQ(contract::refusal([] {
              (void)sobol_indices({.inputs = 1, .points = 64}, pointwise([](auto) {
                                    return std::numeric_limits<double>::infinity();
                                  }));
            }),
            "replication 0 has 0 rows with a value of 64 (at least 2)");
}

TEST(SobolIndices, OfWhatDoesNotVaryAreNone) {
  const SobolIndices s =
      sobol_indices({.inputs = 2, .points = 64}, pointwise([](auto) { return 4.0; }));
  EXPECT_EQ(s.first[0].mean, 0.0);
  EXPECT_EQ(s.total[1].mean, 0.0);
  EXPECT_EQ(s.mean.mean, 4.0);
}

}  // namespace
}  // namespace twin::uq
