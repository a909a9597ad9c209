#include "twins/fab/track/tracker.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "twin/core/expect.hpp"
#include "twins/fab/subject.hpp"

namespace twins::fab::track {

using twin::event::Event;
using twin::event::Kind;

namespace {

constexpr std::uint32_t TrackerWafersMax = 1'000'000;

// The order of a visit's phases. What is decided after a step belongs to its visit, so Done comes last.
int rank(Phase phase) {
  switch (phase) {
    case Phase::Deciding: return 0;
    case Phase::Moving: return 1;
    case Phase::Waiting:
    case Phase::Held: return 2;
    case Phase::Entered: return 3;
    case Phase::Loading: return 4;
    case Phase::Processing: return 5;
    case Phase::Unloading: return 6;
    case Phase::Done: return 7;
    case Phase::Left: return 8;
  }
  return 0;
}

}  // namespace

std::string_view to_string(Phase phase) {
  switch (phase) {
    case Phase::Done: return "step done";
    case Phase::Deciding: return "between steps";
    case Phase::Moving: return "moving";
    case Phase::Waiting: return "waiting";
    case Phase::Entered: return "setup";
    case Phase::Loading: return "loading";
    case Phase::Processing: return "processing";
    case Phase::Unloading: return "unloading";
    case Phase::Held: return "held";
    case Phase::Left: return "left";
  }
  return "";
}

Tracker::Tracker(const Layout& layout, std::vector<double> theta, Numbering numbering)
    : m_(layout),
      names_(layout),
      laws_(layout, std::move(theta)),
      numbering_(numbering),
      counters_(std::size_t{layout.tools()} + 1),
      tools_(layout.tools()) {
  product_of_route_.assign(m_.routes.size(), None);
  std::vector<std::uint32_t> products(m_.routes.size(), 0);
  for (std::uint32_t p = 0; p < m_.description.products.size(); ++p) {
    priority_.push_back(usual_priority(m_, p));
    const std::uint32_t route = m_.description.products[p].route;
    product_of_route_[route] = ++products[route] == 1 ? p : None;
  }
}

std::uint32_t Tracker::find(std::uint32_t lot) const {
  const auto found = index_.find(lot);
  return found == index_.end() ? None : found->second;
}

std::uint32_t Tracker::add(const Sighting& lot) {
  const auto index = static_cast<std::uint32_t>(lots_.size());
  lots_.push_back(lot);
  own_.push_back(false);
  dedication_.resize(dedication_.size() + m_.dedication_slots, None);
  index_.emplace(lot.lot, index);
  return index;
}

void Tracker::begin(const State& x) {
  TWIN_EXPECT(lots_.empty() && now_ == 0, lots_.size(), now_);
  now_ = x.now;
  for (std::uint32_t slot = 0; slot < x.lots.size(); ++slot) {
    const Lot& lot = x.lots[slot];
    if (lot.place == LotPlace::Free || lot.place == LotPlace::Finished) continue;
    Sighting s;
    s.since = s.inside = lot.since;
    s.lot = lot.id;
    s.route = m_.steps[lot.step].route;
    s.step = lot.step;
    s.visit = lot.visit;
    s.location = lot.location;
    s.wafers = s.job_wafers = lot.wafers;
    s.product = m_.classes[lot.lot_class].product;
    s.priority = lot.priority;
    s.release = lot.release;
    s.due = lot.due;
    s.phase = lot.place == LotPlace::Moving   ? Phase::Moving
              : lot.place == LotPlace::Queued ? Phase::Waiting
              : lot.place == LotPlace::Held   ? Phase::Held
                                              : Phase::Entered;
    Sighting unborn;
    unborn.phase = Phase::Left;
    queue(unborn, s);
    const std::uint32_t index = add(s);
    for (std::uint32_t d = 0; d < m_.dedication_slots; ++d)
      dedication_[std::size_t{index} * m_.dedication_slots + d] =
          x.dedication[std::size_t{slot} * m_.dedication_slots + d];
  }
  for (std::uint32_t t = 0; t < x.tools.size(); ++t) {
    const Tool& tool = x.tools[t];
    ToolSeen& seen = tools_[t];
    seen.setup = tool.setup;
    if (tool.breakdowns != 0 || tool.pm != 0xff) {
      seen.mode = tool.breakdowns != 0 ? ToolSeen::Mode::Down : ToolSeen::Mode::Pm;
      seen.since = tool.stopped_at;
      seen.cause = tool.breakdowns != 0 ? None : tool.pm;
    }
    for (const Job& job : tool.jobs) {
      for (std::uint32_t l = job.first_lot; l != None; l = x.lots[l].next) {
        Sighting& s = lots_[find(x.lots[l].id)];
        s.tool = t;
        s.job_wafers = job.wafers;
        const std::pair<Phase, Tick> phases[] = {{Phase::Loading, job.setup_end},
                                                 {Phase::Processing, job.process_start},
                                                 {Phase::Unloading, job.process_end}};
        for (const auto& [phase, at] : phases)
          if (at <= x.now) s.phase = phase, s.since = s.inside = at;
      }
    }
  }
}

Heard Tracker::saw(const Event& e) {
  const auto said = [&](Heard heard) {
    ++completeness_.heard[static_cast<std::size_t>(heard)];
    return heard;
  };
  if (e.at > LastTick || e.at < 0) return said(Heard::BadTime);
  if (e.at < now_) return said(Heard::Late);
  Continuity tool = Continuity::Broken;
  if (numbering_ == Numbering::BySource) {
    std::uint64_t lost = 0;
    const auto order = counters_.follow(e, lost);
    if (order == SourceCounters::Order::Repeated) return said(Heard::Repeated);
    hear(e, lost);
    if (order == SourceCounters::Order::Next && e.tool < m_.tools() &&
        e.source == EventNames::source_of(e.tool))
      tool = Continuity::Whole;
  }
  if (numbering_ == Numbering::None) hear(e, 0);
  const Subject subject = subject_of(e.kind);
  if (subject == Subject::Nothing) return said(Heard::NotAMove);
  if (subject != Subject::Lot && e.tool >= m_.tools()) return said(Heard::UnknownTool);
  const Heard heard = subject == Subject::Tool ? tool_event(e, tool) : lot_event(e, tool);
  if (heard == Heard::Taken) now_ = e.at;
  return said(heard);
}

void Tracker::hear(const Event& e, std::uint64_t lost) {
  const bool fab = e.source == EventNames::Fab;
  Losses& losses = fab ? completeness_.fab : completeness_.tools;
  const std::uint64_t outages = losses.in_outages;
  if (numbering_ == Numbering::BySource) {
    ++losses.seen;
    if (lost != 0) losses.gap(lost);
  }
  if (e.tool < m_.tools()) tools_[e.tool].heard = e.at;
  if (!fab) return;
  const bool out =
      numbering_ == Numbering::BySource ? losses.in_outages != outages : fab_is_out(e.at);
  if (out) fab_outages_.push_back({fab_heard_, e.at});
  if (fab_events_++ == 0) fab_first_ = e.at;
  fab_heard_ = e.at;
}

// Events come in swarms, so the silence must be long.
bool Tracker::fab_is_out(Tick at) const {
  constexpr std::uint64_t Enough = 1000;  // [events] before their rate is believed
  constexpr double Swarms = 100.0;        // [mean times between events]
  if (fab_events_ < Enough) return false;
  const double interval =
      static_cast<double>(fab_heard_ - fab_first_) / static_cast<double>(fab_events_);
  return static_cast<double>(at - fab_heard_) > Swarms * interval;
}

// Where the event puts the lot; `next` comes in as the lot was known and goes out as it is known now.
Heard Tracker::place(const Event& e, std::uint32_t index, std::uint32_t step,
                     Sighting& next) const {
  const bool known = index != None;
  const std::uint32_t visit = e.visit == None && known && e.kind != Kind::LotReleased
                                  ? next.visit + (step != next.step ? 1U : 0U)
                                  : e.visit + 1;
  const bool same_visit = known && visit == next.visit;
  Phase phase = next.phase;
  std::uint32_t to = step;
  switch (e.kind) {
    case Kind::LotReleased: phase = Phase::Deciding; break;
    case Kind::SkippedBySampling: phase = Phase::Deciding, to = step + 1; break;
    case Kind::Moved: phase = Phase::Moving; break;
    case Kind::ArrivedAtQueue: phase = Phase::Waiting; break;
    case Kind::BatchFormed:
    case Kind::SetupStarted: phase = Phase::Entered; break;
    case Kind::LoadStarted: phase = Phase::Loading; break;
    case Kind::ProcessingSuspended:
    case Kind::ProcessingResumed:
      if (same_visit && in_tool(phase)) return Heard::Taken;
      phase = Phase::Processing;
      break;
    case Kind::ProcessingStarted: phase = Phase::Processing; break;
    case Kind::ProcessingEnded: phase = Phase::Unloading; break;
    case Kind::Unloaded: phase = Phase::Done; break;
    case Kind::ReworkDecided: {
      const RouteInfo& route = m_.routes[m_.steps[step].route];
      if (!(e.value >= 0.0 && e.value < route.steps) || e.value != std::floor(e.value))
        return Heard::BadValue;
      phase = Phase::Deciding;
      to = route.first_step + static_cast<std::uint32_t>(e.value);
      break;
    }
    case Kind::Finished:
    case Kind::Scrapped: phase = Phase::Left; break;
    case Kind::Held:
      if (same_visit && phase != Phase::Waiting)
        return Heard::Taken;  // asked for; held when it comes
      phase = Phase::Held;
      break;
    case Kind::ReleasedFromHold:
      if (same_visit && phase != Phase::Held) return Heard::Taken;
      phase = Phase::Waiting;
      break;
    default:  // of its priority, a split, a merge: it is at this step
      if (same_visit) return Heard::Taken;
      phase = visit == 0 ? Phase::Deciding : Phase::Waiting;
  }
  if (known) {
    if (visit < next.visit) return Heard::OutOfOrder;
    const bool told = phase == next.phase && (phase == Phase::Entered || !own_[index]);
    if (same_visit && told)
      return Heard::Taken;  // by the setup's event, or by another lot of its job
    const bool decided = next.phase == Phase::Deciding && e.kind != Kind::ReworkDecided &&
                         e.kind != Kind::SkippedBySampling;  // has done with its visit
    const bool ends = phase == Phase::Left || e.kind == Kind::ReworkDecided;
    const bool taken_back = phase == Phase::Waiting && next.phase == Phase::Held;
    if (same_visit && !ends && !taken_back &&
        (rank(phase) <= rank(next.phase) || (decided && visit != 0)) &&
        !(phase == Phase::Held && next.phase == Phase::Waiting))
      return Heard::OutOfOrder;
  }
  next.phase = phase;
  next.step = to;
  next.visit = visit;
  next.since = next.inside = e.at;
  next.out = -1;
  next.tool = in_tool(phase) ? e.tool : None;
  next.job = in_tool(phase) ? e.job : None;
  if (phase == Phase::Done || in_tool(phase)) {
    const std::uint32_t here = m_.groups[m_.steps[step].group].location;
    if (phase == Phase::Done) next.location = here;
  } else if (phase == Phase::Moving || phase == Phase::Deciding) {
    const std::uint32_t first = m_.routes[m_.steps[step].route].first_step;
    if (e.kind == Kind::ReworkDecided) next.location = m_.groups[m_.steps[step].group].location;
    if (next.location == None && step != first && visit != 0)  // the step before was not heard of
      next.location = m_.groups[m_.steps[step - 1].group].location;
  }
  return Heard::Taken;
}

Heard Tracker::lot_event(const Event& e, Continuity tool) {
  if (e.lot == None) return Heard::UnknownLot;
  if (e.wafers > TrackerWafersMax) return Heard::BadValue;
  std::uint32_t index = find(e.lot);
  if (index == None && e.route == None) return Heard::UnknownLot;
  const std::uint32_t route = e.route != None ? e.route : lots_[index].route;
  if (route >= m_.routes.size()) return Heard::UnknownStep;
  if (index != None && route != lots_[index].route) return Heard::UnknownStep;
  const RouteInfo& info = m_.routes[route];
  if (e.step != None && e.step >= info.steps) return Heard::UnknownStep;
  if (index == None && e.step == None) return Heard::UnknownStep;
  const std::uint32_t step = e.step != None ? info.first_step + e.step : lots_[index].step;
  if (step >= info.first_step + info.steps) return Heard::UnknownStep;
  const Subject subject = subject_of(e.kind);
  if (subject == Subject::LotInTool && m_.tool_group[e.tool] != m_.steps[step].group)
    return Heard::UnknownStep;
  Sighting next;
  if (index != None) {
    next = lots_[index];
    if (next.phase == Phase::Left) return Heard::AfterEnd;
    if (e.kind == Kind::LotReleased) return Heard::OutOfOrder;
  } else {
    next.lot = e.lot;
    next.route = route;
    next.release = e.at;  // at the latest
    next.product = e.kind == Kind::LotReleased ? names_.product(e.item) : product_of_route_[route];
    if (e.kind == Kind::LotReleased && next.product == None) return Heard::BadValue;
    if (next.product != None) next.priority = priority_[next.product];
  }
  if (e.kind == Kind::PriorityChanged && !(std::abs(e.value) <= 1e9)) return Heard::BadValue;
  Sighting before = next;
  if (index == None) before.phase = Phase::Left;
  const Heard heard = place(e, index, step, next);
  if (heard != Heard::Taken) return heard;
  if (e.kind == Kind::LotReleased && e.unit == twin::event::Unit::Tick && std::abs(e.value) < 1e13)
    next.due = static_cast<Tick>(e.value);
  if (e.kind == Kind::PriorityChanged) next.priority = static_cast<std::int32_t>(e.value);
  if (e.wafers != 0 && e.kind != Kind::Split && e.kind != Kind::Merged && e.kind != Kind::Scrapped)
    next.wafers = e.wafers;
  if (index == None) {
    queue(before, next);
    index = add(next);
  } else {
    if (in_tool(before.phase) && before.tool != None && !in_tool(next.phase) &&
        e.kind != Kind::Unloaded)
      left_unseen(before, e.at);
    if (next != before) {
      learn(before, next);
      count_own(before, next);
      queue(before, next);
    }
    lots_[index] = next;
  }
  own_[index] = true;
  if (subject == Subject::LotInTool) {
    in_job(e, index, tool);
    const std::uint32_t slot = m_.steps[step].dedication_out;
    if (slot != None) dedication_[std::size_t{index} * m_.dedication_slots + slot] = e.tool;
  }
  if (e.kind == Kind::Split || e.kind == Kind::Merged) return split_or_merge(e, index);
  return Heard::Taken;
}

Heard Tracker::split_or_merge(const Event& e, std::uint32_t index) {
  const std::uint32_t other = find(e.item);
  if (e.kind == Kind::Merged) {
    if (other != None) {
      Sighting gone = lots_[other];
      gone.phase = Phase::Left;
      gone.since = e.at;
      queue(lots_[other], gone);
      lots_[other] = gone;
    }
    lots_[index].wafers += std::min(e.wafers, TrackerWafersMax);
    return Heard::Taken;
  }
  if (e.item == None || other != None) return Heard::BadValue;
  Sighting child = lots_[index];
  child.lot = e.item;
  child.wafers = e.wafers;
  lots_[index].wafers -= std::min(lots_[index].wafers, e.wafers);
  Sighting unborn;
  unborn.phase = Phase::Left;
  queue(unborn, child);
  add(child);
  return Heard::Taken;
}

}  // namespace twins::fab::track
