// If these failed, maintenance by wafers would come after another number of wafers than its calendars ask for.
#include "twins/fab/wafer_marks.hpp"

#include <gtest/gtest.h>

#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab {
namespace {

struct WaferMarksOneTool {
  std::shared_ptr<const Layout> m;
  State x;
};

// A tool with calendars of these intervals by wafers [wafers], and one by time that must not count.
WaferMarksOneTool tool_with(std::initializer_list<double> intervals) {
  semantics::TinyFab fab;
  const auto a = fab.add_group("A");
  fab.add_route({semantics::step_at(a, 1)});
  for (const double wafers : intervals)
    fab.group(a).maintenances.push_back(
        {"W", Maintenance::Trigger::Wafers, wafers, wafers, semantics::minutes(1)});
  fab.group(a).maintenances.push_back(
      {"C", Maintenance::Trigger::Calendar, DayMs, DayMs, semantics::minutes(1)});
  const auto m = compile(fab.description);
  return {m, initial_state(*m, m->nominal_theta(), fab.draw)};
}

// Wrong: of several calendars a later one would be waited for, or a part of a wafer be asked for.
TEST(WaferMarks, TheNearestMarkIsCountedDownTo) {
  const WaferMarksOneTool tool = tool_with({300, 99.5, 200});
  EXPECT_EQ(tool.x.tools[0].wafers_to_mark, 100);
  EXPECT_EQ(wafers_done(tool.x.tools[0]), 0);
}

// Wrong: what the tool has done would be forgotten when a new mark is set.
TEST(WaferMarks, SettingAMarkKeepsTheCount) {
  WaferMarksOneTool tool = tool_with({300, 100});
  State& x = tool.x;
  x.tools[0].wafers_to_mark -= 125;
  EXPECT_EQ(wafers_done(x.tools[0]), 125);
  x.pms[1].mark += 100;
  set_mark(*tool.m, x, 0);
  EXPECT_EQ(wafers_done(x.tools[0]), 125);
  EXPECT_EQ(x.tools[0].wafers_to_mark, 75);
}

// Wrong: a mark that lies behind would be lost; it is due with the next job.
TEST(WaferMarks, AMarkBehindIsDueAtOnce) {
  WaferMarksOneTool tool = tool_with({100});
  tool.x.tools[0].wafers_to_mark -= 250;
  set_mark(*tool.m, tool.x, 0);
  EXPECT_EQ(tool.x.tools[0].wafers_to_mark, 0);
  EXPECT_EQ(wafers_done(tool.x.tools[0]), 250);
}

// Wrong: a tool without such calendars, or with one that never comes, would overflow its count.
TEST(WaferMarks, WithoutAMarkItLooksAgainAfterAVeryLongTime) {
  WaferMarksOneTool tool = tool_with({});
  EXPECT_EQ(tool.x.tools[0].wafers_to_mark, 1 << 30);
  tool.x.tools[0].wafers_to_mark = 0;
  set_mark(*tool.m, tool.x, 0);
  EXPECT_EQ(wafers_done(tool.x.tools[0]), std::int64_t{1} << 30);
  EXPECT_EQ(tool.x.tools[0].wafers_to_mark, 1 << 30);
  EXPECT_EQ(tool_with({1e15}).x.tools[0].wafers_to_mark, 1 << 30);
}

}  // namespace
}  // namespace twins::fab
