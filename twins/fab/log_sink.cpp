#include "twins/fab/log_sink.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "twin/core/expect.hpp"

namespace twins::fab {

using twin::event::Event;
using twin::event::Kind;
using twin::event::Unit;

namespace {

constexpr std::size_t BatchEvents = 4096;

LogCursor fresh_cursor(const Layout& m, const State& x) {
  LogCursor c;
  c.source_seq.assign(m.tools() + 1, 0);
  c.job_number.assign(m.tools(), {None, None});
  std::uint64_t jobs = 0;
  for (const GroupTally& g : x.group_tally) jobs += g.jobs;
  c.next_job = static_cast<std::uint32_t>(jobs);
  for (std::uint32_t t = 0; t < m.tools(); ++t)
    for (std::size_t e = 0; e < 2; ++e)
      if (x.tools[t].jobs[e].first_lot != None) c.job_number[t][e] = c.next_job++;
  return c;
}

}  // namespace

LogSink::LogSink(const Layout& layout, const State& x, Receive receive)
    : LogSink(layout, x, std::move(receive), fresh_cursor(layout, x)) {}

LogSink::LogSink(const Layout& layout, const State& x, Receive receive, LogCursor cursor)
    : m_(layout), names_(layout), receive_(std::move(receive)), cursor_(std::move(cursor)) {
  TWIN_EXPECT(receive_ != nullptr);
  TWIN_EXPECT(cursor_.source_seq.size() == m_.tools() + 1, cursor_.source_seq.size(), m_.tools());
  TWIN_EXPECT(cursor_.job_number.size() == m_.tools(), cursor_.job_number.size(), m_.tools());
  stamps_.assign(m_.tools(), 0);
  for (std::uint32_t p = 0; p < m_.description.products.size(); ++p)
    priority_.push_back(usual_priority(m_, p));
  batch_.resize(BatchEvents);
  marks_.reserve(8 * static_cast<std::size_t>(m_.tools()));
  for (std::uint32_t t = 0; t < m_.tools(); ++t) {
    if (x.tools[t].breakdowns != 0) continue;  // its jobs are suspended
    for (std::uint32_t e = 0; e < 2; ++e)
      if (x.tools[t].jobs[e].first_lot != None) wait_for_phases(x, t, e);
  }
}

void LogSink::pause(const State& x) {
  tell_until(x, x.now);
  hand_over();
}

void LogSink::hand_over() {
  if (held_ != 0) receive_(std::span<const Event>(batch_.data(), held_));
  held_ = 0;
}

// Of equal times the lower tool first, then the slot of entry, then the phase: an order that a
// State alone decides, so that a log taken up again goes on alike.
bool LogSink::later(const Mark& a, const Mark& b) {
  return std::tie(a.at, a.tool, a.entry, a.phase) > std::tie(b.at, b.tool, b.entry, b.phase);
}

void LogSink::wait_for(std::uint32_t t, std::uint32_t entry, Phase phase, Tick at) {
  marks_.push_back({at, t, stamps_[t], static_cast<std::uint8_t>(entry), phase});
  std::push_heap(marks_.begin(), marks_.end(), later);
}

void LogSink::wait_for_phases(const State& x, std::uint32_t t, std::uint32_t entry) {
  const Job& job = x.tools[t].jobs[entry];
  if (job.setup_start > x.now && job.setup_end > job.setup_start)
    wait_for(t, entry, Phase::Setup, job.setup_start);
  if (job.setup_end > x.now) wait_for(t, entry, Phase::Load, job.setup_end);
  if (job.process_start > x.now) wait_for(t, entry, Phase::Process, job.process_start);
  if (job.process_end > x.now) wait_for(t, entry, Phase::ProcessEnd, job.process_end);
}

void LogSink::tell_until(const State& x, Tick until) {
  while (!marks_.empty() && marks_.front().at <= until) {
    const Mark mark = marks_.front();
    std::pop_heap(marks_.begin(), marks_.end(), later);
    marks_.pop_back();
    if (mark.stamp == stamps_[mark.tool]) put_phase(x, mark.tool, mark.entry, mark.phase, mark.at);
  }
}

Event& LogSink::put(Kind kind, Tick at, std::uint32_t source) {
  if (held_ == BatchEvents) hand_over();
  Event& e = batch_[held_++];
  e = Event{};
  e.at = e.arrived = at;
  e.kind = kind;
  e.source = source;
  e.source_seq = cursor_.source_seq[source]++;
  return e;
}

Event& LogSink::put_lot(const State& x, std::uint32_t slot, Kind kind, Tick at,
                        std::uint32_t source) {
  Event& e = put(kind, at, source);
  const Lot& lot = x.lots[slot];
  const StepInfo& step = m_.steps[lot.step];
  e.lot = lot.id;
  e.wafers = lot.wafers;
  e.route = step.route;
  e.step = step.index;
  e.visit = lot.visit - 1;  // None before the first
  return e;
}

void LogSink::put_job(const State& x, std::uint32_t t, std::uint32_t entry, Kind kind, Tick at) {
  for (std::uint32_t l = x.tools[t].jobs[entry].first_lot; l != None; l = x.lots[l].next) {
    Event& e = put_lot(x, l, kind, at, EventNames::source_of(t));
    e.tool = t;
    e.job = cursor_.job_number[t][entry];
  }
}

void LogSink::put_phase(const State& x, std::uint32_t t, std::uint32_t entry, Phase phase,
                        Tick at) {
  switch (phase) {
    case Phase::Setup: {  // the tool's, so one for the job: its first lot stands for it
      const Job& job = x.tools[t].jobs[entry];
      Event& e = put_lot(x, job.first_lot, Kind::SetupStarted, at, EventNames::source_of(t));
      e.tool = t;
      e.job = cursor_.job_number[t][entry];
      e.item = names_.setup_item[m_.steps[job.step].setup];
      return;
    }
    case Phase::Load: return put_job(x, t, entry, Kind::LoadStarted, at);
    case Phase::Process: return put_job(x, t, entry, Kind::ProcessingStarted, at);
    case Phase::ProcessEnd: return put_job(x, t, entry, Kind::ProcessingEnded, at);
  }
}

void LogSink::put_tool(const State& x, std::uint32_t t, Kind kind, std::uint32_t item) {
  tell_until(x, x.now);
  Event& e = put(kind, x.now, EventNames::source_of(t));
  e.tool = t;
  e.item = item;
}

void LogSink::released(const Layout& m, const State& x, std::uint32_t slot) {
  tell_until(x, x.now);
  const Lot& lot = x.lots[slot];
  const std::uint32_t product = m.classes[lot.lot_class].product;
  Event& e = put_lot(x, slot, Kind::LotReleased, x.now, EventNames::Fab);
  e.item = names_.product_item[product];
  e.value = static_cast<double>(lot.due);
  e.unit = Unit::Tick;
  if (lot.priority != priority_[product]) priority_changed(x, slot);
}

void LogSink::skipped(const Layout& m, const State& x, std::uint32_t slot, std::uint32_t step) {
  tell_until(x, x.now);
  put_lot(x, slot, Kind::SkippedBySampling, x.now, EventNames::Fab).step = m.steps[step].index;
}

void LogSink::moved(const Layout& m, const State& x, std::uint32_t slot, Tick) {
  tell_until(x, x.now);
  Event& e = put_lot(x, slot, Kind::Moved, x.now, EventNames::Fab);
  e.item = names_.group_item[m.steps[x.lots[slot].step].group];
}

void LogSink::arrived(const Layout&, const State& x, std::uint32_t slot) {
  tell_until(x, x.now);
  put_lot(x, slot, Kind::ArrivedAtQueue, x.now, EventNames::Fab);
}

void LogSink::held(const Layout&, const State& x, std::uint32_t slot) {
  tell_until(x, x.now);
  put_lot(x, slot, Kind::Held, x.now, EventNames::Fab);
}

void LogSink::started(const Layout& m, const State& x, std::uint32_t t, std::uint32_t entry,
                      bool changed) {
  tell_until(x, x.now);
  const Job& job = x.tools[t].jobs[entry];
  const StepInfo& step = m.steps[job.step];
  cursor_.job_number[t][entry] = cursor_.next_job++;
  if (m.groups[step.group].batch || job.setup_start > x.now)
    put_job(x, t, entry, Kind::BatchFormed, x.now);
  if (job.setup_start <= x.now && (changed || (step.setup != None && step.setup_always)))
    put_phase(x, t, entry, Phase::Setup, x.now);
  if (job.setup_end <= x.now) put_phase(x, t, entry, Phase::Load, x.now);
  if (job.process_start <= x.now) put_phase(x, t, entry, Phase::Process, x.now);
  if (job.process_end <= x.now) put_phase(x, t, entry, Phase::ProcessEnd, x.now);
  wait_for_phases(x, t, entry);
}

void LogSink::ended(const Layout&, const State& x, std::uint32_t t, std::uint32_t entry) {
  tell_until(x, x.now);
  put_job(x, t, entry, Kind::Unloaded, x.now);
  cursor_.job_number[t][entry] = None;
}

void LogSink::reworked(const Layout& m, const State& x, std::uint32_t slot, std::uint32_t next) {
  tell_until(x, x.now);
  put_lot(x, slot, Kind::ReworkDecided, x.now, EventNames::Fab).value = m.steps[next].index;
}

void LogSink::finished(const Layout&, const State& x, std::uint32_t slot) {
  tell_until(x, x.now);
  put_lot(x, slot, Kind::Finished, x.now, EventNames::Fab);
}

namespace {

// People who take a tool down name no cause.
std::uint32_t cause_of(const EventNames& names, const Layout& m, std::uint32_t t, std::uint32_t k) {
  return k == None ? None : names.breakdown_item[m.groups[m.tool_group[t]].first_breakdown + k];
}

}  // namespace

void LogSink::went_down(const Layout& m, const State& x, std::uint32_t t, std::uint32_t k) {
  put_tool(x, t, Kind::ToolDown, cause_of(names_, m, t, k));
  if (x.tools[t].breakdowns != 1) return;  // stood already
  ++stamps_[t];                            // nothing goes on until the tool is up
  for (std::uint32_t e = 0; e < 2; ++e) put_job(x, t, e, Kind::ProcessingSuspended, x.now);
}

void LogSink::came_up(const Layout& m, const State& x, std::uint32_t t, std::uint32_t k) {
  put_tool(x, t, Kind::ToolUp, cause_of(names_, m, t, k));
  if (x.tools[t].breakdowns != 0) return;
  for (std::uint32_t e = 0; e < 2; ++e) {
    if (x.tools[t].jobs[e].first_lot == None) continue;
    put_job(x, t, e, Kind::ProcessingResumed, x.now);
    wait_for_phases(x, t, e);
  }
}

void LogSink::pm_due(const Layout& m, const State& x, std::uint32_t t, std::uint32_t k) {
  put_tool(x, t, Kind::PmDue, names_.pm_item[m.groups[m.tool_group[t]].first_pm + k]);
}

void LogSink::pm_started(const Layout& m, const State& x, std::uint32_t t, std::uint32_t k) {
  put_tool(x, t, Kind::PmStarted, names_.pm_item[m.groups[m.tool_group[t]].first_pm + k]);
}

void LogSink::pm_ended(const Layout& m, const State& x, std::uint32_t t, std::uint32_t k) {
  put_tool(x, t, Kind::PmEnded, names_.pm_item[m.groups[m.tool_group[t]].first_pm + k]);
}

void LogSink::released_from_hold(const State& x, std::uint32_t slot) {
  tell_until(x, x.now);
  put_lot(x, slot, Kind::ReleasedFromHold, x.now, EventNames::Fab);
}

void LogSink::priority_changed(const State& x, std::uint32_t slot) {
  tell_until(x, x.now);
  put_lot(x, slot, Kind::PriorityChanged, x.now, EventNames::Fab).value = x.lots[slot].priority;
}

void LogSink::split(const State& x, std::uint32_t slot, std::uint32_t child_slot) {
  tell_until(x, x.now);
  Event& e = put_lot(x, slot, Kind::Split, x.now, EventNames::Fab);
  e.item = x.lots[child_slot].id;
  e.wafers = x.lots[child_slot].wafers;
}

void LogSink::merged(const State& x, std::uint32_t slot, std::uint32_t other_id,
                     std::uint32_t wafers) {
  tell_until(x, x.now);
  Event& e = put_lot(x, slot, Kind::Merged, x.now, EventNames::Fab);
  e.item = other_id;
  e.wafers = wafers;
}

void LogSink::recipe_changed(const State& x, std::uint32_t t, double percent) {
  tell_until(x, x.now);
  Event& e = put(Kind::RecipeChanged, x.now, EventNames::source_of(t));
  e.tool = t;
  e.value = percent;
  e.unit = Unit::Percent;
}

void LogSink::scrapped(const State& x, std::uint32_t slot) {
  tell_until(x, x.now);
  put_lot(x, slot, Kind::Scrapped, x.now, EventNames::Fab);
}

}  // namespace twins::fab
