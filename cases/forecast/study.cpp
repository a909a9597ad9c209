#include "cases/forecast/study.hpp"

#include <algorithm>
#include <cmath>
#include <set>

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

}  // namespace

ForecastStudy forecast_study(const std::shared_ptr<const Layout>& layout, std::uint32_t seed,
                             const ForecastStudyOptions& o) {
  const Layout& m = *layout;
  ForecastStudy s;
  s.seed = seed;
  const auto fab = make_fab(layout, "published");
  Plant plant(*fab, hidden_of(m, seed, o.hidden), seed);
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
  std::set<Tick> origins;
  for (double day = first; day < last - 1e-9; day += o.every_days) origins.insert(ticks(day));
  if (o.slow_tool != 1.0 || o.slow_group != 1.0) {
    s.changed_group = bottleneck_of(m);
    const twin::core::Draw draw{72, seed};
    s.changed_tool =
        m.groups[s.changed_group].first_tool +
        static_cast<std::uint32_t>(draw.uniform(0, 0, 0) * m.groups[s.changed_group].tools);
    if (o.slow_tool != 1.0) plant.make_slower({s.changed_tool, o.slow_tool, ticks(o.change_day)});
  }
  bool group_changed = o.slow_group == 1.0;
  Tick learnt = -1;
  std::vector<calibrate::Posterior> posterior;
  std::uint32_t number = 0;
  while (!origins.empty() || ledger.next_look()) {
    Tick next = origins.empty() ? *ledger.next_look() : *origins.begin();
    if (ledger.next_look()) next = std::min(next, *ledger.next_look());
    if (!group_changed) next = std::min(next, std::max(ticks(o.change_day), seen.now));
    plant.advance(next, receive);
    seen.now = next;
    if (!group_changed && next >= ticks(o.change_day)) {
      plant.make_group_slower(s.changed_group, o.slow_group);
      group_changed = true;
    }
    Count now;
    count(m, seen, now);
    if (ledger.next_look() == next) ledger.look(m, now);
    if (s.watches_due_day < 0.0 && ledger.due())
      s.watches_due_day = static_cast<double>(next) / DayMs;
    if (origins.empty() || *origins.begin() != next) continue;
    origins.erase(origins.begin());
    if (learnt < 0 || next - learnt >= ticks(o.learn_every_days)) {
      posterior = learner.posterior(next);
      learnt = next;
    }
    Asked asked{
        next, {o.members, o.horizon_hours, 5}, (std::uint64_t{seed} << 32) + number++, o.threads};
    const Ahead made = ahead(*fab, seen, posterior, asked);
    if (o.nominal_members > 0) {
      asked.budget.members = o.nominal_members;
      const Ahead nominal = ahead(*fab, seen, {}, asked);
      (void)ledger.open(m, seen, made, &nominal.members);
    } else {
      (void)ledger.open(m, seen, made, nullptr);
    }
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
