#include "twins/fab/view.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <stdexcept>

#include "twins/fab/any_fab.hpp"
#include "twins/fab/lively_fab.hpp"

namespace twins::fab {
namespace {

TEST(View, EqualsItselfAndSeesEachChange) {
  // Wrong: a mirror that has lost a lot or a tool's state would be called exact.
  const auto layout = lively_fab();
  const auto fab = make_fab(layout);
  const std::vector<double> theta = layout->nominal_theta();
  const twin::core::Draw draw{.seed = 3};
  State x = fab->initial(theta, draw);
  fab->advance(x, theta, static_cast<Tick>(6.3 * DayMs), draw);
  const View view = observe(*layout, x);
  EXPECT_EQ(view, observe(*layout, x));
  EXPECT_EQ(first_difference(*layout, view, view), "");
  ASSERT_EQ(view.lots.size(), x.wip);
  for (std::uint32_t t = 0; t < layout->tools(); ++t) EXPECT_EQ(observe_tool(x, t), view.tools[t]);
  std::size_t queued = 0;
  for (const GroupView& g : view.groups) queued += g.queue.size();
  ASSERT_GT(queued, 1U);

  View other = view;
  other.lots[0].wafers += 1;
  EXPECT_NE(view, other);
  EXPECT_NE(first_difference(*layout, view, other).find("wafers: "), std::string::npos);
  other = view;
  other.lots.pop_back();
  EXPECT_EQ(first_difference(*layout, view, other).substr(0, 15), "lots in the fab");
  other = view;
  other.tools[2].mode = other.tools[2].mode == ToolMode::Pm ? ToolMode::Idle : ToolMode::Pm;
  EXPECT_EQ(first_difference(*layout, view, other).substr(0, 11), "tool Etch#1");
  for (std::size_t g = 0; g < view.groups.size(); ++g) {
    if (view.groups[g].queue.size() < 2) continue;
    other = view;
    std::swap(other.groups[g].queue[0].lot, other.groups[g].queue[1].lot);
    EXPECT_EQ(first_difference(*layout, view, other).substr(0, 8), "queue of");
  }
}

TEST(View, WithoutTimesIsAllButTimes) {
  // Wrong: an audit of places would find a clock that is off, or pass over a lot that is elsewhere.
  const auto layout = lively_fab();
  const auto fab = make_fab(layout);
  const std::vector<double> theta = layout->nominal_theta();
  State x = fab->initial(theta, {.seed = 3});
  fab->advance(x, theta, static_cast<Tick>(6.3 * DayMs), {.seed = 3});
  const View view = observe(*layout, x);
  ASSERT_FALSE(view.lots.empty());
  const auto job = [](View& v) -> JobView& {
    for (ToolView& tool : v.tools)
      if (!tool.jobs.empty()) return tool.jobs.front();
    throw std::out_of_range("no tool is busy");
  };
  View later = view;
  ++job(later).start;
  for (LotView& lot : later.lots) ++lot.release, ++lot.due, ++lot.since, ++lot.window_from;
  EXPECT_NE(later, view);
  EXPECT_EQ(without_times(later), without_times(view));
  for (const auto& change : std::initializer_list<void (*)(LotView&)>{
           [](LotView& l) { ++l.step; }, [](LotView& l) { ++l.visit; },
           [](LotView& l) { ++l.wafers; }, [](LotView& l) { ++l.priority; },
           [](LotView& l) { ++l.window_step; }, [](LotView& l) { l.place = LotPlace::Held; }}) {
    View elsewhere = view;
    const std::size_t lot = view.lots[0].place == LotPlace::Held ? 1 : 0;
    change(elsewhere.lots.at(lot));
    EXPECT_NE(without_times(elsewhere), without_times(view));
  }
  View other = view;
  ++job(other).wafers;
  EXPECT_NE(without_times(other), without_times(view));
}

TEST(View, ModeFollowsTheJob) {
  // Wrong: a tool that changes over would be shown as producing. Two overlapping jobs: setup counts
  // before process, process before load, load before unload (reference 2.18).
  const auto layout = lively_fab();
  State x = make_fab(layout)->initial(layout->nominal_theta(), {});
  Tool& tool = x.tools[0];
  x.lots.resize(2);
  x.dedication.resize(2 * layout->dedication_slots, None);
  for (std::uint32_t l = 0; l < 2; ++l) {
    x.lots[l].place = LotPlace::Processing;
    x.lots[l].id = l;
    x.lots[l].tool = 0;
    tool.jobs[l].first_lot = l;
  }
  const auto phases = [](Job& job, Tick setup, Tick load, Tick process, Tick unload) {
    job.setup_start = setup, job.setup_end = load, job.load_end = job.process_start = process;
    job.process_end = unload, job.end = unload + 10;
  };
  phases(tool.jobs[0], 0, 10, 20, 30);
  phases(tool.jobs[1], 25, 32, 35, 50);
  const auto mode_at = [&](Tick now) {
    x.now = now;
    return observe(*layout, x).tools[0].mode;
  };
  EXPECT_EQ(mode_at(5), ToolMode::Setup);
  EXPECT_EQ(mode_at(15), ToolMode::Load);
  EXPECT_EQ(mode_at(21), ToolMode::Process);
  EXPECT_EQ(mode_at(26), ToolMode::Setup);
  EXPECT_EQ(mode_at(33), ToolMode::Load);
  EXPECT_EQ(mode_at(36), ToolMode::Process);
  EXPECT_EQ(mode_at(50), ToolMode::Unload);
  tool.pm = 0;
  EXPECT_EQ(mode_at(50), ToolMode::Pm);
  tool.breakdowns = 1;
  EXPECT_EQ(mode_at(50), ToolMode::Down);
  EXPECT_EQ(to_string(ToolMode::Down), "down");
}

}  // namespace
}  // namespace twins::fab
