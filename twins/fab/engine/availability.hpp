// When a tool can work: breakdowns on the calendar clock, maintenance by days and wafers, the list of able tools and
// reservations (reference 2.11, 2.15, 2.16, 2.17).
#pragma once

namespace twins::fab {

template <class Rule, class Sink>
void Engine<Rule, Sink>::fail(std::uint32_t t, std::uint32_t process) {
  if (is_waited_for(t)) {
    x.breakdowns[m.first_breakdown_clock[t] + process].deferred = true;
    ++tools[t].breakdowns_pending;
  } else {
    break_down(t, process);
  }
  tool_changed(t);
}

// Maintenance and breakdown do not overlap: it starts afterwards. So it does after a job, unless jobs are suspended.
template <class Rule, class Sink>
bool Engine<Rule, Sink>::is_waited_for(std::uint32_t t) const {
  const Tool& tool = tools[t];
  const bool after_job =
      m.options.breakdown == LayoutOptions::Breakdowns::AfterJob && tool.jobs_inside != 0;
  return tool.pm != 0xff || after_job;
}

// Down on people's word until they put it back: as a breakdown, but of no process of the tool's, so that those keep
// their draws. Where it has to wait, more is pending than the tool's clocks say.
template <class Rule, class Sink>
void Engine<Rule, Sink>::take_down(std::uint32_t t) {
  if (is_waited_for(t)) {
    ++tools[t].breakdowns_pending;
  } else {
    stand_still(t);
    if constexpr (Sink::Enabled) sink.went_down(m, x, t, None);
  }
  tool_changed(t);
}

template <class Rule, class Sink>
void Engine<Rule, Sink>::put_back(std::uint32_t t) {
  Tool& tool = tools[t];
  std::uint32_t deferred = 0;
  for (std::uint32_t p = 0; p < infos[tool_group[t]].breakdowns; ++p)
    deferred += x.breakdowns[m.first_breakdown_clock[t] + p].deferred;
  if (tool.breakdowns_pending > deferred) {  // it waited until now and never began
    --tool.breakdowns_pending;
  } else {
    go_on(t);
    if constexpr (Sink::Enabled) sink.came_up(m, x, t, None);
  }
  tool_changed(t);
}

template <class Rule, class Sink>
void Engine<Rule, Sink>::start_deferred(std::uint32_t t) {
  const GroupInfo& info = infos[tool_group[t]];
  for (std::uint32_t p = 0; p < info.breakdowns; ++p) {
    BreakdownClock& clock = x.breakdowns[m.first_breakdown_clock[t] + p];
    if (!clock.deferred) continue;
    clock.deferred = false;
    --tools[t].breakdowns_pending;
    break_down(t, p);
  }
  if (tools[t].breakdowns_pending == 0) return;
  --tools[t].breakdowns_pending;  // people's
  stand_still(t);
  if constexpr (Sink::Enabled) sink.went_down(m, x, t, None);
}

// One cause more for it.
template <class Rule, class Sink>
void Engine<Rule, Sink>::stand_still(std::uint32_t t) {
  Tool& tool = tools[t];
  if (tool.breakdowns++ != 0) return;
  if (infos[tool_group[t]].slots == 2) account_tool_time(tool, x.tool_times[t], x.now);
  tool.stopped_at = x.now;
  ++tool.epoch;
}

// One cause less: the last lets the jobs go on that it suspended.
template <class Rule, class Sink>
void Engine<Rule, Sink>::go_on(std::uint32_t t) {
  if (gate != nullptr) gate->stir();  // a tool more at the bottleneck, it may be
  Tool& tool = tools[t];
  if (--tool.breakdowns != 0) return;
  const Tick stopped = x.now - tool.stopped_at;
  x.tool_times[t][static_cast<std::size_t>(ToolTime::Down)] += stopped;
  tool.accounted = x.now;
  tool.slot1_free += stopped;
  tool.slot2_free += stopped;
  for (std::uint32_t entry = 0; entry < 2; ++entry) {
    Job& job = tool.jobs[entry];
    if (job.first_lot == None) continue;
    for (Tick* tick : {&job.start, &job.setup_start, &job.setup_end, &job.load_end,
                       &job.process_start, &job.process_end, &job.end})
      *tick += stopped;
    schedule(job.end, Happens::JobEnd, t, entry | ((tool.epoch & 0x7fffU) << 1));
    if (m.options.cascade == LayoutOptions::Cascade::AtSlotFree && infos[tool_group[t]].slots == 2)
      schedule(std::max(tool.slot1_free, x.now), Happens::SlotFree, t);
  }
}

template <class Rule, class Sink>
void Engine<Rule, Sink>::break_down(std::uint32_t t, std::uint32_t process) {
  const std::uint32_t g = tool_group[t];
  const GroupInfo& info = infos[g];
  const std::uint32_t clock = m.first_breakdown_clock[t] + process;
  stand_still(t);
  const BreakdownInfo& law = m.breakdowns[info.first_breakdown + process];
  const double u =
      draw.uniform(static_cast<std::uint32_t>(What::Failure), clock, 2 * x.breakdowns[clock].count);
  const Duration& d = law.time_to_repair;
  const double ms = inverted(d.law, d.mean_ms, d.half_width_ms, u) *
                    theta[m.theta_map.mttr(info.area)] * theta[m.theta_map.mttr_group(g)];
  schedule(x.now + to_ticks(ms), Happens::Repair, t, process);
  if constexpr (Sink::Enabled) sink.went_down(m, x, t, process);
}

template <class Rule, class Sink>
void Engine<Rule, Sink>::repair(std::uint32_t t, std::uint32_t process) {
  const std::uint32_t g = tool_group[t];
  const GroupInfo& info = infos[g];
  const std::uint32_t clock = m.first_breakdown_clock[t] + process;
  const Duration& d = m.breakdowns[info.first_breakdown + process].time_to_failure;
  const double u = draw.uniform(static_cast<std::uint32_t>(What::Failure), clock,
                                2 * x.breakdowns[clock].count + 1);
  ++x.breakdowns[clock].count;
  const double ms = inverted(d.law, d.mean_ms, d.half_width_ms, u) *
                    theta[m.theta_map.mtbf(info.area)] * theta[m.theta_map.mtbf_group(g)];
  schedule(x.now + to_ticks(ms), Happens::Fail, t, process);
  go_on(t);
  if constexpr (Sink::Enabled) sink.came_up(m, x, t, process);
  tool_changed(t);
}

template <class Rule, class Sink>
void Engine<Rule, Sink>::pm_due(std::uint32_t t, std::uint32_t k) {
  const PmInfo& pm = m.pms[infos[tool_group[t]].first_pm + k];
  schedule(x.now + to_ticks(pm.interval), Happens::PmDue, t,
           k);  // start to start, on a fixed calendar
  ask_pm(t, k);
  tool_changed(t);
}

// The tool has done as many wafers as the nearest mark of its maintenances by wafers asks for.
template <class Rule, class Sink>
void Engine<Rule, Sink>::pass_marks(std::uint32_t t) {
  const GroupInfo& info = infos[tool_group[t]];
  const auto done = static_cast<double>(wafers_done(tools[t]));
  for (std::uint32_t k = 0; k < info.pms; ++k) {
    const PmInfo& pm = m.pms[info.first_pm + k];
    PmClock& clock = x.pms[t * m.max_pms + k];
    if (pm.trigger != Maintenance::Trigger::Wafers || done < clock.mark) continue;
    clock.mark += pm.interval;  // wafers past the mark count towards the next
    ask_pm(t, k);
  }
  set_mark(m, x, t);
}

template <class Rule, class Sink>
void Engine<Rule, Sink>::ask_pm(std::uint32_t t, std::uint32_t k) {
  Tool& tool = tools[t];
  PmClock& clock = x.pms[t * m.max_pms + k];
  if (clock.asked != 0 || tool.pm == k) return;  // already waiting or under way: merged
  clock.asked = ++tool.pms_asked;
  ++tool.pms_pending;
  if constexpr (Sink::Enabled) sink.pm_due(m, x, t, k);
}

template <class Rule, class Sink>
void Engine<Rule, Sink>::start_pm(std::uint32_t t) {
  Tool& tool = tools[t];
  const GroupInfo& info = infos[tool_group[t]];
  std::uint32_t first = 0;
  while (x.pms[t * m.max_pms + first].asked == 0) ++first;
  for (std::uint32_t k = first + 1; k < info.pms; ++k) {
    const std::uint32_t asked = x.pms[t * m.max_pms + k].asked;
    if (asked != 0 && asked < x.pms[t * m.max_pms + first].asked) first = k;
  }
  const PmInfo& pm = m.pms[info.first_pm + first];
  PmClock& clock = x.pms[t * m.max_pms + first];
  clock.asked = 0;
  --tool.pms_pending;
  if (tool.pms_pending == 0) tool.pms_asked = 0;
  tool.pm = static_cast<std::uint8_t>(first);
  tool.stopped_at = x.now;
  const double u = draw.uniform(static_cast<std::uint32_t>(What::Maintenance),
                                t * m.max_pms + first, clock.count++);
  schedule(x.now + to_ticks(inverted(pm.duration.law, pm.duration.mean_ms,
                                     pm.duration.half_width_ms, u)),
           Happens::PmDone, t);
  if constexpr (Sink::Enabled) sink.pm_started(m, x, t, first);
}

template <class Rule, class Sink>
void Engine<Rule, Sink>::end_pm(std::uint32_t t) {
  Tool& tool = tools[t];
  x.tool_times[t][static_cast<std::size_t>(ToolTime::Pm)] += x.now - tool.stopped_at;
  if constexpr (Sink::Enabled) sink.pm_ended(m, x, t, tool.pm);
  tool.pm = 0xff;
  tool_changed(t);
}

// After anything that may let the tool work again, or forbid it.
template <class Rule, class Sink>
void Engine<Rule, Sink>::tool_changed(std::uint32_t t) {
  Tool& tool = tools[t];
  const bool stands =
      tool.pm == 0xff &&
      (tool.jobs_inside == 0 || m.options.breakdown == LayoutOptions::Breakdowns::Suspend);
  if (tool.breakdowns_pending != 0 && stands) start_deferred(t);
  if (tool.pms_pending != 0 && tool.pm == 0xff && tool.breakdowns == 0 && tool.jobs_inside == 0)
    start_pm(t);
  refresh(t);
  const std::uint32_t g = tool_group[t];
  if ((tool.able || tool.reserved_for != None) && groups[g].waiting != 0) touch(g, None);
}

template <class Rule, class Sink>
void Engine<Rule, Sink>::unlist(std::uint32_t t) {
  Tool& tool = tools[t];
  if (!tool.able) return;
  Group& group = groups[tool_group[t]];
  (tool.prev == None ? group.able_head : tools[tool.prev].next) = tool.next;
  (tool.next == None ? group.able_tail : tools[tool.next].prev) = tool.prev;
  tool.next = tool.prev = None;
  tool.able = false;
}

// Puts the tool into its group's list of able tools, or takes it out.
template <class Rule, class Sink>
void Engine<Rule, Sink>::refresh(std::uint32_t t) {
  Tool& tool = tools[t];
  const std::uint32_t g = tool_group[t];
  const GroupInfo& info = infos[g];
  Group& group = groups[g];
  bool works = tool.breakdowns == 0 && tool.breakdowns_pending == 0 && tool.pm == 0xff &&
               tool.pms_pending == 0 && tool.jobs_inside < info.slots;
  if (works && tool.jobs_inside != 0 && m.options.cascade == LayoutOptions::Cascade::AtSlotFree)
    works = tool.slot1_free <= x.now;
  if (!works) {
    unlist(t);
    if (tool.reserved_for != None &&
        (tool.breakdowns != 0 || tool.pm != 0xff)) {  // passes to the next able tool
      tool.reserved_for = None;
      group.reserving_tool = None;
      if (group.able_head != None) {
        const std::uint32_t other = group.able_head;
        unlist(other);
        refresh(other);
      }
    }
    return;
  }
  if (tool.able || tool.reserved_for != None) return;
  if (group.reserving_lot != None && group.reserving_tool == None) {
    group.reserving_tool = t;
    tool.reserved_for = group.reserving_lot;
    return;
  }
  tool.prev = group.able_tail;
  tool.next = None;
  (group.able_tail == None ? group.able_head : tools[group.able_tail].next) = t;
  group.able_tail = t;
  tool.able = true;
}

// A lot that reserves asks, when it starts a step, for a tool of the next step's group (reference 2.17).
template <class Rule, class Sink>
void Engine<Rule, Sink>::reserve_next(std::uint32_t l) {
  Lot& lot = lots[l];
  const StepInfo& s = steps[lot.step];
  if (s.last) return;
  const std::uint32_t g = steps[lot.step + 1].group;
  Group& group = groups[g];
  if (infos[g].minimum_run || infos[g].batch || group.reserving_lot != None) return;
  group.reserving_lot = l;
  lot.reserved_group = g;
  if (group.able_head != None) {
    const std::uint32_t t = group.able_head;
    unlist(t);
    refresh(t);
  }
}

template <class Rule, class Sink>
void Engine<Rule, Sink>::release_reservation(std::uint32_t l) {
  Lot& lot = lots[l];
  Group& group = groups[lot.reserved_group];
  const std::uint32_t t = group.reserving_tool;
  lot.reserved_group = None;
  group.reserving_lot = group.reserving_tool = None;
  if (t == None) return;
  tools[t].reserved_for = None;
  tool_changed(t);
}

}  // namespace twins::fab
