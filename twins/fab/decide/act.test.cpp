// If this failed, a recommendation would be judged by something else than what is done when people follow it.
#include "twins/fab/decide/act.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twins/fab/decide/scene.hpp"
#include "twins/fab/floor.hpp"
#include "twins/fab/invariants.hpp"
#include "twins/fab/lively_fab.hpp"

namespace twins::fab::decide {
namespace {

constexpr Tick ActHour = Scene::Hour;

void run_act(const Scene& s, State& x, const std::vector<Act>& acts, Tick until) {
  Doing doing(*s.fab, x, s.theta, {9, 0});
  doing.begin(acts);
  while (doing.next() < until) {
    s.fab->advance(x, s.theta, doing.next(), {9, 0});
    doing.at();
  }
  s.fab->advance(x, s.theta, until, {9, 0});
}

TEST(Act, OfNoneIsThePlainRun) {
  const Scene s(5 * Scene::Day, lively_fab());
  State plain = s.member(), x = s.member();
  s.fab->advance(plain, s.theta, s.seen.now + 24 * ActHour, {9, 0});
  run_act(s, x, {}, s.seen.now + 24 * ActHour);
  EXPECT_EQ(x, plain);
}

TEST(Act, APriorityLastsAsLongAsItIsTo) {
  const Scene s(5 * Scene::Day, lively_fab());
  const std::uint32_t lot = s.waiting_lot();
  State x = s.member();
  const std::int32_t own = x.lots[find_lot(x, lot)].priority;
  const Tick end = s.seen.now + 4 * ActHour;
  Doing doing(*s.fab, x, s.theta, {9, 0});
  doing.begin(std::vector<Act>{SetPriority{lot, own + 50, end}});
  EXPECT_EQ(x.lots[find_lot(x, lot)].priority, own + 50);
  ASSERT_EQ(doing.next(), end);
  s.fab->advance(x, s.theta, end, {9, 0});
  ASSERT_NE(find_lot(x, lot), None);
  doing.at();
  EXPECT_EQ(x.lots[find_lot(x, lot)].priority, own);
  EXPECT_EQ(doing.next(), twin::core::Never);
  EXPECT_TRUE(check_state(*s.layout, x).empty());
}

TEST(Act, AHeldLotStandsStillUntilItIsLetGo) {
  const Scene s(5 * Scene::Day, lively_fab());
  const std::uint32_t lot = s.waiting_lot();
  State x = s.member();
  const std::uint32_t step = x.lots[find_lot(x, lot)].step;
  const Tick end = s.seen.now + 30 * ActHour;
  Doing doing(*s.fab, x, s.theta, {9, 0});
  doing.begin(std::vector<Act>{HoldLot{lot, end}});
  s.fab->advance(x, s.theta, end, {9, 0});
  EXPECT_EQ(x.lots[find_lot(x, lot)].place, LotPlace::Held);
  EXPECT_EQ(x.lots[find_lot(x, lot)].step, step);
  doing.at();
  s.fab->advance(x, s.theta, end + 30 * ActHour, {9, 0});
  const std::uint32_t slot = find_lot(x, lot);
  EXPECT_TRUE(slot == None || x.lots[slot].step != step || x.lots[slot].place != LotPlace::Held);
  EXPECT_TRUE(check_state(*s.layout, x).empty());
}

TEST(Act, AMaintenanceComesWhenItWasShiftedTo) {
  const Scene s(5 * Scene::Day, lively_fab());
  std::uint32_t tool = None;
  State x = s.member();
  for (const twin::des::Event& e : x.agenda.sorted())
    if (e.kind == static_cast<std::uint16_t>(Happens::PmDue) && e.at > s.seen.now + 10 * ActHour &&
        tool == None)
      tool = e.who;
  ASSERT_NE(tool, None);
  const std::uint32_t before = x.pms[tool * s.layout->max_pms].count;
  const Tick due = s.seen.now + 2 * ActHour;
  const Act shift = ShiftPm{tool, 0, due};
  ASSERT_FALSE(why_not(*s.layout, s.seen, shift));
  State plain = x;
  run_act(s, x, {shift}, due);
  const std::size_t clock = tool * s.layout->max_pms;
  EXPECT_TRUE(x.pms[clock].asked != 0 || x.pms[clock].count == before + 1);
  s.fab->advance(plain, s.theta, due, {9, 0});
  EXPECT_TRUE(plain.pms[clock].asked == 0 && plain.pms[clock].count == before);
  s.fab->advance(x, s.theta, due + 48 * ActHour, {9, 0});
  EXPECT_GE(x.pms[clock].count, before + 1);
  EXPECT_TRUE(check_state(*s.layout, x).empty());
}

// The streams' lots keep their numbers and so their luck, or accepting one lot would change all that come after it.
TEST(Act, AnAcceptedLotTakesNobodysNumber) {
  const Scene s;
  State plain = s.member(), x = s.member();
  std::int32_t highest = 0;
  for (const StreamInfo& stream : s.layout->streams) highest = std::max(highest, stream.priority);
  const Act accept = AcceptLot{0, highest + 10, s.seen.now + 100 * ActHour};
  ASSERT_FALSE(why_not(*s.layout, s.seen, accept));
  run_act(s, x, {accept}, s.seen.now + 24 * ActHour);
  s.fab->advance(plain, s.theta, s.seen.now + 24 * ActHour, {9, 0});
  EXPECT_EQ(x.next_serial, plain.next_serial);
  EXPECT_EQ(x.next_lot_id, plain.next_lot_id);
  const std::uint32_t slot = find_lot(x, FirstAccepted);
  ASSERT_NE(slot, None) << "a day is less than its route";
  EXPECT_EQ(x.lots[slot].priority, highest + 10);
  EXPECT_GT(x.lots[slot].visit, 1U) << "it has not begun";
  EXPECT_EQ(find_lot(plain, FirstAccepted), None);
  EXPECT_THAT(check_state(*s.layout, x), testing::IsEmpty());
}

TEST(Act, SaysWhyItCannotBeDone) {
  const Scene s(5 * Scene::Day, lively_fab());
  const auto why = [&](const Act& act) { return why_not(*s.layout, s.seen, act).value_or(""); };
  const std::uint32_t lot = s.waiting_lot();
  EXPECT_EQ(why(SetPriority{999'999, 1}), "lot 999999 (is not in the fab)");
  EXPECT_EQ(why(SetPriority{lot, 1, s.seen.now}), "an end (lies not ahead)");
  EXPECT_EQ(why(ReleaseLot{lot}), "lot " + std::to_string(lot) + " (is not held)");
  EXPECT_EQ(why(StartPm{99'999, 0}),
            "tool 99999 (there are " + std::to_string(s.layout->tools()) + ")");
  EXPECT_NE(why(StartPm{0, 77}).find("maintenance 77"), std::string::npos);
  EXPECT_NE(why(ShiftPm{0, 1, s.seen.now}).find("by wafers"), std::string::npos);
  EXPECT_EQ(why(ShiftPm{0, 0, s.seen.now - 1}), "a due time (lies behind)");
  EXPECT_EQ(why(AcceptLot{77, 0, 0}),
            "stream 77 (there are " + std::to_string(s.layout->streams.size()) + ")");
  EXPECT_EQ(why(HoldLot{lot}), "");
}

TEST(Act, HasATextForPeople) {
  const Scene s(5 * Scene::Day, lively_fab());
  const Tick now = s.seen.now;
  EXPECT_EQ(text_of(*s.layout, SetPriority{7, 20, now + 12 * ActHour}, now),
            "lot 7 to priority 20 for 12.0 h");
  EXPECT_EQ(text_of(*s.layout, HoldLot{7}, now), "hold lot 7");
  EXPECT_EQ(text_of(*s.layout, StartPm{0, 0}, now),
            "start maintenance weekly of " + s.layout->tool_name(0) + " now");
  EXPECT_EQ(text_of(*s.layout, ShiftPm{0, 0, now + 6 * ActHour}, now),
            "maintenance weekly of " + s.layout->tool_name(0) + " in 6.0 h");
}

}  // namespace
}  // namespace twins::fab::decide
