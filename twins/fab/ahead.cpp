#include "twins/fab/ahead.hpp"

#include <algorithm>
#include <vector>

#include "twin/core/expect.hpp"
#include "twins/fab/floor.hpp"
#include "twins/fab/lasting.hpp"

namespace twins::fab {

using twin::core::Draw;
using twin::core::Never;
using twin::core::uniform_of;

namespace {

// A cascading job's way through its two slots, as Engine::start_job has it, for a process time of p a unit.
struct Cascade {
  Tick process_start = 0, slot2_free = 0;  // slot2_free: of the job before
  double interval_ms = 0.0;                // scaled
  Tick units = 1;
  bool follows_closely =
      false;  // the job before has left; it held slot 2 for as long as this one will

  struct Ends {
    Tick slot1 = 0, slot2 = 0;
  };
  [[nodiscard]] Ends of(double p) const {
    const Tick c = to_ticks(std::min(interval_ms, p));
    const Tick rest = to_ticks(p) - c;
    const Tick before = follows_closely ? process_start + rest : slot2_free;
    const Tick slot1 = std::max(process_start + c, before) + (units - 1) * std::max(c, rest);
    return {slot1, slot1 + rest};
  }
  // The longest whole p for which `slot` is free at `until` at the latest: 0 where there is none,
  // NoEnd where every p will do, since slot 1 may not depend on it.
  [[nodiscard]] double longest(Tick Ends::*slot, Tick until) const {
    Tick low = 0, high = std::max<Tick>(until - process_start, 0) + to_ticks(interval_ms) + 1;
    if (of(static_cast<double>(high)).*slot <= until) return NoEnd;
    while (high - low > 1) {
      const Tick middle = low + (high - low) / 2;
      (of(static_cast<double>(middle)).*slot <= until ? low : high) = middle;
    }
    return static_cast<double>(low);
  }
};

struct Future {
  const Layout& m;
  State& x;
  std::span<const double> theta;
  Draw draw;
  Floor::Laws& laws;

  void lots();
  void reservations();
  void tools();
  void jobs(std::uint32_t t);
  void phases(std::uint32_t t, std::uint32_t entry, Tick at, const Job* before, const Job* after);
  [[nodiscard]] Tick setup_time(std::uint32_t t, const StepInfo& step, Tick elapsed) const;
  void come_up(std::uint32_t t);
  void repairs(std::uint32_t t, std::vector<bool>& down);
  void failures(std::uint32_t t, const std::vector<bool>& down);
  void maintenance(std::uint32_t t);
  void releases();
  [[nodiscard]] Tick next_release(std::uint32_t stream);
  void listed();
  void dispatch();
};

void Future::lots() {
  for (std::uint32_t slot = 0; slot < x.lots.size(); ++slot) {
    Lot& lot = x.lots[slot];
    if (lot.place == LotPlace::Free) continue;
    const twin::core::Block words = laws.visit_words(lot);
    lot.word_process = words[2];
    if (lot.place != LotPlace::Moving) continue;
    const StepInfo& step = m.steps[lot.step];
    if (lot.visit == 0 && lot.location == None) {  // released, and no more
      laws.route_from(slot, lot.step, step.route);
      continue;
    }
    Tick arrival = x.now;
    if (lot.location != None) {
      const std::size_t cell = lot.location * m.locations.size() + m.groups[step.group].location;
      if (m.transport_given[cell] != 0)
        arrival = end_of(m.transport[cell], theta[m.theta_map.transport()], lot.since, x.now,
                         uniform_of(words[1]));
    }
    laws.schedule(arrival, Happens::Arrive, slot);
  }
}

// As the lots would have asked for them: the longest at its place first.
void Future::reservations() {
  std::vector<std::uint32_t> asking;
  for (std::uint32_t slot = 0; slot < x.lots.size(); ++slot)
    if (x.lots[slot].reserves && x.lots[slot].place != LotPlace::Held) asking.push_back(slot);
  std::sort(asking.begin(), asking.end(), [&](std::uint32_t a, std::uint32_t b) {
    const Lot &l = x.lots[a], &r = x.lots[b];
    return l.since != r.since ? l.since < r.since : l.serial < r.serial;
  });
  for (const std::uint32_t slot : asking) {
    Lot& lot = x.lots[slot];
    if (lot.place == LotPlace::Processing) {
      laws.reserve_next(slot);
      continue;
    }
    if (lot.location == None) continue;  // asks for the first time when it starts its first step
    const std::uint32_t g = m.steps[lot.step].group;
    Group& group = x.groups[g];
    if (m.groups[g].minimum_run || m.groups[g].batch || group.reserving_lot != None) continue;
    group.reserving_lot = slot;
    lot.reserved_group = g;
    if (group.able_head == None) continue;
    const std::uint32_t t = group.able_head;
    laws.unlist(t);
    laws.refresh(t);
  }
}

void Future::tools() {
  std::vector<bool> down;
  for (std::uint32_t t = 0; t < x.tools.size(); ++t) {
    const GroupInfo& info = m.groups[m.tool_group[t]];
    if (x.tools[t].breakdowns != 0 && info.breakdowns == 0) come_up(t);
    down.assign(info.breakdowns, false);
    jobs(t);
    repairs(t, down);
    failures(t, down);
    maintenance(t);
  }
  for (std::uint32_t t = 0; t < x.tools.size(); ++t) laws.tool_changed(t);
}

// Its jobs go on from here: a suspension shifts what is behind them too.
void Future::come_up(std::uint32_t t) {
  Tool& tool = x.tools[t];
  const Tick stopped = x.now - tool.stopped_at;
  x.tool_times[t][static_cast<std::size_t>(ToolTime::Down)] += stopped;
  tool.accounted = x.now;
  tool.breakdowns = 0;
  for (Job& job : tool.jobs) {
    if (job.first_lot == None) continue;
    for (Tick* tick : {&job.start, &job.setup_start, &job.setup_end, &job.load_end,
                       &job.process_start, &job.process_end})
      if (*tick != Never) *tick += stopped;
  }
}

// While a tool is down its jobs' time stands still; its repair shifts them and lets them go on.
void Future::jobs(std::uint32_t t) {
  Tool& tool = x.tools[t];
  if (tool.jobs_inside == 0) return;
  const Tick at = tool.breakdowns != 0 ? tool.stopped_at : x.now;
  const std::uint32_t first = [&]() -> std::uint32_t {
    if (tool.jobs[0].first_lot == None) return 1;
    if (tool.jobs[1].first_lot == None) return 0;
    const Job &a = tool.jobs[0], &b = tool.jobs[1];
    if (a.start != b.start) return a.start < b.start ? 0 : 1;
    return b.process_start < a.process_start ? 1 : 0;
  }();
  const bool two = tool.jobs_inside == 2;
  phases(t, first, at, nullptr, two ? &tool.jobs[1 - first] : nullptr);
  if (two) phases(t, 1 - first, at, &tool.jobs[first], nullptr);
  if (tool.breakdowns != 0) return;
  for (std::uint32_t entry = 0; entry < 2; ++entry)
    if (tool.jobs[entry].first_lot != None)
      laws.schedule(tool.jobs[entry].end, Happens::JobEnd, t,
                    entry | ((tool.epoch & 0x7fffU) << 1));
  if (m.options.cascade == LayoutOptions::Cascade::AtSlotFree && tool.slot1_free > x.now)
    laws.schedule(tool.slot1_free, Happens::SlotFree, t);
}

// Those told stay, those ahead of `at` are made up. before, after: the tool's other job.
void Future::phases(std::uint32_t t, std::uint32_t entry, Tick at, const Job* before,
                    const Job* after) {
  Tool& tool = x.tools[t];
  Job& job = tool.jobs[entry];
  const StepInfo& step = m.steps[job.step];
  const GroupInfo& info = m.groups[step.group];
  const bool cascades = step.cascade_ms > 0.0;
  if (job.setup_start == Never) {
    job.setup_start = at;
    if (before != nullptr && m.options.second_setup == LayoutOptions::SecondSetup::AtSlotFree)
      job.setup_start = std::max(at, tool.slot1_free);
    if (before != nullptr && m.options.second_setup == LayoutOptions::SecondSetup::AtToolEmpty)
      job.setup_start = std::max(at, before->end);
  }
  if (job.setup_end == Never)
    job.setup_end = job.setup_start + setup_time(t, step, at - job.setup_start);
  const Tick loaded = job.setup_end + info.load;
  if (job.process_start == Never) {
    job.load_end = cascades ? loaded : std::max(loaded, at + 1);
    job.process_start = cascades ? std::max({loaded, tool.slot1_free, at + 1}) : job.load_end;
  }
  if (job.process_end == Never) {
    const Duration law{step.law, step.process_ms,
                       step.half_width_ms * theta[m.theta_map.spread(step.group)]};
    const double scale = theta[m.theta_map.process(step.group)];
    const double u = uniform_of(laws.visit_words(x.lots[job.first_lot])[2]);
    const Tick units = step.per == Step::Per::Piece ? static_cast<Tick>(job.wafers) : 1;
    if (!cascades) {
      const auto n = static_cast<double>(units);
      job.process_end = end_of({law.law, law.mean_ms * n, law.half_width_ms * n}, scale,
                               job.process_start, at, u);
    } else {
      Cascade way{job.process_start, tool.slot2_free, step.cascade_ms * scale, units};
      way.follows_closely = before == nullptr && tool.slot2_free == 0 && job.process_start > loaded;
      double longer_than = way.longest(&Cascade::Ends::slot2, at), at_most = NoEnd;
      const auto slot1_later_than = [&](Tick time) {
        const double p = way.longest(&Cascade::Ends::slot1, time);
        if (p != NoEnd) longer_than = std::max(longer_than, p);
      };
      if (after != nullptr && after->setup_end != Never) {
        const Tick next_loaded = after->setup_end + info.load;
        if (after->process_start != Never) {  // found slot 1 free then, or waited until it was
          at_most = way.longest(&Cascade::Ends::slot1, after->process_start);
          if (after->process_start > next_loaded) slot1_later_than(after->process_start - 1);
        } else if (next_loaded <= at) {  // waits for it
          slot1_later_than(at);
        }
      }
      const Cascade::Ends ends = way.of(lasting(law, scale, longer_than, at_most, u));
      job.process_end = std::max(ends.slot2, at + 1);
      tool.slot1_free = std::min(ends.slot1, job.process_end);
      tool.slot2_free = job.process_end;
    }
  } else if (cascades) {
    tool.slot1_free = tool.slot2_free = job.process_end;  // behind `at`, so when does not matter
  }
  job.end = std::max(job.process_end + info.unload, at + 1);
}

// Of a setup that has lasted `elapsed`. Which setup it began from is not known: one of those that lots of this group
// need, or none, each as likely.
Tick Future::setup_time(std::uint32_t t, const StepInfo& step, Tick elapsed) const {
  const Tick least = elapsed + 1;
  if (step.setup == None) return std::max<Tick>(elapsed, 0);
  if (step.setup_own >= 0) return std::max(step.setup_own, least);
  std::vector<Tick> times;
  const auto from = [&](std::uint32_t rank) {
    const Tick time = m.setup_ticks[rank * m.setup_ranks + step.setup_rank];
    if (time >= least && std::find(times.begin(), times.end(), time) == times.end())
      times.push_back(time);
  };
  from(0);
  for (const StepInfo& s : m.steps)
    if (s.group == step.group && s.setup != None) from(s.setup_rank);
  if (times.empty()) return std::max<Tick>(least, 0);
  const double u = draw.uniform(static_cast<std::uint32_t>(What::SetupUnderWay), t, 0);
  return times[static_cast<std::size_t>(u * static_cast<double>(times.size()))];
}

// Which of several causes stands still is not known: each as likely as it is down for long.
void Future::repairs(std::uint32_t t, std::vector<bool>& down) {
  const Tool& tool = x.tools[t];
  const GroupInfo& info = m.groups[m.tool_group[t]];
  const Tick since = tool.breakdowns == 1 ? tool.stopped_at : x.now;
  for (std::uint32_t n = 0; n < tool.breakdowns && n < info.breakdowns; ++n) {
    double all = 0.0;
    const auto weight = [&](std::uint32_t p) {
      const BreakdownInfo& law = m.breakdowns[info.first_breakdown + p];
      if (down[p]) return 0.0;
      return law.time_to_failure.mean_ms > 0.0
                 ? law.time_to_repair.mean_ms / law.time_to_failure.mean_ms
                 : 1.0;
    };
    for (std::uint32_t p = 0; p < info.breakdowns; ++p) all += weight(p);
    double left = all * draw.uniform(static_cast<std::uint32_t>(What::CauseDown), t, n);
    std::uint32_t cause = 0;
    for (std::uint32_t p = 0; p < info.breakdowns; ++p) {
      if (down[p]) continue;
      cause = p;
      left -= weight(p);
      if (left <= 0.0) break;
    }
    down[cause] = true;
    const std::uint32_t clock = m.first_breakdown_clock[t] + cause;
    const double u = draw.uniform(static_cast<std::uint32_t>(What::Failure), clock,
                                  2 * x.breakdowns[clock].count);
    laws.schedule(end_of(m.breakdowns[info.first_breakdown + cause].time_to_repair,
                         theta[m.theta_map.mttr(info.area)], since, x.now, u),
                  Happens::Repair, t, cause);
  }
  x.tools[t].breakdowns =
      std::min(x.tools[t].breakdowns, static_cast<std::uint8_t>(info.breakdowns));
}

// A failure since the tool took up its job or its maintenance would wait for the end of it unseen.
void Future::failures(std::uint32_t t, const std::vector<bool>& down) {
  Tool& tool = x.tools[t];
  const GroupInfo& info = m.groups[m.tool_group[t]];
  Tick seen_up = x.now;  // no failure waits that came before
  if (tool.pm != 0xff) {
    seen_up = tool.stopped_at;
  } else if (m.options.breakdown == LayoutOptions::Breakdowns::AfterJob && tool.breakdowns == 0) {
    Tick last = -1;
    for (const Job& job : tool.jobs)
      if (job.first_lot != None) last = std::max(last, job.start);
    if (last >= 0) seen_up = last;
  }
  const double scale = theta[m.theta_map.mtbf(info.area)];
  for (std::uint32_t p = 0; p < info.breakdowns; ++p) {
    if (down[p]) continue;
    BreakdownClock& clock = x.breakdowns[m.first_breakdown_clock[t] + p];
    const BreakdownInfo& law = m.breakdowns[info.first_breakdown + p];
    const std::uint32_t who = m.first_breakdown_clock[t] + p;
    Tick fails = 0;
    if (clock.count == 0) {
      const double u = draw.uniform(static_cast<std::uint32_t>(What::FirstFailure), who, 0);
      fails = end_of(law.first, scale, 0, seen_up, u);
    } else {  // when its last repair ended is not known; an exponential law does not ask
      const twin::core::Block b =
          draw.block(static_cast<std::uint32_t>(What::Failure), who, 2 * clock.count - 1);
      fails = std::max(seen_up + to_ticks(rest_of_any(law.time_to_failure, scale,
                                                      uniform_of(b[0], b[1]), uniform_of(b[2]))),
                       seen_up + 1);
    }
    if (fails > x.now) {
      laws.schedule(fails, Happens::Fail, t, p);
    } else {
      clock.deferred = true;
      ++tool.breakdowns_pending;
    }
  }
}

void Future::maintenance(std::uint32_t t) {
  const Tool& tool = x.tools[t];
  const GroupInfo& info = m.groups[m.tool_group[t]];
  const double share =
      static_cast<double>(t - info.first_tool + 1) / static_cast<double>(info.tools);
  for (std::uint32_t k = 0; k < info.pms; ++k) {
    const PmInfo& pm = m.pms[info.first_pm + k];
    const std::uint32_t who = t * m.max_pms + k;
    if (tool.pm == k) {
      const std::uint32_t count = std::max(x.pms[who].count, 1U) - 1;
      const double u = draw.uniform(static_cast<std::uint32_t>(What::Maintenance), who, count);
      laws.schedule(end_of(pm.duration, 1.0, tool.stopped_at, x.now, u), Happens::PmDone, t);
    }
    if (pm.trigger != Maintenance::Trigger::Calendar) continue;
    const Tick first = to_ticks(pm.first * share),
               interval = std::max<Tick>(to_ticks(pm.interval), 1);
    const Tick passed = x.now < first ? 0 : (x.now - first) / interval + 1;
    laws.schedule(first + passed * interval, Happens::PmDue, t, k);
  }
}

void Future::releases() {
  for (std::uint32_t s = 0; s < m.streams.size(); ++s) {
    if (m.streams[s].count == 0) continue;
    const Tick next = next_release(s);
    if (x.releases[s] < m.streams[s].count) laws.schedule(next, Happens::Release, s);
  }
}

// Of a stream that keeps a schedule: as the schedule says. Of another one: what is left of the interval since its last
// lot, if that is still in the fab.
Tick Future::next_release(std::uint32_t stream) {
  const StreamInfo& s = m.streams[stream];
  std::uint64_t& k = x.releases[stream];
  k = 0;
  if (s.start > x.now) return s.start;
  if (s.law == Duration::Law::Constant) {
    const auto at = [&](std::uint64_t n) {
      return s.start + to_ticks(s.interval_ms * static_cast<double>(n));
    };
    if (s.interval_ms > 0.0) {
      k = static_cast<std::uint64_t>(static_cast<double>(x.now - s.start) / s.interval_ms);
      if (k != 0) --k;  // whatever was lost in rounding
      while (at(k) <= x.now) ++k;
    } else {
      k = s.count;
    }
    k = std::min(k, s.count);
    return at(k);
  }
  std::uint64_t sharing = 0;
  for (const StreamInfo& other : m.streams) sharing += other.lot_class == s.lot_class;
  k = std::clamp<std::uint64_t>(
      x.class_tally[s.lot_class].released / (sharing * std::max(s.lots_per_release, 1U)), 1,
      s.count);
  Tick last = -1;
  for (const Lot& lot : x.lots)
    if (lot.place != LotPlace::Free && lot.lot_class == s.lot_class)
      last = std::max(last, lot.release);
  const Duration law{s.law, s.interval_ms, s.half_width_ms};
  const twin::core::Block b = draw.block(static_cast<std::uint32_t>(What::Release), stream,
                                         static_cast<std::uint32_t>(k - 1));
  if (last >= 0 && sharing == 1) return end_of(law, 1.0, last, x.now, uniform_of(b[0], b[1]));
  return x.now + std::max<Tick>(
                     to_ticks(rest_of_any(law, 1.0, uniform_of(b[0], b[1]), uniform_of(b[2]))), 1);
}

void Future::listed() {
  const auto& listed = m.description.lots;
  x.next_listed = 0;
  while (x.next_listed < listed.size() && to_ticks(listed[x.next_listed].start_ms) <= x.now)
    ++x.next_listed;
  if (x.next_listed < listed.size())
    laws.schedule(to_ticks(listed[x.next_listed].start_ms), Happens::Listed, 0);
}

// Dispatching is the engine's own, first of all when the run goes on.
void Future::dispatch() {
  x.touched.clear();
  for (std::uint32_t g = 0; g < x.groups.size(); ++g) {
    Group& group = x.groups[g];
    group.touched = false;
    if (group.waiting != 0 && (group.able_head != None || group.reserving_tool != None))
      laws.schedule(x.now, Happens::Dispatch, g);
  }
}

}  // namespace

State with_future(const AnyFab& fab, State x, std::span<const double> theta, Draw draw) {
  const Layout& m = fab.layout();
  TWIN_EXPECT(x.agenda.empty(), x.agenda.size());
  TWIN_EXPECT(theta.size() == m.theta_map.size(), theta.size(), m.theta_map.size());
  const QueueRule rule{{}, &fab};
  NoSink none;
  Floor::Laws laws{m, rule, x, theta.data(), draw, none};
  Future future{m, x, theta, draw, laws};
  future.releases();
  future.listed();
  future.tools();
  future.lots();
  future.reservations();
  future.dispatch();
  if (fab.beside().release == nullptr)
    for (const std::uint32_t slot : waiting_outside(x)) laws.schedule(x.now, Happens::Enter, slot);
  return x;
}

}  // namespace twins::fab
