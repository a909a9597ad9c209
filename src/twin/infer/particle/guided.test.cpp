// If these failed, particles would be drawn from another law than the one they are weighed for.
#include "twin/infer/particle/guided.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "twin/contract/check_estimator.hpp"
#include "twin/contract/refusal.hpp"

namespace twin::infer::particle {
namespace {

using contract::evidence_ratios;
using contract::Ratios;

struct GuidedWalkExample {
  contract::ToyWalk walk = {};
  std::vector<double> y = {0.2, 1.5, -0.4, -2.5, 0.3};  // at ticks 1, 2, ...
  contract::Normal posterior = contract::filtered(walk, y).first;
  double log_evidence = contract::filtered(walk, y).second;
};

struct DriftingWalk : contract::ToyWalk {
  void drift(State& x, std::span<const double>, core::Tick until) const {
    for (; x.now < until; ++x.now) x.x[0] *= a;
  }
};

LinearGuide guide() {
  const contract::ToyWalk walk;
  return {Eigen::MatrixXd::Constant(1, 1, walk.q), Eigen::MatrixXd::Identity(1, 1),
          Noise::equal(1, walk.r)};
}

core::Ensemble<DriftingWalk> prior_guided(std::size_t members, std::uint64_t seed) {
  return core::initial_ensemble(DriftingWalk{}, members, {}, {.seed = seed});
}

TEST(GuidedFilter, EvidenceIsUnbiasedAndHasLittleNoise) {
  const GuidedWalkExample e;
  const DriftingWalk walk;
  const Ratios guided = evidence_ratios(e.log_evidence, 2000, [&](std::uint64_t seed) {
    auto belief = prior_guided(50, seed);
    GuidedFilter filter(walk, guide());
    for (std::uint32_t k = 0; k < e.y.size(); ++k) {
      filter.step(belief, contract::detail::seen(k + 1, {e.y[k]}), {seed, 0xFFFFFFFFU}, k);
    }
    return log_evidence(belief);
  });
  const Ratios blind = evidence_ratios(e.log_evidence, 2000, [&](std::uint64_t seed) {
    auto belief = prior_guided(50, seed);
    ParticleFilter filter(contract::ToyWalkSensor{}, {});
    for (std::uint32_t k = 0; k < e.y.size(); ++k) {
      for (std::size_t i = 0; i < 50; ++i) {
        walk.advance(belief.x[i], {}, k + 1, belief.draw_of(i, seed));
      }
      filter.update(belief, contract::detail::seen(k + 1, {e.y[k]}), {seed, 0xFFFFFFFFU}, k);
    }
    return log_evidence(belief);
  });
  EXPECT_NEAR(guided.mean, 1.0, 5.0 * guided.standard_error());
  EXPECT_LT(guided.deviation, 0.9 * blind.deviation);
}

TEST(GuidedFilter, FindsThePosterior) {
  const GuidedWalkExample e;
  const DriftingWalk walk;
  constexpr std::size_t Members = 20000;
  auto belief = prior_guided(Members, 1);
  GuidedFilter filter(walk, guide(), {}, core::Threads{2});
  for (std::uint32_t k = 0; k < e.y.size(); ++k) {
    filter.step(belief, contract::detail::seen(k + 1, {e.y[k]}), {1, 0xFFFFFFFFU}, k);
  }
  const Spread s = spread_of(vectors_of(belief), weights_of(belief.log_weight).relative);
  const double effective = weights_of(belief.log_weight).ess / 4.0;
  EXPECT_NEAR(s.mean[0], e.posterior.mean, 6.0 * std::sqrt(e.posterior.variance / effective));
  EXPECT_NEAR(s.root(0, 0) * s.root(0, 0), e.posterior.variance,
              6.0 * e.posterior.variance * std::sqrt(2.0 / effective));
}

// The decomposition must be that of the product of two normals, in more than one dimension.
TEST(GuidedFilter, GuideIsTheConditionalLaw) {
  Eigen::MatrixXd q(3, 3), h(2, 3);
  q << 1.0, 0.3, 0.0, 0.3, 2.0, 0.1, 0.0, 0.1, 0.5;
  h << 1.0, 0.0, 1.0, 0.0, 2.0, 0.0;
  const Noise noise = Noise::diagonal(Eigen::Vector2d(0.4, 1.1));
  const LinearGuide g(q, h, noise);
  const Eigen::Vector3d f(0.5, -1.0, 2.0);
  const Eigen::Vector2d y(1.0, 0.0);
  const Eigen::Matrix2d s = h * q * h.transpose() + noise.covariance();
  const Eigen::Vector2d d = y - h * f;
  EXPECT_NEAR(g.log_likelihood(f, y),
              -0.5 * (d.dot(s.inverse() * d) + std::log(s.determinant()) +
                      2.0 * std::log(2.0 * std::acos(-1.0))),
              1e-12);
  Eigen::VectorXd mean = f;
  g.draw_posterior(y, Eigen::Vector3d::Zero(), mean);
  EXPECT_LT((mean - (f + q * h.transpose() * s.inverse() * d)).norm(), 1e-12);
  Eigen::Matrix3d root;
  for (int i = 0; i < 3; ++i) {
    Eigen::VectorXd x = f;
    g.draw_posterior(y, Eigen::Vector3d::Unit(i), x);
    root.col(i) = x - mean;
  }
  const Eigen::Matrix3d p = q - q * h.transpose() * s.inverse() * h * q;
  EXPECT_LT((root * root.transpose() - p).norm(), 1e-12);
}

TEST(GuidedFilter, SaysWhatIsWrong) {
  EXPECT_EQ(contract::refusal([] {
              LinearGuide(Eigen::MatrixXd::Identity(2, 2), Eigen::MatrixXd::Identity(1, 1),
                          Noise::equal(1, 1.0));
            }),
            "H is 1 x 1 (must be 1 x 2)");
  const DriftingWalk walk;
  auto belief = prior_guided(5, 1);
  GuidedFilter filter(walk, guide());
  EXPECT_EQ(contract::refusal([&] {
              filter.step(belief, contract::detail::seen(1, {1.0, 2.0}), {1, 0}, 0);
            }),
            "2 values were observed (the sensor has 1)");
  EXPECT_EQ(filter.step(belief, contract::detail::seen(1, {1e200}), {1, 0}, 0).fate,
            Fate::Collapsed);
  EXPECT_EQ(filter.step(belief, contract::detail::seen(2, {}), {1, 0}, 1).fate, Fate::Nothing);
  EXPECT_EQ(belief.x[0].now, 2);
}

}  // namespace
}  // namespace twin::infer::particle
