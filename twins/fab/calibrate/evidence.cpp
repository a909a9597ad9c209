#include "twins/fab/calibrate/evidence.hpp"

#include <algorithm>

namespace twins::fab::calibrate {

using twin::event::Event;
using twin::event::Kind;

Witness::Witness(const Layout& layout, Tick from) : m_(layout), names_(layout) {
  evidence_.process.resize(m_.groups.size());
  evidence_.time_to_failure.resize(m_.areas.size());
  evidence_.time_to_repair.resize(m_.areas.size());
  evidence_.rework.resize(m_.areas.size());
  evidence_.sampling.resize(m_.areas.size());
  tools_.resize(m_.tools());
  for (ToolSeen& tool : tools_) tool.entered = tool.maintained = from;
  causes_.assign(m_.breakdown_clocks, CauseSeen{from, false});
}

void Witness::saw(const Event& e) {
  ++evidence_.events;
  switch (e.kind) {
    case Kind::BatchFormed:
    case Kind::SetupStarted:
    case Kind::LoadStarted:
      if (e.tool < tools_.size()) tools_[e.tool].entered = e.at;
      return;
    case Kind::ProcessingStarted: return processing_started(e);
    case Kind::ProcessingEnded: return processing_ended(e);
    case Kind::ProcessingSuspended:
      if (e.tool < tools_.size())
        for (JobSeen& job : tools_[e.tool].jobs) job.clean = false;
      return;
    case Kind::Unloaded: return unloaded(e);
    case Kind::ToolDown: return tool_down(e);
    case Kind::ToolUp: return tool_up(e);
    case Kind::PmStarted:
      if (e.tool < tools_.size()) tools_[e.tool].maintenance = e.at;
      return;
    case Kind::PmEnded:
      if (e.tool < tools_.size()) tools_[e.tool].maintained = e.at;
      return;
    case Kind::Moved:
    case Kind::ArrivedAtQueue: return decided(e), transported(e);
    case Kind::SkippedBySampling: return decided(e), performed(e, false);
    case Kind::ReworkDecided:
    case Kind::Finished: return decided(e);
    default: return;
  }
}

std::uint32_t Witness::step_of(const Event& e) const {
  if (e.route >= m_.routes.size() || e.step >= m_.routes[e.route].steps) return None;
  return m_.routes[e.route].first_step + e.step;
}

Witness::LotSeen& Witness::lot(std::uint32_t id) {
  if (id >= lots_.size())
    lots_.resize(std::max<std::size_t>(2 * lots_.size(), id + std::size_t{1}));
  return lots_[id];
}

void Witness::processing_started(const Event& e) {
  const std::uint32_t step = step_of(e);
  if (e.tool >= tools_.size() || step == None) return;
  ToolSeen& tool = tools_[e.tool];
  for (JobSeen& job : tool.jobs)
    if (job.number == e.job) {  // another lot of the batch
      job.wafers += e.wafers;
      return;
    }
  JobSeen& job = tool.jobs[tool.jobs[0].number == None ? 0 : 1];
  // A job that enters slot 1 while the one before still holds slot 2 for long may have to wait there.
  const StepInfo& s = m_.steps[step];
  const bool free =
      s.cascade_ms <= 0.0 || static_cast<double>(tool.process_end - e.at) <= 0.5 * s.cascade_ms;
  const JobSeen& other = tool.jobs[tool.jobs[0].number == None ? 1 : 0];
  const bool behind = s.cascade_ms > 0.0 && other.number != None && other.step != step;
  job = {e.job, e.at, e.wafers, step, free && !behind};
}

void Witness::processing_ended(const Event& e) {
  if (e.tool >= tools_.size()) return;
  ToolSeen& tool = tools_[e.tool];
  for (JobSeen& job : tool.jobs) {
    if (job.number != e.job || job.step == None) continue;
    const StepInfo& s = m_.steps[job.step];
    const double units = s.per == Step::Per::Piece ? job.wafers : 1.0;
    twin::infer::UniformKind kind{s.process_ms * units, s.half_width_ms * units};
    if (s.cascade_ms >
        0.0) {  // p + (n - 1) c, as long as slot 2 is the shorter one; c is rounded wafer by wafer
      kind = {s.process_ms + (units - 1.0) * s.cascade_ms, s.half_width_ms, units - 1.0,
              s.cascade_ms};
      job.clean = job.clean && s.process_ms + s.half_width_ms < 2.0 * s.cascade_ms;
    }
    if (job.clean && kind.half_width > 0.0 && s.law == Duration::Law::Uniform && e.at > job.start)
      evidence_.process[s.group].saw(static_cast<double>(e.at - job.start), kind);
    else
      ++evidence_.left_out;
    tool.process_end = e.at;
    job.step = None;  // told; its other lots end with it
  }
}

void Witness::unloaded(const Event& e) {
  if (e.tool < tools_.size()) {
    ToolSeen& tool = tools_[e.tool];
    tool.left = e.at;
    for (JobSeen& job : tool.jobs)
      if (job.number == e.job) job = {};
    lot(e.lot).at = m_.groups[m_.tool_group[e.tool]].location;
  }
  const std::uint32_t step = step_of(e);
  if (step != None && m_.steps[step].reworked && e.lot != twin::event::None)
    lot(e.lot).decides = step;
}

// What a lot does after a step with rework says how it was decided.
void Witness::decided(const Event& e) {
  if (e.lot >= lots_.size()) return;
  LotSeen& seen = lots_[e.lot];
  if (seen.decides == None) return;
  const StepInfo& s = m_.steps[seen.decides];
  evidence_.rework[m_.groups[s.group].area].saw(e.kind == Kind::ReworkDecided, s.rework);
  seen.decides = None;
}

void Witness::tool_down(const Event& e) {
  if (e.tool >= tools_.size()) return;
  const GroupInfo& group = m_.groups[m_.tool_group[e.tool]];
  const std::uint32_t k = names_.breakdown(group, e.item);
  if (k == None) return;
  CauseSeen& cause = causes_[m_.first_breakdown_clock[e.tool] + k];
  const ToolSeen& tool = tools_[e.tool];
  // A failure waits for the job or the maintenance to end: when that ended just now, it came at some time since its
  // start.
  Tick since = e.at;
  if (tool.left == e.at) since = std::max(tool.entered, cause.since);
  if (tool.maintained == e.at && tool.maintenance >= 0)
    since = std::max(std::min(since, tool.maintenance), cause.since);
  const BreakdownInfo& law = m_.breakdowns[group.first_breakdown + k];
  if (!cause.down && law.time_to_failure.law == Duration::Law::Exponential) {
    const double up = 0.5 * static_cast<double>(since + e.at) - static_cast<double>(cause.since);
    evidence_.time_to_failure[group.area].ended(up / law.time_to_failure.mean_ms);
  }
  cause = {e.at, true};
}

void Witness::tool_up(const Event& e) {
  if (e.tool >= tools_.size()) return;
  const GroupInfo& group = m_.groups[m_.tool_group[e.tool]];
  const std::uint32_t k = names_.breakdown(group, e.item);
  if (k == None) return;
  CauseSeen& cause = causes_[m_.first_breakdown_clock[e.tool] + k];
  const BreakdownInfo& law = m_.breakdowns[group.first_breakdown + k];
  // Down when the log began: the rest of an exponential repair has the law of a whole one.
  if (law.time_to_repair.law == Duration::Law::Exponential)
    evidence_.time_to_repair[group.area].ended(static_cast<double>(e.at - cause.since) /
                                               law.time_to_repair.mean_ms);
  cause = {e.at, false};
}

void Witness::transported(const Event& e) {
  if (e.lot == twin::event::None) return;
  LotSeen& seen = lot(e.lot);
  const std::uint32_t step = step_of(e);
  if (step == None) return;
  if (e.kind == Kind::Moved) {
    seen.moved = e.at;
    seen.from = seen.at;
    seen.to = m_.groups[m_.steps[step].group].location;
    return performed(e, true);
  }
  if (seen.moved < 0 || seen.from == None) return;
  const std::size_t cell = seen.from * m_.locations.size() + seen.to;
  const Tick took = e.at - seen.moved;
  seen.moved = -1;
  if (m_.transport_given[cell] == 0) return;
  const Duration& d = m_.transport[cell];
  if (d.law == Duration::Law::Uniform && d.half_width_ms > 0.0 && took > 0)
    evidence_.transport.saw(static_cast<double>(took), {d.mean_ms, d.half_width_ms});
}

void Witness::performed(const Event& e, bool yes) {
  const std::uint32_t step = step_of(e);
  if (step == None || !m_.steps[step].sampled || !(m_.steps[step].sampling > 0.0)) return;
  evidence_.sampling[m_.groups[m_.steps[step].group].area].saw(yes, m_.steps[step].sampling);
}

Evidence Witness::evidence(Tick until) const {
  Evidence all = evidence_;
  for (std::uint32_t t = 0; t < m_.tools(); ++t) {
    const GroupInfo& group = m_.groups[m_.tool_group[t]];
    for (std::uint32_t k = 0; k < group.breakdowns; ++k) {
      const CauseSeen& cause = causes_[m_.first_breakdown_clock[t] + k];
      const BreakdownInfo& law = m_.breakdowns[group.first_breakdown + k];
      const Duration& d = cause.down ? law.time_to_repair : law.time_to_failure;
      if (d.law != Duration::Law::Exponential || until <= cause.since) continue;
      (cause.down ? all.time_to_repair : all.time_to_failure)[group.area].under_way(
          static_cast<double>(until - cause.since) / d.mean_ms);
    }
  }
  return all;
}

}  // namespace twins::fab::calibrate
