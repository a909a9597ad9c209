#include "twin/infer/sample/rank_calibration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>

#include "twin/core/error.hpp"
#include "twin/core/parallel.hpp"

namespace twin::infer {
namespace {

// Of one simulation: how many draws lie below the truth.
struct Ranks {
  std::vector<std::size_t> below;  // [parameter]; empty: it failed
  std::size_t draws = 0;
};

Ranks ranks_of(const CalibratedSampler& s, const RankOptions& o, std::uint32_t simulation) {
  const core::Draw draw{o.seed, simulation};
  const std::vector<double> theta = s.prior(draw);
  if (theta.size() != s.parameters)
    throw core::Error(
        fmt::format("a prior of {} numbers for {} parameters", theta.size(), s.parameters));
  const std::vector<double> drawn = s.sample(s.data(theta, draw), o.seed + 1'000'003U * simulation);
  if (drawn.empty() || drawn.size() % s.parameters != 0)
    throw core::Error(fmt::format("draws of {} numbers for {} parameters (whole draws are needed)",
                                  drawn.size(), s.parameters));
  Ranks ranks{.below = {}, .draws = drawn.size() / s.parameters};
  if (!std::ranges::all_of(drawn, [](double v) { return std::isfinite(v); })) return ranks;
  ranks.below.assign(s.parameters, 0);
  for (std::size_t k = 0; k < drawn.size(); ++k)
    ranks.below[k % s.parameters] += drawn[k] < theta[k % s.parameters] ? 1U : 0U;
  return ranks;
}

}  // namespace

RankCalibration rank_calibration(const CalibratedSampler& sampler, const RankOptions& o) {
  if (sampler.parameters == 0) throw core::Error("a calibration of no parameters");
  if (o.bins < 2 || o.simulations < 10 * o.bins)
    throw core::Error(
        fmt::format("{} simulations for {} bins (two bins, and 10 simulations for each, at least)",
                    o.simulations, o.bins));
  std::vector<Ranks> all(o.simulations);
  core::for_each_member(o.simulations, o.threads, [&](std::size_t k) {
    all[k] = ranks_of(sampler, o, static_cast<std::uint32_t>(k));
  });
  RankCalibration result;
  result.counts.assign(sampler.parameters, std::vector<std::uint64_t>(o.bins, 0));
  const std::size_t draws = all.front().draws;
  if ((draws + 1) % o.bins != 0)
    throw core::Error(
        fmt::format("{} draws for {} bins (a multiple of the bins, less one)", draws, o.bins));
  for (const Ranks& ranks : all) {
    if (ranks.draws != draws)
      throw core::Error(
          fmt::format("{} draws, and {} before (as many each time)", ranks.draws, draws));
    result.failed += ranks.below.empty() ? 1U : 0U;
    for (std::size_t i = 0; i < ranks.below.size(); ++i)
      ++result.counts[i][ranks.below[i] * o.bins / (draws + 1)];
  }
  if (result.failed == o.simulations) throw core::Error("all simulations failed");
  const double expected =
      static_cast<double>(o.simulations - result.failed) / static_cast<double>(o.bins);
  const boost::math::chi_squared law(static_cast<double>(o.bins - 1));
  for (const auto& counts : result.counts) {
    double sum = 0.0;
    for (const std::uint64_t n : counts)
      sum += std::pow(static_cast<double>(n) - expected, 2) / expected;
    result.p_value.push_back(boost::math::cdf(boost::math::complement(law, sum)));
  }
  return result;
}

}  // namespace twin::infer
