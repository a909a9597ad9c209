// What learns beside a live mirror sees the log as it was written.
#include "twins/fab/live/feed.hpp"

#include <gtest/gtest.h>

#include "twins/fab/calibrate/posterior.hpp"
#include "twins/fab/live/followed_fab.hpp"

namespace twins::fab::live {
namespace {

TEST(Feed, GivesALogWhateverTheOrderOfArrival) {
  // Wrong: what the twin learns of theta would depend on the network, or count events twice. Up to
  // three hours late; fed six hours behind, asked for its posterior of now on the way and at the end.
  const FollowedFab of(lively_fab(), 12 * Day, Day);
  Follower follower(*of.fab);
  Live live = follower.start();
  follower.absorb(live, of.names(follower));
  calibrate::Witness direct(*of.layout, 0), behind(*of.layout, 0);
  for (const auto& e : of.log) direct.saw(e);
  const auto saw = [&](const twin::event::Event& e) { behind.saw(e); };
  Feed feed;
  std::vector<twin::event::Event> all;
  std::size_t k = 0;
  for (const auto& o :
       scramble(of.log, {.draw = {.seed = 2}, .delay_max = 3 * Hour, .doubled = 0.1}).come) {
    follower.absorb(live, o);
    if (++k % 200 != 0) continue;
    follower.settle(live);
    feed.pass(live, live.newest - 6 * Hour, saw);
  }
  follower.settle(live);
  calibrate::Witness now = behind;
  feed.rest(live, [&](const twin::event::Event& e) { now.saw(e); });
  const auto a = posteriors(*of.layout, direct.evidence(12 * Day));
  const auto b = posteriors(*of.layout, now.evidence(12 * Day));
  ASSERT_EQ(a.size(), b.size());
  std::uint64_t seen = 0;
  for (std::size_t p = 0; p < a.size(); ++p) {
    EXPECT_EQ(a[p].quantiles, b[p].quantiles) << a[p].name;
    EXPECT_EQ(a[p].seen, b[p].seen) << a[p].name;
    seen += a[p].seen;
  }
  EXPECT_GT(seen, 500U);
  EXPECT_EQ(feed.missed, 0U);
}

TEST(Feed, SaysThatItWasAskedTooSeldom) {
  // Wrong: what learns would miss a day and nobody would know.
  const FollowedFab of(lively_fab(), 12 * Day, Day);
  Follower follower(*of.fab, {.reach = 6 * Hour});
  Live live = follower.start();
  follower.absorb(live, of.names(follower));
  Feed feed;
  std::size_t given = 0;
  const auto saw = [&](const twin::event::Event&) { ++given; };
  for (const auto& o : scramble(of.log, {}).come) {
    follower.absorb(live, o);
    if (o.at > Day && feed.until == 0) {
      follower.settle(live);
      feed.pass(live, Day, saw);
    }
  }
  follower.settle(live);
  EXPECT_GT(given, 0U);
  feed.pass(live, 11 * Day, saw);
  EXPECT_EQ(feed.missed, 1U);
}

}  // namespace
}  // namespace twins::fab::live
