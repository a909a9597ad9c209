// If these failed, a table of lots or groups would not be the fab that it is said to be of.
#include "apps/fabtwin/serve/rows.hpp"

#include <gtest/gtest.h>

#include "apps/fabtwin/serve/duration.hpp"
#include "apps/fabtwin/serve/rig_example.hpp"
#include "twin/record/simulated_disk.hpp"

namespace apps::fabtwin::serve {
namespace {

TEST(Rows, AreTheFabOfTheirState) {
  twin::record::SimulatedDisk disk(4);
  Rig rig(disk, example_fab(), example_rig(4));
  rig.run_until(DayMs);
  const Tick zero = rig.living().site().time_zero_ms;
  const auto x = rig.living().believed(rig.plant().now() + zero).x;
  const auto groups = group_rows(*example_fab(), x);
  ASSERT_EQ(groups.size(), example_fab()->groups.size());
  std::uint32_t wip = 0, tools = 0;
  for (const auto& group : groups) {
    wip += group["wip"].get<std::uint32_t>();
    for (const auto& [mode, count] : group["modes"].items()) tools += count.get<std::uint32_t>();
  }
  EXPECT_EQ(wip, x.wip);
  EXPECT_EQ(tools, example_fab()->tools());
  const auto view = twins::fab::observe(*example_fab(), x);
  ASSERT_FALSE(view.lots.empty());
  for (const auto& lot : view.lots) {
    const auto row = lot_row(*example_fab(), rig.living().belief().live.dialect, lot, zero);
    EXPECT_EQ(row["due_ms"], lot.due + zero);
    EXPECT_EQ(row.contains("tool"), lot.tool != twins::fab::None);
    EXPECT_TRUE(row.contains("product")) << "of each lot of this fab it is known";
    EXPECT_NE(row["name"].get<std::string>()[0], '#') << "all have been named";
  }
}

}  // namespace
}  // namespace apps::fabtwin::serve
