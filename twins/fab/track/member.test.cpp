// If these failed, a forecast from a log with holes would start from a fab that cannot be, or from another one.
#include "twins/fab/track/member.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "twins/fab/invariants.hpp"
#include "twins/fab/log_sink.hpp"
#include "twins/fab/mirror.hpp"
#include "twins/fab/semantics/busy_fab.hpp"
#include "twins/fab/track/thin.hpp"
#include "twins/fab/view.hpp"

namespace twins::fab::track {
namespace {

struct MemberWatched {
  std::shared_ptr<const Layout> layout = compile(semantics::busy_fab().description);
  std::unique_ptr<AnyFab> fab = make_fab(layout, "fifo");
  State x;
  Tracker tracker{*layout, layout->nominal_theta(), Numbering::BySource};

  MemberWatched(double days, double share) {
    const auto theta = layout->nominal_theta();
    const twin::core::Draw draw{.seed = 31, .member = 0};
    x = fab->initial(theta, draw);
    Thinner thinner({.share = share, .seed = 6});
    LogSink log(*layout, x, [&](std::span<const twin::event::Event> told) {
      for (const auto& e : told)
        if (!thinner.loses(e)) (void)tracker.saw(e);
    });
    fab->advance(x, theta, static_cast<Tick>(days * DayMs), draw, log);
  }
  std::vector<Member> drawn(std::uint32_t count, unsigned threads = 1) {
    const auto beliefs = believe(tracker, x.now, {.seed = 1});
    const auto stopped = stopped_tools(tracker, x.now, missing_of(tracker, x.now));
    return members(*fab, tracker, beliefs, stopped, x.now, {.count = count, .threads = threads});
  }
};

// Wrong: without holes a member would not be the fab: its lots, steps, places and tools, its queues in their order.
TEST(Members, AreTheFabWhereNothingIsMissing) {
  for (const double days : {3.0, 7.0, 11.0}) {
    MemberWatched w(days, 0.0);
    const Mirror mirror(*w.fab);
    const View truth = observe(*w.layout, mirror.follow(w.x));
    for (const Member& member : w.drawn(2)) {
      EXPECT_EQ(member.squeezed, 0U);
      EXPECT_EQ(member.left_out, 0U);
      EXPECT_EQ(check_state(*w.layout, member.x, Future::Unknown), std::vector<std::string>{});
      const View view = observe(*w.layout, member.x);
      EXPECT_EQ(view.wip, truth.wip);
      EXPECT_TRUE(view.groups == truth.groups);
      ASSERT_EQ(view.lots.size(), truth.lots.size());
      for (std::size_t i = 0; i < truth.lots.size(); ++i) {
        const LotView &a = view.lots[i], &b = truth.lots[i];
        EXPECT_EQ(a.id, b.id);
        EXPECT_EQ(a.step, b.step) << b.id;
        EXPECT_EQ(a.visit, b.visit) << b.id;
        EXPECT_EQ(a.place, b.place) << b.id;
        EXPECT_EQ(a.tool, b.tool) << b.id;
        EXPECT_EQ(a.location, b.location) << b.id;
        EXPECT_EQ(a.due, b.due) << b.id;
        EXPECT_EQ(a.priority, b.priority) << b.id;
        EXPECT_EQ(a.dedication, b.dedication) << b.id;
      }
      for (std::size_t t = 0; t < truth.tools.size(); ++t) {
        EXPECT_EQ(view.tools[t].setup, truth.tools[t].setup) << t;
        EXPECT_EQ(view.tools[t].breakdowns != 0, truth.tools[t].breakdowns != 0) << t;
        EXPECT_EQ(view.tools[t].jobs.size(), truth.tools[t].jobs.size()) << t;
      }
    }
  }
}

// Wrong: where events are missing a member would break the fab's own rules, depend on the threads, or be the same as
// the next one.
TEST(Members, ArePossibleFabs) {
  MemberWatched w(9.0, 0.4);
  const auto all = w.drawn(8);
  std::size_t others = 0, squeezed = 0;
  for (const Member& member : all) {
    EXPECT_EQ(check_state(*w.layout, member.x, Future::Unknown), std::vector<std::string>{});
    EXPECT_NEAR(static_cast<double>(member.x.wip), static_cast<double>(w.x.wip), 0.1 * w.x.wip);
    EXPECT_EQ(member.x.now, w.x.now);
    others += observe(*w.layout, member.x) == observe(*w.layout, all.front().x) ? 0U : 1U;
    squeezed += member.squeezed;
  }
  EXPECT_GE(others, 5U);
  EXPECT_LT(squeezed, all.size() * w.x.wip / 20);
  for (const unsigned threads : {2U, 3U, 7U}) {
    const auto again = w.drawn(8, threads);
    for (std::size_t i = 0; i < all.size(); ++i) EXPECT_TRUE(again[i].x == all[i].x) << threads;
  }
}

}  // namespace
}  // namespace twins::fab::track
