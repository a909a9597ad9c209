// Wrong: the laws would be checked on a fab in which half of them are never asked for.
#include "twins/fab/semantics/busy_fab.hpp"

#include <gtest/gtest.h>

namespace twins::fab::semantics {
namespace {

TEST(BusyFab, EverythingHappens) {
  SCOPED_TRACE("seed 1");
  const Shift shift = Shift(busy_fab()).to(10 * 1440);
  for (const char* verb : {"start", "skip", "move", "rework", "finish", "down", "up", "pm"})
    EXPECT_GT(shift.lines_of(verb).size(), 5U) << verb;
  const State& x = shift.x();
  std::uint64_t batches_of_several = 0, changes = 0;
  for (const std::string& line : shift.lines_of("start")) {
    batches_of_several += line.find('+') != std::string::npos;
    changes += line.find("setup") != std::string::npos;
  }
  EXPECT_GT(batches_of_several, 5U);
  EXPECT_GT(changes, 5U);
  EXPECT_GT(x.window_tally[0].closed + x.window_tally[1].closed, 5U);
  EXPECT_GT(x.window_tally[0].violated + x.window_tally[1].violated, 0U);
  for (const GroupTally& g : x.group_tally) EXPECT_GT(g.lots, 0U);
  for (const ClassTally& c : x.class_tally) EXPECT_GT(c.finished, 0U);
  EXPECT_LT(x.wip, 200U) << "the fab must keep up with its releases";
}

}  // namespace
}  // namespace twins::fab::semantics
