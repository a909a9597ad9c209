// If these failed, a rare event would be weighed wrongly, or told with an error that is not the one it has.
#include "twin/uq/adaptive_importance.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "twin/contract/refusal.hpp"
#include "twin/math/statistics.hpp"
#include "twin/uq/limit_state_example.hpp"

namespace twin::uq {
namespace {

using PointColumns = std::vector<std::vector<double>>;

double density_at(double x, double mean, double variance) {
  return std::exp(-0.5 * (x - mean) * (x - mean) / variance) /
         std::sqrt(2 * std::numbers::pi * variance);
}

// One part by its two variances, with its mean at 5 in the direction (0.6, 0.8), and one by a factor.
NormalMixture slanted() {
  return {{.share = 0.3, .mean = {3, 4}, .along = 0.25, .across = 2},
          {.share = 0.7, .mean = {-1, 2}, .factor = {0.5, 0, 0.3, 0.8}}};
}

TEST(AdaptiveImportance, DensityIsThatOfTheNormals) {
  const PointColumns u = {{3, 2, -1, 0.5, -2}, {4, 5, 2, -0.5, 3}};
  const auto ratio = log_ratio(slanted(), u);
  for (std::size_t k = 0; k < ratio.size(); ++k) {
    const double x = u[0][k], y = u[1][k];
    const double first =
        density_at(0.6 * x + 0.8 * y, 5, 0.25) * density_at(0.6 * y - 0.8 * x, 0, 2);
    const double second = density_at(x, -1, 0.25) * density_at(y, 2 + 0.6 * (x + 1), 0.64);
    const double nominal = density_at(x, 0, 1) * density_at(y, 0, 1);
    EXPECT_NEAR(ratio[k], std::log((0.3 * first + 0.7 * second) / nominal), 1e-12) << k;
  }
}

TEST(AdaptiveImportance, SamplesAreOfTheNormals) {
  // Means, variances and the product of each part's samples, within 5 of their standard errors (6e-7 each).
  const StratifiedMixture q(slanted(), 100'000);
  ASSERT_EQ(q.strata(), 2U);
  ASSERT_EQ(q.first_of(1), 30'000U);
  const PointColumns u = q.draw(7, 0, 0, 100'000);
  const std::array<std::array<double, 5>, 2> exact = {
      {{3, 4, 0.36 * 0.25 + 0.64 * 2, 0.64 * 0.25 + 0.36 * 2, 0.48 * (0.25 - 2)},
       {-1, 2, 0.25, 0.09 + 0.64, 0.15}}};
  for (std::size_t j = 0; j < 2; ++j) {
    std::array<math::Moments, 5> seen;
    for (std::size_t k = q.first_of(j); k < q.first_of(j + 1); ++k) {
      const double x = u[0][k] - exact[j][0], y = u[1][k] - exact[j][1];
      const std::array<double, 5> of = {u[0][k], u[1][k], x * x, y * y, x * y};
      for (std::size_t i = 0; i < 5; ++i) seen[i].add(of[i]);
    }
    for (std::size_t i = 0; i < 5; ++i)
      EXPECT_NEAR(seen[i].mean(), exact[j][i],
                  5 * seen[i].deviation() / std::sqrt(static_cast<double>(seen[i].count())))
          << j << " " << i;
  }
  // Piece by piece they are the same.
  const PointColumns later = q.draw(7, 0, 29'990, 20);
  for (std::size_t k = 0; k < 20; ++k) EXPECT_EQ(later[1][k], u[1][29'990 + k]);
  // A part with next to no share gets its two.
  const StratifiedMixture few(
      {{.share = 1e-9, .mean = {0}}, {.mean = {1}}, {.share = 1e-9, .mean = {2}}}, 10);
  EXPECT_EQ(few.first_of(1), 2U);
  EXPECT_EQ(few.first_of(2), 8U);
  EXPECT_EQ(few.samples(), 10U);
}

TEST(FitMixture, FindsTheMixtureThatWeightsCameFrom) {
  // Standard normals with the weights of a mixture of two: means and shares within 6 standard errors, which come
  // from the effective number of points (Kish), as weights of unequal points tell less.
  const NormalMixture truth = {{.share = 0.3, .mean = {2, 0, 0}, .along = 0.4, .across = 0.6},
                               {.share = 0.7, .mean = {0, -1.5, 1}, .along = 0.5, .across = 0.8}};
  const PointColumns u = StratifiedMixture(standard_normals(3), 20'000).draw(11, 0, 0, 20'000);
  std::vector<double> weight = log_ratio(truth, u);
  double sum = 0.0, squares = 0.0;
  for (double& w : weight) {
    w = std::exp(w);
    sum += w;
    squares += w * w;
  }
  const NormalMixture fit = fit_mixture(u, weight, 3);
  ASSERT_EQ(fit.size(), 2U);
  const std::size_t first = fit[0].mean[0] > fit[1].mean[0] ? 0 : 1;
  for (std::size_t j = 0; j < 2; ++j) {
    const NormalPart& p = fit[j == 0 ? first : 1 - first];
    EXPECT_TRUE(p.factor.empty());
    const double points = sum * sum / squares * truth[j].share;
    EXPECT_GT(points, 300.0);
    const double error = 6 / std::sqrt(points);
    EXPECT_NEAR(p.share, truth[j].share, error * truth[j].share);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(p.mean[i], truth[j].mean[i], error);
    EXPECT_NEAR(p.along, truth[j].along, error * std::numbers::sqrt2 * truth[j].along);
    EXPECT_NEAR(p.across, truth[j].across, error * truth[j].across);
  }
}

TEST(FitMixture, TakesACovarianceWhereTwoVariancesDoNotTell) {
  const NormalMixture truth = {{.mean = {0, 3}, .factor = {1, 0, 0.9, 0.2}}};
  const PointColumns u = StratifiedMixture(truth, 4'000).draw(3, 0, 0, 4'000);
  const NormalMixture fit = fit_mixture(u, std::vector<double>(4'000, 2.5), 1);
  ASSERT_EQ(fit[0].factor.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_NEAR(fit[0].factor[i], truth[0].factor[i], 5 / std::sqrt(4'000.0)) << i;
}

TEST(ImportanceSample, ErrorsAreWhatTheyAreSaidToBe) {
  // A plane at 5 in 10 inputs, 200 times: (estimate - exact) / error is standard normal, so that its mean is within
  // 5 / sqrt(200) and its deviation within 5 / sqrt(400) of 1.
  const auto plane = example::linear(10, 5, 2.866515719e-7);
  const NormalMixture near =
      guarded({{.mean = std::vector<double>(10, 5 / std::sqrt(10.0)), .along = 0.1}}, 0.1);
  math::Moments z;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto r = importance_sample(pointwise(plane.g), near, {.samples = 1'000, .seed = seed});
    z.add((r.event.probability - plane.probability) / r.event.standard_error);
  }
  EXPECT_NEAR(z.mean(), 0.0, 5 / std::sqrt(200.0));
  EXPECT_NEAR(z.deviation(), 1.0, 5 / std::sqrt(400.0));
}

TEST(ImportanceSample, GuardsSeeWhatWasNotLearnt) {
  // |u1| >= 3 with a proposal that knows of one side: the wide guard finds the other, and no weight is above 1 / 0.1.
  const LimitState f = pointwise([](std::span<const double> u) { return 3 - std::abs(u[0]); });
  const auto r =
      importance_sample(f, guarded({{.mean = {3.3, 0}, .along = 0.1}}, 0.1), {.seed = 4});
  EXPECT_NEAR(r.event.probability, 2.699796e-3, 5 * r.event.standard_error);
  EXPECT_LT(r.event.coefficient_of_variation(), 0.2);
  const auto all = importance_sample(pointwise([](std::span<const double>) { return -1.0; }),
                                     guarded({{.mean = {3.3, 0}, .along = 0.1}}, 0.1), {.seed = 4});
  EXPECT_NEAR(all.event.probability, 1.0, 5 * all.event.standard_error);
  EXPECT_LE(all.heaviest * all.event.probability * 5'000, 10.0 * (1 + 1e-12));
}

TEST(ImportanceSample, AFailedRunIsNotTheEvent) {
  // Half of a plane's event fails.
  const auto f = [](std::span<const double> u) {
    return u[1] < 0.0 ? std::numeric_limits<double>::quiet_NaN() : 3 - u[0];
  };
  const NormalMixture near = guarded({{.mean = {3, 0}}}, 0.1);
  const auto one = importance_sample(pointwise(f), near, {});
  EXPECT_NEAR(one.event.probability, 0.5 * 1.349898e-3, 5 * one.event.standard_error);
  EXPECT_NEAR(static_cast<double>(one.event.failed), 2'500.0, 5 * std::sqrt(1'250.0));
  EXPECT_EQ(one.event.evaluations, 5'000U);
  const auto three = importance_sample(pointwise(f), near, {.threads = 3});
  EXPECT_EQ(one.event.probability, three.event.probability);
  EXPECT_EQ(one.event.standard_error, three.event.standard_error);
}

TEST(ImportanceSample, SaysWhatIsWrong) {
  const auto why = [](const NormalMixture& q, std::uint64_t samples) {
    return contract::refusal([&] {
      (void)importance_sample(pointwise([](std::span<const double>) { return 1.0; }), q,
                              {.samples = samples});
    });
  };
  EXPECT_EQ(why({}, 100), "a proposal of no parts or no inputs");
  EXPECT_EQ(why(standard_normals(2), 1),
            "1 samples of a proposal of 1 parts (two of each, at most 2^32)");
  EXPECT_EQ(why({{.mean = {0, 0}, .across = -1, .factor = {1}}}, 100),
            "a part of 2 inputs, a factor of 1 numbers, share 1, variances 1 and -1 (sizes that "
            "match, means "
            "finite, the others above 0)");
}

}  // namespace
}  // namespace twin::uq
