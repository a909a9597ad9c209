#include "twins/fab/engine/gate.hpp"

#include <limits>

#include "twin/core/expect.hpp"

namespace twins::fab {

namespace {

constexpr double GateEndless = std::numeric_limits<double>::infinity();

bool enters_before(const Lot& a, const Lot& b) {
  if (a.priority != b.priority) return a.priority > b.priority;
  return a.release != b.release ? a.release < b.release : a.serial < b.serial;
}

bool is_inside(const Lot& lot) {
  return lot.place != LotPlace::Free && lot.place != LotPlace::Finished &&
         lot.place != LotPlace::Outside;
}

}  // namespace

Row::Row(const State& x) {
  for (std::uint32_t slot = 0; slot < x.lots.size(); ++slot) {
    const Lot& lot = x.lots[slot];
    if (lot.place != LotPlace::Outside) continue;
    ++lots_;
    if (lot.prev == None) head_ = slot;
    if (lot.next == None) tail_ = slot;
  }
}

void Row::join(State& x, std::uint32_t slot) {
  Lot& lot = x.lots[slot];
  TWIN_EXPECT(lot.next == None && lot.prev == None, lot.id);
  lot.place = LotPlace::Outside;
  std::uint32_t after = tail_;
  while (after != None && enters_before(lot, x.lots[after])) after = x.lots[after].prev;
  lot.prev = after;
  lot.next = after == None ? head_ : x.lots[after].next;
  (after == None ? head_ : x.lots[after].next) = slot;
  (lot.next == None ? tail_ : x.lots[lot.next].prev) = slot;
  ++lots_;
}

void Row::leave(State& x, std::uint32_t slot) {
  Lot& lot = x.lots[slot];
  TWIN_EXPECT(lot.place == LotPlace::Outside && lots_ > 0, lot.id, lots_);
  (lot.prev == None ? head_ : x.lots[lot.prev].next) = lot.next;
  (lot.next == None ? tail_ : x.lots[lot.next].prev) = lot.prev;
  lot.next = lot.prev = None;
  lot.place = LotPlace::Held;  // no row that is read from the State has it any more
  --lots_;
}

std::vector<std::uint32_t> waiting_outside(const State& x) {
  std::vector<std::uint32_t> slots;
  for (std::uint32_t slot = Row(x).head(); slot != None; slot = x.lots[slot].next)
    slots.push_back(slot);
  return slots;
}

Gate::Gate(const ReleaseControl& control, const Layout& layout, const State& x)
    : control_(control), m_(layout), row_(x), watches_bottleneck_(control.bottleneck != None) {}

void Gate::add(State& x, std::uint32_t slot) {
  row_.join(x, slot);
  stirred_ = true;
}

// Lots of one product are admitted or refused alike, but for the place in the row; so the first of a product stands
// for all, as far as the products have room in one word.
std::uint32_t Gate::next(State& x) {
  std::uint64_t refused = 0;   // [product] of the first 64
  std::optional<double> work;  // [ms] that is inside, once it was asked for
  for (std::uint32_t slot = row_.head(); slot != None; slot = x.lots[slot].next) {
    if (x.wip - row_.lots() >= control_.wip_most) break;
    const Lot& lot = x.lots[slot];
    const std::uint32_t product = product_of(lot);
    const std::uint64_t bit = product < 64 ? std::uint64_t{1} << product : 0;
    if ((refused & bit) != 0) continue;
    if (admits(x, lot, work)) {
      row_.leave(x, slot);
      return slot;
    }
    refused |= bit;
  }
  stirred_ = false;
  wip_ = x.wip;
  if (watches_bottleneck_) passed_ = passed(x);
  return None;
}

// What no limit at the bottleneck can hold: a lot whose route does not go there.
bool Gate::admits(const State& x, const Lot& lot, std::optional<double>& work) const {
  const std::uint32_t most = control_.product_most[product_of(lot)];
  if (most != None && inside(x, product_of(lot)) >= most) return false;
  if (!watches_bottleneck_ || control_.lead_ms[lot.step] == GateEndless) return true;
  if (control_.work_most_ms != GateEndless) {
    if (!work) work = work_inside_ms(x);
    if (*work >= control_.work_most_ms) return false;
  }
  if (control_.starvation == GateEndless) return true;
  const double lead = control_.lead_ms[lot.step];
  return work_sooner_ms(x, lead) <= control_.starvation * lead;
}

std::uint32_t Gate::inside(const State& x, std::uint32_t product) const {
  std::uint64_t lots = 0;
  for (std::size_t c = 0; c < m_.classes.size(); ++c) {
    const ClassTally& k = x.class_tally[c];
    if (m_.classes[c].product == product) lots += k.released - k.finished - k.scrapped;
  }
  for (std::uint32_t slot = row_.head(); slot != None; slot = x.lots[slot].next)
    lots -= product_of(x.lots[slot]) == product ? 1U : 0U;
  return static_cast<std::uint32_t>(lots);
}

// A step that has begun counts as done: so the work changes with events alone, and not with the clock.
double Gate::work_inside_ms(const State& x) const {
  double work = 0.0;
  for (const Lot& lot : x.lots) {
    if (!is_inside(lot)) continue;
    const bool begun = lot.place == LotPlace::Processing;
    if (begun && m_.steps[lot.step].last) continue;
    work += control_.left_ms(lot.step + (begun ? 1 : 0), lot.wafers);
  }
  return work / control_.tools;
}

double Gate::work_sooner_ms(const State& x, double lead_ms) const {
  double work = 0.0;
  for (const Lot& lot : x.lots) {
    if (!is_inside(lot)) continue;
    const bool begun = lot.place == LotPlace::Processing;
    if (begun && m_.steps[lot.step].last) continue;
    const std::uint32_t step = lot.step + (begun ? 1 : 0);
    if (control_.lead_ms[step] <= lead_ms) work += control_.next_ms(step, lot.wafers);
  }
  for (std::size_t t = 0; t < x.tools.size(); ++t)
    if (m_.tool_group[t] == control_.bottleneck && x.tools[t].breakdowns != 0)
      work += control_.repair_ms;
  return work / control_.tools;
}

}  // namespace twins::fab
