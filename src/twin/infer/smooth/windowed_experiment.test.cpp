// If these failed, published scores of smoothers would be compared with something else.
#include "twin/infer/smooth/windowed_experiment.hpp"

#include <gtest/gtest.h>

#include <array>

#include "twin/infer/ensemble/analysis.hpp"
#include "twin/infer/smooth/iterated.hpp"
#include "twin/math/distributions.hpp"

namespace twin::infer::smooth {
namespace {

// A wheel that turns: linear, without noise, so that filter and smoother of any lag give one answer at
// the observation.
struct Wheel {
  struct State {
    core::Tick now = 0;
    std::array<double, 2> x = {};
    bool operator==(const State&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("now", self.now);
      archive("x", self.x);
    }
  };
  [[nodiscard]] State initial(std::span<const double> /*theta*/, core::Draw draw) const {
    return {.now = 0,
            .x = {math::normal(draw.uniform(0, 0, 0)), math::normal(draw.uniform(0, 1, 0))}};
  }
  void advance(State& s, std::span<const double> /*theta*/, core::Tick until, core::Draw) const {
    for (; s.now < until; ++s.now) s.x = {0.8 * s.x[0] - 0.6 * s.x[1], 0.6 * s.x[0] + 0.8 * s.x[1]};
  }
  static std::span<double> vector(State& s) { return s.x; }
};

const Experiment E{.members = 6,
                   .ticks_per_cycle = 2,
                   .cycles = 60,
                   .burn_in = 5,
                   .diverged_above = 10.0,
                   .theta = {}};
const auto First = [](const Eigen::MatrixXd& x) { return Eigen::MatrixXd(x.topRows(1)); };

WindowScores scores_of(std::uint32_t lag, std::uint64_t seed) {
  const Noise noise = Noise::equal(1, 0.5);
  return run_windowed_experiment(
      Wheel{}, E, lag, noise, seed, First,
      [&](const Window<Wheel>& window, Eigen::MatrixXd& x) -> Eigen::MatrixXd {
        const std::vector<core::Tick> moments = {window.end};
        const Forward forward = [&](const Eigen::MatrixXd& start) {
          return window.start.run(
              start, moments, [](std::size_t, const auto& at) { return First(at); }, window.end);
        };
        return iterate({.most = 1}, forward, window.y, noise, {.seed = seed, .member = 0},
                       window.cycle, x)
            .end;
      });
}

TEST(WindowedExperiment, ScoresALinearModelAsTheFilterExperimentDoes) {
  // Windows would begin or end at other moments than they say: on a linear model without noise the
  // score at the observation is the filter's, whatever the lag.
  const Noise noise = Noise::equal(1, 0.5);
  const Scores filter = run_experiment(
      Wheel{}, E, noise, 3, First,
      [&](const Eigen::MatrixXd& hx, const Eigen::VectorXd& y, std::uint32_t k,
          Eigen::MatrixXd& x) { analyse({}, hx, y, noise, {.seed = 3, .member = 0}, k, x); });
  for (const std::uint32_t lag : {1U, 2U, 5U}) {
    const WindowScores s = scores_of(lag, 3);
    EXPECT_NEAR(s.rmse_a, filter.rmse_a, 1e-10) << lag;
    EXPECT_NEAR(s.spread, filter.spread, 1e-10) << lag;
    EXPECT_FALSE(s.diverged);
    EXPECT_GT(s.rmse_s, 0.0);
  }
  // A turn changes no distance: without noise the smoothed error is the filtered one, moment by moment.
  EXPECT_NEAR(scores_of(1, 3).rmse_s, filter.rmse_a, 1e-10);
  EXPECT_NE(scores_of(1, 4).rmse_a, filter.rmse_a);
}

TEST(WindowedExperiment, CountsDivergence) {
  // A lost run would pass as a score.
  const auto lose = [](const Window<Wheel>&, Eigen::MatrixXd&) { return Eigen::MatrixXd(); };
  EXPECT_TRUE(
      run_windowed_experiment(Wheel{}, E, 1, Noise::equal(1, 1.0), 1, First, lose).diverged);
  const auto far = [](const Window<Wheel>&, Eigen::MatrixXd& x) {
    return Eigen::MatrixXd(x.array() + 100.0);
  };
  EXPECT_TRUE(run_windowed_experiment(Wheel{}, E, 1, Noise::equal(1, 1.0), 1, First, far).diverged);
}

}  // namespace
}  // namespace twin::infer::smooth
