#include "twins/fab/live/bridge.hpp"

#include <algorithm>

namespace twins::fab::live {

using twin::core::Never;
using twin::event::Event;
using twin::event::Kind;

namespace {

bool enters(Kind kind) {
  return kind == Kind::BatchFormed || kind == Kind::SetupStarted || kind == Kind::LoadStarted ||
         kind == Kind::ProcessingStarted;
}

bool arrives(Kind kind) { return kind == Kind::Moved || kind == Kind::ArrivedAtQueue; }

}  // namespace

std::uint32_t Folder::Bridge::slot() const {
  return told.event.lot == None ? None : find_lot(fold.x, told.event.lot);
}

std::uint32_t Folder::Bridge::step_of(const Lot& lot) const {
  if (told.event.step == None) return lot.step;
  const RouteInfo& route = folder.layout_.routes[folder.layout_.steps[lot.step].route];
  return told.event.step < route.steps ? route.first_step + told.event.step : None;
}

bool Folder::Bridge::plausible() const {
  const Event& e = told.event;
  if (subject_of(e.kind) != Subject::Lot && e.tool >= folder.layout_.tools()) return false;
  if (subject_of(e.kind) == Subject::Tool) return true;
  const std::uint32_t s = slot();
  if (s == None) return false;  // its release was lost, or there is no such lot
  const Lot& lot = fold.x.lots[s];
  const std::uint32_t step = step_of(lot);
  if (step == None) return false;
  if (subject_of(e.kind) == Subject::LotInTool) {
    if (folder.layout_.tool_group[e.tool] != folder.layout_.steps[step].group) return false;
    if (fold.x.tools[e.tool].jobs_inside >=
            folder.layout_.groups[folder.layout_.tool_group[e.tool]].slots &&
        lot.tool != e.tool)
      return false;  // it would push another out
  }
  if (arrives(e.kind) && reached(lot)) return false;  // it is there: nothing is missing
  if (e.visit == None || lot.visit == 0) return step == lot.step;
  // Lot::visit counts the step it stands at, the event those before it.
  return e.visit + 1 == lot.visit ? step == lot.step : e.visit == lot.visit;
}

// The lot has come to the visit that the event speaks of, or gone on from there.
bool Folder::Bridge::reached(const Lot& lot) const {
  return told.event.visit != None && lot.visit == told.event.visit + 1 &&
         lot.step == step_of(lot) && lot.place != LotPlace::Moving;
}

bool Folder::Bridge::known() const {
  const std::uint32_t s = slot();
  return s != None && arrives(told.event.kind) && reached(fold.x.lots[s]) &&
         std::any_of(fold.doubts.begin(), fold.doubts.end(), [&](const Doubt& d) {
           return d.why == Doubt::Why::Inferred && d.lot == told.event.lot &&
                  d.visit == fold.x.lots[s].visit;
         });
}

bool Folder::Bridge::agreed() const {
  const Event& e = told.event;
  return std::any_of(fold.suspected.begin(), fold.suspected.end(), [&](const Told& s) {
    if (s.event.lot != e.lot || s.event.at > e.at || s.event.kind == e.kind) return false;
    if (s.event.tool != None && s.event.tool == e.tool) return true;
    return s.event.step != None && s.event.step == e.step && s.event.visit == e.visit;
  });
}

Event Folder::Bridge::about(Kind kind, std::uint32_t lot, std::uint32_t tool) const {
  Event e;
  e.kind = kind;
  e.at = e.arrived = std::max(at, fold.x.now);
  e.lot = lot;
  e.tool = tool;
  return e;
}

bool Folder::Bridge::infer(Event event) {
  event.at = std::max(event.at, fold.x.now);
  const bool moved = folder.mirror_.apply(fold.x, event) == Applied::Moved;
  fold.inferred += moved ? 1 : 0;
  return moved;
}

bool Folder::Bridge::bring_into_being() {
  const Event& e = told.event;
  const Description& d = folder.layout_.description;
  const auto product = std::find_if(d.products.begin(), d.products.end(),
                                    [&](const Product& p) { return p.route == e.route; });
  if (e.route == None || product == d.products.end()) return false;
  Event released = about(Kind::LotReleased, e.lot, None);
  released.item =
      folder.mirror_.names().product_item[static_cast<std::size_t>(product - d.products.begin())];
  released.step = e.step;
  released.wafers = e.wafers;
  return infer(released);
}

void Folder::Bridge::bring_up(std::uint32_t tool) {
  const GroupInfo& group = folder.layout_.groups[folder.layout_.tool_group[tool]];
  while (fold.x.tools[tool].breakdowns != 0) {
    Event up = about(Kind::ToolUp, None, tool);
    if (group.breakdowns != 0)
      up.item = folder.mirror_.names().breakdown_item[group.first_breakdown];
    if (!infer(up)) return;
  }
}

void Folder::Bridge::end_maintenance(std::uint32_t tool) {
  if (fold.x.tools[tool].pm == 0xff) return;
  const GroupInfo& group = folder.layout_.groups[folder.layout_.tool_group[tool]];
  Event ended = about(Kind::PmEnded, None, tool);
  ended.item = folder.mirror_.names().pm_item[group.first_pm + fold.x.tools[tool].pm];
  infer(ended);
}

void Folder::Bridge::take_out(std::uint32_t lot_slot) {
  const Lot& lot = fold.x.lots[lot_slot];
  const std::uint32_t id = lot.id, tool = lot.tool;
  bring_up(tool);
  // Each is refused where it has been told; the last one counts.
  infer(about(Kind::ProcessingStarted, id, tool));
  infer(about(Kind::ProcessingEnded, id, tool));
  infer(about(Kind::Unloaded, id, tool));
}

void Folder::Bridge::set_free(std::uint32_t lot_slot) {
  Floor floor(folder.fab_, fold.x);
  Lot& lot = fold.x.lots[lot_slot];
  fold.x.now = std::max(fold.x.now, at);
  if (lot.place == LotPlace::Processing) take_out(lot_slot);
  if (lot.place == LotPlace::Held) {
    floor.release(lot_slot);
    ++fold.inferred;
  }
  if (lot.place == LotPlace::Queued) {
    floor.drop_reservation(lot_slot);
    floor.laws().dequeue(lot_slot);
    lot.place = LotPlace::Moving;
    lot.since = fold.x.now;
    if (goes_on(lot)) pass_tool(lot_slot);
    ++fold.inferred;
  }
}

// Its step is over: the event is of a later one.
bool Folder::Bridge::goes_on(const Lot& lot) const {
  return told.event.visit != None && told.event.visit >= lot.visit && step_of(lot) != lot.step;
}

// It must come back to the tool of this step, and nobody has told which that was.
bool Folder::Bridge::keeps_tool(const Lot& lot) const {
  return lot.place == LotPlace::Queued && goes_on(lot) &&
         folder.layout_.steps[lot.step].dedication_out != None;
}

// As a tool would have left the lot, whichever it was: queue-time windows end and begin. When they
// did is not known, so none is counted.
void Folder::Bridge::pass_tool(std::uint32_t lot_slot) {
  Lot& lot = fold.x.lots[lot_slot];
  if (lot.window_open && folder.layout_.steps[lot.window_step].window_exit == lot.step) {
    lot.window_open = false;
    lot.window_step = None;
  }
  Floor(folder.fab_, fold.x).laws().leave_tool(lot_slot);
}

void Folder::Bridge::queue_at_step() {
  const std::uint32_t s = slot();
  const Lot& lot = fold.x.lots[s];
  const std::uint32_t step = step_of(lot);
  if (lot.place == LotPlace::Queued && lot.step == step) return;
  set_free(s);
  Event arrived = about(Kind::ArrivedAtQueue, told.event.lot, None);
  arrived.step = folder.layout_.steps[step].index;
  arrived.visit = told.event.visit;
  infer(arrived);
  const std::uint32_t again =
      slot();  // it was to be held on arrival, but somebody has it in a tool
  if (fold.x.lots[again].place == LotPlace::Held)
    infer(about(Kind::ReleasedFromHold, told.event.lot, None));
}

void Folder::Bridge::make_room() {
  const std::uint32_t t = told.event.tool;
  bring_up(t);
  end_maintenance(t);
  const Tool& tool = fold.x.tools[t];
  const GroupInfo& group = folder.layout_.groups[folder.layout_.tool_group[t]];
  while (tool.jobs_inside >= group.slots) {
    const Job* oldest = nullptr;
    for (const Job& job : tool.jobs)
      if (job.first_lot != None && (oldest == nullptr || job.start < oldest->start)) oldest = &job;
    if (oldest == nullptr) return;
    const std::uint32_t lot_slot = oldest->first_lot;
    fold.doubts.push_back({.lot = fold.x.lots[lot_slot].id,
                           .since = told.event.at,
                           .kind = told.event.kind,
                           .visit = fold.x.lots[lot_slot].visit});
    take_out(lot_slot);
    if (fold.x.lots[lot_slot].place == LotPlace::Processing) return;
  }
}

void Folder::Bridge::be_inside(bool processing) {
  const Event& e = told.event;
  const std::uint32_t s = slot();
  if (fold.x.lots[s].place != LotPlace::Processing || fold.x.lots[s].tool != e.tool) {
    queue_at_step();
    make_room();
  } else {
    bring_up(e.tool);
  }
  if (processing) infer(about(Kind::ProcessingStarted, e.lot, e.tool));
}

void Folder::Bridge::tool_itself(Applied why) {
  const Event& e = told.event;
  Event first = e;
  first.at = at;
  if (e.kind == Kind::ToolUp && why == Applied::OutOfOrder) {
    first.kind = Kind::ToolDown;
    infer(first);
  } else if (e.kind == Kind::PmEnded && why == Applied::OutOfOrder) {
    end_maintenance(e.tool);
    first.kind = Kind::PmStarted;
    infer(first);
  } else if (e.kind == Kind::ToolDown && why == Applied::ToolStopped) {
    end_maintenance(e.tool);
  } else if (e.kind == Kind::PmStarted) {
    if (why == Applied::OutOfOrder) end_maintenance(e.tool);
    bring_up(e.tool);
    while (fold.x.tools[e.tool].jobs_inside != 0) {
      const Tool& tool = fold.x.tools[e.tool];
      const std::uint32_t inside =
          tool.jobs[0].first_lot != None ? tool.jobs[0].first_lot : tool.jobs[1].first_lot;
      take_out(inside);
      if (fold.x.lots[inside].place == LotPlace::Processing) return;
    }
  }
}

Applied Folder::Bridge::cross(Applied why) {
  const Event& e = told.event;
  const std::uint64_t before = fold.inferred;
  const Layout& m = folder.layout_;
  bool lasts = false;
  if (subject_of(e.kind) != Subject::Lot && e.tool >= m.tools()) return Applied::UnknownTool;
  if (subject_of(e.kind) == Subject::Tool) {
    tool_itself(why);
  } else {
    lasts = slot() == None;  // of its release nothing is known
    if (lasts && !bring_into_being()) return why;
    lasts |= keeps_tool(fold.x.lots[slot()]);
    const std::uint32_t step = step_of(fold.x.lots[slot()]);
    if (step == None) return Applied::UnknownStep;
    if (subject_of(e.kind) == Subject::LotInTool && m.tool_group[e.tool] != m.steps[step].group)
      return Applied::WrongTool;
    switch (e.kind) {
      case Kind::SkippedBySampling:
      case Kind::Moved:
      case Kind::ArrivedAtQueue:
      case Kind::ReworkDecided:
      case Kind::Finished: set_free(slot()); break;
      case Kind::Split:
      case Kind::Merged: break;
      case Kind::ProcessingEnded:
      case Kind::Unloaded:
        be_inside(true);
        if (e.kind == Kind::Unloaded) infer(about(Kind::ProcessingEnded, e.lot, e.tool));
        break;
      default:
        if (enters(e.kind)) be_inside(false);
    }
  }
  const Applied outcome = folder.try_now(fold, told);
  if (outcome == Applied::Moved) ++fold.bridged;
  if (fold.inferred != before || outcome == Applied::Moved) {
    const std::uint32_t s = slot();
    fold.doubts.push_back({.lot = s == None ? None : e.lot,
                           .tool = e.tool < m.tools() ? e.tool : None,
                           .since = e.at,
                           .kind = e.kind,
                           .visit = s == None ? 0 : fold.x.lots[s].visit,
                           .arrivals = lasts ? Doubt::Lasting : std::uint8_t{1}});
  }
  std::erase_if(fold.suspected,
                [&](const Told& w) { return e.lot != None && w.event.lot == e.lot; });
  return outcome;
}

}  // namespace twins::fab::live
