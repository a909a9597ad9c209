#include "apps/fabtwin/uq/sampled.hpp"

#include <fmt/format.h>

#include <array>

#include "twin/core/error.hpp"

namespace apps::fabtwin::uq {

using twin::uq::PointsBy;

namespace {

Sampled sampled_by(const Work& work, twin::uq::EvaluationQueue& queue,
                   const twin::uq::PointsWanted& wanted) {
  const auto u = twin::uq::sample_points(wanted);
  const std::size_t n = u.front().size();
  std::vector<std::vector<double>> x(n);
  std::vector<double> point(u.size());
  for (std::size_t k = 0; k < n; ++k) {
    for (std::size_t i = 0; i < u.size(); ++i) point[i] = u[i][k];
    x[k] = work.study.inputs.of_uniforms(point);
    queue.submit(x[k]);
  }
  Sampled s{.u = std::vector<std::vector<double>>(u.size()),
            .x = std::vector<std::vector<double>>(u.size()),
            .y = std::vector<std::vector<double>>(queue.options().outputs)};
  for (std::size_t k = 0; k < n; ++k) {
    const twin::uq::RunOutcome& outcome = queue.wait(x[k]);
    if (outcome.end != twin::uq::RunEnd::Done) {
      ++s.failed;
      continue;
    }
    for (std::size_t i = 0; i < u.size(); ++i) {
      s.u[i].push_back(u[i][k]);
      s.x[i].push_back(x[k][i]);
    }
    for (std::size_t o = 0; o < s.y.size(); ++o) s.y[o].push_back(outcome.y[o]);
    s.replication.push_back(static_cast<std::uint32_t>(k / wanted.points));
  }
  if (s.size() < 2)
    throw twin::core::Error(
        fmt::format("{} of {} runs gave an answer (two at least are needed)", s.size(), n));
  return s;
}

}  // namespace

twin::math::Interval Sampled::mean_of(std::size_t output) const {
  std::vector<twin::math::Moments> each;
  for (std::size_t k = 0; k < size(); ++k) {
    if (replication[k] >= each.size()) each.resize(replication[k] + 1);
    each[replication[k]].add(y[output][k]);
  }
  twin::math::Moments all, means;
  for (std::size_t k = 0; k < size(); ++k) all.add(y[output][k]);
  for (const auto& m : each)
    if (m.count() > 0) means.add(m.mean());
  twin::math::Interval interval = twin::math::interval_of(means);
  interval.mean = all.mean();
  return interval;
}

Sampled sampled(const Work& work, const twin::uq::PointsWanted& wanted) {
  work.expect(wanted.points * wanted.replications);
  return sampled_by(work, work.queue, wanted);
}

Sampled sampled_of_cheaper(const Work& work, std::size_t cheaper,
                           const twin::uq::PointsWanted& wanted) {
  return sampled_by(work, *work.cheaper[cheaper], wanted);
}

twin::uq::PointsWanted read_points(twin::sheet::Sheet& table, const Study& study,
                                   std::uint64_t points) {
  const std::array<std::string, 3> names = {"sobol", "latin-hypercube", "chance"};
  const std::string by = table.choice("points_by", names, "sobol");
  const auto all = static_cast<std::uint64_t>(
      table.integer("points", {.least = 2.0, .most = 1e8}, static_cast<std::int64_t>(points)));
  const auto parts =
      static_cast<std::uint32_t>(table.integer("replications", {.least = 2.0, .most = 1e4}, 16));
  if (all < parts)
    table.refuse("points", fmt::format("points = {} (fewer than replications = {})", all, parts));
  return {.inputs = study.inputs.size(),
          .points = (all + parts - 1) / parts,
          .replications = parts,
          .by = by == "sobol"    ? PointsBy::Sobol
                : by == "chance" ? PointsBy::Chance
                                 : PointsBy::LatinHypercube,
          .seed = study.seed};
}

}  // namespace apps::fabtwin::uq
