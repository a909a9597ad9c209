// If these failed, the fast filter would be another one than the obvious one.
#include "twin/infer/particle/scalar.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "twin/contract/toy_walk.hpp"
#include "twin/math/distributions.hpp"

namespace twin::infer::particle {
namespace {

// One particle after the other, every formula written out.
struct Slow {
  StochasticVolatility law;
  std::uint64_t seed;
  double threshold;
  std::vector<double> x, log_weight;
  double log_evidence = 0.0;
  std::uint32_t tick = 0;

  double normal(std::size_t i) const {
    const std::size_t half = (x.size() + 1) / 2;
    const auto member = static_cast<std::uint32_t>(i < half ? i : i - half);
    const core::Block b = core::Draw{seed, member}.block(ProposalDraw, 0, tick);
    return math::normal(i < half ? core::uniform_of(b[0], b[1]) : core::uniform_of(b[2], b[3]));
  }
  Slow(const StochasticVolatility& l, std::size_t n, std::uint64_t s, double t)
      : law(l), seed(s), threshold(t), x(n), log_weight(n) {
    const double deviation = law.sigma / std::sqrt(1.0 - law.rho * law.rho);
    for (std::size_t i = 0; i < n; ++i) x[i] = law.mu + deviation * normal(i);
  }
  bool step(double y) {
    ++tick;
    const std::size_t n = x.size();
    for (std::size_t i = 0; i < n; ++i) {
      x[i] = law.mu + law.rho * (x[i] - law.mu) + law.sigma * normal(i);
      const double ll = -0.5 * (1.8378770664093454836 + x[i] + y * y * math::quick_exp(-x[i]));
      log_weight[i] += ll;
    }
    const double largest = *std::max_element(log_weight.begin(), log_weight.end());
    std::vector<double> relative;
    for (const double l : log_weight) relative.push_back(math::quick_exp(l - largest));
    const SumAndSquares w = sum_and_squares(relative);
    log_evidence = largest + math::log(w.sum / static_cast<double>(n));
    if (!(w.sum * w.sum / w.squares < threshold * static_cast<double>(n))) return false;
    const double u = core::Draw{seed, 0xFFFFFFFFU}.uniform(ResamplingDraw, 0, tick);
    std::vector<double> next;
    double sum = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      sum += relative[i];
      const double up_to = std::ceil(sum * (static_cast<double>(n) / w.sum) - u);
      while (static_cast<double>(next.size()) < up_to && next.size() < n) next.push_back(x[i]);
    }
    while (next.size() < n) next.push_back(x.back());
    x = next;
    log_weight.assign(n, log_evidence);
    return true;
  }
};

TEST(ScalarParticles, HaveTheBitsOfTheSlowWay) {
  for (const std::size_t members : {1U, 7U, 100U, 5000U}) {
    for (const double threshold : {0.5, 2.0}) {
      const StochasticVolatility law;
      ScalarParticles fast(law, members, 5, threshold);
      Slow slow(law, members, 5, threshold);
      for (int t = 0; t < 40; ++t) {
        const double y = t == 20 ? 6.0 : 0.4 * std::sin(1.7 * t);  // one shock
        EXPECT_EQ(fast.step(y).resampled, slow.step(y));
        ASSERT_EQ(std::vector<double>(fast.x().begin(), fast.x().end()), slow.x) << t;
        ASSERT_EQ(fast.log_evidence(), slow.log_evidence) << t;
      }
    }
  }
}

// A linear law with normal noise, of which the evidence is known.
struct LinearLaw {
  contract::ToyWalk walk;
  void start(std::span<const double> z, std::span<double> x) const {
    for (std::size_t i = 0; i < x.size(); ++i) {
      x[i] = walk.start.mean + std::sqrt(walk.start.variance) * z[i];
    }
  }
  void move(std::span<const double> z, std::span<double> x) const {
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = walk.a * x[i] + std::sqrt(walk.q) * z[i];
  }
  void log_likelihood(std::span<const double> x, double y, std::span<double> out) const {
    for (std::size_t i = 0; i < x.size(); ++i) out[i] = walk.log_evidence({x[i], 0.0}, y);
  }
};

TEST(ScalarParticles, EvidenceIsUnbiased) {
  const LinearLaw law;
  const std::vector<double> y = {0.2, 1.5, -0.4, -1.9, 0.3};
  double exact = 0.0;
  contract::Normal kalman = law.walk.start;
  for (const double v : y) {
    kalman = law.walk.forecast(kalman);
    exact += law.walk.log_evidence(kalman, v);
    kalman = law.walk.updated(kalman, v);
  }
  constexpr int Runs = 4000;
  double sum = 0.0, square = 0.0;
  for (std::uint64_t seed = 0; seed < Runs; ++seed) {
    ScalarParticles filter(law, 50, seed, 2.0);
    for (const double v : y) filter.step(v);
    const double ratio = std::exp(filter.log_evidence() - exact);
    sum += ratio / Runs;
    square += ratio * ratio / Runs;
  }
  EXPECT_NEAR(sum, 1.0, 5.0 * std::sqrt((square - sum * sum) / Runs));  // 5 standard errors
}

// What cannot be used is said, and changes no weight.
TEST(ScalarParticles, SayWhatGoesWrong) {
  ScalarParticles filter(LinearLaw{}, 20, 1);
  EXPECT_EQ(filter.step(0.5).fate, Fate::Used);
  const double before = filter.log_evidence();
  EXPECT_EQ(filter.step(std::nan("")).fate, Fate::Missing);
  EXPECT_EQ(filter.step(1e200).fate, Fate::Collapsed);
  EXPECT_EQ(filter.log_evidence(), before);
  EXPECT_EQ(filter.step(0.5).fate, Fate::Used);
  std::vector<double> weight(2);
  const std::vector<double> zero(2);
  EXPECT_EQ(detail::reweigh(std::vector<double>{std::nan(""), -1.0}, zero, weight).lost, 1U);
  EXPECT_EQ(weight[0], -std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace twin::infer::particle
