// If these failed, lots would appear or vanish on their way.
#include "twins/fab/engine/engine.hpp"

#include <gtest/gtest.h>

#include <set>

#include "twins/fab/semantics/busy_fab.hpp"

namespace twins::fab {
namespace {

// Wrong: lots in + lots out + lots inside would not add up, or two lots would share a number.
TEST(Routing, LotsAreConserved) {
  semantics::Shift shift(semantics::busy_fab());
  for (int hour = 1; hour <= 200; ++hour) {
    const State& x = shift.to(60.0 * hour).x();
    std::uint64_t released = 0, finished = 0;
    for (const ClassTally& c : x.class_tally) {
      released += c.released;
      finished += c.finished;
      ASSERT_EQ(c.wafers_finished, 25 * c.finished);
      ASSERT_LE(c.on_time, c.finished);
    }
    std::set<std::uint32_t> ids;
    std::size_t inside = 0;
    for (const Lot& lot : x.lots) {
      if (lot.place == LotPlace::Free) continue;
      ++inside;
      ids.insert(lot.id);
    }
    ASSERT_EQ(released, x.next_lot_id);
    ASSERT_EQ(released - finished, x.wip);
    ASSERT_EQ(inside, x.wip);
    ASSERT_EQ(ids.size(), inside);
  }
  EXPECT_GT(shift.x().next_lot_id, 300U);
}

// Wrong: the slot of a lot that has left would not be used again, and the State would grow for ever.
TEST(Routing, SlotsAreUsedAgain) {
  semantics::Shift shift(semantics::busy_fab());
  shift.to(20 * 1440.0);
  EXPECT_LT(shift.x().lots.size(), shift.x().next_lot_id / 4);
}

// Wrong: a cycle time would fall into the wrong bin. Bins of 1/48 octave from one minute on.
TEST(Routing, CycleBins) {
  EXPECT_EQ(cycle_bin(0), 0U);
  EXPECT_EQ(cycle_bin(60'000), 0U);
  EXPECT_EQ(cycle_bin(2 * 60'000 + 1), 48U);
  EXPECT_EQ(cycle_bin(4 * 60'000 + 1), 96U);
  EXPECT_EQ(cycle_bin(static_cast<Tick>(1e17)), CycleBins - 1);
}

}  // namespace
}  // namespace twins::fab
