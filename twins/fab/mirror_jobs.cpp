// From the queue through a tool. A job's phases are known when they are told; those ahead are
// Never. The log tells the phases of a batch once a lot; the first telling counts.
#include <algorithm>

#include "twins/fab/mirror_move.hpp"
#include "twins/fab/tool_time.hpp"

namespace twins::fab {

using twin::core::Never;

Job* Mirror::Move::job_of_lot() const {
  for (Job& job : tool().jobs)
    for (std::uint32_t l = job.first_lot; l != None; l = x.lots[l].next)
      if (l == slot) return &job;
  return nullptr;
}

Applied Mirror::Move::can_enter() const {
  const Lot& l = lot();
  if (l.place == LotPlace::Processing)
    return l.tool == e.tool ? Applied::OutOfOrder : Applied::TwoTools;
  if (l.place != LotPlace::Queued) return Applied::WrongPlace;
  if (step != l.step) return Applied::WrongStep;
  if (m.tool_group[e.tool] != m.steps[l.step].group) return Applied::WrongTool;
  if (tool().breakdowns != 0 || tool().pm != 0xff) return Applied::ToolStopped;
  if (tool().jobs_inside >= group().slots) return Applied::ToolBusy;
  return Applied::Moved;
}

Applied Mirror::Move::can_go_on() const {
  const Lot& l = lot();
  if (l.place != LotPlace::Processing) return Applied::WrongPlace;
  if (l.tool != e.tool) return Applied::TwoTools;
  if (step != l.step) return Applied::WrongStep;
  if (tool().breakdowns != 0) return Applied::ToolStopped;
  return Applied::Moved;
}

void Mirror::Move::account() const {
  if (group().slots == 2) account_tool_time(tool(), x.tool_times[e.tool], x.now);
}

// As the engine starts a job, but that nothing is drawn and no end is known.
Job& Mirror::Move::open_job() {
  Tool& t = tool();
  const StepInfo& s = m.steps[lot().step];
  GroupTally& tally = x.group_tally[s.group];
  account();
  Job& job = t.jobs[t.jobs[0].first_lot == None ? 0 : 1];
  job = Job{};
  job.start = x.now;
  job.setup_start = job.setup_end = job.load_end = Never;
  job.process_start = job.process_end = job.end = Never;
  job.step = lot().step;
  ++tally.jobs;
  tally.batch_wafers_max += s.batch_max;
  if (s.setup != None && t.setup != s.setup) {
    if (group().minimum_run) t.run_left = m.setup_minimum_run[s.setup];
    t.setup = s.setup;
  }
  if (group().minimum_run && t.run_left > 0) --t.run_left;
  ++t.jobs_inside;
  floor.laws().unlist(e.tool);
  floor.laws().refresh(e.tool);
  return job;
}

void Mirror::Move::join(Job& job) {
  floor.drop_reservation(slot);
  floor.laws().dequeue(slot);
  floor.laws().enter_tool(slot, e.tool);
  std::uint32_t* end = &job.first_lot;
  while (*end != None) end = &x.lots[*end].next;
  *end = slot;
  ++job.lots;
  job.wafers += lot().wafers;
  GroupTally& tally = x.group_tally[m.steps[job.step].group];
  ++tally.lots;
  tally.wafers += lot().wafers;
}

Job& Mirror::Move::enter_alone() {
  Job& job = open_job();
  join(job);
  return job;
}

// A batch gathers at one instant: lots of one line, before any phase of the job was told. By clocks
// that differ it may seem to take a while; then a lot joins what it could not enter beside.
Applied Mirror::Move::batch_formed() {
  const Applied fits = can_enter();
  if (fits == Applied::Moved || fits == Applied::ToolBusy) {
    for (Job& job : tool().jobs) {
      if (job.first_lot == None || !group().batch) continue;
      if (job.start != x.now && fits != Applied::ToolBusy) continue;
      if (job.setup_start != Never || job.setup_end != Never) continue;
      if (m.steps[job.step].line != m.steps[lot().step].line) continue;
      join(job);
      return Applied::Moved;
    }
  }
  if (fits == Applied::Moved) enter_alone();
  return fits;
}

Applied Mirror::Move::setup_started() {
  const std::uint32_t setup =
      e.item == None ? m.steps[lot().step].setup : mirror.names_.setup(e.item);
  if (e.item != None && setup == None) return Applied::UnknownItem;
  const bool enters = lot().place == LotPlace::Queued;
  const Applied fits = enters ? can_enter() : can_go_on();
  if (fits != Applied::Moved) return fits;
  if (!enters && (job_of_lot()->setup_start != Never || job_of_lot()->setup_end != Never))
    return Applied::OutOfOrder;
  Job& job = enters ? enter_alone() : *job_of_lot();
  account();
  job.setup_start = x.now;
  if (setup != None) tool().setup = setup;
  ++x.group_tally[m.steps[job.step].group].setups;
  return Applied::Moved;
}

// Was this phase told before? In a batch each lot tells it, until the next phase begins.
bool Mirror::Move::told_before(Tick phase, const Job& job, bool over) const {
  return phase != Never && (job.lots == 1 || over);
}

Applied Mirror::Move::load_started() {
  const bool enters = lot().place == LotPlace::Queued;
  const Applied fits = enters ? can_enter() : can_go_on();
  if (fits != Applied::Moved) return fits;
  if (!enters) {
    const Job& job = *job_of_lot();
    if (told_before(job.setup_end, job, job.process_start != Never)) return Applied::OutOfOrder;
  }
  Job& job = enters ? enter_alone() : *job_of_lot();
  if (job.setup_end != Never) return Applied::Moved;
  account();
  if (job.setup_start == Never) job.setup_start = x.now;
  job.setup_end = x.now;
  return Applied::Moved;
}

Applied Mirror::Move::processing_started() {
  const bool enters = lot().place == LotPlace::Queued;
  const Applied fits = enters ? can_enter() : can_go_on();
  if (fits != Applied::Moved) return fits;
  if (!enters) {
    const Job& job = *job_of_lot();
    if (told_before(job.process_start, job, job.process_end != Never)) return Applied::OutOfOrder;
  }
  Job& job = enters ? enter_alone() : *job_of_lot();
  if (job.process_start != Never) return Applied::Moved;
  account();
  if (job.setup_start == Never) job.setup_start = x.now;
  if (job.setup_end == Never) job.setup_end = x.now;
  job.load_end = job.process_start = x.now;
  return Applied::Moved;
}

Applied Mirror::Move::processing_ended() {
  const Applied fits = can_go_on();
  if (fits != Applied::Moved) return fits;
  Job& job = *job_of_lot();
  if (job.process_start == Never || told_before(job.process_end, job, false))
    return Applied::OutOfOrder;
  if (job.process_end != Never) return Applied::Moved;
  account();
  job.process_end = x.now;
  if (group().slots == 2) tool().slot2_free = x.now;
  return Applied::Moved;
}

// The tool's breakdown has stopped its jobs already, its repair will let them go on.
Applied Mirror::Move::suspended() {
  const Applied fits = can_go_on();
  if (fits == Applied::ToolStopped) return Applied::Moved;
  return fits == Applied::Moved ? Applied::OutOfOrder : fits;
}

Applied Mirror::Move::resumed() {
  const Applied fits = can_go_on();
  return fits == Applied::ToolStopped ? Applied::OutOfOrder : fits;
}

Applied Mirror::Move::unloaded() {
  const Applied fits = can_go_on();
  if (fits != Applied::Moved) return fits;
  Job& job = *job_of_lot();
  if (job.process_end == Never) return Applied::OutOfOrder;
  account();
  tool().wafers_to_mark -= static_cast<std::int32_t>(lot().wafers);
  leave_job(job);
  floor.laws().leave_tool(slot);
  lot().place = LotPlace::Moving;
  lot().since = x.now;
  return Applied::Moved;
}

void Mirror::Move::leave_job(Job& job) {
  std::uint32_t* link = &job.first_lot;
  while (*link != slot) link = &x.lots[*link].next;
  *link = lot().next;
  lot().next = None;
  --job.lots;
  job.wafers -= lot().wafers;
  if (job.first_lot != None) return;
  if (group().slots == 1) {  // where a phase was cut short, up to now
    const auto spent = [&](ToolTime what, Tick from, Tick to) {
      if (from < x.now)
        x.tool_times[e.tool][static_cast<std::size_t>(what)] += std::min(to, x.now) - from;
    };
    spent(ToolTime::Setup, job.setup_start, job.setup_end);
    spent(ToolTime::Load, job.setup_end, job.load_end);
    spent(ToolTime::Process, job.process_start, job.process_end);
    spent(ToolTime::Unload, job.process_end, x.now);
  }
  job = Job{};
  --tool().jobs_inside;
  floor.laws().refresh(e.tool);
}

}  // namespace twins::fab
