// Snapshot and replay against the process that was never interrupted.
#include "twins/fab/live/replay.hpp"

#include <gtest/gtest.h>

#include "twin/core/archive.hpp"
#include "twins/fab/live/followed_fab.hpp"

namespace twins::fab::live {
namespace {

using twin::core::Draw;
using twin::core::Entry;

const FollowedFab& lively_replay() {
  static const FollowedFab fab(lively_fab(), 10 * Day, 3 * Hour + 7);
  return fab;
}

// A record: the names, then messages with every trouble there is.
std::vector<Entry> record(const Follower& follower, std::uint64_t seed) {
  std::vector<Entry> all = {lively_replay().names(follower)};
  for (const auto& o : scramble(lively_replay().log, {.draw = {.seed = seed},
                                                     .delay_max = 3 * Hour,
                                                     .clock_error_max = 2'000,
                                                     .doubled = 0.05,
                                                     .lost = 0.01,
                                                     .tools_cut = 0.5,
                                                     .cut_from = 3 * Day,
                                                     .cut_for = Day})
                           .come)
    all.emplace_back(o);
  return all;
}

NextEntry from(const std::vector<Entry>& record, std::size_t index) {
  return [&record, index](Entry& entry) mutable {
    if (index >= record.size()) return false;
    entry = record[index++];
    return true;
  };
}

TEST(Replay, FromAnySnapshotIsTheUninterruptedRun) {
  // Wrong: after a crash the twin would believe something else than before (P3). Killed and taken up
  // again from its snapshot at 300 places of 6 records; by another follower each time, which
  // remembers nothing.
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    Follower follower(*lively_replay().fab, {});
    const auto entries = record(follower, seed);
    Live whole = follower.start();
    std::vector<std::pair<std::size_t, std::vector<std::byte>>> snapshots;
    for (std::size_t k = 0; k < entries.size(); ++k) {
      if (k % (entries.size() / 50) == 0) snapshots.emplace_back(k, twin::core::save(whole));
      follower.absorb(whole, entries[k]);
      if (k % 997 == 0) follower.settle(whole);
    }
    follower.settle(whole);
    EXPECT_GT(whole.ledger.refolds + whole.settled.bridged, 10U);
    for (const auto& [k, bytes] : snapshots) {
      Follower other(*lively_replay().fab, {});
      Live again = twin::core::load<Live>(bytes);
      EXPECT_EQ(again.ledger.entries, k);
      EXPECT_EQ(replay(other, again, from(entries, k)), entries.size() - k);
      ASSERT_EQ(belief_hash(again), belief_hash(whole)) << "seed " << seed << " from " << k;
      again.ledger.refolds = whole.ledger.refolds;  // how often depends on when it settled
      again.ledger.revisions = whole.ledger.revisions;
      ASSERT_TRUE(again == whole);
    }
  }
}

TEST(Replay, HasTheSameBeyondReachWhoeverSettlesWhen) {
  // Wrong: a server that settles five times a second and a replay that settles every few thousand
  // events would believe different things of a line that was down for longer than the ladder
  // reaches. Half of the tools are down for a day, the ladder reaches back for six hours.
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    std::vector<Live> lives;
    for (const std::size_t every : {std::size_t{1} << 30, std::size_t{997}, std::size_t{10}}) {
      Follower follower(*lively_replay().fab, {.reach = 6 * Hour});
      const auto entries = record(follower, seed);
      Live live = follower.start();
      for (std::size_t k = 0; k < entries.size(); ++k) {
        follower.absorb(live, entries[k]);
        if (k % every == every - 1) follower.settle(live);
      }
      follower.settle(live);
      EXPECT_GT(live.ledger.beyond, 100U);
      lives.push_back(std::move(live));
    }
    for (const Live& live : lives) {
      EXPECT_EQ(live.ledger.beyond, lives[0].ledger.beyond) << seed;
      EXPECT_EQ(belief_hash(live), belief_hash(lives[0])) << seed;
      EXPECT_TRUE(live.sources == lives[0].sources) << seed;
    }
  }
}

TEST(Replay, EndsWhereItIsTold) {
  // Wrong: nobody could see what the twin believed at a moment of the past.
  Follower follower(*lively_replay().fab, {});
  const auto entries = record(follower, 1);
  Live stopped = follower.start(), lived = follower.start();
  const std::int64_t moment = 5 * Day;
  replay(follower, stopped, from(entries, 0), {.arrived_ms = moment});
  for (const Entry& entry : entries) {
    const auto* o = std::get_if<twin::core::Observation>(&entry);
    if (o != nullptr && o->arrived > moment) break;
    follower.absorb(lived, entry);
  }
  follower.settle(lived);
  EXPECT_EQ(belief_hash(stopped), belief_hash(lived));
  Live some = follower.start();
  EXPECT_EQ(replay(follower, some, from(entries, 0), {.entries = 100}), 100U);
  EXPECT_EQ(some.ledger.entries, 100U);
}

TEST(Replay, RefoldTakesInWhatWasBeyondReach) {
  // Wrong: what comes a week late would be lost for good. One tool's messages of a day come six days
  // late, the ladder reaches back for six hours: they are counted and have no effect, until the
  // record is folded again from a snapshot before them.
  const FollowedFab& of = lively_replay();
  Follower follower(*of.fab, {.reach = 6 * Hour});
  std::vector<Entry> entries = {of.names(follower)};
  auto messages = scramble(of.log, {}).come;
  std::uint64_t late = 0;
  Tick oldest = 20 * Day;
  for (auto& o : messages)
    if (o.sensor == 3 && o.at > 2 * Day && o.at < 3 * Day) {
      o.arrived += 6 * Day;
      ++late;
      oldest = std::min(oldest, o.at);
    }
  ASSERT_GT(late, 10U);
  std::stable_sort(messages.begin(), messages.end(),
                   [](const auto& a, const auto& b) { return a.arrived < b.arrived; });
  entries.insert(entries.end(), messages.begin(), messages.end());
  Live live = follower.start();
  std::vector<std::byte> snapshot;
  for (std::size_t k = 0; k < entries.size(); ++k) {
    follower.absorb(live, entries[k]);
    if (k % 200 != 0) continue;
    follower.settle(live);
    if (live.settled.until < 2 * Day) snapshot = twin::core::save(live);
  }
  follower.settle(live);
  EXPECT_EQ(live.ledger.beyond, late);
  EXPECT_EQ(live.ledger.beyond_from, oldest);
  EXPECT_FALSE(missing(*of.layout, live).empty());
  EXPECT_LT(live.kept.size() * 4, of.log.size());  // it holds no more than it must

  Live again = twin::core::load<Live>(snapshot);
  refold(follower, again, from(entries, again.ledger.entries));
  EXPECT_EQ(again.ledger.beyond, 0U);
  EXPECT_EQ(again.settled.anomalous + again.settled.inferred, 0U);
  EXPECT_EQ(first_difference(*of.layout,
                             observe(*of.layout, follower.belief(again, of.truth.back().first).x),
                             of.truth.back().second),
            "");
}

}  // namespace
}  // namespace twins::fab::live
