// What events say about others than those they speak of: the lots of one job go together, a tool has room for so many
// jobs, and a tool that has lost no event has let nothing out unseen. And the durations that two events bound.
#include <algorithm>

#include "twins/fab/track/tracker.hpp"

namespace twins::fab::track {

using twin::event::Event;
using twin::event::Kind;

Heard Tracker::tool_event(const Event& e, Continuity tool) {
  ToolSeen& seen = tools_[e.tool];
  const GroupInfo& group = m_.groups[m_.tool_group[e.tool]];
  const bool pm = e.kind == Kind::PmStarted || e.kind == Kind::PmEnded || e.kind == Kind::PmDue;
  const std::uint32_t cause = pm ? names_.pm(group, e.item) : names_.breakdown(group, e.item);
  still_inside(seen, e.tool, None, tool, e.at);
  if (e.kind == Kind::PmDue) return Heard::Taken;
  const bool empty = e.kind == Kind::PmStarted || e.kind == Kind::PmEnded ||
                     m_.options.breakdown == LayoutOptions::Breakdowns::AfterJob;
  if (empty) {  // neither maintenance nor, in this model, a repair has a job beside it
    for (const JobSeen& job : seen.jobs) out_by(job, e.tool, e.at);
    seen.jobs.clear();
  }
  seen.mode = e.kind == Kind::PmStarted  ? ToolSeen::Mode::Pm
              : e.kind == Kind::ToolDown ? ToolSeen::Mode::Down
                                         : ToolSeen::Mode::Up;
  seen.since = e.at;
  seen.cause = cause;
  return Heard::Taken;
}

void Tracker::out_by(const JobSeen& job, std::uint32_t tool, Tick at) {
  for (const std::uint32_t l : job.lots) {
    Sighting& lot = lots_[l];
    if (lot.tool == tool && lot.job == job.number && in_tool(lot.phase) && lot.out < 0)
      lot.out = at;
  }
}

// A lot is told to be elsewhere: those that were in its job have left with it.
void Tracker::left_unseen(const Sighting& lot, Tick by) {
  if (lot.job == None) return;
  ToolSeen& seen = tools_[lot.tool];
  const auto job = std::ranges::find(seen.jobs, lot.job, &JobSeen::number);
  if (job == seen.jobs.end()) return;
  out_by(*job, lot.tool, by);
  seen.jobs.erase(job);
}

void Tracker::still_inside(ToolSeen& seen, std::uint32_t tool, std::uint32_t job,
                           Continuity continuity, Tick at) {
  for (JobSeen& other : seen.jobs) {
    if (other.number == job) continue;
    if (continuity == Continuity::Broken) other.gap = true;
    if (other.gap) continue;
    for (const std::uint32_t l : other.lots) {
      Sighting& lot = lots_[l];
      if (lot.tool == tool && lot.job == other.number && in_tool(lot.phase)) lot.inside = at;
    }
  }
}

JobSeen& Tracker::job_of(std::uint32_t tool, std::uint32_t number, Tick at) {
  ToolSeen& seen = tools_[tool];
  const auto known = std::ranges::find(seen.jobs, number, &JobSeen::number);
  if (known != seen.jobs.end()) return *known;
  const GroupInfo& group = m_.groups[m_.tool_group[tool]];
  // Jobs are numbered in the order of their start, and leave in it: a job may be heard of after one that began later.
  JobSeen job;
  job.number = number;
  const auto later =
      std::ranges::count_if(seen.jobs, [&](const JobSeen& j) { return j.number > number; });
  auto mine = std::ssize(seen.jobs) - later;
  seen.jobs.insert(seen.jobs.begin() + mine, job);
  while (seen.jobs.size() > group.slots && mine > 0) {
    out_by(seen.jobs.front(), tool, at);
    seen.jobs.erase(seen.jobs.begin());
    --mine;
  }
  while (seen.jobs.size() > group.slots)
    seen.jobs.pop_back();  // numbers that contradict each other
  return seen.jobs[static_cast<std::size_t>(mine)];
}

void Tracker::in_job(const Event& e, std::uint32_t index, Continuity tool) {
  ToolSeen& seen = tools_[e.tool];
  seen.mode = ToolSeen::Mode::Up;  // jobs run, unless the breakdown's own event says so next
  if (e.kind == Kind::ProcessingSuspended) seen.mode = ToolSeen::Mode::Down;
  if (in_tool(lots_[index].phase) && m_.steps[lots_[index].step].setup != None)
    seen.setup = m_.steps[lots_[index].step].setup;
  if (e.job == None) return;
  still_inside(seen, e.tool, e.job, tool, e.at);
  JobSeen& job = job_of(e.tool, e.job, e.at);
  if (std::ranges::find(job.lots, index) == job.lots.end()) {
    job.lots.push_back(index);
    job.wafers += lots_[index].wafers;
  }
  job.gap = false;
  const Phase phase = lots_[index].phase;
  const std::uint32_t here = m_.groups[m_.tool_group[e.tool]].location;
  for (const std::uint32_t l : job.lots) {
    Sighting& lot = lots_[l];
    if (l == index) {
      lot.job_wafers = std::max(lot.wafers, job.wafers);
      continue;
    }
    if (lot.tool != e.tool || lot.job != e.job || !in_tool(lot.phase)) continue;
    lot.job_wafers = job.wafers;
    const bool further = phase == Phase::Done || (in_tool(phase) && phase > lot.phase);
    if (!further) continue;
    lot.phase = phase;
    lot.since = lot.inside = e.at;
    own_[l] = false;
    if (phase == Phase::Done) {
      lot.location = here;
      lot.tool = lot.job = None;
      lot.out = -1;
    }
  }
  if (phase == Phase::Done)
    std::erase_if(seen.jobs, [&](const JobSeen& j) { return j.number == e.job; });
}

// Two sightings that bound one phase tell its duration. A batch tells it once.
void Tracker::learn(const Sighting& from, const Sighting& to) {
  if (from.visit != to.visit || from.out >= 0) return;
  if (from.phase == Phase::Deciding) return;
  const auto duration = static_cast<double>(to.since - from.since);
  const std::uint32_t group = m_.steps[from.step].group;
  const bool first_of_job = [&] {
    if (to.job == None) return true;
    ToolSeen& seen = tools_[to.tool];
    const auto job = std::ranges::find(seen.jobs, to.job, &JobSeen::number);
    if (job == seen.jobs.end()) return true;
    if (job->learnt >= to.phase) return false;
    job->learnt = to.phase;
    return true;
  }();
  if (from.phase == Phase::Moving && to.phase == Phase::Waiting) {
    const std::uint32_t cell = laws_.transport_cell(from.location, m_.groups[group].location);
    if (cell != None) laws_.transport[cell].saw(duration);
  } else if (from.phase == Phase::Waiting &&
             (to.phase == Phase::Entered ||
              (to.phase == Phase::Loading && !m_.groups[group].batch))) {
    const std::size_t q = laws_.queue_of(group, from.priority);
    laws_.wait[q].saw(laws_.clock[q].reading(from.since, to.since, from.ahead));
  } else if (!first_of_job) {
    return;
  } else if (from.phase == Phase::Entered && to.phase == Phase::Loading) {
    laws_.setup[group].saw(duration);
  } else if (from.phase == Phase::Loading && to.phase == Phase::Processing) {
    if (m_.groups[group].slots > 1) laws_.load[group].saw(duration);
  } else if (from.phase == Phase::Processing && to.phase == Phase::Unloading) {
    const double alone = laws_.process_alone_ms(from.step, from.job_wafers);
    if (alone > 0.0) laws_.process[group].saw(duration / alone);
  }
}

// Who waits, and who was seen to start: hot lots count in the queue of all and in their own.
void Tracker::queue(const Sighting& from, Sighting& to) {
  const auto clocks = [&](const Sighting& lot, const auto& tell) {
    const std::uint32_t group = m_.steps[lot.step].group;
    const std::size_t all = 2 * std::size_t{group}, own = laws_.queue_of(group, lot.priority);
    tell(laws_.clock[all]);
    if (own != all) tell(laws_.clock[own]);
  };
  if (from.phase == Phase::Waiting) clocks(from, [](QueueClock& c) { c.left(); });
  if (to.phase == Phase::Waiting) {
    to.ahead = laws_.clock[laws_.queue_of(m_.steps[to.step].group, to.priority)].waiting();
    clocks(to, [](QueueClock& c) { c.joined(); });
  }
  const bool first = from.phase == Phase::Left || from.visit != to.visit || !in_tool(from.phase);
  if (first && in_tool(to.phase) && to.phase != Phase::Unloading)
    clocks(to, [&](QueueClock& c) { c.started(to.since); });
}

// Without numbers: each event after which one of the same lot must follow at once is a trial of the loss. The lots of a
// batch tell for each other, which would make trials depend on one another: batch tools are left out.
void Tracker::count_own(const Sighting& from, const Sighting& to) {
  const bool outside = from.phase == Phase::Moving || from.phase == Phase::Waiting;
  if (outside && !m_.groups[m_.steps[from.step].group].batch) {
    if (to.visit == from.visit && (in_tool(to.phase) || to.phase == Phase::Done))
      ++completeness_.jobs_heard;
    if (to.visit == from.visit + 1 && !in_tool(to.phase) && to.phase != Phase::Done)
      ++completeness_.jobs_unheard;
  }
  if (numbering_ == Numbering::BySource || from.phase == Phase::Deciding) return;
  if (m_.groups[m_.steps[from.step].group].batch) return;
  const bool tools = from.phase == Phase::Loading || from.phase == Phase::Processing ||
                     from.phase == Phase::Unloading;
  if (!tools && from.phase != Phase::Moving) return;
  const bool followed = from.visit == to.visit &&
                        ((from.phase == Phase::Moving && to.phase == Phase::Waiting) ||
                         (from.phase == Phase::Loading && to.phase == Phase::Processing) ||
                         (from.phase == Phase::Processing && to.phase == Phase::Unloading) ||
                         (from.phase == Phase::Unloading && to.phase == Phase::Done));
  Losses& losses = tools ? completeness_.tools : completeness_.fab;
  ++(followed ? losses.seen : losses.lost);
}

}  // namespace twins::fab::track
