// The published scores of the regularised particle filter on Lorenz-63 and Lorenz-96. If these
// changed, particles would have become better or worse than they were published to be.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "cases/kit/table.hpp"
#include "twin/infer/noise.hpp"
#include "twin/infer/particle/filter.hpp"
#include "twin/infer/particle/weighted_scores.hpp"
#include "twin/math/statistics.hpp"
#include "twins/toys/lorenz63.hpp"
#include "twins/toys/lorenz96.hpp"

namespace cases {
namespace {

using twin::infer::particle::FilterOptions;
using twin::infer::particle::ParticleFilter;

constexpr int Seeds = 10;

// Every variable is seen, with independent errors of one variance. The constant of the normal law
// is left out: only ratios count here.
template <class M>
struct Everything {
  double variance = 1.0;
  [[nodiscard]] double log_likelihood(const typename M::State& x, std::span<const double> y) const {
    double square = 0.0;
    for (std::size_t i = 0; i < y.size(); ++i) square += (y[i] - x.x[i]) * (y[i] - x.x[i]);
    return -0.5 * square / variance;
  }
};

struct Setting {
  std::size_t members = 0;
  FilterOptions options = {};
};

struct Problem {
  std::vector<double> theta;  // [parameter]
  double variance = 1.0;      // of an observation's error
  twin::core::Tick ticks = 1;
  std::uint32_t cycles = 0, burn_in = 0;
};

struct Score {
  double rmse_a = 0.0, spread = 0.0;  // means over cycles of roots of means over variables
};

// Scored as DAPPER does: the weighted members after they are weighed, before they are resampled.
template <class M>
Score run_once(const M& model, const Problem& p, const Setting& setting, std::uint64_t seed) {
  const twin::core::Draw hidden{.seed = seed, .member = twin::infer::TruthMember};
  auto truth = model.initial(p.theta, hidden);
  std::vector<double> theta;
  for (std::size_t i = 0; i < setting.members; ++i) {
    theta.insert(theta.end(), p.theta.begin(), p.theta.end());
  }
  auto belief = twin::core::initial_ensemble(model, setting.members, theta, {.seed = seed});
  ParticleFilter filter(Everything<M>{p.variance}, setting.options);
  const twin::core::Draw own{.seed = seed, .member = std::numeric_limits<std::uint32_t>::max()};
  Score score;
  Eigen::MatrixXd noise(static_cast<Eigen::Index>(truth.x.size()), 1);
  for (std::uint32_t cycle = 0; cycle < p.cycles; ++cycle) {
    const twin::core::Tick until = truth.now + p.ticks;
    model.advance(truth, p.theta, until, hidden);
    for (std::size_t i = 0; i < belief.size(); ++i) {
      model.advance(belief.x[i], belief.theta_of(i), until, belief.draw_of(i, seed));
    }
    twin::infer::standard_normal(hidden, twin::infer::ObservationDraw, cycle, noise);
    twin::core::Observation seen{.at = until, .arrived = until};
    for (std::size_t v = 0; v < truth.x.size(); ++v) {
      seen.values.push_back(truth.x[v] + std::sqrt(p.variance) * noise(static_cast<int>(v), 0));
    }
    const auto report = filter.weigh(belief, seen);
    if (cycle >= p.burn_in) {
      const auto w = twin::infer::particle::weights_of(belief.log_weight);
      const Eigen::MatrixXd x = twin::infer::particle::vectors_of(belief);
      const Eigen::Map<const Eigen::VectorXd> weight(w.relative.data(), x.cols());
      const Eigen::Map<const Eigen::VectorXd> t(truth.x.data(), x.rows());
      const auto now = twin::infer::particle::weighted_scores(x, weight, w.total, t);
      score.rmse_a += now.rmse;
      score.spread += now.spread;
    }
    filter.resample_if_due(belief, report, own, cycle);
  }
  const double count = p.cycles - p.burn_in;
  return {score.rmse_a / count, score.spread / count};
}

struct Line {
  Setting setting;
  double published = 0.0;
  double near = 0.0;
};

// A run counts as lost if its mean error is above that of the observations.
template <class M>
void compare(const std::string& heading, const std::string& common, const std::string& source,
             const M& model, const Problem& p, const Line& line) {
  twin::math::Moments rmse, spread;
  int diverged = 0;
  for (int i = 0; i < Seeds; ++i) {
    const auto seed = static_cast<std::uint64_t>(3000 + i);
    const Score s = run_once(model, p, line.setting, seed);
    if (!(s.rmse_a <= std::sqrt(p.variance))) {
      ++diverged;
      continue;
    }
    rmse.add(s.rmse_a);
    spread.add(s.spread);
  }
  const FilterOptions& o = line.setting.options;
  Row row;
  row.setting = fmt::format("{}, {} seeds", common, Seeds);
  row.published = fmt::format("{:.2f} ± {:g}", line.published, line.near);
  row.source = source;
  row.ours =
      fmt::format("{:.3f} (standard error {:.3f}), spread {:.3f}, {} of {} runs diverged",
                  rmse.mean(), rmse.deviation() / std::sqrt(static_cast<double>(rmse.count())),
                  spread.mean(), diverged, Seeds);
  row.reached = diverged == 0 && std::abs(rmse.mean() - line.published) <= line.near;
  publish(fmt::format("{} > N = {}, threshold {:g}, bandwidth {:g}", heading, line.setting.members,
                      o.threshold, o.bandwidth),
          row);
}

TEST(CaseParticles, Lorenz63) {
  // Particles would fail on the model that they are meant for: few variables, far from normal.
  const Problem problem{.theta = {10.0, 28.0, 8.0 / 3.0},
                        .variance = 2.0,
                        .ticks = 25,
                        .cycles = 1000,
                        .burn_in = 64};
  const std::vector<Line> lines = {{{100, {.threshold = 0.3, .bandwidth = 2.4}}, 0.38, 0.05},
                                   {{800, {.threshold = 0.2, .bandwidth = 0.9}}, 0.28, 0.05},
                                   {{4000, {.threshold = 0.05, .bandwidth = 0.7}}, 0.27, 0.05}};
  for (const Line& line : lines) {
    compare("Particle filter, Lorenz-63",
            "Sakov, Oliver and Bertino 2012: dt 0.01, observed every 0.25, R = 2I, 1000 cycles",
            "DAPPER, Lorenz63/sakov2012, rmse.a", twins::toys::Lorenz63(), problem, line);
  }
}

TEST(CaseParticles, Lorenz96) {
  // Forty variables, all seen: the most that a particle filter without localisation was shown to do.
  const Problem problem{
      .theta = {8.0}, .variance = 1.0, .ticks = 1, .cycles = 10000, .burn_in = 400};
  compare("Particle filter, Lorenz-96",
          "Sakov and Oke 2008: n = 40, F = 8, dt 0.05, all observed, R = I, 10000 cycles",
          "DAPPER, Lorenz96/sakov2008, rmse.a", twins::toys::Lorenz96<>(), problem,
          {{3000, {.threshold = 0.5, .bandwidth = 0.7}}, 0.26, 0.01});
}

}  // namespace
}  // namespace cases
