// If these failed, scores would be measured wrongly, and a filter could know the truth beforehand.
#include "twin/infer/experiment.hpp"

#include <gtest/gtest.h>

#include <array>

#include "twin/infer/ensemble/analysis.hpp"
#include "twin/math/distributions.hpp"

namespace twin::infer {
namespace {

// A random walk in one variable, theta = {variance of a step}: its Kalman filter is known in closed
// form.
struct Walk {
  struct State {
    core::Tick now = 0;
    std::array<double, 1> x = {};
    bool operator==(const State&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("now", self.now);
      archive("x", self.x);
    }
  };
  [[nodiscard]] State initial(std::span<const double> /*theta*/, core::Draw draw) const {
    return {.now = 0, .x = {math::normal(draw.uniform(0, 0, 0))}};
  }
  void advance(State& s, std::span<const double> theta, core::Tick until, core::Draw draw) const {
    for (; s.now < until; ++s.now) {
      const double u = draw.uniform(1, 0, static_cast<std::uint32_t>(s.now));
      s.x[0] += std::sqrt(theta[0]) * math::normal(u);
    }
  }
  static std::span<double> vector(State& s) { return s.x; }
};

const auto Identity = [](const Eigen::MatrixXd& x) { return x; };

Scores run(const Experiment& e, double variance, std::uint64_t seed) {
  const Noise noise = Noise::equal(1, variance);
  return run_experiment(Walk{}, e, noise, seed, Identity,
                        [&](const Eigen::MatrixXd& hx, const Eigen::VectorXd& y,
                            std::uint32_t occasion, Eigen::MatrixXd& x) {
                          analyse({.filter = Filter::SerialEnsrf}, hx, y, noise,
                                  {.seed = seed, .member = 0}, occasion, x);
                        });
}

TEST(Experiment, FindsTheSteadyStateOfARandomWalk) {
  // Errors would not be those that the Kalman filter has: for q = r = 1 the analysis variance is
  // 0.6180339888. The mean of |error| is sqrt(2 P/pi); errors are correlated by 1 - K = 0.38 from cycle
  // to cycle, so the standard error over 10,000 is below sqrt(P (1 - 2/pi)/10^4 1.38/0.62) = 0.007.
  // Five of them, and 1 % for the sampling noise of 200 members.
  const Experiment e{.members = 200,
                     .ticks_per_cycle = 1,
                     .cycles = 10100,
                     .burn_in = 100,
                     .diverged_above = 10.0,
                     .theta = {1.0}};
  const Scores s = run(e, 1.0, 1);
  const double p = 0.6180339888;
  EXPECT_NEAR(s.rmse_a, std::sqrt(2.0 * p / 3.14159265), 0.042);
  EXPECT_NEAR(s.spread, std::sqrt(p), 0.01);
  EXPECT_GT(s.rmse_f, s.rmse_a);
  EXPECT_FALSE(s.diverged);
}

TEST(Experiment, IsRepeatedByItsSeed) {
  // A published figure could not be found again; and another seed would be no other experiment.
  const Experiment e{.members = 5,
                     .ticks_per_cycle = 1,
                     .cycles = 50,
                     .burn_in = 10,
                     .diverged_above = 10.0,
                     .theta = {1.0}};
  EXPECT_EQ(run(e, 1.0, 1).rmse_a, run(e, 1.0, 1).rmse_a);
  EXPECT_NE(run(e, 1.0, 1).rmse_a, run(e, 1.0, 2).rmse_a);
}

TEST(Experiment, CountsDivergence) {
  // A lost run would pass as a score: without corrections the walk is far away after 400 steps.
  const Experiment e{.members = 5,
                     .ticks_per_cycle = 1,
                     .cycles = 400,
                     .burn_in = 0,
                     .diverged_above = 1.0,
                     .theta = {1.0}};
  EXPECT_TRUE(run(e, 1e12, 1).diverged);
  const auto break_it = [](const auto&, const auto&, std::uint32_t, Eigen::MatrixXd& x) {
    x.setConstant(std::numeric_limits<double>::quiet_NaN());
  };
  EXPECT_TRUE(run_experiment(Walk{}, e, Noise::equal(1, 1.0), 1, Identity, break_it).diverged);
}

TEST(Experiment, ScoresAreRootsOfMeanSquares) {
  // Figures would not be those of the published tables.
  Eigen::MatrixXd x(2, 2);
  x << 1.0, 3.0, 0.0, 0.0;
  EXPECT_DOUBLE_EQ(rmse_of(x, Eigen::Vector2d(2.0, 2.0)), std::sqrt(2.0));
  EXPECT_DOUBLE_EQ(spread_of(x), 1.0);
}

}  // namespace
}  // namespace twin::infer
