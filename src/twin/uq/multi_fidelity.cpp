#include "twin/uq/multi_fidelity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "twin/core/error.hpp"
#include "twin/core/parallel.hpp"
#include "twin/math/batch.hpp"

namespace twin::uq {
namespace {

using core::Error;

constexpr std::size_t ModelsMax = 16;
constexpr std::uint32_t PilotWhat = 0, StudyWhat = 1;

void check_models(std::span<const Fidelity> models, double budget) {
  if (models.empty() || models.size() > ModelsMax)
    throw Error(fmt::format("{} models of one quantity (1 to {})", models.size(), ModelsMax));
  for (std::size_t i = 0; i < models.size(); ++i) {
    const Fidelity& m = models[i];
    if (!(m.cost > 0.0) || !std::isfinite(m.cost))
      throw Error(fmt::format("model {} costs {} (above 0)", i, m.cost));
    if (!(m.deviation > 0.0) || !std::isfinite(m.deviation))
      throw Error(fmt::format("model {} does not vary: it cannot help, or needs no help", i));
    if (!(std::abs(m.correlation) <= 1.0))
      throw Error(fmt::format("model {} has correlation {} (-1 to 1)", i, m.correlation));
  }
  if (models[0].correlation != 1.0)
    throw Error(
        fmt::format("the first model has correlation {} with itself", models[0].correlation));
  if (!(budget >= 2 * models[0].cost) || !std::isfinite(budget))
    throw Error(fmt::format("a budget of {} (at least {}: two evaluations of the first model)",
                            budget, 2 * models[0].cost));
}

// sum of sqrt(w_i (rho_i^2 - rho_(i+1)^2) / w_1), squared: theirs, corollary 3.5; nothing where the order of costs
// does not hold, so that these are no optimal numbers.
double variance_ratio(std::span<const Fidelity> models, std::span<const std::size_t> used) {
  const auto square = [&](std::size_t k) {
    return k < used.size() ? models[used[k]].correlation * models[used[k]].correlation : 0.0;
  };
  double sum = 0.0;
  for (std::size_t k = 0; k < used.size(); ++k) {
    const double gain = square(k) - square(k + 1);
    if (!(gain > 0.0)) return std::numeric_limits<double>::infinity();
    if (k > 0) {
      const double dearer = models[used[k - 1]].cost / models[used[k]].cost;
      if (!(dearer > (square(k - 1) - square(k)) / gain))
        return std::numeric_limits<double>::infinity();
    }
    sum += std::sqrt(models[used[k]].cost / models[used[0]].cost * gain);
  }
  return sum * sum;
}

// Columns of uniforms for points first, first + 1, ...
std::vector<std::vector<double>> drawn(std::uint64_t seed, std::uint32_t what, std::size_t inputs,
                                       std::uint64_t first, std::size_t count) {
  std::vector<std::vector<double>> u(inputs, std::vector<double>(count));
  for (std::size_t i = 0; i < inputs; ++i)
    math::uniforms({seed, static_cast<std::uint32_t>(first)}, what, static_cast<std::uint32_t>(i),
                   static_cast<std::uint32_t>(first >> 32), u[i]);
  return u;
}

Points points_of(const std::vector<std::vector<double>>& u, std::vector<const double*>& columns,
                 std::size_t count) {
  columns.clear();
  for (const auto& column : u) columns.push_back(column.data());
  return {columns, count};
}

std::vector<Fidelity> tried(const MultiFidelityStudy& s, std::span<const AnyFunction> models) {
  const auto u = drawn(s.seed, PilotWhat, s.inputs, 0, static_cast<std::size_t>(s.pilot));
  std::vector<std::vector<double>> y(models.size(), std::vector<double>(u[0].size()));
  core::for_each_member(models.size(), s.threads, [&](std::size_t m) {
    std::vector<const double*> columns;
    models[m](points_of(u, columns, y[m].size()), y[m]);
  });
  std::vector<std::size_t> good;
  for (std::size_t k = 0; k < y[0].size(); ++k)
    if (std::ranges::all_of(y, [&](const auto& of) { return std::isfinite(of[k]); }))
      good.push_back(k);
  if (good.size() < 10)
    throw Error(fmt::format("{} of {} pilot points have a value of every model (at least 10)",
                            good.size(), y[0].size()));
  std::vector<Fidelity> all;
  std::vector<math::Moments> moments(models.size());
  for (std::size_t m = 0; m < models.size(); ++m)
    for (const std::size_t k : good) moments[m].add(y[m][k]);
  for (std::size_t m = 0; m < models.size(); ++m) {
    double together = 0.0;
    for (const std::size_t k : good)
      together += (y[0][k] - moments[0].mean()) * (y[m][k] - moments[m].mean());
    together /= static_cast<double>(good.size() - 1);
    const double both = moments[0].deviation() * moments[m].deviation();
    all.push_back({.cost = s.costs[m],
                   .deviation = moments[m].deviation(),
                   .correlation = m == 0       ? 1.0
                                  : both > 0.0 ? std::clamp(together / both, -1.0, 1.0)
                                               : 0.0});
  }
  return all;
}

}  // namespace

MultiFidelityPlan multi_fidelity_plan(std::span<const Fidelity> models, double budget) {
  check_models(models, budget);
  std::vector<std::size_t> order(models.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin() + 1, order.end(), [&](std::size_t a, std::size_t b) {
    return std::abs(models[a].correlation) > std::abs(models[b].correlation);
  });
  MultiFidelityPlan plan;
  plan.models = {0};
  // All choices: there are few models.
  for (std::uint32_t choice = 1; choice < (std::uint32_t{1} << (models.size() - 1)); ++choice) {
    std::vector<std::size_t> used = {0};
    for (std::size_t k = 1; k < order.size(); ++k)
      if ((choice >> (k - 1)) & 1U) used.push_back(order[k]);
    const double ratio = variance_ratio(models, used);
    if (ratio >= plan.variance_ratio) continue;
    plan.variance_ratio = ratio;
    plan.models = used;
  }
  const auto square = [&](std::size_t k) {
    return k < plan.models.size() ? std::pow(models[plan.models[k]].correlation, 2) : 0.0;
  };
  double each = 0.0;  // cost for one evaluation of the first
  for (std::size_t k = 0; k < plan.models.size(); ++k) {
    const Fidelity& m = models[plan.models[k]];
    plan.ratios.push_back(k == 0 ? 1.0
                                 : std::sqrt(models[0].cost * (square(k) - square(k + 1)) /
                                             (m.cost * (1 - square(1)))));
    plan.weights.push_back(m.correlation * models[0].deviation / m.deviation);
    each += m.cost * plan.ratios.back();
  }
  const double first = std::max(1.0, budget / each);
  for (std::size_t k = 0; k < plan.models.size(); ++k) {
    plan.evaluations.push_back(static_cast<std::uint64_t>(std::floor(first * plan.ratios[k])));
    if (k > 0) plan.evaluations[k] = std::max(plan.evaluations[k], plan.evaluations[k - 1]);
    plan.cost += static_cast<double>(plan.evaluations[k]) * models[plan.models[k]].cost;
  }
  return plan;
}

MultiFidelityMean multi_fidelity_mean(const MultiFidelityStudy& s,
                                      std::span<const AnyFunction> models) {
  if (s.inputs == 0 || models.empty() || s.costs.size() != models.size())
    throw Error(fmt::format("{} models with {} costs and {} inputs", models.size(), s.costs.size(),
                            s.inputs));
  if (s.pilot < 10) throw Error(fmt::format("a pilot of {} points (at least 10)", s.pilot));
  MultiFidelityMean result;
  result.models = tried(s, models);
  result.plan = multi_fidelity_plan(result.models, s.budget);
  const MultiFidelityPlan& plan = result.plan;
  result.cost = plan.cost;

  // Each model's points are cut where the dearer one's end. Of each such part the means say, part by part
  // independent: sum over models of weight x (part of its first m, less part of its first m of the dearer).
  constexpr std::size_t Piece = 1'024;
  const std::size_t used = plan.models.size();
  // [part] of the sum over models of coefficient x y: its mean is the part's share of the estimate
  std::vector<math::Moments> parts(used);
  for (std::size_t part = 0; part < used; ++part) {
    const std::uint64_t from = part == 0 ? 0 : plan.evaluations[part - 1],
                        to = plan.evaluations[part];
    // What each model's value at a point of this part counts with in the estimate, times the part's points.
    const auto points = static_cast<double>(to - from);
    std::vector<double> coefficient(used, 0.0);
    for (std::size_t k = part; k < used; ++k) {
      coefficient[k] = plan.weights[k] * points / static_cast<double>(plan.evaluations[k]);
      if (k > 0 && part < k)
        coefficient[k] -= plan.weights[k] * points / static_cast<double>(plan.evaluations[k - 1]);
    }
    if (to == from) continue;
    const auto pieces = static_cast<std::size_t>((to - from + Piece - 1) / Piece);
    std::vector<math::Moments> of(pieces);
    std::vector<std::uint64_t> failed(pieces, 0);
    core::for_each_member(pieces, s.threads, [&](std::size_t piece) {
      const std::uint64_t first = from + piece * Piece;
      const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(Piece, to - first));
      const auto u = drawn(s.seed, StudyWhat, s.inputs, first, count);
      std::vector<const double*> columns;
      std::vector<double> sum(count, 0.0), y(count);
      for (std::size_t k = part; k < used; ++k) {
        models[plan.models[k]](points_of(u, columns, count), y);
        for (std::size_t j = 0; j < count; ++j) sum[j] += coefficient[k] * y[j];
      }
      for (const double v : sum) {
        if (std::isfinite(v))
          of[piece].add(v);
        else
          ++failed[piece];
      }
    });
    for (std::size_t piece = 0; piece < pieces; ++piece) {
      parts[part].merge(of[piece]);
      result.failed += failed[piece];
    }
    if (parts[part].count() < 2)
      throw Error(fmt::format("{} points of {} have a value (at least 2): a larger budget?",
                              parts[part].count(), to - from));
  }
  double mean = 0.0, variance = 0.0;
  for (const math::Moments& p : parts) {
    if (p.count() == 0) continue;
    mean += p.mean();
    variance += p.variance() / static_cast<double>(p.count());
  }
  const double degrees = static_cast<double>(parts[0].count() - 1);
  result.mean = {
      .mean = mean,
      .half_width = std::sqrt(variance) * math::student_t_quantile(0.5 + s.confidence / 2, degrees),
      .confidence = s.confidence,
      .count = plan.evaluations[0]};
  return result;
}

}  // namespace twin::uq
