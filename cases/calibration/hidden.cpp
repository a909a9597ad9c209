#include "cases/calibration/hidden.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "twin/score/crps.hpp"
#include "twins/fab/any_fab.hpp"
#include "twins/fab/kpi.hpp"
#include "twins/fab/load.hpp"
#include "twins/fab/log_sink.hpp"

namespace cases {

using namespace twins::fab;

namespace {

enum What : std::uint32_t { Order, Size, Sign, Width, Area, Whole, Drift };

constexpr double DriftDays = 60.0;  // the drift must be bearable until then

// Load of a group under theta: the nominal one, as process times and availability change it.
double load_of(const Layout& m, const GroupLoad& nominal, const std::vector<double>& theta,
               double process) {
  const std::uint32_t a = m.groups[nominal.group].area;
  const double b = nominal.breakdown_share;
  const double odds = b / (1.0 - b) * theta[m.theta_map.mttr(a)] / theta[m.theta_map.mtbf(a)];
  const double available = 1.0 - odds / (1.0 + odds) - nominal.maintenance_share;
  return nominal.load * process * theta[m.theta_map.sampling(a)] * nominal.availability / available;
}

Tick ticks(double days) { return static_cast<Tick>(std::llround(days * DayMs)); }

struct Figures {
  double cycle_days = 0.0, wip = 0.0;
  std::vector<double> utilisation;  // [group]
};

Figures figures(const Layout& m, const Reading& from, const State& x) {
  const Kpi kpi = key_figures(m, from, read_counters(m, x));
  Figures f{kpi.all.cycle_days, kpi.wip, {}};
  for (const GroupKpi& g : kpi.groups) f.utilisation.push_back(g.utilisation);
  return f;
}

// Fair: the members are draws from the forecast, not the forecast.
Scores score(const std::vector<Figures>& members, const Figures& truth) {
  const auto of = [&](auto&& figure) {
    std::vector<double> values;
    for (const Figures& member : members) values.push_back(figure(member));
    return twin::score::fair_crps(values, figure(truth));
  };
  Scores s;
  s.cycle_days = of([](const Figures& f) { return f.cycle_days; });
  s.wip = of([](const Figures& f) { return f.wip; });
  for (std::size_t g = 0; g < truth.utilisation.size(); ++g)
    s.utilisation += of([&](const Figures& f) { return f.utilisation[g]; }) /
                     static_cast<double>(truth.utilisation.size());
  return s;
}

}  // namespace

std::vector<double> Hidden::at(double day) const {
  std::vector<double> now = theta;
  now[drifting] += drift_per_day * std::max(day - onset_day, 0.0);
  return now;
}

Hidden hidden_of(const Layout& m, std::uint32_t seed, const HiddenOptions& options) {
  const twin::core::Draw draw{2026, seed};
  const auto between = [&](What what, std::uint32_t who, double low, double high) {
    return low + (high - low) * draw.uniform(what, who, 0);
  };
  Hidden h;
  h.theta = m.nominal_theta();
  const ThetaMap& map = m.theta_map;
  for (std::uint32_t a = 0; a < m.areas.size(); ++a) {
    h.theta[map.mtbf(a)] = std::exp(between(Area, 4 * a, -0.3, 0.3));
    h.theta[map.mttr(a)] = std::exp(between(Area, 4 * a + 1, -0.3, 0.3));
    h.theta[map.rework(a)] = std::exp(between(Area, 4 * a + 2, -0.3, 0.3));
    h.theta[map.sampling(a)] = between(Area, 4 * a + 3, 0.85, 1.05);
  }
  h.theta[map.transport()] = between(Whole, 0, 0.8, 1.2);

  const FabLoad load = fab_load(m.description);
  std::vector<std::uint32_t> order;
  for (std::uint32_t g = 0; g < m.groups.size(); ++g)
    if (std::ranges::any_of(m.steps, [&](const StepInfo& s) {
          return s.group == g && s.law == Duration::Law::Uniform && s.half_width_ms > 0.0;
        }))
      order.push_back(g);
  std::ranges::sort(order, {}, [&](std::uint32_t g) { return draw.uniform(Order, g, 0); });
  h.drift_per_day = between(Drift, 0, 0.16, 0.24) / 30.0;
  h.onset_day = between(Drift, 1, 3.0, 20.0);
  const auto drifts = std::ranges::find_if(order, [&](std::uint32_t g) {
    return load_of(m, load.groups[g], h.theta, 1.0 + h.drift_per_day * DriftDays) <
           options.load_max;
  });
  h.drifting = map.process(*drifts);
  order.erase(drifts);
  for (std::uint32_t i = 0; i < options.shifted && i < order.size(); ++i) {
    const std::uint32_t g = order[i];
    const double off = between(Size, g, 0.1, 0.4);
    const bool up = draw.uniform(Sign, g, 0) < 0.5 &&
                    load_of(m, load.groups[g], h.theta, 1.0 + off) < options.load_max;
    h.theta[map.process(g)] = up ? 1.0 + off : 1.0 - off;
    h.theta[map.spread(g)] = between(Width, g, 0.7, 1.3);
    ++h.groups_off;
  }
  for (const std::uint32_t g : order) {
    double& process = h.theta[map.process(g)];
    const double now = load_of(m, load.groups[g], h.theta, process);
    if (now > options.load_max) process *= options.load_max / now;
  }
  return h;
}

Study study(const std::shared_ptr<const Layout>& layout, std::uint32_t seed,
            const StudyOptions& options) {
  const Layout& m = *layout;
  Study s;
  s.seed = seed;
  s.hidden = hidden_of(m, seed, options.hidden);
  const auto fab = make_fab(layout, "published");
  const twin::core::Draw truth{7, seed};
  State x = fab->initial(s.hidden.theta, truth);
  calibrate::Witness witness(m, 0);
  LogSink log(m, x, [&](std::span<const twin::event::Event> events) {
    for (const auto& event : events) witness.saw(event);
  });
  // The drift goes on hour by hour.
  std::set<std::string> alarms;
  std::vector<calibrate::Posterior> believed;
  const int hours = static_cast<int>(options.log_days * 24.0);
  for (int hour = 1; hour <= hours; ++hour) {
    fab->advance(x, s.hidden.at((hour - 0.5) / 24.0), ticks(hour / 24.0), truth, log);
    if (hour % 24 != 0) continue;
    believed = posteriors(m, witness.evidence(x.now));
    for (std::size_t i = 0; i < believed.size(); ++i) {
      if (believed[i].change.probability <= calibrate::Reported) continue;
      const bool drifts = i == s.hidden.drifting && hour / 24.0 > s.hidden.onset_day;
      if (!drifts) alarms.insert(believed[i].name);
      if (drifts && s.found_after_days < 0.0) s.found_after_days = hour / 24.0 - s.hidden.onset_day;
    }
  }
  s.alarms.assign(alarms.begin(), alarms.end());
  s.false_alarms = static_cast<std::uint32_t>(s.alarms.size());
  s.events = witness.evidence(x.now).events;
  const std::vector<double> now = s.hidden.at(options.log_days);
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (believed[i].seen == 0) continue;
    const bool held = believed[i].quantile(0.05) <= now[i] && now[i] <= believed[i].quantile(0.95);
    ++s.counted;
    s.held += held;
    if (i == s.hidden.drifting) s.drift_held = held;
  }
  for (std::uint32_t g = 0; g < m.groups.size(); ++g) {
    const auto& p = believed[m.theta_map.process(g)];
    if (m.theta_map.process(g) == s.hidden.drifting || p.seen == 0) continue;
    s.told_off += std::abs(now[m.theta_map.process(g)] - 1.0) >= 0.1 &&
                  (p.quantiles.front() > 1.0 || p.quantiles.back() < 1.0);
  }
  if (options.members == 0) return s;

  const Reading from = read_counters(m, x);
  const Tick end = ticks(options.log_days + options.forecast_days);
  std::vector<Figures> posterior, nominal;
  for (std::uint32_t member = 0; member < options.members; ++member) {
    const twin::core::Draw chance{8 + member, seed};  // not the truth's
    State of_posterior = x, of_nominal = x;
    fab->advance(of_posterior, draw_theta(m, believed, chance), end, chance);
    fab->advance(of_nominal, m.nominal_theta(), end, chance);
    posterior.push_back(figures(m, from, of_posterior));
    nominal.push_back(figures(m, from, of_nominal));
  }
  for (int hour = hours + 1; x.now < end; ++hour)
    fab->advance(x, s.hidden.at((hour - 0.5) / 24.0), std::min(ticks(hour / 24.0), end), truth);
  const Figures came = figures(m, from, x);
  s.posterior = score(posterior, came);
  s.nominal = score(nominal, came);
  return s;
}

}  // namespace cases
