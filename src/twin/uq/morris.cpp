#include "twin/uq/morris.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "twin/core/draw.hpp"
#include "twin/core/error.hpp"
#include "twin/core/parallel.hpp"
#include "twin/uq/permutation.hpp"

namespace twin::uq {
namespace {

enum MorrisDraw : std::uint32_t { Base, Way, Order };

}  // namespace

MorrisResult morris(const MorrisOptions& o, const AnyFunction& f) {
  using core::Error;
  if (o.inputs == 0) throw Error("elementary effects of no inputs");
  if (o.paths < 2) throw Error(fmt::format("{} paths (at least 2)", o.paths));
  if (o.levels < 2 || o.levels % 2 != 0)
    throw Error(fmt::format("{} levels (an even number)", o.levels));
  const std::size_t d = o.inputs, points = d + 1;
  std::vector<std::vector<double>> effect(d, std::vector<double>(o.paths));  // NaN: none
  std::vector<std::uint64_t> failed(o.paths, 0);
  core::for_each_member(o.paths, o.threads, [&](std::size_t path) {
    const core::Draw draw{o.seed, static_cast<std::uint32_t>(path)};
    std::vector<std::vector<double>> u(d, std::vector<double>(points));
    std::vector<double> x(d), y(points);
    std::vector<double> step(d);
    for (std::size_t i = 0; i < d; ++i) {
      const auto who = static_cast<std::uint32_t>(i);
      const double half = o.levels / 2.0;
      // Half of the levels may go up by a half, the other half down.
      const double low = std::floor(draw.uniform(Base, who, 0) * half);
      const bool up = draw.uniform(Way, who, 0) < 0.5;
      x[i] = ((up ? low : low + half) + 0.5) / o.levels;
      step[i] = up ? 0.5 : -0.5;
    }
    const std::vector<std::size_t> order = permutation(d, draw, Order);
    for (std::size_t k = 0; k < points; ++k) {
      if (k > 0) x[order[k - 1]] += step[order[k - 1]];
      for (std::size_t i = 0; i < d; ++i) u[i][k] = x[i];
    }
    std::vector<const double*> columns;
    for (const auto& column : u) columns.push_back(column.data());
    f({.columns = columns, .count = points}, y);
    for (const double v : y) failed[path] += std::isfinite(v) ? 0U : 1U;
    for (std::size_t k = 0; k < d; ++k) effect[order[k]][path] = (y[k + 1] - y[k]) / step[order[k]];
  });
  MorrisResult result;
  result.evaluations = o.paths * points;
  result.failed = std::accumulate(failed.begin(), failed.end(), std::uint64_t{0});
  for (std::size_t i = 0; i < d; ++i) {
    math::Moments absolute, mean;
    for (const double e : effect[i]) {
      if (!std::isfinite(e)) continue;
      absolute.add(std::abs(e));
      mean.add(e);
    }
    if (mean.count() < 2)
      throw Error(fmt::format("input {} has {} effects of {} (at least 2: the others' runs failed)",
                              i, mean.count(), o.paths));
    result.effects.push_back({.absolute = math::interval_of(absolute, o.confidence),
                              .mean = math::interval_of(mean, o.confidence),
                              .deviation = mean.deviation(),
                              .missing = o.paths - mean.count()});
  }
  return result;
}

}  // namespace twin::uq
