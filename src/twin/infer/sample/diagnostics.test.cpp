// If these failed, chains that have not arrived would be believed, or an error would be told too small.
#include "twin/infer/sample/diagnostics.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "twin/contract/refusal.hpp"
#include "twin/core/draw.hpp"
#include "twin/math/distributions.hpp"
#include "twin/math/statistics.hpp"

namespace twin::infer {
namespace {

// Chains of x' = phi x + noise, of variance 1 from the start on.
ChainsOf autoregressive(double phi, std::size_t count, std::size_t draws, std::uint64_t seed) {
  ChainsOf all(count, std::vector<double>(draws));
  for (std::size_t c = 0; c < count; ++c) {
    double x = math::normal(core::Draw{seed, static_cast<std::uint32_t>(c)}.uniform(0, 0, 0));
    for (std::size_t t = 0; t < draws; ++t) {
      all[c][t] = x;
      x = phi * x + std::sqrt(1 - phi * phi) *
                        math::normal(core::Draw{seed, static_cast<std::uint32_t>(c)}.uniform(
                            1, static_cast<std::uint32_t>(t), 0));
    }
  }
  return all;
}

TEST(Diagnostics, EffectiveDrawsOfAnAutoregressiveChain) {
  // Exact for its mean: n (1 - phi) / (1 + phi), also above n; of 4 x 5,000 draws an estimate is some percent off.
  for (const double phi : {-0.3, 0.0, 0.5, 0.9}) {
    const double exact = 20'000 * (1 - phi) / (1 + phi);
    const double told = effective_draws(autoregressive(phi, 4, 5'000, 11));
    EXPECT_NEAR(told / exact, 1.0, 0.15) << phi;
  }
}

TEST(Diagnostics, ErrorsHoldAsTheySay) {
  // 200 sets of chains whose truth is known: of means, medians, 5 % quantiles and deviations so many lie within one
  // standard error as of a normal law: 0.683 of 200 = 137, +- 4.5 deviations of 6.6.
  int mean = 0, median = 0, low = 0, deviation = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const Diagnostics d = diagnose(autoregressive(0.6, 4, 500, 1'000 + seed));
    const auto chains = autoregressive(0.6, 4, 500, 1'000 + seed);
    std::vector<double> all;
    for (const auto& c : chains) all.insert(all.end(), c.begin(), c.end());
    std::ranges::sort(all);
    mean += std::abs(d.mean) < d.mean_error;
    median += std::abs(math::quantile_of_sorted(all, 0.5)) < d.median_error;
    low += std::abs(math::quantile_of_sorted(all, 0.05) + 1.6448536) < d.low_error;
    deviation += std::abs(d.deviation - 1) < d.deviation_error;
    EXPECT_LT(d.split_r_hat, 1.05);
  }
  for (const int held : {mean, median, low, deviation}) EXPECT_NEAR(held, 137, 30);
}

TEST(Diagnostics, SeeChainsThatDiffer) {
  auto chains = autoregressive(0.3, 4, 500, 5);
  EXPECT_LT(diagnose(chains).split_r_hat, 1.01);
  auto moved = chains;
  for (double& v : moved[2]) v += 1.0;  // elsewhere
  EXPECT_GT(diagnose(moved).split_r_hat, 1.05);
  auto wide = chains;
  for (double& v : wide[1]) v *= 3.0;  // as high, but wider: only folded ranks see it
  EXPECT_GT(diagnose(wide).split_r_hat, 1.05);
  auto drifts = chains;
  for (auto& chain : drifts)
    for (std::size_t t = 0; t < chain.size(); ++t) chain[t] += 0.004 * static_cast<double>(t);
  EXPECT_GT(diagnose(drifts).split_r_hat, 1.05);  // all drift alike: only halves see it
}

TEST(Diagnostics, AreOfHeavyTailsToo) {
  // Cauchy draws have no mean; ranks do not mind.
  auto chains = autoregressive(0.0, 4, 1'000, 3);
  for (auto& chain : chains)
    for (double& v : chain)
      v = std::tan(3.141592653589793 * (0.5 * std::erfc(-v / std::sqrt(2.0)) - 0.5));
  const Diagnostics d = diagnose(chains);
  EXPECT_LT(d.split_r_hat, 1.01);
  EXPECT_GT(d.bulk_ess, 3'000.0);
  EXPECT_GT(d.tail_ess, 3'000.0);
}

TEST(Diagnostics, RefuseWhatIsNoChain) {
  const auto why = [](const ChainsOf& c) { return contract::refusal([&] { (void)diagnose(c); }); };
  EXPECT_EQ(why({}), "no chains to look at");
  EXPECT_EQ(why({{1, 2, 3, 4}, {1, 2, 3}}), "chains of 4 and of 3 draws");
  EXPECT_EQ(why({{1, 2, 3}}), "chains of 3 draws (at least 8)");
  EXPECT_EQ(why({{1, 2, 3, std::numeric_limits<double>::infinity()}}), "a draw of inf");
}

TEST(Diagnostics, OfWhatDoesNotMoveSayItIsNoNumber) {
  EXPECT_TRUE(std::isnan(diagnose(ChainsOf(2, std::vector<double>(8, 2.0))).split_r_hat));
}

}  // namespace
}  // namespace twin::infer
