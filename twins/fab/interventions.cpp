#include "twins/fab/interventions.hpp"

#include "twins/fab/floor.hpp"

namespace twins::fab {

std::string_view to_string(Intervened outcome) {
  switch (outcome) {
    case Intervened::Now: return "done";
    case Intervened::Later: return "will be done at the next queue or when the tool is free";
    case Intervened::UnknownLot: return "unknown lot";
    case Intervened::InTool: return "lot in a tool";
    case Intervened::OnItsWay: return "lot on its way";
    case Intervened::HeldAlready: return "lot held already";
    case Intervened::NotHeld: return "lot not held";
    case Intervened::BadWafers: return "no such number of wafers to split off";
    case Intervened::SameLot: return "a lot with itself";
    case Intervened::NotTogether: return "lots not together";
    case Intervened::TooManyWafers: return "more wafers than a batch ahead may have";
    case Intervened::UnknownTool: return "unknown tool";
    case Intervened::UnknownCalendar: return "no such maintenance";
    case Intervened::AskedAlready: return "maintenance asked for already";
  }
  return "";
}

// Dispatching is the engine's: it looks at the group first of all when the run goes on.
void Interventions::look_again(std::uint32_t group) {
  x_.agenda.push(x_.now, group, static_cast<std::uint16_t>(Happens::Dispatch), 0);
}

Intervened Interventions::hold(std::uint32_t id) {
  const std::uint32_t slot = find_lot(x_, id);
  if (slot == None) return Intervened::UnknownLot;
  Lot& lot = x_.lots[slot];
  if (lot.place == LotPlace::Held || lot.hold_requested) return Intervened::HeldAlready;
  if (lot.place != LotPlace::Queued) {
    lot.hold_requested = true;
    return Intervened::Later;
  }
  const std::uint32_t reserved = lot.reserved_group;
  Floor floor(fab_, x_);
  floor.hold(slot);
  if (reserved != None) look_again(reserved);  // the tool that was kept for it is free to others
  if (log_ != nullptr) log_->held(fab_.layout(), x_, slot);
  return Intervened::Now;
}

Intervened Interventions::release(std::uint32_t id) {
  const std::uint32_t slot = find_lot(x_, id);
  if (slot == None) return Intervened::UnknownLot;
  Lot& lot = x_.lots[slot];
  if (lot.hold_requested) {
    lot.hold_requested = false;
    return Intervened::Now;
  }
  if (lot.place != LotPlace::Held) return Intervened::NotHeld;
  Floor floor(fab_, x_);
  floor.release(slot);
  look_again(fab_.layout().steps[lot.step].group);
  if (log_ != nullptr) log_->released_from_hold(x_, slot);
  return Intervened::Now;
}

Intervened Interventions::scrap(std::uint32_t id) {
  const std::uint32_t slot = find_lot(x_, id);
  if (slot == None) return Intervened::UnknownLot;
  Lot& lot = x_.lots[slot];
  if (lot.place == LotPlace::Processing) return Intervened::InTool;
  if (log_ != nullptr) log_->scrapped(x_, slot);
  const std::uint32_t reserved = lot.reserved_group;
  Floor floor(fab_, x_);
  floor.drop_reservation(slot);
  if (reserved != None) look_again(reserved);
  floor.leave_queue(slot);
  floor.count_exit(slot);
  if (lot.place == LotPlace::Moving) {
    lot.place = LotPlace::Finished;  // its arrival is still to come and gives the slot back
  } else {
    floor.laws().free_slot(slot);
  }
  return Intervened::Now;
}

Interventions::SplitOff Interventions::split(std::uint32_t id, std::uint32_t wafers) {
  const std::uint32_t slot = find_lot(x_, id);
  if (slot == None) return {Intervened::UnknownLot};
  const Lot& lot = x_.lots[slot];
  if (lot.place == LotPlace::Processing) return {Intervened::InTool};
  if (lot.place == LotPlace::Moving || lot.place == LotPlace::Outside)
    return {Intervened::OnItsWay};
  if (wafers == 0 || wafers >= lot.wafers) return {Intervened::BadWafers};
  Floor floor(fab_, x_);
  const std::uint32_t child = floor.split(slot, wafers, x_.next_lot_id);
  look_again(fab_.layout().steps[x_.lots[child].step].group);
  if (log_ != nullptr) log_->split(x_, slot, child);
  return {Intervened::Now, x_.lots[child].id};
}

Intervened Interventions::merge(std::uint32_t id, std::uint32_t other_id) {
  const std::uint32_t slot = find_lot(x_, id), other = find_lot(x_, other_id);
  if (slot == None || other == None) return Intervened::UnknownLot;
  if (slot == other) return Intervened::SameLot;
  const Lot &a = x_.lots[slot], &b = x_.lots[other];
  for (const Lot* lot : {&a, &b}) {
    if (lot->place == LotPlace::Processing) return Intervened::InTool;
    if (lot->place == LotPlace::Moving || lot->place == LotPlace::Outside)
      return Intervened::OnItsWay;
  }
  const Layout& m = fab_.layout();
  if (a.place != b.place || a.step != b.step ||
      m.classes[a.lot_class].product != m.classes[b.lot_class].product)
    return Intervened::NotTogether;
  const RouteInfo& route = m.routes[m.steps[a.step].route];
  for (std::uint32_t s = a.step; s < route.first_step + route.steps; ++s)
    if (m.groups[m.steps[s].group].batch && a.wafers + b.wafers > m.steps[s].batch_max)
      return Intervened::TooManyWafers;
  const std::uint32_t wafers = b.wafers, group = m.steps[a.step].group;
  Floor floor(fab_, x_);
  floor.merge(slot, other);
  look_again(group);
  if (log_ != nullptr) log_->merged(x_, slot, other_id, wafers);
  return Intervened::Now;
}

Intervened Interventions::set_priority(std::uint32_t id, std::int32_t priority) {
  const std::uint32_t slot = find_lot(x_, id);
  if (slot == None) return Intervened::UnknownLot;
  Floor floor(fab_, x_);
  floor.prioritise(slot, priority);
  if (log_ != nullptr) log_->priority_changed(x_, slot);
  return Intervened::Now;
}

// The asking itself is the engine's, which has the draws of its duration.
Intervened Interventions::start_pm(std::uint32_t t, std::uint32_t calendar) {
  const Layout& m = fab_.layout();
  if (t >= m.tools()) return Intervened::UnknownTool;
  if (calendar >= m.groups[m.tool_group[t]].pms) return Intervened::UnknownCalendar;
  const Tool& tool = x_.tools[t];
  if (tool.pm == calendar || x_.pms[t * m.max_pms + calendar].asked != 0)
    return Intervened::AskedAlready;
  x_.agenda.push(x_.now, t, static_cast<std::uint16_t>(Happens::PmAsked),
                 static_cast<std::uint16_t>(calendar));
  const bool free = tool.pm == 0xff && tool.breakdowns == 0 && tool.jobs_inside == 0;
  return free ? Intervened::Now : Intervened::Later;
}

}  // namespace twins::fab
