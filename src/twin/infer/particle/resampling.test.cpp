// If these failed, resampling would favour some particles: every estimate after it would be wrong.
#include "twin/infer/particle/resampling.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <string>

namespace twin::infer::particle {
namespace {

std::vector<std::uint32_t> copies_of(Resampling scheme, const std::vector<double>& weights,
                                     std::uint32_t occasion) {
  std::vector<std::uint32_t> copies(weights.size());
  resample(scheme, weights, {.seed = 11, .member = 0}, ResamplingDraw, occasion, copies);
  return copies;
}

// No weight may be favoured, whichever its size, its place and the weights beside it.
TEST(Resampling, ExpectsCopiesInProportionToWeights) {
  const std::vector<double> weights = {0.0, 0.3, 1.7, 0.05, 0.0, 4.0, 0.65, 1.1, 2.2, 0.0};
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  constexpr int Trials = 40000;
  for (const Resampling scheme : AllResamplings) {
    std::vector<double> sum(weights.size()), square(weights.size());
    for (int t = 0; t < Trials; ++t) {
      const auto copies = copies_of(scheme, weights, static_cast<std::uint32_t>(t));
      ASSERT_EQ(std::accumulate(copies.begin(), copies.end(), 0U), weights.size());
      for (std::size_t i = 0; i < copies.size(); ++i) {
        sum[i] += copies[i];
        square[i] += static_cast<double>(copies[i]) * copies[i];
      }
    }
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const double expected = static_cast<double>(weights.size()) * weights[i] / total;
      const double mean = sum[i] / Trials;
      // All but multinomial choices give whole(expected) or a binomial number more: its variance is
      // that of multinomial choices at most. 5.5 standard errors: 60 looks, once in 10^6.
      const double variance = expected * (1.0 - weights[i] / total);
      EXPECT_NEAR(mean, expected, 5.5 * std::sqrt(variance / Trials) + 1e-12)
          << name_of(scheme) << ' ' << i;
      EXPECT_LE(square[i] / Trials - mean * mean, 1.1 * variance + 1e-12)
          << name_of(scheme) << ' ' << i;
      if (scheme != Resampling::Multinomial && scheme != Resampling::Residual &&
          scheme != Resampling::Stratified) {
        EXPECT_LE(square[i] / Trials - mean * mean, 0.26) << name_of(scheme) << ' ' << i;
      }
    }
  }
}

// Systematic copies are floor or ceiling of what is expected, and exactly the points of one ruler.
TEST(Resampling, SystematicIsTheRuler) {
  const std::vector<double> weights = {0.1, 0.2, 0.3, 0.15, 0.25};
  for (std::uint32_t occasion = 0; occasion < 100; ++occasion) {
    const auto copies = copies_of(Resampling::Systematic, weights, occasion);
    const double u = core::Draw{.seed = 11, .member = 0}.uniform(ResamplingDraw, 0, occasion);
    std::vector<std::uint32_t> slow(5);
    for (int k = 0; k < 5; ++k) {
      double up_to = 0.0;
      std::size_t i = 0;
      while (i < 4 && (up_to += weights[i]) * 5.0 <= k + u) ++i;
      ++slow[i];
    }
    EXPECT_EQ(copies, slow) << occasion;
  }
}

// The pairs of a multinomial resampling are independent, so counts have the multinomial covariance:
// sorted points that are no order statistics of uniforms would show here.
TEST(Resampling, MultinomialChoicesAreIndependent) {
  const std::vector<double> weights = {0.2, 0.3, 0.5};
  constexpr int Trials = 60000;
  double product = 0.0, square = 0.0;
  for (int t = 0; t < Trials; ++t) {
    const auto c = copies_of(Resampling::Multinomial, weights, static_cast<std::uint32_t>(t));
    const double p = (c[0] - 0.6) * (c[2] - 1.5);
    product += p;
    square += p * p;
  }
  const double mean = product / Trials;
  const double error = std::sqrt((square / Trials - mean * mean) / Trials);
  EXPECT_NEAR(mean, -3.0 * 0.2 * 0.5, 5.0 * error);
}

// A lost particle must never come back, not even by rounding, and equal weights keep everyone.
TEST(Resampling, TheEndsAreExact) {
  for (const Resampling scheme : AllResamplings) {
    for (std::uint32_t occasion = 0; occasion < 200; ++occasion) {
      const auto one = copies_of(scheme, {0.0, 0.0, 1e-300, 0.0}, occasion);
      EXPECT_EQ(one, (std::vector<std::uint32_t>{0, 0, 4, 0})) << name_of(scheme);
      EXPECT_EQ(copies_of(scheme, {3.0}, occasion), std::vector<std::uint32_t>{1});
      if (scheme == Resampling::Multinomial) continue;
      const auto equal = copies_of(scheme, std::vector<double>(8, 0.125), occasion);
      EXPECT_EQ(equal, std::vector<std::uint32_t>(8, 1)) << name_of(scheme);
    }
  }
}

// Weights of many sizes: the number of places is kept whatever rounding does to the sums.
TEST(Resampling, KeepsTheNumberOfParticles) {
  for (const Resampling scheme : AllResamplings) {
    for (std::uint32_t n = 1; n < 300; n += 13) {
      std::vector<double> weights(n);
      for (std::uint32_t i = 0; i < n; ++i) {
        const double u = core::Draw{.seed = n, .member = i}.uniform(0, 0, 0);
        weights[i] = std::pow(u, 12.0);
      }
      const auto copies = copies_of(scheme, weights, n);
      EXPECT_EQ(std::accumulate(copies.begin(), copies.end(), 0U), n) << name_of(scheme);
    }
  }
}

// Survivors would be copied for nothing.
TEST(Resampling, SurvivorsKeepTheirPlaces) {
  const std::vector<std::uint32_t> copies = {0, 3, 0, 1, 0, 2};
  std::vector<std::uint32_t> ancestors(6);
  ancestors_of(copies, ancestors);
  EXPECT_EQ(ancestors, (std::vector<std::uint32_t>{1, 1, 1, 3, 5, 5}));
}

}  // namespace
}  // namespace twin::infer::particle
