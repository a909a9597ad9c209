#include "cases/filters/spatial_toys.hpp"

#include <cmath>
#include <vector>

#include "twin/infer/ensemble/taper.hpp"
#include "twins/toys/kuramoto_sivashinsky.hpp"

namespace cases {
namespace {

using twin::infer::Domain;
using twin::infer::Experiment;
using twin::infer::Noise;
using twin::infer::Scores;

constexpr std::uint32_t TrackDraw = 0xCA5E0001;
constexpr Eigen::Index Side = Gyre::Side, Tracked = 300;
const std::vector<double> GyreTheta = {0.0, 0.0, 2e-12, 1e-5};

Score score_of(const Scores& s) { return {s.rmse_a, s.spread, s.diverged}; }

// Points of the tracks: every 55.47th of the field's points, row after row, shifted by the cycle.
std::vector<Eigen::Index> track(std::uint64_t seed, std::uint32_t cycle) {
  const twin::core::Draw draw{.seed = seed, .member = twin::infer::TruthMember};
  constexpr Eigen::Index Gap = Side * Side / Tracked;
  const auto shift =
      static_cast<Eigen::Index>(static_cast<double>(Gap) * draw.uniform(TrackDraw, 0, cycle));
  std::vector<Eigen::Index> points;
  for (Eigen::Index k = 0; k < Tracked; ++k) points.push_back(k * Side * Side / Tracked + shift);
  return points;
}

// 129 points in 64 stretches: the first has three, the others two.
std::vector<std::vector<Eigen::Index>> gyre_groups() {
  const auto begin = [](Eigen::Index i) { return i == 0 ? 0 : 2 * i + 1; };
  std::vector<std::vector<Eigen::Index>> groups;
  for (Eigen::Index j = 0; j < 64; ++j) {
    for (Eigen::Index i = 0; i < 64; ++i) {
      groups.emplace_back();
      for (Eigen::Index y = begin(j); y < begin(j + 1); ++y) {
        for (Eigen::Index x = begin(i); x < begin(i + 1); ++x) {
          groups.back().push_back(y * Side + x);
        }
      }
    }
  }
  return groups;
}

Scores run_gyre_once(const SampledGyre& model, const Setting& setting, std::uint64_t seed) {
  const Experiment e{.members = setting.members,
                     .ticks_per_cycle = 4,
                     .cycles = 300,
                     .burn_in = 50,
                     .diverged_above = 2.0,  // worse than the observations
                     .theta = GyreTheta};
  const Noise noise = Noise::equal(Tracked, 4.0);
  const auto groups = gyre_groups();
  std::uint32_t cycle = 0;
  const auto observe = [&](const Eigen::MatrixXd& x) {
    const auto points = track(seed, cycle);
    return Eigen::MatrixXd(x(points, Eigen::all));
  };
  return twin::infer::run_experiment(
      model, e, noise, seed, observe,
      [&](const Eigen::MatrixXd& hx, const Eigen::VectorXd& y, std::uint32_t occasion,
          Eigen::MatrixXd& x) {
        const auto points = track(seed, cycle);
        const auto domains = twin::infer::domains_of(
            groups, Tracked,
            {.half_support = twin::infer::half_support_of_radius(setting.radius),
             .least_weight = 1e-3},
            [&](std::size_t g, Eigen::Index k) {  // the mean over the group, as in DAPPER
              const Eigen::Index at = points[static_cast<std::size_t>(k)];
              double sum = 0.0;
              for (const Eigen::Index v : groups[g]) {
                sum += std::hypot(static_cast<double>(v % Side - at % Side),
                                  static_cast<double>(v / Side - at / Side));
              }
              return sum / static_cast<double>(groups[g].size());
            });
        twin::infer::analyse(setting.scheme, domains, hx, y, noise, {.seed = seed, .member = 0},
                             occasion, x);
        ++cycle;
      });
}

Scores run_fronts_once(const Setting& setting, std::uint64_t seed) {
  const Experiment e{.members = setting.members,
                     .ticks_per_cycle = 2,
                     .cycles = 4000,
                     .burn_in = 500,
                     .diverged_above = 0.5,  // worse than optimal interpolation
                     .theta = {1.0}};
  const Noise noise = Noise::equal(128, 1.0);
  std::vector<Domain> domains;
  if (setting.radius > 0.0) {
    domains = twin::infer::ring_domains(
        128, 4, Eigen::VectorXd::LinSpaced(128, 0.0, 127.0),
        {.half_support = twin::infer::half_support_of_radius(setting.radius),
         .least_weight = 1e-3});
  }
  const twin::core::Draw draw{.seed = seed, .member = 0};
  return twin::infer::run_experiment(
      twins::toys::KuramotoSivashinsky<128>(0.5), e, noise, seed,
      [](const Eigen::MatrixXd& x) { return x; },
      [&](const Eigen::MatrixXd& hx, const Eigen::VectorXd& y, std::uint32_t occasion,
          Eigen::MatrixXd& x) {
        if (domains.empty()) {
          twin::infer::analyse(setting.scheme, hx, y, noise, draw, occasion, x);
        } else {
          twin::infer::analyse(setting.scheme, domains, hx, y, noise, draw, occasion, x);
        }
      });
}

}  // namespace

SampledGyre sampled_gyre() {
  return SampledGyre(Gyre(), {.theta = GyreTheta,
                              .draw = {.seed = 1, .member = 0},
                              .spin_up = 2800,
                              .spacing = 40,
                              .samples = 400});
}

Outcome run_gyre(const SampledGyre& model, const Setting& setting, int seeds) {
  return over_seeds(
      seeds, [&](std::uint64_t seed) { return score_of(run_gyre_once(model, setting, seed)); });
}

Outcome run_fronts(const Setting& setting, int seeds) {
  return over_seeds(seeds,
                    [&](std::uint64_t seed) { return score_of(run_fronts_once(setting, seed)); });
}

}  // namespace cases
