// If these failed, the particle filter of a file would not be the one that the published cases prove.
#include "apps/fabtwin/assimilate/particles.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "apps/fabtwin/assimilate/run_example.hpp"
#include "twin/contract/refusal.hpp"
#include "twin/infer/particle/filter.hpp"
#include "twin/infer/particle/weighted_scores.hpp"

namespace apps::fabtwin::assimilate {
namespace {

namespace particle = twin::infer::particle;
using twins::toys::Lorenz63;

struct Gaussian {
  twin::infer::Noise noise;
  [[nodiscard]] double log_likelihood(const Lorenz63::State& x, std::span<const double> y) const {
    Eigen::MatrixXd missed = Eigen::Map<const Eigen::VectorXd>(y.data(), 3) -
                             Eigen::Map<const Eigen::VectorXd>(x.x.data(), 3);
    noise.whiten(missed);
    return -0.5 * missed.col(0).squaredNorm();
  }
};

// As cases/filters/particles.long.test.cpp runs it.
particle::WeightedScores run_particles(const particle::FilterOptions& options,
                                       std::size_t members) {
  const auto e = example::lorenz63(static_cast<Eigen::Index>(members));
  const twin::core::Draw hidden{.seed = example::Seed, .member = twin::infer::TruthMember};
  const Lorenz63 model;
  auto truth = model.initial(e.theta, hidden);
  std::vector<double> theta;
  for (std::size_t i = 0; i < members; ++i) {
    theta.insert(theta.end(), e.theta.begin(), e.theta.end());
  }
  auto belief = twin::core::initial_ensemble(model, members, theta, {.seed = example::Seed});
  const Gaussian sensor{twin::infer::Noise::equal(3, 2.0)};
  particle::ParticleFilter filter(sensor, options);
  const twin::core::Draw own{.seed = example::Seed,
                             .member = std::numeric_limits<std::uint32_t>::max()};
  particle::WeightedScores sum;
  for (std::uint32_t cycle = 0; cycle < e.cycles; ++cycle) {
    const twin::core::Tick until = truth.now + e.ticks_per_cycle;
    model.advance(truth, e.theta, until, hidden);
    for (std::size_t i = 0; i < members; ++i) {
      model.advance(belief.x[i], e.theta, until, belief.draw_of(i, example::Seed));
    }
    Eigen::MatrixXd y(3, 1);
    sensor.noise.draw(hidden, twin::infer::ObservationDraw, cycle, y);
    const Eigen::VectorXd t = Eigen::Map<const Eigen::VectorXd>(truth.x.data(), 3);
    y += t;
    const twin::core::Observation seen{.at = until, .arrived = until, .values = {y(0), y(1), y(2)}};
    const auto report = filter.weigh(belief, seen);
    const auto w = particle::weights_of(belief.log_weight);
    if (cycle >= e.burn_in) {
      const Eigen::Map<const Eigen::VectorXd> weights(w.relative.data(), e.members);
      const auto now = particle::weighted_scores(particle::vectors_of(belief), weights, w.total, t);
      sum.rmse += now.rmse;
      sum.spread += now.spread;
    }
    filter.resample_if_due(belief, report, own, cycle);
  }
  const double count = e.cycles - e.burn_in;
  return {.rmse = sum.rmse / count, .spread = sum.spread / count};
}

TEST(Particles, AreThoseOfTheCases) {
  for (const bool jitters : {true, false}) {
    const particle::FilterOptions options{.resampling = particle::Resampling::Residual,
                                          .threshold = 0.3,
                                          .bandwidth = jitters ? 2.4 : 0.0};
    const RunScores s = example::run_once(
        example::Lorenz63 + "name = \"particle\"\nmembers = 100\nthreshold = 0.3\nresampling = \"" +
        std::string(particle::name_of(options.resampling)) +
        (jitters ? "\"\nbandwidth = 2.4\n" : "\"\n"));
    const auto expected = run_particles(options, 100);
    EXPECT_EQ(s.rmse_a, expected.rmse);
    EXPECT_EQ(s.spread, expected.spread);
    EXPECT_GT(s.ranks.total(), 0U);
  }
}

TEST(Particles, AreTheSameForAnyNumberOfThreads) {
  const std::string method = "name = \"particle\"\nmembers = 30\nbandwidth = 1.0\n";
  EXPECT_EQ(example::thread_difference(example::Lorenz63 + method), "");
  EXPECT_EQ(example::thread_difference("cycles = 6\n[model]\nname = \"mm1\"\n[observations]\n"
                                       "interval = 20\n[[method]]\n" +
                                       method),
            "");
}

TEST(Particles, LearnTheParametersOfAQueue) {
  // A copy would not take over what its ancestor has learnt. The truth's mean service time is 0.7
  // of the prior's: free members stay about 0.36 from its logarithm in one of two variables.
  const std::string queue =
      "cycles = 30\nfirst_seed = 3000\n[model]\nname = \"mm1\"\n[truth]\n"
      "theta = {service = 0.7}\n[observations]\ninterval = 100\nvariance = 0.01\n[[method]]\n";
  const RunScores free = example::run_once(queue + "name = \"free\"\nmembers = 100\n"),
                  learns = example::run_once(
                      queue + "name = \"particle\"\nmembers = 100\nbandwidth = 0.5\n");
  EXPECT_LT(learns.rmse_a, 0.6 * free.rmse_a);
}

TEST(Particles, RefuseOptionsThatAreNone) {
  const auto refused = [](const std::string& option) {
    return twin::contract::refusal([&] {
      read_experiment(example::Lorenz63 + "name = \"particle\"\nmembers = 7\n" + option, "x.toml",
                      {});
    });
  };
  EXPECT_EQ(refused("threshold = 2\n"), "x.toml:12: threshold = 2 (must be from 0 to 1)");
  EXPECT_EQ(refused("bandwidth = -1\n"), "x.toml:12: bandwidth = -1 (must be from 0 to 100)");
  EXPECT_EQ(
      refused("resampling = \"systemic\"\n"),
      "x.toml:12: resampling = \"systemic\" (one of multinomial, stratified, systematic, residual, "
      "residual systematic, Srinivasan) did you mean systematic?");
}

}  // namespace
}  // namespace apps::fabtwin::assimilate
