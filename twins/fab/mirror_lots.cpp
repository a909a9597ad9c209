// A lot's life between tools, and what people do to it.
#include <algorithm>
#include <cmath>

#include "twins/fab/mirror_move.hpp"

namespace twins::fab {

namespace {

constexpr std::uint32_t WafersMax = 1'000'000;
constexpr double DueMax = 1e13;  // [ms]
constexpr Tick InitialUntil =
    600'000;  // [tick] released before it: by a clock that is not quite right

bool whole_within(double value, double least, double most) {
  return value >= least && value <= most && value == std::floor(value);  // a NaN is not
}

// What a stream says of the lots of a class, which no event does.
const StreamInfo* stream_of(const Layout& m, std::uint32_t lot_class) {
  for (const StreamInfo& s : m.streams)
    if (s.lot_class == lot_class) return &s;
  return nullptr;
}

}  // namespace

Applied Mirror::Move::released() {
  if (e.lot == None) return Applied::UnknownLot;
  if (const std::uint32_t known = mirror.slot_of(x, e.lot); known != None) {
    if (x.lots[known].place != LotPlace::Outside) return Applied::KnownLot;
    slot = known;
    Row(x).leave(x, slot);
    lot().place = LotPlace::Moving;  // it has waited for this
    lot().since = x.now;
    return Applied::Moved;
  }
  const std::uint32_t product = mirror.names_.product(e.item);
  if (product == None) return Applied::UnknownItem;
  const std::uint32_t route = m.description.products[product].route;
  const RouteInfo& info = m.routes[route];
  if (e.route != None && e.route != route) return Applied::UnknownStep;
  if (e.step != None && e.step >= info.steps) return Applied::UnknownStep;
  const std::int32_t priority = usual_priority(m, product);
  const std::uint32_t lot_class = class_of_lot(m, product, priority, Origin::Released);
  if (lot_class == None) return Applied::UnknownItem;
  const StreamInfo* stream = stream_of(m, lot_class);
  Tick due = x.now + (stream != nullptr ? stream->due_offset : 0);
  if (e.unit == twin::event::Unit::Tick) {
    if (!whole_within(e.value, -DueMax, DueMax)) return Applied::BadValue;
    due = static_cast<Tick>(e.value);
  }
  const std::uint32_t wafers = e.wafers != 0 ? e.wafers : m.classes[lot_class].wafers;
  if (wafers > WafersMax) return Applied::BadValue;
  const std::uint32_t first = info.first_step + (e.step == None ? 0 : e.step);
  const std::uint32_t next = x.next_lot_id;
  slot = floor.laws().create_lot(lot_class, first, wafers, priority, due,
                                 stream != nullptr ? stream->weight : 1.0);
  x.next_lot_id = std::max(next, e.lot + 1);
  lot().id = e.lot;
  lot().place = LotPlace::Moving;
  if (stream != nullptr) lot().reserves = stream->reserves;
  return Applied::Moved;
}

void Mirror::Move::count_again(Origin origin) {
  Lot& l = lot();
  const std::uint32_t product = m.classes[l.lot_class].product;
  const std::uint32_t to = class_of_lot(m, product, l.priority, origin);
  if (to == None || to == l.lot_class) return;
  ClassTally &from_tally = x.class_tally[l.lot_class], &to_tally = x.class_tally[to];
  --from_tally.released;
  from_tally.release_ticks -= l.release;
  ++to_tally.released;
  to_tally.release_ticks += l.release;
  l.lot_class = to;
  const StreamInfo* stream = stream_of(m, to);
  l.weight = stream != nullptr ? stream->weight : 1.0;
  l.reserves = stream != nullptr && stream->reserves;
}

Applied Mirror::Move::skipped() {
  if (lot().place != LotPlace::Moving) return Applied::WrongPlace;
  lot().visit = e.visit == None ? lot().visit + 1 : e.visit + 1;
  ++x.group_tally[m.steps[step].group].skipped;
  if (m.steps[step].dedication_out != None)  // as in the model: the later step is free
    x.dedication[slot * m.dedication_slots + m.steps[step].dedication_out] = None;
  return Applied::Moved;
}

Applied Mirror::Move::moved() {
  if (lot().place != LotPlace::Moving) return Applied::WrongPlace;
  lot().visit = e.visit == None ? lot().visit + 1 : e.visit + 1;
  lot().step = step;
  lot().since = x.now;
  return Applied::Moved;
}

Applied Mirror::Move::arrived() {
  Lot& l = lot();
  if (l.place != LotPlace::Moving) return Applied::WrongPlace;
  // The first event of a lot that was released straight into a queue when the fab's time began: initial
  // WIP. Of a later one its first move was lost.
  if (l.visit == 0 && l.location == None && l.release <= InitialUntil)
    count_again(Origin::InitialWip);
  if (e.visit != None) {
    l.visit = e.visit + 1;
  } else if (step != l.step || l.visit == 0) {
    ++l.visit;
  }
  l.step = step;
  l.since = x.now;
  if (l.hold_requested) {
    l.hold_requested = false;
    l.place = LotPlace::Held;
  } else {
    l.place = LotPlace::Queued;
    floor.laws().enqueue(slot);
  }
  return Applied::Moved;
}

Applied Mirror::Move::reworked() {
  if (lot().place != LotPlace::Moving) return Applied::WrongPlace;
  const std::uint32_t steps = m.routes[m.steps[lot().step].route].steps;
  if (!whole_within(e.value, 0.0, steps - 1.0)) return Applied::BadValue;
  ++x.group_tally[m.steps[step].group].reworks;
  return Applied::Moved;
}

Applied Mirror::Move::finished() {
  if (lot().place != LotPlace::Moving) return Applied::WrongPlace;
  floor.drop_reservation(slot);
  floor.laws().finish(slot);
  return Applied::Moved;
}

Applied Mirror::Move::held() {
  switch (lot().place) {
    case LotPlace::Queued: floor.hold(slot); return Applied::Moved;
    case LotPlace::Moving:
    case LotPlace::Processing:
      if (lot().hold_requested) return Applied::OutOfOrder;
      lot().hold_requested = true;
      return Applied::Moved;
    default: return Applied::OutOfOrder;
  }
}

Applied Mirror::Move::released_from_hold() {
  if (lot().place == LotPlace::Held) {
    floor.release(slot);
    return Applied::Moved;
  }
  if (!lot().hold_requested) return Applied::OutOfOrder;
  lot().hold_requested = false;
  return Applied::Moved;
}

Applied Mirror::Move::split() {
  if (lot().place != LotPlace::Queued && lot().place != LotPlace::Held) return Applied::WrongPlace;
  if (e.wafers == 0 || e.wafers >= lot().wafers) return Applied::BadValue;
  if (e.item == None) return Applied::UnknownLot;
  if (mirror.slot_of(x, e.item) != None) return Applied::KnownLot;
  floor.split(slot, e.wafers, e.item);
  return Applied::Moved;
}

Applied Mirror::Move::merged() {
  const std::uint32_t other = mirror.slot_of(x, e.item);
  if (other == None || other == slot) return Applied::UnknownLot;
  if (lot().place != LotPlace::Queued && lot().place != LotPlace::Held) return Applied::WrongPlace;
  if (x.lots[other].place != lot().place) return Applied::WrongPlace;
  if (x.lots[other].step != lot().step) return Applied::WrongStep;
  if (m.classes[x.lots[other].lot_class].product != m.classes[lot().lot_class].product)
    return Applied::WrongStep;
  if (std::uint64_t{lot().wafers} + x.lots[other].wafers > WafersMax) return Applied::BadValue;
  floor.merge(slot, other);
  return Applied::Moved;
}

// In a tool too: what is broken is broken, whatever the tool goes on doing.
Applied Mirror::Move::scrapped() {
  if (e.wafers > lot().wafers) return Applied::BadValue;
  const bool whole = e.wafers == 0 || e.wafers == lot().wafers;
  const bool inside = lot().place == LotPlace::Processing;
  if (inside && e.tool != None && e.tool != lot().tool) return Applied::TwoTools;
  if (!whole && !inside) {
    floor.lose_wafers(slot, e.wafers);
    return Applied::Moved;
  }
  if (inside) {
    twin::event::Event at_tool = e;
    at_tool.tool = lot().tool;
    Move move{mirror, floor, m, x, at_tool, slot, step};
    Job& job = *move.job_of_lot();
    if (!whole) {
      job.wafers -= e.wafers;
      lot().wafers -= e.wafers;
      return Applied::Moved;
    }
    move.account();
    move.leave_job(job);
    lot().tool = None;
  }
  floor.drop_reservation(slot);
  floor.leave_queue(slot);
  floor.count_exit(slot);
  floor.laws().free_slot(slot);
  return Applied::Moved;
}

Applied Mirror::Move::priority_changed() {
  if (!whole_within(e.value, -1e9, 1e9)) return Applied::BadValue;
  floor.prioritise(slot, static_cast<std::int32_t>(e.value));
  // Told before its first move it is the lot's own priority from the start, and so its class.
  if (lot().visit == 0 && lot().location == None) count_again(Origin::Released);
  return Applied::Moved;
}

}  // namespace twins::fab
