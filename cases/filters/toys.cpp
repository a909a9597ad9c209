#include "cases/filters/toys.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "twin/core/parallel.hpp"
#include "twin/infer/ensemble/taper.hpp"
#include "twin/math/statistics.hpp"
#include "twins/toys/lorenz63.hpp"
#include "twins/toys/lorenz96.hpp"

namespace cases {
namespace {

using twin::infer::Domain;
using twin::infer::Experiment;
using twin::infer::Noise;
using twin::infer::Scores;

template <class M>
Scores run_once(const M& model, const Experiment& e, const Noise& noise, const Setting& setting,
                const std::vector<Domain>& domains, std::uint64_t seed) {
  const auto everything = [](const Eigen::MatrixXd& x) { return x; };
  const twin::core::Draw draw{.seed = seed, .member = 0};
  return twin::infer::run_experiment(
      model, e, noise, seed, everything,
      [&](const Eigen::MatrixXd& hx, const Eigen::VectorXd& y, std::uint32_t occasion,
          Eigen::MatrixXd& x) {
        if (domains.empty()) {
          twin::infer::analyse(setting.scheme, hx, y, noise, draw, occasion, x);
        } else {
          twin::infer::analyse(setting.scheme, domains, hx, y, noise, draw, occasion, x);
        }
      });
}

// Sakov, Oke 2008: every step of 0.05 is observed, R = I, 1000 cycles, the first 20 time units not
// scored.
Scores run_lorenz96(const Setting& setting, std::uint64_t seed) {
  const Experiment e{.members = setting.members,
                     .ticks_per_cycle = 1,
                     .cycles = 1000,
                     .burn_in = 400,
                     .diverged_above = 1.0,  // worse than the observations
                     .theta = {8.0}};
  std::vector<Domain> domains;
  if (setting.radius > 0.0) {
    domains = twin::infer::ring_domains(
        40, 2, Eigen::VectorXd::LinSpaced(40, 0.0, 39.0),
        {.half_support = twin::infer::half_support_of_radius(setting.radius),
         .least_weight = 1e-3});
  }
  return run_once(twins::toys::Lorenz96<>(), e, Noise::equal(40, 1.0), setting, domains, seed);
}

// Sakov, Oliver, Bertino 2012: every 25th step of 0.01 is observed, R = 2 I, 1000 cycles, the first
// 16 time units not scored.
Scores run_lorenz63(const Setting& setting, std::uint64_t seed) {
  const Experiment e{.members = setting.members,
                     .ticks_per_cycle = 25,
                     .cycles = 1000,
                     .burn_in = 64,
                     .diverged_above = std::sqrt(2.0),  // worse than the observations
                     .theta = {10.0, 28.0, 8.0 / 3.0}};
  return run_once(twins::toys::Lorenz63(), e, Noise::equal(3, 2.0), setting, {}, seed);
}

}  // namespace

Outcome over_seeds(int seeds, const std::function<Score(std::uint64_t seed)>& run) {
  std::vector<Score> scores(static_cast<std::size_t>(seeds));
  twin::core::for_each_member(scores.size(), std::min(4U, static_cast<unsigned>(seeds)),
                              [&](std::size_t i) { scores[i] = run(3000 + i); });
  twin::math::Moments rmse, spread;
  Outcome outcome;
  outcome.runs = seeds;
  for (const Score& s : scores) {
    if (s.diverged) {
      ++outcome.diverged;
      continue;
    }
    rmse.add(s.rmse_a);
    spread.add(s.spread);
  }
  outcome.rmse_a = rmse.mean();
  outcome.standard_error = rmse.deviation() / std::sqrt(static_cast<double>(rmse.count()));
  outcome.spread = spread.mean();
  return outcome;
}

Outcome run(const Setting& setting, int seeds) {
  return over_seeds(seeds, [&](std::uint64_t seed) {
    const Scores s =
        setting.toy == Toy::Lorenz96 ? run_lorenz96(setting, seed) : run_lorenz63(setting, seed);
    return Score{s.rmse_a, s.spread, s.diverged};
  });
}

}  // namespace cases
