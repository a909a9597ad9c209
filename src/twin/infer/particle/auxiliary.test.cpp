// If these failed, looking ahead would bend the posterior towards what the preview says, or gain
// nothing from a good one.
#include "twin/infer/particle/auxiliary.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "twin/contract/check_estimator.hpp"

namespace twin::infer::particle {
namespace {

using contract::evidence_ratios;
using contract::Ratios;

struct WalkExample {
  contract::ToyWalk walk = {};
  std::vector<double> y = {0.2, 1.5, -0.4, -2.5, 0.3};  // at ticks 1, 2, ...
  contract::Normal posterior = contract::filtered(walk, y).first;
  double log_evidence = contract::filtered(walk, y).second;
};

using contract::ToyWalk;
using contract::ToyWalkSensor;

// p(y | x) exactly, and a caricature of it that makes members equal or absurdly unequal.
double exact_preview(const ToyWalk::State& x, std::span<const double>, core::Tick,
                     std::span<const double> y) {
  const ToyWalk walk;
  return walk.log_evidence({walk.a * x.x[0], walk.q}, y[0]);
}
double wrong_preview(const ToyWalk::State& x, std::span<const double>, core::Tick,
                     std::span<const double>) {
  return std::sin(3.0 * x.x[0]);
}

core::Ensemble<ToyWalk> prior(std::size_t members, std::uint64_t seed) {
  return core::initial_ensemble(ToyWalk{}, members, {}, {.seed = seed});
}

template <class Preview>
Ratios ratios(Preview preview, std::size_t members) {
  const WalkExample e;
  return evidence_ratios(e.log_evidence, 2000, [&](std::uint64_t seed) {
    auto belief = prior(members, seed);
    AuxiliaryFilter filter(e.walk, ToyWalkSensor{}, preview, {.threshold = 0.9});
    for (std::uint32_t k = 0; k < e.y.size(); ++k) {
      filter.step(belief, contract::detail::seen(k + 1, {e.y[k]}), {seed, 0xFFFFFFFFU}, k);
    }
    return log_evidence(belief);
  });
}

TEST(AuxiliaryFilter, EvidenceIsUnbiasedWhateverThePreview) {
  const Ratios good = ratios(exact_preview, 50), bad = ratios(wrong_preview, 50);
  EXPECT_NEAR(good.mean, 1.0, 5.0 * good.standard_error());
  EXPECT_NEAR(bad.mean, 1.0, 5.0 * bad.standard_error());
  EXPECT_LT(good.deviation, 0.8 * bad.deviation);
}

TEST(AuxiliaryFilter, FindsThePosterior) {
  const WalkExample e;
  constexpr std::size_t Members = 20000;
  auto belief = prior(Members, 1);
  AuxiliaryFilter filter(e.walk, ToyWalkSensor{}, exact_preview, {.threshold = 0.9},
                         core::Threads{3});
  for (std::uint32_t k = 0; k < e.y.size(); ++k) {
    filter.step(belief, contract::detail::seen(k + 1, {e.y[k]}), {1, 0xFFFFFFFFU}, k);
  }
  const Weights w = weights_of(belief.log_weight);
  double mean = 0.0;
  for (std::size_t i = 0; i < Members; ++i) mean += w.relative[i] / w.total * belief.x[i].x[0];
  // Resampled five times: 6 standard errors of a quarter of the effective members.
  EXPECT_NEAR(mean, e.posterior.mean, 6.0 * std::sqrt(4.0 * e.posterior.variance / w.ess));
  EXPECT_GT(filter.counts().resampled, 0U);
}

// Members must move even if nothing can be learnt, and a preview that is none must not lose them.
TEST(AuxiliaryFilter, MovesBlindlyOverWhatCannotBeUsed) {
  const ToyWalk walk;
  auto belief = prior(30, 2);
  auto blind = belief;
  for (std::size_t i = 0; i < 30; ++i) walk.advance(blind.x[i], {}, 1, blind.draw_of(i, 2));
  AuxiliaryFilter filter(walk, ToyWalkSensor{}, exact_preview);
  EXPECT_EQ(filter.step(belief, contract::detail::seen(1, {std::nan("")}), {2, 0}, 0).fate,
            Fate::Missing);
  EXPECT_EQ(belief, blind);
  EXPECT_EQ(filter.step(belief, contract::detail::seen(2, {1e200}), {2, 0}, 1).fate,
            Fate::Collapsed);
  EXPECT_EQ(belief.log_weight, blind.log_weight);
  AuxiliaryFilter none(walk, ToyWalkSensor{},
                       [](const ToyWalk::State&, std::span<const double>, core::Tick,
                          std::span<const double>) { return std::nan(""); });
  const Report r = none.step(belief, contract::detail::seen(3, {0.5}), {2, 0}, 2);
  EXPECT_EQ(r.fate, Fate::Used);
  EXPECT_EQ(r.lost, 0U);
}

}  // namespace
}  // namespace twin::infer::particle
