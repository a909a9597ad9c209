// Events that come to the fold in an order that cannot have been, because clocks differ.
#include "twins/fab/live/fold.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

#include "twin/core/archive.hpp"
#include "twins/fab/invariants.hpp"
#include "twins/fab/live/followed_fab.hpp"

namespace twins::fab::live {
namespace {

using twin::event::Event;
using twin::event::Kind;

constexpr Tick Second = 1'000;

// No event of the log within `margin` of it.
bool is_quiet(std::span<const Event> log, Tick at, Tick margin) {
  const auto next = std::lower_bound(log.begin(), log.end(), at - margin,
                                     [](const Event& e, Tick t) { return e.at < t; });
  return next == log.end() || next->at > at + margin;
}

TEST(Fold, ClocksMayDiffer) {
  // Wrong: a tool whose clock is some seconds wrong would seem to process lots that are not there
  // yet, or to hold lots that have moved on. Every tool's clock is off by up to 5 s, unknown to
  // anyone: 10 s between two. Where every lot and tool is, and in which order queues stand, is exact
  // whenever nothing happened within that time; and times are off by no more.
  const FollowedFab of(lively_fab(), 20 * Day, 2 * Hour + 7);
  Follower follower(*of.fab, {.patience = 15 * Second, .reach = 40 * Day});
  std::size_t audited = 0, reordered = 0;
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    Live live = follower.start();
    follower.absorb(live, of.names(follower));
    for (const auto& o :
         scramble(of.log, {.draw = {.seed = seed}, .clock_error_max = 5 * Second}).come)
      follower.absorb(live, o);
    follower.settle(live);
    for (const auto& [at, view] : of.truth) {
      if (!is_quiet(of.log, at, 16 * Second)) continue;
      ++audited;
      const View mine = observe(*of.layout, follower.belief(live, at).x);
      ASSERT_EQ(first_difference(*of.layout, without_times(mine), without_times(view)), "")
          << "seed " << seed << " at " << at;
      for (std::size_t k = 0; k < view.lots.size(); ++k) {
        EXPECT_LE(std::abs(mine.lots[k].since - view.lots[k].since), 10 * Second);
        EXPECT_EQ(mine.lots[k].due, view.lots[k].due);
      }
    }
    EXPECT_EQ(live.settled.anomalous, 0U) << "seed " << seed;
    EXPECT_EQ(live.settled.inferred, 0U) << "seed " << seed;
    reordered += live.settled.x.events;
  }
  EXPECT_GT(audited, 800U);
  EXPECT_GT(reordered, 10'000U);
}

TEST(Fold, MayPauseAnywhere) {
  // Wrong: the State would depend on when it was asked for, saved or taken up again (P3).
  const FollowedFab of(lively_fab(), 3 * Day, Day);
  Folder folder(*of.fab, 30 * Second);
  std::vector<Told> events;
  for (const Event& e : of.log) {
    if (events.size() % 23 != 5)
      events.push_back({e, 0, 0});  // some are lost: some are bridged
    else
      events.push_back(
          {Event{.at = e.at, .lot = e.lot, .tool = e.tool, .kind = Kind::ToolUp}, 0, 0});
  }
  std::sort(events.begin(), events.end(), before);
  const Fold start{.x = folder.mirror().start()};
  Fold whole = start;
  folder.advance(whole, events, 3 * Day);
  EXPECT_GT(whole.bridged + whole.anomalous, 20U);
  const twin::core::Draw draw{.seed = 5};
  Fold parts = start;
  for (std::uint32_t k = 0; parts.until < 3 * Day; ++k) {
    Folder other(*of.fab, 30 * Second);  // nor on what another one remembers
    const auto step = 1 + static_cast<Tick>(draw.uniform(1, k, 0) * draw.uniform(1, k, 1) * 4e6);
    other.advance(parts, events, std::min(parts.until + step, 3 * Day));
    parts = twin::core::load<Fold>(twin::core::save(parts));
  }
  EXPECT_TRUE(parts == whole);
  EXPECT_EQ(twin::core::fingerprint(parts), twin::core::fingerprint(whole));
}

TEST(Fold, AnyEventsEnd) {
  // Wrong: data from outside could hang the twin, or break its State. A true log in which every
  // fifth event is lost, turned or made up: what waits and what is inferred comes to an end.
  const FollowedFab of(lively_fab(), 4 * Day, Day);
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    Folder folder(*of.fab, 600 * Second);
    const twin::core::Draw draw{.seed = seed};
    std::vector<Told> events;
    for (std::uint32_t k = 0; k < of.log.size(); ++k) {
      const auto words = draw.block(1, k, 0);
      Event e = of.log[k];
      const std::uint32_t harm = words[0] % 25;
      if (harm == 0) continue;
      if (harm == 1) e.tool = words[1] % (of.layout->tools() + 1);
      if (harm == 2) e.kind = twin::event::kinds()[words[1] % twin::event::kinds().size()].value;
      if (harm == 3) e.lot = words[1] % 100;
      if (harm == 4) e.step = words[1] % 8;
      events.push_back({e, 0, 0});
    }
    std::sort(events.begin(), events.end(), before);
    Fold fold{.x = folder.mirror().start()};
    for (Tick at = Hour; at <= 4 * Day; at += Hour) {
      folder.advance(fold, events, at);
      ASSERT_EQ(check_state(*of.layout, fold.x, Future::Unknown), std::vector<std::string>{})
          << "seed " << seed << " at " << at;
      ASSERT_LT(fold.waiting.size(), 1'000U);
    }
    std::uint64_t ended = fold.waiting.size();
    for (const std::uint64_t n : fold.counts) ended += n;
    EXPECT_EQ(ended, events.size());  // each has come to one end
  }
}

// What a MES and a tool of a group that `is_such` tell of lots that begin at that tool's step.
struct Story {
  static constexpr std::uint32_t TheMes = 0, ItsTool = 1;

  template <class IsSuch>
  explicit Story(IsSuch is_such) {
    while (!is_such(layout->groups[layout->steps[step].group])) ++step;
    while (layout->tool_group[tool] != layout->steps[step].group) ++tool;
  }
  void say(std::uint32_t source, Tick at, Event e) {
    e.at = at;
    e.source = source;
    e.source_seq = seq[source]++;
    events.push_back({e, 0, 0});
  }
  void releases(std::uint32_t lot, Tick at) {
    const StepInfo& info = layout->steps[step];
    const auto& products = layout->description.products;
    const auto product = std::find_if(products.begin(), products.end(),
                                      [&](const Product& p) { return p.route == info.route; });
    Event e{.lot = lot, .kind = Kind::LotReleased};
    e.item =
        folder.mirror().names().product_item[static_cast<std::size_t>(product - products.begin())];
    e.step = info.index;
    say(TheMes, at, e);
    arrives(lot, at, 0);
  }
  void arrives(std::uint32_t lot, Tick at, std::uint32_t steps_on) {
    Event e{.lot = lot, .kind = steps_on == 0 ? Kind::ArrivedAtQueue : Kind::Moved};
    e.step = layout->steps[step].index + steps_on;
    e.visit = steps_on;
    say(TheMes, at, e);
  }
  void tells(Kind kind, std::uint32_t lot, Tick at) {
    Event e{.lot = lot, .tool = tool, .kind = kind};
    e.step = layout->steps[step].index;
    say(ItsTool, at, e);
  }
  [[nodiscard]] Fold until(Tick at) {
    std::sort(events.begin(), events.end(), before);
    Fold fold{.x = folder.mirror().start()};
    folder.advance(fold, events, at);
    return fold;
  }
  [[nodiscard]] std::vector<JobView> jobs(const Fold& fold) const {
    return observe_tool(fold.x, tool).jobs;
  }

  std::shared_ptr<const Layout> layout = lively_fab();
  std::unique_ptr<AnyFab> fab = make_fab(layout, "fifo");
  Folder folder{*fab, 30 * Second};
  std::uint32_t step = 0, tool = 0;
  std::array<std::uint64_t, 2> seq = {};
  std::vector<Told> events = {};
};

TEST(Fold, AJobDoesNotOvertakeTheOneThatItsToolToldBefore) {
  // Wrong: of two jobs that enter a tool at one instant the second would stand before the first,
  // whose lot was not yet seen to arrive, and every slot and minimum run after them be another. The
  // tool says A, then B, and is dated 2 ms apart; of A the MES is heard a second later.
  constexpr std::uint32_t A = 1, B = 2;
  Story story([](const GroupInfo& g) { return g.slots == 2; });
  story.releases(B, 1'000);
  story.releases(A, 3'000);
  story.tells(Kind::LoadStarted, A, 2'000);
  story.tells(Kind::LoadStarted, B, 2'002);
  const Fold fold = story.until(60 * Second);
  EXPECT_EQ(fold.anomalous + fold.inferred, 0U);
  const auto jobs = story.jobs(fold);
  ASSERT_EQ(jobs.size(), 2U);
  EXPECT_EQ(jobs[0].lots, std::vector{A});
  EXPECT_EQ(jobs[1].lots, std::vector{B});
}

TEST(Fold, ABatchThatWaitedForRoomIsInTheOrderThatItsToolSaid) {
  // Wrong: where the unload before it was lost, the batch waits until the MES has moved that lot, and
  // would be taken in by its times then, which differ by how late each message came (torture with
  // lies, seeds 2480 and 2449 of the small fab).
  constexpr std::uint32_t X = 1, A = 2, B = 3, C = 4;
  constexpr Tick At = 100 * Second;
  Story story([](const GroupInfo& g) { return g.slots == 1 && g.batch; });
  for (const std::uint32_t lot : {X, A, B, C}) story.releases(lot, 1'000 + lot);
  for (const Kind kind : {Kind::BatchFormed, Kind::LoadStarted}) story.tells(kind, X, 2'000);
  story.tells(Kind::ProcessingStarted, X, 3'000);
  story.tells(Kind::ProcessingEnded, X, 50'000);
  story.arrives(X, At - 5, 1);  // and no word of its unload
  story.tells(Kind::BatchFormed, A, At + 1);
  story.tells(Kind::BatchFormed, B, At);
  story.tells(Kind::BatchFormed, C, At - 1);
  const Fold fold = story.until(At + 60 * Second);
  EXPECT_EQ(fold.anomalous, 0U);
  EXPECT_GT(fold.inferred, 0U);
  const auto jobs = story.jobs(fold);
  ASSERT_EQ(jobs.size(), 1U);
  EXPECT_EQ(jobs[0].lots, (std::vector{A, B, C}));
}

}  // namespace
}  // namespace twins::fab::live
