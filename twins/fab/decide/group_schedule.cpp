#include "twins/fab/decide/group_schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

#include "twin/core/expect.hpp"
#include "twins/fab/ahead.hpp"
#include "twins/fab/log_sink.hpp"
#include "twins/fab/occasions.hpp"
#include "twins/fab/rules/policy_text.hpp"
#include "twins/fab/rules/rule.hpp"

namespace twins::fab::decide {

namespace {

using twin::core::Never;
using ScheduleUnits = std::int64_t;

ScheduleUnits units_of(double ms) {
  return static_cast<ScheduleUnits>(std::ceil(std::max(ms, 0.0) / ScheduleUnitMs));
}

Tick lower_median(std::vector<Tick> of) {
  std::sort(of.begin(), of.end());
  return of[(of.size() - 1) / 2];
}

// Who comes to the group, and when its tools are free, in each of some runs.
struct Expected {
  struct Visit {
    std::uint32_t index = 0;    // position in the route
    std::vector<Tick> at = {};  // [of those members in which it comes]
  };
  std::map<std::uint32_t, Visit> arrivals;  // by lot, the first visit within the hours
  std::vector<std::vector<Tick>> ready;     // [tool of the group][member]
  double process = 1.0;                     // multiplier of process times, the members' median
};

// When the tool can take a job, in a State whose future is drawn.
Tick ready_at(const Layout& m, const State& x, const std::vector<twin::des::Event>& events,
              std::uint32_t t) {
  const Tool& tool = x.tools[t];
  const GroupInfo& info = m.groups[m.tool_group[t]];
  Tick ready = x.now;
  for (const twin::des::Event& e : events) {
    const auto kind = static_cast<Happens>(e.kind);
    const bool stands = (kind == Happens::Repair && tool.breakdowns > 0) ||
                        (kind == Happens::PmDone && tool.pm != 0xff);
    if (stands && e.who == t) ready = std::max(ready, e.at);
  }
  if (tool.jobs_inside == info.slots) {
    Tick first = Never;
    for (const Job& job : tool.jobs)
      if (job.first_lot != None) first = std::min(first, job.end);
    if (first != Never) ready = std::max(ready, first);
  }
  if (info.slots == 2) ready = std::max(ready, tool.slot1_free);
  double waits_ms = 0.0;  // what is to be done to it before the next job
  for (std::uint32_t k = 0; k < info.pms; ++k)
    if (x.pms[t * m.max_pms + k].asked != 0) waits_ms += m.pms[info.first_pm + k].duration.mean_ms;
  if (tool.breakdowns_pending > 0 && info.breakdowns > 0)
    waits_ms += m.breakdowns[info.first_breakdown].time_to_repair.mean_ms;
  return ready + static_cast<Tick>(waits_ms);
}

Expected expected_at(const AnyFab& fab, const State& x,
                     std::span<const calibrate::Posterior> posterior,
                     const GroupScheduleAsked& asked) {
  const Layout& m = fab.layout();
  const GroupInfo& info = m.groups[asked.group];
  Expected seen;
  seen.ready.resize(info.tools);
  std::vector<double> process;
  const std::vector<calibrate::Posterior> believed(posterior.begin(), posterior.end());
  for (std::uint32_t k = 0; k < asked.members; ++k) {
    const twin::core::Draw draw{asked.seed, k};
    const std::vector<double> theta =
        believed.empty() ? m.nominal_theta() : calibrate::draw_theta(m, believed, draw);
    process.push_back(theta[m.theta_map.process(asked.group)]);
    State ahead = with_future(fab, x, theta, draw);
    const std::vector<twin::des::Event> events = ahead.agenda.sorted();
    for (std::uint32_t t = 0; t < info.tools; ++t)
      seen.ready[t].push_back(ready_at(m, ahead, events, info.first_tool + t));
    LogSink log(m, ahead, [&](std::span<const twin::event::Event> batch) {
      for (const twin::event::Event& e : batch) {
        if (e.kind != twin::event::Kind::ArrivedAtQueue ||
            e.at > x.now + static_cast<Tick>(asked.hours * HourMs))
          continue;
        const RouteInfo& route = m.routes[e.route];
        if (m.steps[route.first_step + e.step].group != asked.group) continue;
        Expected::Visit& visit =
            seen.arrivals.try_emplace(e.lot, Expected::Visit{e.step}).first->second;
        if (visit.index == e.step && visit.at.size() <= k) visit.at.push_back(e.at);
      }
    });
    fab.advance(ahead, theta, x.now + static_cast<Tick>(asked.hours * HourMs), draw, log);
  }
  std::sort(process.begin(), process.end());
  seen.process = process[(process.size() - 1) / 2];
  return seen;
}

// One lot at one step of the group.
struct Candidate {
  std::uint32_t slot = None, step = None;
  Tick release = 0;
};

std::vector<Candidate> candidates(const AnyFab& fab, const State& x, const Expected& seen,
                                  const GroupScheduleAsked& asked) {
  const Layout& m = fab.layout();
  std::vector<Candidate> all;
  for (std::uint32_t slot = 0; slot < x.lots.size(); ++slot) {
    const Lot& lot = x.lots[slot];
    if (lot.place == LotPlace::Free || lot.place == LotPlace::Finished || lot.hold_requested)
      continue;
    if (lot.place == LotPlace::Queued && m.steps[lot.step].group == asked.group) {
      all.push_back({slot, lot.step, x.now});
      continue;
    }
    const auto visit = seen.arrivals.find(lot.id);
    if (visit == seen.arrivals.end() || 2 * visit->second.at.size() < asked.members) continue;
    const std::uint32_t route = m.steps[lot.step].route;
    all.push_back(
        {slot, m.routes[route].first_step + visit->second.index, lower_median(visit->second.at)});
  }
  std::sort(all.begin(), all.end(), [&](const Candidate& a, const Candidate& b) {
    const Lot &l = x.lots[a.slot], &r = x.lots[b.slot];
    return std::tie(a.release, l.since, l.id) < std::tie(b.release, r.since, r.id);
  });
  const auto too_large = [&](const Candidate& c) {
    const StepInfo& step = m.steps[c.step];
    return m.groups[asked.group].batch && step.batch_max != 0 &&
           x.lots[c.slot].wafers > step.batch_max;
  };
  std::erase_if(all, too_large);  // never starts, whatever is planned
  if (all.size() > asked.lots_most) all.resize(asked.lots_most);
  return all;
}

struct Durations {
  double takes_ms = 0.0, occupies_ms = 0.0;
};

// Of a job at the step [ms], as the engine would have it (engine/process.hpp) for mean process times.
Durations durations_of(const Layout& m, const StepInfo& step, std::uint32_t wafers, double scale) {
  const GroupInfo& info = m.groups[step.group];
  const double handling = static_cast<double>(info.load + info.unload);
  const double units = step.per != Step::Per::Piece ? 1.0
                       : info.batch ? static_cast<double>(std::max(step.batch_max, 1U))
                                    : static_cast<double>(wafers);
  const double p = step.process_ms * scale;
  if (step.cascade_ms > 0.0) {
    const double c = std::min(step.cascade_ms * scale, p), rest = p - c;
    const double first_slot = c + (units - 1.0) * std::max(c, rest);
    return {handling + first_slot + rest, first_slot};
  }
  const double takes = handling + p * units;
  return {takes,
          takes / static_cast<double>(info.slots)};  // two slots without a cascade: side by side
}

struct Building {
  const Layout& m;
  const State& x;
  GroupProblem made = {};
  std::map<std::uint32_t, std::uint32_t> setups = {};  // of the data set, to those of the problem
  // Who shares changeovers, and batches: line (of a batch), setup, own setup time, always.
  using Kin = std::tuple<std::uint32_t, std::uint32_t, Tick, bool>;
  std::map<Kin, std::uint32_t> families = {};

  std::uint32_t setup_of(std::uint32_t setup) {
    return setups.try_emplace(setup, static_cast<std::uint32_t>(setups.size())).first->second;
  }
  std::uint32_t family_of(const StepInfo& step) {
    const bool batch = m.groups[step.group].batch;
    const Kin kin{batch ? step.line : None, step.setup, step.setup_own, step.setup_always};
    const auto [at, fresh] = families.try_emplace(kin, static_cast<std::uint32_t>(families.size()));
    if (fresh) {
      made.machines.families.push_back(batch
                                           ? twin::decide::JobFamily{step.batch_max, step.batch_min}
                                           : twin::decide::JobFamily{});
      setup_of(step.setup);
    }
    return at->second;
  }
  void add_changeovers();
};

void Building::add_changeovers() {
  twin::decide::MachineProblem& p = made.machines;
  p.setups = static_cast<std::uint32_t>(setups.size());
  const std::size_t n = p.families.size();
  p.changeover.assign(p.setups * n, 0);
  p.setup_after.assign(p.setups * n, 0);
  for (const auto& [had, from] : setups)
    for (const auto& [kin, f] : families) {
      const auto& [line, setup, own, always] = kin;
      p.setup_after[from * n + f] = setup == None ? from : setups.at(setup);
      if (setup == None || (had == setup && !always)) continue;
      const std::uint32_t rank = had == None ? 0 : m.setup_rank_of[had];
      const Tick ticks =
          own >= 0 ? own : m.setup_ticks[rank * m.setup_ranks + m.setup_rank_of[setup]];
      p.changeover[from * n + f] = units_of(static_cast<double>(ticks));
    }
}

}  // namespace

GroupProblem group_problem(const AnyFab& fab, const State& x,
                           std::span<const calibrate::Posterior> posterior,
                           const GroupScheduleAsked& asked) {
  const Layout& m = fab.layout();
  TWIN_EXPECT(asked.group < m.groups.size(), asked.group, m.groups.size());
  TWIN_EXPECT(asked.members > 0 && asked.hours > 0.0, asked.members, asked.hours);
  const GroupInfo& info = m.groups[asked.group];
  const Expected seen = expected_at(fab, x, posterior, asked);
  Building building{m, x};
  GroupProblem& made = building.made;
  made.from = x.now;
  building.setup_of(None);
  for (std::uint32_t t = 0; t < info.tools; ++t)
    made.machines.machines.push_back(
        {units_of(static_cast<double>(lower_median(seen.ready[t]) - x.now)),
         building.setup_of(x.tools[info.first_tool + t].setup)});
  const std::vector<Candidate> all = candidates(fab, x, seen, asked);
  std::int32_t lowest = all.empty() ? 0 : x.lots[all.front().slot].priority;
  for (const Lot& lot : x.lots)
    if (lot.place != LotPlace::Free && lot.place != LotPlace::Finished)
      lowest = std::min(lowest, lot.priority);
  std::vector<Durations> longest;  // [family] of batches: all of one take alike
  for (const Candidate& c : all) {
    Lot lot = x.lots[c.slot];
    lot.step = c.step;
    const StepInfo& step = m.steps[c.step];
    twin::decide::MachineJob job;
    job.family = building.family_of(step);
    job.release = units_of(static_cast<double>(c.release - x.now));
    const Durations durations = durations_of(m, step, lot.wafers, seen.process);
    longest.resize(std::max<std::size_t>(longest.size(), job.family + 1));
    if (durations.takes_ms > longest[job.family].takes_ms) longest[job.family] = durations;
    job.takes = units_of(durations.takes_ms);
    job.occupies = units_of(durations.occupies_ms);
    job.due = static_cast<ScheduleUnits>(
        std::floor((operation_due(m, lot) - static_cast<double>(x.now)) / ScheduleUnitMs));
    job.weight = std::max<ScheduleUnits>(
        std::llround(4.0 * lot.weight * (lot.priority > lowest ? asked.hot : 1.0)), 1);
    job.size = info.batch ? lot.wafers : 1;
    if (lot.window_open && m.steps[lot.window_step].window_exit == c.step)
      job.latest = units_of(
          static_cast<double>(lot.window_from + m.steps[lot.window_step].window_limit - x.now));
    const std::uint32_t in = step.dedication_in;
    const std::uint32_t bound = in == None ? None : x.dedication[c.slot * m.dedication_slots + in];
    const Qualification* qualified = fab.beside().qualified.get();
    job.machines.resize(info.tools);
    for (std::uint32_t t = 0; t < info.tools; ++t)
      job.machines[t] =
          bound != None ? bound == info.first_tool + t
                        : qualified == nullptr || qualified->allows(info.first_tool + t, c.step);
    made.machines.jobs.push_back(std::move(job));
    made.lots.push_back({lot.id, step.index});
    made.steps.push_back(c.step);
  }
  for (twin::decide::MachineJob& job : made.machines.jobs) {
    if (made.machines.families[job.family].most != 0) {
      job.takes = units_of(longest[job.family].takes_ms);
      job.occupies = units_of(longest[job.family].occupies_ms);
    }
    // What is late whatever is planned counts from the soonest that it can be: all plans differ as before, and
    // costs say what can be helped.
    job.due = std::max(job.due, job.release + job.takes);
    job.latest = std::max(job.latest, job.release);
  }
  building.add_changeovers();
  twin::decide::MachineProblem& p = made.machines;
  for (const twin::decide::MachineJob& job : p.jobs) p.left_at = std::max(p.left_at, job.release);
  // Who is left starts when a dispatcher would be done with the others, and later than any batch could be put behind
  // them.
  ScheduleUnits end = p.left_at, longest_job = 0;
  for (const auto& run : twin::decide::as_dispatched(p, twin::decide::ListOrder::Release).runs)
    end = std::max(end, run.done);
  for (const twin::decide::MachineJob& job : p.jobs) longest_job = std::max(longest_job, job.takes);
  p.left_at = end + 2 * longest_job;
  return std::move(building.made);
}

GroupSchedule schedule_group(const AnyFab& fab, const State& x,
                             std::span<const calibrate::Posterior> posterior,
                             const GroupScheduleAsked& asked,
                             const std::function<bool(std::uint64_t)>& going) {
  using twin::decide::ListOrder;
  const Layout& m = fab.layout();
  GroupSchedule made;
  made.problem = group_problem(fab, x, posterior, asked);
  const twin::decide::MachineProblem& p = made.problem.machines;
  made.dispatched = twin::decide::as_dispatched(p, ListOrder::Release);
  for (const ListOrder by : {ListOrder::Due, ListOrder::Weight, ListOrder::Changeover})
    if (auto other = twin::decide::as_dispatched(p, by); other.cost < made.dispatched.cost)
      made.dispatched = std::move(other);
  made.alternative.name = fmt::format("plan of {} for {:.1f} h",
                                      m.description.tool_groups[asked.group].name, asked.hours);
  made.found = twin::decide::search_schedule(p, made.dispatched, asked.search, going);
  const std::uint32_t first_tool = m.groups[asked.group].first_tool;
  for (const twin::decide::MachineRun& run : made.found.schedule.runs) {
    const double start_ms = static_cast<double>(run.start) * ScheduleUnitMs;
    if (start_ms >= asked.hours * HourMs) continue;
    PlannedJob job{first_tool + run.machine,
                   made.problem.from + static_cast<Tick>(start_ms + asked.grace_hours * HourMs),
                   {}};
    for (const std::uint32_t j : run.jobs) job.lots.push_back(made.problem.lots[j]);
    made.jobs.push_back(std::move(job));
  }
  if (made.jobs.empty()) return made;
  std::string rule = without_plan(asked.standing);
  rule += rule.find(':') == std::string::npos ? ':' : ',';
  made.alternative.rule = rule + fab::text_of(m, made.jobs);
  return made;
}

}  // namespace twins::fab::decide
