#include "cases/decide/closed_loop.hpp"

#include <algorithm>
#include <cmath>

#include "twins/fab/decide/long_run.hpp"
#include "twins/fab/decide/rank_anew.hpp"
#include "twins/fab/forecast/learner.hpp"
#include "twins/fab/log_sink.hpp"
#include "twins/fab/mirror.hpp"

namespace cases {

using namespace twins::fab;
using namespace twins::fab::decide;
using twins::fab::forecast::Learner;

namespace {

Tick ticks(double days) { return static_cast<Tick>(std::llround(days * DayMs)); }

struct Tally {
  double finished = 0.0, on_time = 0.0, cycle = 0.0, tardy = 0.0;
  explicit Tally(const State& x) {
    for (const ClassTally& c : x.class_tally) {
      finished += static_cast<double>(c.finished);
      on_time += static_cast<double>(c.on_time);
      cycle += static_cast<double>(c.cycle_ticks);
      tardy += static_cast<double>(c.tardy_ticks);
    }
  }
};

LoopFigures between(const Tally& from, const State& x) {
  const Tally to(x);
  LoopFigures f;
  f.finished = to.finished - from.finished;
  f.tardy_hours = (to.tardy - from.tardy) / f.finished / HourMs;
  f.cycle_days = (to.cycle - from.cycle) / f.finished / DayMs;
  f.on_time = (to.on_time - from.on_time) / f.finished;
  return f;
}

// The plant: its hidden numbers drift, so its theta is set anew every six hours.
struct Reality {
  Hidden hidden;
  twin::core::Draw draw;
  State x;

  void advance(const AnyFab& fab, State& y, Tick until, LogSink* log = nullptr) const {
    constexpr Tick Six = 6 * 3'600'000;
    while (y.now < until) {
      const Tick end = std::min(until, (y.now / Six + 1) * Six);
      const std::vector<double> theta = hidden.at((static_cast<double>(y.now / Six) + 0.5) / 4.0);
      if (log != nullptr)
        fab.advance(y, theta, end, draw, *log);
      else
        fab.advance(y, theta, end, draw);
    }
  }
};

Reality reality_of(const Layout& m, const AnyFab& fab, std::uint32_t seed, const LoopOptions& o) {
  Reality r{hidden_of(m, seed, o.hidden), {81, seed}, {}};
  r.x = fab.initial(r.hidden.theta, r.draw);
  return r;
}

std::vector<calibrate::Posterior> mistaken(const Layout& m, double factor) {
  std::vector<calibrate::Posterior> all(m.theta_map.size());
  const auto parameters = m.parameters();
  for (std::size_t p = 0; p < all.size(); ++p) {
    all[p].name = parameters[p].name;
    all[p].quantiles.fill(1.0);
  }
  for (std::uint32_t g = 0; g < m.groups.size(); ++g)
    all[m.theta_map.process(g)].quantiles.fill(factor);
  return all;
}

}  // namespace

LoopFigures one_rule(const std::shared_ptr<const Layout>& layout, std::uint32_t seed,
                     const std::string& rule, const LoopOptions& o) {
  const auto standing = make_fab(layout, o.standing), fab = make_fab(layout, rule);
  Reality plant = reality_of(*layout, *standing, seed, o);
  plant.advance(*standing, plant.x, ticks(o.learn_days));
  const Tally from(plant.x);
  rank_anew(*fab, plant.x);
  plant.advance(*fab, plant.x, ticks(o.days));
  return between(from, plant.x);
}

Loop closed_loop(const std::shared_ptr<const Layout>& layout, std::uint32_t seed,
                 const LoopOptions& o) {
  const Layout& m = *layout;
  Loop loop;
  loop.seed = seed;
  loop.shifts_of.assign(o.rules.size(), 0);
  std::vector<std::unique_ptr<AnyFab>> fabs;
  for (const std::string& rule : o.rules) fabs.push_back(make_fab(layout, rule));
  auto standing =
      static_cast<std::size_t>(std::ranges::find(o.rules, o.standing) - o.rules.begin());
  const std::size_t first_rule = standing;
  Reality plant = reality_of(m, *fabs[standing], seed, o);
  const auto followed = make_fab(layout, "fifo");
  Mirror mirror(*followed);
  State seen = mirror.start();
  Learner learner(m, 0);
  const auto receive = [&](std::span<const twin::event::Event> events) {
    for (const twin::event::Event& e : events) {
      (void)mirror.apply(seen, e);
      learner.saw(e);
    }
  };
  LogSink log(m, plant.x, receive);
  plant.advance(*fabs[standing], plant.x, ticks(o.learn_days), &log);
  const Tally from(plant.x);
  std::vector<calibrate::Posterior> posterior =
      o.mistaken == 1.0 ? std::vector<calibrate::Posterior>{} : mistaken(m, o.mistaken);
  Outlook outlook;
  double learnt = -1e9, stayed = -1e9;
  std::vector<std::vector<Outcome>> stays;  // [rule][member]
  for (double day = o.learn_days; day < o.days - 1e-9; day += o.shift_hours / 24.0) {
    if (o.mistaken == 1.0) posterior = learner.posterior(ticks(day));
    if (day >= learnt + o.outlook_every_days) {
      learnt = day;
      outlook =
          learn_outlook(*fabs[standing], seen, posterior,
                        {2, 60.0, std::uint64_t{seed} * 1'000'003 + loop.decisions, o.threads});
    }
    if (o.stay_every_days > 0.0 && day >= stayed + o.stay_every_days) {
      stayed = day;
      LongRunsAsked wanted;
      wanted.now = seen.now;
      wanted.standing = o.rules[standing];
      wanted.seed = std::uint64_t{seed} * 1'000'003 + 500'000 + loop.decisions;
      wanted.threads = o.threads;
      stays = long_runs(layout, seen, posterior, o.rules, wanted);
    }
    std::vector<Alternative> menu = {{"as it is", "", {}}};
    std::vector<std::size_t> rule_of = {standing};
    for (std::size_t r = 0; r < o.rules.size(); ++r) {
      if (r == standing) continue;
      menu.push_back({"rule " + o.rules[r], o.rules[r], {}});
      rule_of.push_back(r);
    }
    RolloutsAsked asked;
    asked.now = seen.now;
    asked.horizon_hours = o.horizon_hours;
    asked.standing = o.rules[standing];
    asked.seed = std::uint64_t{seed} * 1'000'003 + 7919 * ++loop.decisions;
    asked.outlook = outlook;
    Rollouts rollouts(layout, seen, posterior, menu, asked);
    AdviceAsked wanted;
    wanted.first = o.first;
    wanted.of_best = o.of_best;
    wanted.budget = o.budget;
    wanted.confidence = 0.9;
    wanted.too_good = 1e9;
    const auto declared = std::ranges::find(rule_of, first_rule);
    wanted.cycle_reference = static_cast<std::size_t>(declared - rule_of.begin());
    if (!stays.empty()) {
      for (const std::size_t r : rule_of)
        wanted.stays.emplace_back(stay_of(wanted.objective, stays[standing], stays[r],
                                          stays[first_rule], wanted.confidence));
    }
    const Advice advice = advise(rollouts, wanted, o.threads);
    loop.runs += rollouts.spent();
    const Weighed& w = advice.weighed[advice.best];
    // The twin proposes what is worth doing, and the operator approves what is sure to help: within the horizon, or if
    // it stays.
    const bool helps = w.benefit.low() > 0.0 && w.benefit.mean > advice.zone;
    if (advice.best != 0 && (helps || advice.by_stay)) {
      const std::size_t next = rule_of[advice.best];
      // What it brings is known here, where the plant can be run twice.
      State with = plant.x, without = plant.x;
      rank_anew(*fabs[next], with);
      const Tick end = plant.x.now + static_cast<Tick>(o.horizon_hours * HourMs);
      plant.advance(*fabs[next], with, end);
      plant.advance(*fabs[standing], without, end);
      const double realised = outcome_of(m, outlook, plant.x, without).tardy_hours -
                              outcome_of(m, outlook, plant.x, with).tardy_hours;
      loop.promises.push_back({day, o.rules[next], w.benefit.mean, w.likely_low, w.likely_high,
                               advice.by_stay, w.downside.conditional_value_at_risk, realised});
      standing = next;
      rank_anew(*fabs[standing], plant.x);
    }
    ++loop.shifts_of[standing];
    plant.advance(*fabs[standing], plant.x,
                  std::min(ticks(day + o.shift_hours / 24.0), ticks(o.days)), &log);
  }
  loop.advised = between(from, plant.x);
  return loop;
}

}  // namespace cases
