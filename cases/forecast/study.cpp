#include "cases/forecast/study.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "apps/plant/fab.hpp"
#include "twins/fab/load.hpp"
#include "twins/fab/mirror.hpp"

namespace cases {

using namespace twins::fab;
using namespace twins::fab::forecast;

namespace {

Tick ticks(double days) { return static_cast<Tick>(std::llround(days * DayMs)); }

// The group with the highest load of those that have uniform process times and more than one tool.
std::uint32_t bottleneck_of(const Layout& m) {
  const FabLoad load = fab_load(m.description);
  for (const std::uint32_t g : load.ranking)
    if (m.groups[g].tools > 1 && std::ranges::any_of(m.steps, [&](const StepInfo& s) {
          return s.group == g && s.law == Duration::Law::Uniform && s.half_width_ms > 0.0;
        }))
      return g;
  return 0;
}

// The one with the highest load of those that break down.
std::uint32_t breaking_of(const Layout& m) {
  const FabLoad load = fab_load(m.description);
  for (const std::uint32_t g : load.ranking)
    if (m.groups[g].breakdowns > 0) return g;
  return 0;
}

// One of the two plants.
class Reality {
 public:
  Reality(const std::shared_ptr<const Layout>& layout, const AnyFab& fab, std::uint32_t seed,
          const ForecastStudyOptions& o) {
    if (o.disturbances)
      disturbed_.emplace(
          layout, apps::plant::FabOptions{.seed = seed, .scenario = disturbed(*layout, seed, o)});
    else
      plant_.emplace(fab, hidden_of(*layout, seed, o.hidden), seed);
  }
  void advance(Tick until, const LogSink::Receive& receive) {
    if (disturbed_)
      disturbed_->advance(until, receive);
    else
      plant_->advance(until, receive);
  }
  Plant& plant() { return plant_.value(); }

 private:
  std::optional<apps::plant::Fab> disturbed_;
  std::optional<Plant> plant_;
};

}  // namespace

apps::plant::Scenario disturbed(const Layout& m, std::uint32_t seed,
                                const ForecastStudyOptions& o) {
  const twin::core::Draw draw{73, seed};
  std::uint32_t next = 0;
  const auto uniform = [&] { return draw.uniform(0, 0, next++); };
  const double held = o.learn_days + o.train_days, third = o.held_days / 3.0;
  const auto within = [&](double k) { return ticks(held + third * (k + uniform())); };
  const auto one_of = [&](std::size_t n) {
    return static_cast<std::uint32_t>(uniform() * static_cast<double>(n));
  };
  constexpr auto Hour = static_cast<Tick>(HourMs);
  apps::plant::Scenario s;
  s.operators.push_back({.from = 0, .every = 8 * Hour, .hold = 12 * Hour});
  s.hot_lots.push_back({.product = one_of(m.description.products.size()),
                        .from = within(0.0),
                        .every = 2 * Hour,
                        .lots = 12,
                        .priority = 30,
                        .due = ticks(30.0)});
  const Tick repairs = within(1.0);
  s.repairs.push_back(
      {.group = breaking_of(m), .from = repairs, .until = repairs + ticks(7.0), .factor = 2.0});
  const GroupInfo& busiest = m.groups[bottleneck_of(m)];
  s.slow_tools.push_back({.tool = busiest.first_tool + one_of(busiest.tools),
                          .from = within(2.0),
                          .factor = 1.1,
                          .per_day = 0.02});
  return s;
}

WatchedTools watched_tools(const std::shared_ptr<const Layout>& layout, std::uint32_t seed,
                           const ForecastStudyOptions& o) {
  const auto fab = make_fab(layout, "published");
  Reality reality(layout, *fab, seed, o);
  Learner learner(*layout, 0);
  WatchedTools w;
  const auto receive = [&](std::span<const twin::event::Event> events) {
    for (const twin::event::Event& e : events) {
      w.jobs += e.kind == twin::event::Kind::ProcessingEnded;
      learner.saw(e);
    }
  };
  const double last = o.learn_days + o.train_days + o.held_days;
  for (double day = o.learn_days; day < last - 1e-9; day += o.learn_every_days) {
    reality.advance(ticks(day), receive);
    (void)learner.posterior(ticks(day));
  }
  reality.advance(ticks(last + o.horizon_hours / 24.0), receive);
  w.alarms = learner.tools().alarms();
  return w;
}

ForecastStudy forecast_study(const std::shared_ptr<const Layout>& layout, std::uint32_t seed,
                             const ForecastStudyOptions& o) {
  const Layout& m = *layout;
  ForecastStudy s;
  s.seed = seed;
  const auto fab = make_fab(layout, "published");
  Reality plant(layout, *fab, seed, o);
  Mirror mirror(*fab);
  State seen = mirror.start();
  Learner learner(m, 0);
  Ledger ledger;
  const auto receive = [&](std::span<const twin::event::Event> events) {
    for (const twin::event::Event& e : events) {
      const Applied applied = mirror.apply(seen, e);
      s.refused_events += applied != Applied::Moved && applied != Applied::NotAMove;
      learner.saw(e);
      if (e.kind == twin::event::Kind::Finished) ledger.left(e.lot, e.at);
    }
  };
  const double first = o.learn_days, last = o.learn_days + o.train_days + o.held_days;
  s.held_from = ticks(o.learn_days + o.train_days);
  std::map<Tick, std::uint32_t> origins;  // [h] horizon
  for (double day = first; day < last - 1e-9; day += o.every_days)
    origins.emplace(ticks(day), o.horizon_hours);
  if (o.short_every_days > 0.0)
    for (double day = first; day < last - 1e-9; day += o.short_every_days)
      origins.emplace(ticks(day), ScoredHours.front());
  if (o.slow_tool != 1.0 || o.slow_group != 1.0) {
    s.changed_group = bottleneck_of(m);
    const twin::core::Draw draw{72, seed};
    s.changed_tool =
        m.groups[s.changed_group].first_tool +
        static_cast<std::uint32_t>(draw.uniform(0, 0, 0) * m.groups[s.changed_group].tools);
    if (o.slow_tool != 1.0)
      plant.plant().make_slower({s.changed_tool, o.slow_tool, ticks(o.change_day)});
  }
  bool group_changed = o.slow_group == 1.0;
  Tick learnt = -1;
  std::vector<calibrate::Posterior> posterior;
  std::uint32_t number = 0, shorter = 1U << 31;
  while (!origins.empty() || ledger.next_look()) {
    Tick next = origins.empty() ? *ledger.next_look() : origins.begin()->first;
    if (ledger.next_look()) next = std::min(next, *ledger.next_look());
    if (!group_changed) next = std::min(next, std::max(ticks(o.change_day), seen.now));
    plant.advance(next, receive);
    seen.now = next;
    if (!group_changed && next >= ticks(o.change_day)) {
      plant.plant().make_group_slower(s.changed_group, o.slow_group);
      group_changed = true;
    }
    Count now;
    count(m, seen, now);
    if (ledger.next_look() == next) ledger.look(m, now);
    if (s.watches_due_day < 0.0 && ledger.due())
      s.watches_due_day = static_cast<double>(next) / DayMs;
    if (origins.empty() || origins.begin()->first != next) continue;
    const std::uint32_t horizon = origins.begin()->second;
    origins.erase(origins.begin());
    if (learnt < 0 || next - learnt >= ticks(o.learn_every_days)) {
      posterior = learner.posterior(next);
      learnt = next;
    }
    const std::uint32_t occasion = horizon == o.horizon_hours ? number++ : shorter++;
    Asked asked{next, {o.members, horizon, 5}, (std::uint64_t{seed} << 32) + occasion, o.threads};
    asked.nominal_members = o.nominal_members;
    const Ahead made = ahead(*fab, seen, posterior, asked);
    (void)ledger.open(m, seen, made, made.compared());
    if (ledger.next_look() == next) ledger.look(m, now);
  }
  s.windows = ledger.windows();
  s.alarms = learner.tools().alarms();
  return s;
}

std::vector<std::vector<Cluster>> clusters(
    const std::vector<ForecastStudy>& studies,
    const std::function<bool(const ForecastStudy&, const Window&)>& counts, const Pick& pick) {
  std::vector<std::vector<Cluster>> runs;
  for (const ForecastStudy& s : studies) {
    auto& run = runs.emplace_back();
    for (const Window& w : s.windows)
      if (counts(s, w)) run.push_back(pick(w));
  }
  return runs;
}

}  // namespace cases
