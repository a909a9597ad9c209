// A job inside a tool: setup, load, process, unload; two serial slots in cascading tools; the accounting of tool time
// (reference 2.6, 2.7, 2.9, 2.12, 2.14, 2.18).
#pragma once

namespace twins::fab {

// The time to bring the tool into the setup of this step; 0 where it has it or none is asked for.
template <class Rule, class Sink>
Tick Engine<Rule, Sink>::setup_ticks(const Tool& tool, const StepInfo& step) const {
  if (step.setup == None || (tool.setup == step.setup && !step.setup_always)) return 0;
  if (step.setup_own >= 0) return step.setup_own;
  const std::uint32_t from = tool.setup == None ? 0 : m.setup_rank_of[tool.setup];
  return m.setup_ticks[from * m.setup_ranks + step.setup_rank];
}

// The lot's part in the start of its job: it leaves its wait, closes its queue-time window and keeps its dedication.
template <class Rule, class Sink>
void Engine<Rule, Sink>::enter_tool(std::uint32_t l, std::uint32_t t) {
  Lot& lot = lots[l];
  const StepInfo& s = steps[lot.step];
  tallies[s.group].wait_ticks += x.now - lot.since;
  lot.since = x.now;
  lot.place = LotPlace::Processing;
  lot.tool = t;
  if (lot.window_open && steps[lot.window_step].window_exit == lot.step) {
    const StepInfo& opened = steps[lot.window_step];
    WindowTally& w = x.window_tally[opened.litho_window ? 0 : 1];
    const Tick late =
        x.now - lot.window_from - opened.window_limit;  // on the limit is still in time
    ++w.closed;
    w.violation_ticks += std::max<Tick>(late, 0);
    w.slack_ticks += std::max<Tick>(-late, 0);
    w.violated += late > 0;
    w.over_1h += late > 3'600'000;
    w.over_2h += late > 7'200'000;
    w.over_4h += late > 14'400'000;
    lot.window_open = false;
    lot.window_step = None;
  }
  if (s.dedication_out != None) x.dedication[l * m.dedication_slots + s.dedication_out] = t;
}

// Starts the lots that hang together from first_lot (already out of their queue) as one job.
template <class Rule, class Sink>
void Engine<Rule, Sink>::start_job(std::uint32_t t, std::uint32_t first_lot) {
  Tool& tool = tools[t];
  const std::uint32_t g = tool_group[t];
  const GroupInfo& info = infos[g];
  const Lot& lead = lots[first_lot];
  const StepInfo& step = steps[lead.step];
  const std::uint32_t entry = tool.jobs[0].first_lot == None ? 0 : 1;
  if (info.slots == 2) account_tool_time(tool, x.tool_times[t], x.now);
  Job& job = tool.jobs[entry];
  job.first_lot = first_lot;
  job.step = lead.step;
  job.wafers = job.lots = 0;

  GroupTally& tally = tallies[g];
  for (std::uint32_t l = first_lot; l != None; l = lots[l].next) {
    Lot& lot = lots[l];
    ++job.lots;
    job.wafers += lot.wafers;
    enter_tool(l, t);
    if (lot.reserves) {
      if (lot.reserved_group != None) release_reservation(l);
      reserve_next(l);
    }
  }
  ++tally.jobs;
  tally.lots += job.lots;
  tally.wafers += job.wafers;
  if (info.batch) tally.batch_wafers_max += step.batch_max;

  const Tick setup = setup_ticks(tool, step);
  const bool changed = step.setup != None && tool.setup != step.setup;
  if (changed) {
    if (info.minimum_run) tool.run_left = m.setup_minimum_run[step.setup];
    tool.setup = step.setup;
  }
  if (info.minimum_run && tool.run_left > 0) --tool.run_left;
  if (changed || (step.setup != None && step.setup_always)) ++tally.setups;

  double scale = theta[m.theta_map.process(g)];
  if (pace != nullptr) scale *= pace[t];
  const double u = twin::core::uniform_of(lead.word_process);
  const double p =
      inverted(step.law, step.process_ms, step.half_width_ms * theta[m.theta_map.spread(g)], u) *
      scale;
  const double units = step.per == Step::Per::Piece ? job.wafers : 1.0;
  job.start = x.now;
  job.setup_start = job.start;
  if (setup > 0 && tool.jobs_inside != 0) {
    if (m.options.second_setup == LayoutOptions::SecondSetup::AtSlotFree)
      job.setup_start = std::max(x.now, tool.slot1_free);
    if (m.options.second_setup == LayoutOptions::SecondSetup::AtToolEmpty)
      job.setup_start = std::max(x.now, tool.jobs[1 - entry].end);
  }
  job.setup_end = job.setup_start + setup;
  job.load_end = job.setup_end + info.load;
  if (step.cascade_ms > 0.0) {
    // Serial slots: a unit holds slot 1 for c, waits there until slot 2 is free, and holds slot 2 for p - c. In closed
    // form over the n units of the job: later units leave slot 1 every max(c, p - c).
    const Tick c = to_ticks(std::min(step.cascade_ms * scale, p));
    const Tick rest = to_ticks(p) - c;
    const auto n = static_cast<Tick>(units);
    job.process_start = std::max(job.load_end, tool.slot1_free);
    tool.slot1_free =
        std::max(job.process_start + c, tool.slot2_free) + (n - 1) * std::max(c, rest);
    tool.slot2_free = tool.slot1_free + rest;
    job.process_end = tool.slot2_free;
  } else {
    job.process_start = job.load_end;
    job.process_end = job.process_start + to_ticks(p * units);
  }
  job.end = job.process_end + info.unload;
  ++tool.jobs_inside;
  schedule(job.end, Happens::JobEnd, t, entry | ((tool.epoch & 0x7fffU) << 1));
  if (info.slots == 2 && m.options.cascade == LayoutOptions::Cascade::AtSlotFree)
    schedule(tool.slot1_free, Happens::SlotFree, t);
  unlist(t);
  if (tool.jobs_inside < info.slots)
    refresh(t);  // with room left it goes to the end of the list: the longest able tool is the next
  if constexpr (Sink::Enabled) sink.started(m, x, t, entry, changed);
}

template <class Rule, class Sink>
void Engine<Rule, Sink>::end_job(std::uint32_t t, std::uint32_t entry) {
  Tool& tool = tools[t];
  const std::uint32_t g = tool_group[t];
  const GroupInfo& info = infos[g];
  std::array<Tick, ToolTimes>& times = x.tool_times[t];
  Job& job = tool.jobs[entry];
  if (info.slots == 2) {
    account_tool_time(tool, times, x.now);
  } else {
    times[static_cast<std::size_t>(ToolTime::Setup)] += job.setup_end - job.start;
    times[static_cast<std::size_t>(ToolTime::Load)] += job.load_end - job.setup_end;
    times[static_cast<std::size_t>(ToolTime::Process)] += job.process_end - job.process_start;
    times[static_cast<std::size_t>(ToolTime::Unload)] += job.end - job.process_end;
  }
  if constexpr (Sink::Enabled) sink.ended(m, x, t, entry);
  const std::uint32_t wafers = job.wafers;
  std::uint32_t lot = job.first_lot;
  job = Job{};
  --tool.jobs_inside;
  while (lot != None) {
    const std::uint32_t next = lots[lot].next;
    lots[lot].next = None;
    complete_step(lot);
    lot = next;
  }
  tool.wafers_to_mark -= static_cast<std::int32_t>(wafers);
  if (tool.wafers_to_mark <= 0) pass_marks(t);
  tool_changed(t);
}

}  // namespace twins::fab
