#include "twins/fab/mirror.hpp"

#include "twins/fab/mirror_move.hpp"
#include "twins/fab/subject.hpp"

namespace twins::fab {

using twin::core::Never;
using twin::event::Kind;

std::string_view to_string(Applied outcome) {
  switch (outcome) {
    case Applied::Moved: return "moved";
    case Applied::NotAMove: return "moves nothing";
    case Applied::Late: return "late";
    case Applied::BadTime: return "impossible time";
    case Applied::BadValue: return "impossible value";
    case Applied::UnknownLot: return "unknown lot";
    case Applied::KnownLot: return "lot known already";
    case Applied::UnknownTool: return "unknown tool";
    case Applied::UnknownStep: return "unknown step";
    case Applied::UnknownItem: return "unknown item";
    case Applied::WrongPlace: return "lot elsewhere";
    case Applied::WrongTool: return "tool does not do this step";
    case Applied::WrongStep: return "lot at another step";
    case Applied::TwoTools: return "lot in another tool";
    case Applied::ToolBusy: return "tool busy";
    case Applied::ToolStopped: return "tool stopped";
    case Applied::OutOfOrder: return "out of order";
  }
  return "";
}

State Mirror::start() const {
  const std::vector<double> theta = fab_.layout().nominal_theta();  // moves nothing but the agenda
  return follow(fab_.initial(theta, twin::core::Draw{}));
}

State Mirror::follow(State x) const {
  x.agenda.assign({}, 0);
  std::erase_if(x.touched, [](const Touch&) { return true; });
  Floor floor(fab_, x);
  for (std::uint32_t slot = 0; slot < x.lots.size(); ++slot) {
    Lot& lot = x.lots[slot];
    if (lot.place == LotPlace::Finished) {  // scrapped on its way
      floor.laws().free_slot(slot);
      continue;
    }
    floor.drop_reservation(slot);
    lot.word_process = 0;
  }
  for (BreakdownClock& clock : x.breakdowns) clock.deferred = false;
  for (std::uint32_t t = 0; t < x.tools.size(); ++t) {
    Tool& tool = x.tools[t];
    tool.breakdowns_pending = 0;
    const Tick at = tool.breakdowns != 0 ? tool.stopped_at : x.now;
    tool.slot1_free = 0;
    if (tool.slot2_free > at) tool.slot2_free = 0;
    for (Job& job : tool.jobs) {
      if (job.first_lot == None) continue;
      const bool waits = job.load_end <= at && job.process_start > at;  // for the first slot
      for (Tick* tick : {&job.setup_start, &job.setup_end, &job.process_start, &job.process_end})
        if (*tick > at) *tick = Never;
      if (waits || job.load_end > at) job.load_end = Never;
      job.end = Never;
    }
    floor.laws().refresh(t);
  }
  return x;
}

std::uint32_t Mirror::slot_of(const State& x, std::uint32_t id) {
  if (id == None) return None;
  std::uint32_t& hint = slots_[id % slots_.size()];
  const auto is_it = [&](std::uint32_t slot) {
    return slot < x.lots.size() && x.lots[slot].id == id && x.lots[slot].place != LotPlace::Free;
  };
  if (!is_it(hint)) hint = find_lot(x, id);
  return hint;
}

Applied Mirror::apply(State& x, const twin::event::Event& event) {
  const Subject subject = subject_of(event.kind);
  if (subject == Subject::Nothing) return Applied::NotAMove;
  if (event.at > LastTick) return Applied::BadTime;
  if (event.at < x.now) return Applied::Late;
  Floor floor(fab_, x);
  Move move{*this, floor, fab_.layout(), x, event};
  if (subject != Subject::Tool && event.kind != Kind::LotReleased) {  // a new lot is not here yet
    move.slot = slot_of(x, event.lot);
    if (move.slot == None) return Applied::UnknownLot;
    const Lot& lot = x.lots[move.slot];
    const std::uint32_t route = fab_.layout().steps[lot.step].route;
    const RouteInfo& info = fab_.layout().routes[route];
    if (event.route != None && event.route != route) return Applied::UnknownStep;
    if (event.step != None && event.step >= info.steps) return Applied::UnknownStep;
    move.step = event.step == None ? lot.step : info.first_step + event.step;
  }
  if (subject != Subject::Lot && event.tool >= x.tools.size()) return Applied::UnknownTool;
  const Tick before = x.now;
  x.now = event.at;
  const Applied outcome = move.apply();
  if (outcome == Applied::Moved) {
    ++x.events;
  } else {
    x.now = before;
  }
  return outcome;
}

Applied Mirror::Move::apply() {
  switch (e.kind) {
    case Kind::LotReleased: return released();
    case Kind::SkippedBySampling: return skipped();
    case Kind::Moved: return moved();
    case Kind::ArrivedAtQueue: return arrived();
    case Kind::ReworkDecided: return reworked();
    case Kind::Finished: return finished();
    case Kind::Held: return held();
    case Kind::ReleasedFromHold: return released_from_hold();
    case Kind::Split: return split();
    case Kind::Merged: return merged();
    case Kind::Scrapped: return scrapped();
    case Kind::PriorityChanged: return priority_changed();
    case Kind::BatchFormed: return batch_formed();
    case Kind::SetupStarted: return setup_started();
    case Kind::LoadStarted: return load_started();
    case Kind::ProcessingStarted: return processing_started();
    case Kind::ProcessingSuspended: return suspended();
    case Kind::ProcessingResumed: return resumed();
    case Kind::ProcessingEnded: return processing_ended();
    case Kind::Unloaded: return unloaded();
    case Kind::ToolDown: return tool_down();
    case Kind::ToolUp: return tool_up();
    case Kind::PmDue: return pm_due();
    case Kind::PmStarted: return pm_started();
    case Kind::PmEnded: return pm_ended();
    default: return Applied::NotAMove;
  }
}

}  // namespace twins::fab
