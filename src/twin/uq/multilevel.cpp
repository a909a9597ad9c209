#include "twin/uq/multilevel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "twin/core/error.hpp"
#include "twin/core/parallel.hpp"
#include "twin/math/batch.hpp"
#include "twin/math/statistics.hpp"

namespace twin::uq {
namespace {

constexpr std::size_t RunsAtOnce = 256;

struct LevelSums {
  math::Moments difference;
  std::uint64_t asked = 0, failed = 0;
};

// Runs asked, asked + 1, ... up to `to` of a level are added.
void go_on(const MultilevelModel& model, const MultilevelOptions& o, std::size_t level,
           std::uint64_t to, LevelSums& sums) {
  if (to <= sums.asked) return;
  const std::uint64_t from = sums.asked;
  const auto pieces = static_cast<std::size_t>((to - from + RunsAtOnce - 1) / RunsAtOnce);
  std::vector<LevelSums> of(pieces);
  core::for_each_member(pieces, o.threads, [&](std::size_t piece) {
    const std::uint64_t first = from + piece * RunsAtOnce;
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(RunsAtOnce, to - first));
    std::vector<std::vector<double>> u(model.inputs(level), std::vector<double>(count));
    std::vector<const double*> columns;
    for (std::size_t i = 0; i < u.size(); ++i) {
      math::uniforms({o.seed, static_cast<std::uint32_t>(first)}, static_cast<std::uint32_t>(level),
                     static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(first >> 32), u[i]);
      columns.push_back(u[i].data());
    }
    std::vector<double> fine(count), coarse(count, 0.0);
    model.run(level, {.columns = columns, .count = count}, fine, coarse);
    for (std::size_t k = 0; k < count; ++k) {
      const double d = fine[k] - (level > 0 ? coarse[k] : 0.0);
      if (std::isfinite(d))
        of[piece].difference.add(d);
      else
        ++of[piece].failed;
    }
  });
  for (const LevelSums& s : of) {
    sums.difference.merge(s.difference);
    sums.failed += s.failed;
  }
  sums.asked = to;
  if (sums.difference.count() < 2)
    throw core::Error(fmt::format("level {} has {} runs with a value of {} (at least 2)", level,
                                  sums.difference.count(), sums.asked));
}

}  // namespace

MultilevelMean multilevel_mean(const MultilevelModel& model, const MultilevelOptions& o) {
  using core::Error;
  if (!(o.tolerance > 0.0)) throw Error(fmt::format("a tolerance of {} (above 0)", o.tolerance));
  if (o.first < 2 || o.levels < 3)
    throw Error(
        fmt::format("{} first runs (at least 2), {} levels (at least 3)", o.first, o.levels));
  std::vector<LevelSums> sums;
  std::vector<double> cost;
  const auto add_level = [&] {
    const std::size_t level = sums.size();
    cost.push_back(model.cost(level));
    if (!(cost.back() > 0.0))
      throw Error(fmt::format("level {} costs {} (above 0)", level, cost.back()));
    sums.emplace_back();
    go_on(model, o, level, o.first, sums.back());
  };
  for (int k = 0; k < 3; ++k) add_level();
  MultilevelMean result;
  for (;;) {
    // Runs for half of the squared error, Giles, eq. 12; twice over, as variances are better known the second time.
    for (int twice = 0; twice < 2; ++twice) {
      double work = 0.0;
      for (std::size_t l = 0; l < sums.size(); ++l)
        work += std::sqrt(sums[l].difference.variance() * cost[l]);
      for (std::size_t l = 0; l < sums.size(); ++l) {
        const double runs = 2 / (o.tolerance * o.tolerance) *
                            std::sqrt(sums[l].difference.variance() / cost[l]) * work;
        go_on(model, o, l, std::max(sums[l].asked, static_cast<std::uint64_t>(std::ceil(runs))),
              sums[l]);
      }
    }
    // What is left falls as the last differences did, by 2^rate a level; the last two tell it too, were they by
    // chance small.
    double sxy = 0.0, sxx = 0.0, mean_x = 0.0, mean_y = 0.0;
    const auto n = static_cast<double>(sums.size() - 1);
    for (std::size_t l = 1; l < sums.size(); ++l) {
      mean_x += static_cast<double>(l) / n;
      mean_y += std::log2(std::max(std::abs(sums[l].difference.mean()), 1e-300)) / n;
    }
    for (std::size_t l = 1; l < sums.size(); ++l) {
      const double x = static_cast<double>(l) - mean_x;
      sxy += x * (std::log2(std::max(std::abs(sums[l].difference.mean()), 1e-300)) - mean_y);
      sxx += x * x;
    }
    const double rate = std::max(0.5, -sxy / sxx), halves = std::exp2(rate);
    double last = 0.0;
    for (std::size_t back = 0; back < 3 && back + 1 < sums.size(); ++back)
      last = std::max(last, std::abs(sums[sums.size() - 1 - back].difference.mean()) /
                                std::exp2(rate * static_cast<double>(back)));
    result.bias = last / (halves - 1);
    result.converged = result.bias <= o.tolerance / std::sqrt(2.0);
    if (result.converged || sums.size() == o.levels) break;
    add_level();
  }
  double variance = 0.0;
  for (std::size_t l = 0; l < sums.size(); ++l) {
    const math::Moments& d = sums[l].difference;
    result.mean += d.mean();
    variance += d.variance() / static_cast<double>(d.count());
    result.cost += static_cast<double>(sums[l].asked) * cost[l];
    result.levels.push_back({.runs = sums[l].asked,
                             .failed = sums[l].failed,
                             .mean = d.mean(),
                             .variance = d.variance()});
  }
  result.standard_error = std::sqrt(variance);
  return result;
}

}  // namespace twin::uq
