// Reference 2.12: the tool that started step i is the only one allowed at step j for that lot.
#include <gmock/gmock.h>

#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab::semantics {
namespace {

using testing::ElementsAre;

Step dedicating(std::uint32_t group, double mean, std::uint32_t to) {
  Step step = step_at(group, mean);
  step.dedicates = to;
  return step;
}

// Two tools in A; product 0: A (10 min), B (1), A again on the same tool. Product 1: A for 30 min.
TinyFab lens_fab() {
  TinyFab fab;
  const auto a = fab.add_group("A", 2), b = fab.add_group("B");
  fab.add_route({dedicating(a, 10, 2), step_at(b, 1), step_at(a, 10)});
  fab.add_route({step_at(a, 30)});
  return fab;
}

// Wrong: a layer would be printed through another lens than the one below. A#2 is free at 40.1, but
// lot 0 must have A#1, which is busy until 40.2; lot 3, which is free to choose, takes A#2.
TEST(Dedication, TheLotWaitsForItsTool) {
  TinyFab fab = lens_fab();
  fab.add_lot(0);
  fab.add_lot(1, {.at = 10.1});
  fab.add_lot(1, {.at = 10.2});
  fab.add_lot(1, {.at = 12});
  EXPECT_THAT(Shift(fab).to(60).lines_of("start"),
              ElementsAre("0 start 0 A#1", "10 start 0 B#1", "10.1 start 1 A#2", "10.2 start 2 A#1",
                          "40.1 start 3 A#2", "40.2 start 0 A#1"));
}

// Wrong: a lot would go elsewhere when its tool is down. Maintenance of A#1 from 10.5 to 110.5; A#2
// is idle until its own at 21.
TEST(Dedication, TheLotWaitsWhileItsToolIsInMaintenance) {
  TinyFab fab = lens_fab();
  fab.group(0).maintenances = {
      {"PM", Maintenance::Trigger::Calendar, 1e6 * MinuteMs, 21 * MinuteMs, minutes(100)}};
  fab.add_lot(0);
  EXPECT_THAT(Shift(fab).to(200).lines_of("start pm"),
              ElementsAre("0 start 0 A#1", "10 start 0 B#1", "10.5 pm PM A#1", "21 pm PM A#2",
                          "110.5 start 0 A#1"));
}

// Wrong: the same for a breakdown. Members whose A#1 fails before the lot is back at 11, while A#2
// works on: the lot starts when A#1 comes up.
TEST(Dedication, TheLotWaitsWhileItsToolIsDown) {
  int cases = 0;
  for (std::uint32_t member = 0; member < 40; ++member) {
    TinyFab fab = lens_fab();
    fab.draw.member = member;
    fab.group(0).breakdowns = {{"BD", uniform(20, 20), minutes(1e6), minutes(100)}};
    fab.add_lot(0);
    const Shift shift = Shift(fab).to(500);
    const auto down = shift.times_of("down");
    if (shift.lines_of("down").front().find("A#1") == std::string::npos) continue;
    if (down[0] <= 10.0 || down[0] > 11.0 || down[1] < 12.0) continue;
    ++cases;
    EXPECT_NEAR(shift.times_of("start").back(), down[0] + 100.0, 1e-5);
    EXPECT_NE(shift.lines_of("start").back().find("A#1"), std::string::npos);
  }
  EXPECT_GE(cases, 1);
}

// Wrong: chains (13 -> 113 -> 351) would lose the tool at the second link, or two links that
// overlap would be mixed up. Links 0 -> 2 -> 4 in A, 1 -> 3 in B; two lots, two tools each.
TEST(Dedication, ChainsAndOverlappingLinksKeepApart) {
  TinyFab fab;
  const auto a = fab.add_group("A", 2), b = fab.add_group("B", 2);
  const auto p = fab.add_route({dedicating(a, 10, 2), dedicating(b, 20, 3), dedicating(a, 10, 4),
                                step_at(b, 20), step_at(a, 10)});
  fab.add_lot(p);
  fab.add_lot(p, {.at = 3});
  fab.add_lot(p, {.at = 12});
  fab.add_lot(p, {.at = 14});
  std::vector<std::vector<std::string>> tools(4);  // [lot][start]
  for (const std::string& line : Shift(fab).to(500).lines_of("start")) {
    const std::size_t at = line.find("start ") + 6;
    tools[std::stoul(line.substr(at))].push_back(line.substr(line.rfind(' ') + 1));
  }
  for (const auto& t : tools) {
    ASSERT_EQ(t.size(), 5U);
    EXPECT_EQ(t[0], t[2]);
    EXPECT_EQ(t[2], t[4]);
    EXPECT_EQ(t[1], t[3]);
  }
}

}  // namespace
}  // namespace twins::fab::semantics
