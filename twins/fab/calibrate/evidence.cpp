#include "twins/fab/calibrate/evidence.hpp"

#include <algorithm>
#include <utility>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"

namespace twins::fab::calibrate {

using twin::event::Event;
using twin::event::Kind;

void RatioSums::saw(double t, double y, double weight) {
  n += 1.0;
  w += weight;
  const double of_y = weight * y, of_t = weight * t;
  wy += of_y;
  wyy += of_y * y;
  wt += of_t;
  wtt += of_t * t;
  wty += of_t * y;
}

Window::Window(std::size_t groups, std::size_t areas)
    : process(groups),
      process_course(groups),
      time_to_failure(groups),
      time_to_repair(groups),
      rework(areas),
      sampling(areas) {}

void Window::include(const Window& other) {
  for (std::size_t g = 0; g < process.size(); ++g) {
    process[g].include(other.process[g]);
    time_to_failure[g].include(other.time_to_failure[g]);
    time_to_repair[g].include(other.time_to_repair[g]);
  }
  for (std::size_t a = 0; a < rework.size(); ++a) {
    rework[a].include(other.rework[a]);
    sampling[a].include(other.sampling[a]);
  }
  transport.include(other.transport);
}

Witness::Witness(const Layout& layout, Tick from, Tick window) : m_(layout), names_(layout) {
  seen_.window_end = from;
  TWIN_EXPECT(window > 0, window);
  seen_.evidence.from = from;
  seen_.evidence.window = window;
  seen_.tools.resize(m_.tools());
  for (ToolSeen& tool : seen_.tools) tool.entered = tool.maintained = from;
  seen_.causes.assign(m_.breakdown_clocks, CauseSeen{from, false});
}

void Witness::restore(Memory memory) {
  const bool fits = memory.tools.size() == m_.tools() &&
                    memory.causes.size() == m_.breakdown_clocks && memory.evidence.window > 0 &&
                    std::ranges::all_of(memory.evidence.windows, [&](const Window& w) {
                      return w.process.size() == m_.groups.size() &&
                             w.process_course.size() == w.process.size() &&
                             w.time_to_failure.size() == w.process.size() &&
                             w.time_to_repair.size() == w.process.size() &&
                             w.rework.size() == m_.areas.size() &&
                             w.sampling.size() == w.rework.size();
                    });
  if (!fits) throw twin::core::Error("what was learnt is of another fab than this one");
  seen_ = std::move(memory);
}

// What began before the log counts to its first window.
Window& Witness::window_of(Tick at) {
  while (at >= seen_.window_end || seen_.evidence.windows.empty()) {
    seen_.evidence.windows.emplace_back(m_.groups.size(), m_.areas.size());
    seen_.window_end += seen_.evidence.window;
  }
  if (at >= seen_.window_end - seen_.evidence.window) return seen_.evidence.windows.back();
  const Tick since = std::max<Tick>(at - seen_.evidence.from, 0);
  return seen_.evidence.windows[static_cast<std::size_t>(since / seen_.evidence.window)];
}

void Witness::saw(const Event& e) {
  ++seen_.evidence.events;
  switch (e.kind) {
    case Kind::BatchFormed:
    case Kind::SetupStarted:
    case Kind::LoadStarted:
      if (e.tool < seen_.tools.size()) seen_.tools[e.tool].entered = e.at;
      return;
    case Kind::ProcessingStarted: return processing_started(e);
    case Kind::ProcessingEnded: return processing_ended(e);
    case Kind::ProcessingSuspended:
      if (e.tool < seen_.tools.size())
        for (JobSeen& job : seen_.tools[e.tool].jobs) job.clean = false;
      return;
    case Kind::Unloaded: return unloaded(e);
    case Kind::ToolDown: return tool_down(e);
    case Kind::ToolUp: return tool_up(e);
    case Kind::PmStarted:
      if (e.tool < seen_.tools.size()) seen_.tools[e.tool].maintenance = e.at;
      return;
    case Kind::PmEnded:
      if (e.tool < seen_.tools.size()) seen_.tools[e.tool].maintained = e.at;
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
  if (id >= seen_.lots.size())
    seen_.lots.resize(std::max<std::size_t>(2 * seen_.lots.size(), id + std::size_t{1}));
  return seen_.lots[id];
}

void Witness::processing_started(const Event& e) {
  const std::uint32_t step = step_of(e);
  if (e.tool >= seen_.tools.size() || step == None) return;
  ToolSeen& tool = seen_.tools[e.tool];
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

std::optional<Witness::Told> Witness::would_tell(const Event& e) const {
  if (e.kind != Kind::ProcessingEnded || e.tool >= seen_.tools.size()) return {};
  for (const JobSeen& job : seen_.tools[e.tool].jobs) {
    if (job.number != e.job || job.step == None) continue;
    const StepInfo& s = m_.steps[job.step];
    const double units = s.per == Step::Per::Piece ? job.wafers : 1.0;
    twin::bayes::UniformKind kind{s.process_ms * units, s.half_width_ms * units};
    bool clean = job.clean;
    if (s.cascade_ms >
        0.0) {  // p + (n - 1) c, as long as slot 2 is the shorter one; c is rounded wafer by wafer
      kind = {s.process_ms + (units - 1.0) * s.cascade_ms, s.half_width_ms, units - 1.0,
              s.cascade_ms};
      clean = clean && s.process_ms + s.half_width_ms < 2.0 * s.cascade_ms;
    }
    if (!(clean && kind.half_width > 0.0 && s.law == Duration::Law::Uniform && e.at > job.start))
      return {};
    return Told{e.tool, job.step, job.start, static_cast<double>(e.at - job.start), kind};
  }
  return {};
}

void Witness::leave_out(std::uint32_t tool) {
  if (tool >= seen_.tools.size()) return;
  for (JobSeen& job : seen_.tools[tool].jobs) job.clean = false;
}

void Witness::processing_ended(const Event& e) {
  if (e.tool >= seen_.tools.size()) return;
  const std::optional<Told> tells = would_tell(e);
  ToolSeen& tool = seen_.tools[e.tool];
  for (JobSeen& job : tool.jobs) {
    if (job.number != e.job || job.step == None) continue;
    if (tells)
      told(m_.steps[job.step].group, tells->start, tells->duration, tells->kind);
    else
      ++seen_.evidence.left_out;
    tool.process_end = e.at;
    job.step = None;  // told; its other lots end with it
  }
}

void Witness::unloaded(const Event& e) {
  if (e.tool < seen_.tools.size()) {
    ToolSeen& tool = seen_.tools[e.tool];
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
  if (e.lot >= seen_.lots.size()) return;
  LotSeen& seen = seen_.lots[e.lot];
  if (seen.decides == None) return;
  const StepInfo& s = m_.steps[seen.decides];
  window_of(e.at).rework[m_.groups[s.group].area].saw(e.kind == Kind::ReworkDecided, s.rework);
  seen.decides = None;
}

void Witness::tool_down(const Event& e) {
  if (e.tool >= seen_.tools.size()) return;
  const GroupInfo& group = m_.groups[m_.tool_group[e.tool]];
  const std::uint32_t k = names_.breakdown(group, e.item);
  if (k == None) return;
  CauseSeen& cause = seen_.causes[m_.first_breakdown_clock[e.tool] + k];
  const ToolSeen& tool = seen_.tools[e.tool];
  // A failure waits for the job or the maintenance to end: when that ended just now, it came at some time since its
  // start.
  Tick since = e.at;
  if (tool.left == e.at) since = std::max(tool.entered, cause.since);
  if (tool.maintained == e.at && tool.maintenance >= 0)
    since = std::max(std::min(since, tool.maintenance), cause.since);
  const BreakdownInfo& law = m_.breakdowns[group.first_breakdown + k];
  if (!cause.down && law.time_to_failure.law == Duration::Law::Exponential) {
    const double up = 0.5 * static_cast<double>(since + e.at) - static_cast<double>(cause.since);
    window_of(cause.since)
        .time_to_failure[m_.tool_group[e.tool]]
        .ended(up / law.time_to_failure.mean_ms);
  }
  cause = {e.at, true};
}

void Witness::tool_up(const Event& e) {
  if (e.tool >= seen_.tools.size()) return;
  const GroupInfo& group = m_.groups[m_.tool_group[e.tool]];
  const std::uint32_t k = names_.breakdown(group, e.item);
  if (k == None) return;
  CauseSeen& cause = seen_.causes[m_.first_breakdown_clock[e.tool] + k];
  const BreakdownInfo& law = m_.breakdowns[group.first_breakdown + k];
  // Down when the log began: the rest of an exponential repair has the law of a whole one.
  if (law.time_to_repair.law == Duration::Law::Exponential)
    window_of(cause.since)
        .time_to_repair[m_.tool_group[e.tool]]
        .ended(static_cast<double>(e.at - cause.since) / law.time_to_repair.mean_ms);
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
    told(None, e.at - took, static_cast<double>(took), {d.mean_ms, d.half_width_ms});
}

void Witness::performed(const Event& e, bool yes) {
  const std::uint32_t step = step_of(e);
  if (step == None || !m_.steps[step].sampled || !(m_.steps[step].sampling > 0.0)) return;
  window_of(e.at).sampling[m_.groups[m_.steps[step].group].area].saw(yes, m_.steps[step].sampling);
}

// A duration of a tool group's process, or of transport (None), that began at `start`.
void Witness::told(std::uint32_t group, Tick start, double duration,
                   const twin::bayes::UniformKind& kind) {
  Window& window = window_of(start);
  const double ratio = kind.nominal / kind.half_width;
  const double t =
      static_cast<double>(start - seen_.evidence.from) / static_cast<double>(seen_.evidence.window);
  (group == None ? window.transport : window.process[group]).saw(duration, kind);
  (group == None ? window.transport_course : window.process_course[group])
      .saw(t, duration / kind.nominal - 1.0, 3.0 * ratio * ratio);
}

Evidence Witness::evidence(Tick until) const {
  Evidence all = seen_.evidence;
  all.until = until;
  if (all.windows.empty()) all.windows.emplace_back(m_.groups.size(), m_.areas.size());
  const auto window_at = [&](Tick at) -> Window& {
    const auto place = static_cast<std::size_t>(std::max<Tick>(at - all.from, 0) / all.window);
    return all.windows[std::min(place, all.windows.size() - 1)];
  };
  for (std::uint32_t t = 0; t < m_.tools(); ++t) {
    const std::uint32_t g = m_.tool_group[t];
    const GroupInfo& group = m_.groups[g];
    for (std::uint32_t k = 0; k < group.breakdowns; ++k) {
      const CauseSeen& cause = seen_.causes[m_.first_breakdown_clock[t] + k];
      const BreakdownInfo& law = m_.breakdowns[group.first_breakdown + k];
      const Duration& d = cause.down ? law.time_to_repair : law.time_to_failure;
      if (d.law != Duration::Law::Exponential || until <= cause.since) continue;
      Window& window = window_at(cause.since);
      ++all.under_way;
      (cause.down ? window.time_to_repair : window.time_to_failure)[g].under_way(
          static_cast<double>(until - cause.since) / d.mean_ms);
    }
  }
  Window sum(m_.groups.size(), m_.areas.size());
  for (const Window& window : all.windows) sum.include(window);
  all.time_to_failure.resize(m_.areas.size());
  all.time_to_repair.resize(m_.areas.size());
  for (std::uint32_t g = 0; g < m_.groups.size(); ++g) {
    all.time_to_failure[m_.groups[g].area].include(sum.time_to_failure[g]);
    all.time_to_repair[m_.groups[g].area].include(sum.time_to_repair[g]);
  }
  all.process = std::move(sum.process);
  all.rework = std::move(sum.rework);
  all.sampling = std::move(sum.sampling);
  all.transport = std::move(sum.transport);
  return all;
}

}  // namespace twins::fab::calibrate
