// If this failed, a fab with a tool down would do what no fab can: work on in it, lose its lots, or forget what else is
// the matter with the tool.
#include "twins/fab/decide/down.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twins/fab/decide/scene.hpp"
#include "twins/fab/invariants.hpp"
#include "twins/fab/lively_fab.hpp"
#include "twins/fab/log_sink.hpp"
#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab::decide {
namespace {

using How = LayoutOptions::Breakdowns;
using semantics::TinyFab;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr Tick minute(double m) { return static_cast<Tick>(m * MinuteMs); }

// One tool, jobs of 10 minutes, what happens to it as text.
struct OneTool {
  TinyFab fab;
  semantics::Trace trace;
  State x;

  OneTool() {
    fab.add_group("A");
    fab.add_route({semantics::step_at(0, 10)});
  }
  std::vector<std::string> after(double end, std::vector<Down> downs) {
    const auto layout = compile(fab.description, fab.options);
    const Fab<Fifo> model(layout);
    const auto theta = fab.theta_for(*layout);
    x = model.initial(theta, fab.draw);
    take_down(x, downs);
    for (double m = 0; m <= end; m += 1.0) {
      model.advance(x, theta, minute(m), fab.draw, trace);
      EXPECT_THAT(check_state(*layout, x), IsEmpty()) << m;
    }
    std::erase_if(trace.lines, [](const std::string& line) {
      for (const char* verb : {" release", " arrive", " finish"})
        if (line.find(verb) != std::string::npos) return true;
      return false;
    });
    return std::move(trace.lines);
  }
};

TEST(Down, WaitsForTheJobOrSuspendsItAsABreakdownDoes) {
  const std::vector<Down> downs = {{0, minute(5), minute(30)}};
  for (const How how : {How::AfterJob, How::Suspend}) {
    OneTool one;
    one.fab.options.breakdown = how;
    one.fab.add_lot(0, {.at = 0});
    one.fab.add_lot(0, {.at = 1});
    const auto lines = one.after(60, downs);
    if (how == How::AfterJob)
      EXPECT_THAT(lines, ElementsAre("0 start 0 A#1", "10 end 0 A#1", "10 down A#1", "30 up A#1",
                                     "30 start 1 A#1", "40 end 1 A#1"));
    else
      EXPECT_THAT(lines, ElementsAre("0 start 0 A#1", "5 down A#1", "30 up A#1", "35 end 0 A#1",
                                     "35 start 1 A#1", "45 end 1 A#1"));
  }
}

// The job 0 to 10 outlasts it: nobody noticed.
TEST(Down, ThatIsOverBeforeTheJobEndsNeverBegins) {
  OneTool one;
  one.fab.add_lot(0, {.at = 0});
  one.fab.add_lot(0, {.at = 1});
  EXPECT_THAT(one.after(60, {{0, minute(5), minute(9)}}),
              ElementsAre("0 start 0 A#1", "10 end 0 A#1", "10 start 1 A#1", "20 end 1 A#1"));
}

// Down 100 to 120 and 170 to 190 of itself, its next failure 50 after the repair; by people 110 to 130 and 160 to 185.
TEST(Down, OverlapsWithTheToolsOwnBreakdownsAndLeavesThemTheirTimes) {
  OneTool one;
  one.fab.group(0).breakdowns = {
      {"BD", semantics::minutes(100), semantics::minutes(50), semantics::minutes(20)}};
  one.fab.add_lot(0, {.at = 105});
  one.fab.add_lot(0, {.at = 165});
  EXPECT_THAT(one.after(200, {{0, minute(110), minute(130)}, {0, minute(160), minute(185)}}),
              ElementsAre("100 down A#1", "110 down A#1", "120 up A#1", "130 up A#1",
                          "130 start 0 A#1", "140 end 0 A#1", "160 down A#1", "170 down A#1",
                          "185 up A#1", "190 up A#1", "190 start 1 A#1", "200 end 1 A#1"));
  EXPECT_EQ(
      static_cast<double>(one.x.tool_times[0][static_cast<std::size_t>(ToolTime::Down)]) / MinuteMs,
      30.0 + 30.0);
}

// A maintenance of 20 that is due at 50 and then each 60: people's time 55 to 80 begins when the first is over; that of
// 105 to 120 makes the second wait.
TEST(Down, AndMaintenanceWaitForEachOther) {
  OneTool one;
  one.fab.group(0).maintenances = {
      {"PM", Maintenance::Trigger::Calendar, 60 * MinuteMs, 50 * MinuteMs, semantics::minutes(20)}};
  EXPECT_THAT(one.after(145, {{0, minute(55), minute(80)}, {0, minute(105), minute(120)}}),
              ElementsAre("50 pm PM A#1", "70 pm-end A#1", "70 down A#1", "80 up A#1",
                          "105 down A#1", "120 up A#1", "120 pm PM A#1", "140 pm-end A#1"));
}

TEST(Down, ForNoTimeOrInThePastChangesNothing) {
  const Scene s(Scene::Day);
  const State before = s.member();
  State x = before;
  const Tick now = x.now;
  take_down(x, std::vector<Down>{{3, now + 9, now + 9}, {3, now - 9, now}, {4, now + 9, now + 8}});
  EXPECT_EQ(x, before);
}

TEST(Down, TimesThatOverlapOrTouchAreOne) {
  const Scene s(Scene::Day);
  State x = s.member();
  const Tick now = x.now;
  const std::size_t events = x.agenda.size();
  take_down(x, std::vector<Down>{{3, now + 50, now + 60},
                                 {3, now - 9, now + 20},
                                 {3, now + 10, now + 30},
                                 {3, now + 30, now + 40},
                                 {4, now + 10, now + 30}});
  EXPECT_EQ(x.agenda.size(), events + 6);
}

// Else a mirror that follows such a run would have the tool work on, or count a breakdown that was none.
TEST(Down, IsToldToALogWithoutACause) {
  const Scene s(Scene::Day);
  State x = s.member();
  take_down(x, std::vector<Down>{{3, x.now, x.now + 12 * Scene::Hour}});
  std::vector<twin::event::Event> told;
  LogSink log(*s.layout, x, [&](std::span<const twin::event::Event> events) {
    for (const twin::event::Event& e : events)
      if (e.tool == 3 && e.item == None) told.push_back(e);
  });
  s.fab->advance(x, s.theta, x.now + 13 * Scene::Hour, {9, 0}, log);
  std::erase_if(told, [](const twin::event::Event& e) {
    return e.kind != twin::event::Kind::ToolDown && e.kind != twin::event::Kind::ToolUp;
  });
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].kind, twin::event::Kind::ToolDown);
  EXPECT_EQ(told[1].kind, twin::event::Kind::ToolUp);
  EXPECT_EQ(told[1].at - s.seen.now, 12 * Scene::Hour);
}

// Windows at random on all tools, among jobs, batches, setups, breakdowns and maintenances. While one lasts nothing new
// is in the tool, and the State is sound at every look.
void holds_in(const std::shared_ptr<const Layout>& layout, std::uint32_t seed, Tick horizon) {
  const auto fab = make_fab(layout, "fifo");
  const auto theta = layout->nominal_theta();
  const twin::core::Draw draw{seed, 0}, mine{seed, 1};
  State x = fab->initial(theta, draw);
  fab->advance(x, theta, horizon, draw);
  const Tick begin = x.now, end = begin + horizon;
  std::vector<Down> downs;
  for (std::uint32_t t = 0; t < layout->tools(); ++t) {
    for (std::uint32_t n = 0; n < 3; ++n) {
      const auto b = mine.block(77, t, n);
      const auto share = [](std::uint32_t word) { return twin::core::uniform_of(word); };
      const Tick from = begin + static_cast<Tick>(share(b[0]) * static_cast<double>(horizon));
      const double length = share(b[1]) < 0.5 ? 0.25 * HourMs : 6.0 * HourMs;
      downs.push_back({t, from, from + static_cast<Tick>(share(b[2]) * length)});
    }
  }
  take_down(x, downs);
  std::uint64_t standing = 0;
  for (Tick at = begin; at <= end; at += horizon / 97) {
    fab->advance(x, theta, at, draw);
    ASSERT_THAT(check_state(*layout, x), IsEmpty()) << "seed " << seed << " at " << at;
    for (const Down& d : downs) {
      if (at <= d.from || at >= d.until) continue;
      ++standing;
      for (const Job& job : x.tools[d.tool].jobs)
        ASSERT_TRUE(job.first_lot == None || job.start <= d.from)
            << layout->tool_name(d.tool) << ", seed " << seed << " at " << at;
    }
  }
  EXPECT_GT(standing, 50U) << "the test looks at nothing";
  fab->advance(x, theta, end + 12 * static_cast<Tick>(HourMs), draw);
  EXPECT_THAT(check_state(*layout, x), IsEmpty()) << seed;
  for (const twin::des::Event& e : x.agenda.sorted())
    EXPECT_NE(static_cast<Happens>(e.kind), Happens::PutBack);
}

TEST(Down, LeavesASoundStateWhateverItMeets) {
  for (const How how : {How::AfterJob, How::Suspend}) {
    LayoutOptions options;
    options.breakdown = how;
    for (std::uint32_t seed = 1; seed <= 20; ++seed)
      holds_in(lively_fab(options), seed, 3 * Scene::Day);
    for (std::uint32_t seed = 1; seed <= 2; ++seed)
      holds_in(example_fab(options), seed, Scene::Day);
  }
}

}  // namespace
}  // namespace twins::fab::decide
