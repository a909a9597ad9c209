#include "twins/fab/calibrate/posterior.hpp"

#include <algorithm>

#include "twin/core/expect.hpp"
#include "twins/fab/calibrate/pooling.hpp"

namespace twins::fab::calibrate {

namespace {

using twin::bayes::ExponentialMean;
using twin::bayes::ScaledShare;
using twin::bayes::UniformScale;

// Named randomness of a posterior member; the engine's own quantities count from 0 on.
constexpr std::uint32_t WhatPosterior = 0x7468'6574;  // "thet"

void put(Posterior& to, Now&& now, std::uint64_t seen) {
  to.quantiles = now.quantiles;
  to.change = std::move(now.change);
  to.seen = seen;
}

}  // namespace

double Posterior::quantile(double p) const {
  TWIN_EXPECT(p > 0.0 && p < 1.0, p);
  if (p <= Levels.front()) return quantiles.front();
  if (p >= Levels.back()) return quantiles.back();
  const auto above =
      static_cast<std::size_t>(std::lower_bound(Levels.begin(), Levels.end(), p) - Levels.begin());
  const double share = (p - Levels[above - 1]) / (Levels[above] - Levels[above - 1]);
  return quantiles[above - 1] + share * (quantiles[above] - quantiles[above - 1]);
}

std::vector<Posterior> posteriors(const Layout& m, const Evidence& evidence) {
  const ThetaMap& map = m.theta_map;
  std::vector<Posterior> all(map.size());
  const auto parameters = m.parameters();
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].name = parameters[i].name;
    all[i].quantiles.fill(1.0);
  }
  const auto days = [](Tick t) {
    return static_cast<double>(t) / static_cast<double>(Witness::Day);
  };
  const std::size_t windows = evidence.windows.size();
  std::vector<const RatioSums*> courses(windows);
  std::vector<const UniformScale*> scales(windows);
  Scale scale{courses, scales, nullptr, days(evidence.window),
              days(evidence.until - evidence.from)};
  for (std::uint32_t g = 0; g < m.groups.size(); ++g) {
    scale.all = &evidence.process[g];
    if (!scale.all->knows()) continue;
    for (std::size_t i = 0; i < windows; ++i) {
      courses[i] = &evidence.windows[i].process_course[g];
      scales[i] = &evidence.windows[i].process[g];
    }
    MeanAndSpread now = now_of(scale);
    put(all[map.process(g)], std::move(now.mean), scale.all->count());
    put(all[map.spread(g)], std::move(now.spread), scale.all->count());
  }
  scale.all = &evidence.transport;
  if (scale.all->knows()) {
    for (std::size_t i = 0; i < windows; ++i) {
      courses[i] = &evidence.windows[i].transport_course;
      scales[i] = &evidence.windows[i].transport;
    }
    put(all[map.transport()], now_of(scale).mean, scale.all->count());
  }
  // An area as a whole, then its groups beside it where they differ for certain.
  const auto times = [&](std::size_t area_at, std::size_t first_group_at, std::uint32_t area,
                         std::vector<ExponentialMean> Window::*member) {
    std::vector<ExponentialMean> course(windows), groups;
    std::vector<std::uint32_t> members;
    for (std::uint32_t g = 0; g < m.groups.size(); ++g) {
      if (m.groups[g].area != area) continue;
      members.push_back(g);
      ExponentialMean& group = groups.emplace_back();
      for (std::size_t i = 0; i < windows; ++i) {
        course[i].include((evidence.windows[i].*member)[g]);
        group.include((evidence.windows[i].*member)[g]);
      }
    }
    ExponentialMean sum;
    for (const ExponentialMean& group : groups) sum.include(group);
    if (!sum.proper()) return;
    put(all[area_at], now_of(course, scale.window_days), static_cast<std::uint64_t>(sum.shape));
    const Pooling pooling = pool(groups);
    all[area_at].differ = pooling.differ;
    for (std::size_t i = 0; i < members.size(); ++i) {
      Posterior& to = all[first_group_at + members[i]];
      if (pooling.differ <= Reported || groups[i].exposure == 0.0) continue;
      to.seen = static_cast<std::uint64_t>(groups[i].shape);
      for (std::size_t level = 0; level < Levels.size(); ++level)
        to.quantiles[level] = pooling.groups[i][level] / sum.median();
    }
  };
  const auto shares = [&](std::size_t to, std::uint32_t area,
                          std::vector<ScaledShare> Window::*member, std::uint64_t count) {
    if (count == 0) return;
    std::vector<const ScaledShare*> course(windows);
    for (std::size_t i = 0; i < windows; ++i) course[i] = &(evidence.windows[i].*member)[area];
    put(all[to], now_of(course, scale.window_days), count);
  };
  for (std::uint32_t a = 0; a < m.areas.size(); ++a) {
    times(map.mtbf(a), map.mtbf_group(0), a, &Window::time_to_failure);
    times(map.mttr(a), map.mttr_group(0), a, &Window::time_to_repair);
    shares(map.rework(a), a, &Window::rework, evidence.rework[a].count());
    shares(map.sampling(a), a, &Window::sampling, evidence.sampling[a].count());
  }
  return all;
}

std::vector<double> draw_theta(const Layout& layout, const std::vector<Posterior>& posteriors,
                               const twin::core::Draw& draw) {
  const auto parameters = layout.parameters();
  TWIN_EXPECT(posteriors.size() == parameters.size(), posteriors.size(), parameters.size());
  std::vector<double> theta(parameters.size());
  for (std::size_t i = 0; i < theta.size(); ++i) {
    const double u = draw.uniform(WhatPosterior, static_cast<std::uint32_t>(i), 0);
    theta[i] = std::clamp(posteriors[i].quantile(u), parameters[i].lower, parameters[i].upper);
  }
  return theta;
}

}  // namespace twins::fab::calibrate
