// If these failed, lots would be lost between the lines or stand in the wrong order.
#include "twins/fab/engine/engine.hpp"

#include <gtest/gtest.h>

#include "twins/fab/semantics/busy_fab.hpp"

namespace twins::fab {
namespace {

// Wrong: a line's links, its counts and its lots would tell different stories. Best first: higher
// priority, then smaller key, then lot number.
TEST(Queue, LinesHangTogetherAndStandInOrder) {
  semantics::Shift shift(semantics::busy_fab());
  std::uint32_t longest = 0;
  for (int hour = 1; hour <= 96; ++hour) {
    const State& x = shift.to(60.0 * hour).x();
    std::vector<std::uint32_t> waiting(x.groups.size(), 0);
    std::size_t in_lines = 0, queued = 0;
    for (std::uint32_t i = 0; i < x.lines.size(); ++i) {
      std::uint32_t count = 0, wafers = 0, before = None;
      for (std::uint32_t l = x.lines[i].head; l != None; before = l, l = x.lots[l].next) {
        const Lot& lot = x.lots[l];
        ASSERT_EQ(lot.line, i);
        ASSERT_EQ(lot.prev, before);
        ASSERT_EQ(lot.place, LotPlace::Queued);
        ++count;
        wafers += lot.wafers;
        ++waiting[shift.layout().steps[lot.step].group];
        if (before == None) continue;
        const Lot& better = x.lots[before];
        ASSERT_GE(better.priority, lot.priority);
        if (better.priority != lot.priority) continue;
        ASSERT_LE(better.key, lot.key);
        if (better.key == lot.key) {
          ASSERT_LT(better.id, lot.id);
        }
      }
      ASSERT_EQ(x.lines[i].tail, before);
      ASSERT_EQ(x.lines[i].count, count);
      ASSERT_EQ(x.lines[i].wafers, wafers);
      in_lines += count;
      longest = std::max(longest, count);
    }
    for (std::size_t g = 0; g < x.groups.size(); ++g) ASSERT_EQ(x.groups[g].waiting, waiting[g]);
    for (const Lot& lot : x.lots) queued += lot.place == LotPlace::Queued;
    ASSERT_EQ(in_lines, queued);
  }
  EXPECT_GE(longest, 3U);
}

}  // namespace
}  // namespace twins::fab
