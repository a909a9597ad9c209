#include "twins/fab/floor.hpp"

#include <algorithm>

#include "twin/core/expect.hpp"

namespace twins::fab {

std::uint32_t find_lot(const State& x, std::uint32_t id) {
  for (std::uint32_t slot = 0; slot < x.lots.size(); ++slot) {
    const Lot& lot = x.lots[slot];
    if (lot.id == id && lot.place != LotPlace::Free && lot.place != LotPlace::Finished) return slot;
  }
  return None;
}

void Floor::leave_queue(std::uint32_t slot) {
  if (laws_.x.lots[slot].place == LotPlace::Queued) laws_.dequeue(slot);
  if (laws_.x.lots[slot].place == LotPlace::Outside) Row(laws_.x).leave(laws_.x, slot);
}

void Floor::hold(std::uint32_t slot) {
  Lot& lot = laws_.x.lots[slot];
  TWIN_EXPECT(lot.place == LotPlace::Queued, lot.id);
  drop_reservation(slot);
  laws_.dequeue(slot);
  lot.place = LotPlace::Held;
  lot.since = laws_.x.now;
}

// It joins its queue now: where the queue goes by arrival, behind those that came meanwhile.
void Floor::release(std::uint32_t slot) {
  Lot& lot = laws_.x.lots[slot];
  TWIN_EXPECT(lot.place == LotPlace::Held, lot.id);
  lot.place = LotPlace::Queued;
  lot.since = laws_.x.now;
  laws_.enqueue(slot);
}

void Floor::prioritise(std::uint32_t slot, std::int32_t priority) {
  State& x = laws_.x;
  const LotPlace place = x.lots[slot].place;
  leave_queue(slot);
  x.lots[slot].priority = priority;
  if (place == LotPlace::Queued) laws_.enqueue(slot);
  if (place == LotPlace::Outside) Row(x).join(x, slot);
}

void Floor::lose_wafers(std::uint32_t slot, std::uint32_t wafers) {
  Lot& lot = laws_.x.lots[slot];
  TWIN_EXPECT(wafers < lot.wafers && lot.place != LotPlace::Processing, wafers, lot.wafers);
  const bool queued = lot.place == LotPlace::Queued;
  if (queued) laws_.dequeue(slot);  // a rank key may look at the wafers
  lot.wafers -= wafers;
  if (queued) laws_.enqueue(slot);
}

std::uint32_t Floor::split(std::uint32_t slot, std::uint32_t wafers, std::uint32_t id) {
  State& x = laws_.x;
  const Lot parent = x.lots[slot];
  TWIN_EXPECT(parent.place == LotPlace::Queued || parent.place == LotPlace::Held, parent.id);
  lose_wafers(slot, wafers);
  const std::uint32_t child = laws_.create_lot(parent.lot_class, parent.step, wafers,
                                               parent.priority, parent.due, parent.weight);
  Lot lot = parent;  // its age, draws, open window and dedication go with the wafers
  lot.id = id;
  lot.serial = x.lots[child].serial;
  lot.wafers = wafers;
  lot.next = lot.prev = lot.line = lot.reserved_group = None;
  x.lots[child] = lot;
  x.next_lot_id = std::max(x.next_lot_id - 1, id + 1);  // create_lot has counted one
  const std::size_t n = layout().dedication_slots;
  std::copy_n(x.dedication.begin() + static_cast<std::ptrdiff_t>(slot * n), n,
              x.dedication.begin() + static_cast<std::ptrdiff_t>(child * n));
  if (lot.place == LotPlace::Queued) laws_.enqueue(child);
  return child;
}

void Floor::merge(std::uint32_t slot, std::uint32_t other) {
  State& x = laws_.x;
  TWIN_EXPECT(slot != other && x.lots[slot].place == x.lots[other].place, slot, other);
  TWIN_EXPECT(x.lots[slot].step == x.lots[other].step, x.lots[slot].step, x.lots[other].step);
  const bool queued = x.lots[slot].place == LotPlace::Queued;
  drop_reservation(other);
  if (queued) laws_.dequeue(slot);
  leave_queue(other);
  Lot& lot = x.lots[slot];
  const Lot& from = x.lots[other];
  lot.wafers += from.wafers;
  if (from.window_open && (!lot.window_open || from.window_from < lot.window_from)) {
    lot.window_open = true;
    lot.window_step = from.window_step;  // the wafers that have waited longest decide
    lot.window_from = from.window_from;
  }
  const std::size_t n = layout().dedication_slots;
  for (std::size_t k = 0; k < n; ++k)
    if (x.dedication[slot * n + k] == None)
      x.dedication[slot * n + k] = x.dedication[other * n + k];
  count_exit(other);
  laws_.free_slot(other);
  if (queued) laws_.enqueue(slot);
}

// ClassTally::scrapped counts all that leave without being finished, so that released - finished -
// scrapped stays the number inside and the integral of WIP stays exact.
void Floor::count_exit(std::uint32_t slot) {
  State& x = laws_.x;
  ClassTally& tally = x.class_tally[x.lots[slot].lot_class];
  ++tally.scrapped;
  tally.exit_ticks += x.now;
  --x.wip;
}

void Floor::drop_reservation(std::uint32_t slot) {
  State& x = laws_.x;
  Lot& lot = x.lots[slot];
  if (lot.reserved_group == None) return;
  Group& group = x.groups[lot.reserved_group];
  const std::uint32_t tool = group.reserving_tool;
  lot.reserved_group = None;
  group.reserving_lot = group.reserving_tool = None;
  if (tool == None) return;
  x.tools[tool].reserved_for = None;
  laws_.refresh(tool);
}

}  // namespace twins::fab
