// The live mirror against the simulated fab that it follows, through what the world does to messages.
#include "twins/fab/live/live.hpp"

#include <gtest/gtest.h>

#include "twin/core/archive.hpp"
#include "twins/fab/invariants.hpp"
#include "twins/fab/live/followed_fab.hpp"

namespace twins::fab::live {
namespace {

using twin::core::Draw;
using twin::core::Observation;

constexpr auto Day = FollowedFab::Day, Hour = FollowedFab::Hour;
constexpr Tick Minute = 60'000;

const FollowedFab& lively() {
  static const FollowedFab fab(lively_fab(), 10 * Day, 3 * Hour + 7);
  return fab;
}

void follow(Follower& follower, Live& live, std::span<const Observation> messages) {
  for (const Observation& o : messages) follower.absorb(live, o);
  follower.settle(live);
}

void expect_exact(const FollowedFab& of, Follower& follower, const Live& live) {
  for (const auto& [at, view] : of.truth) {
    if (at < live.rungs.front().until) continue;
    ASSERT_EQ(first_difference(*of.layout, observe(*of.layout, follower.belief(live, at).x), view),
              "")
        << "at " << at;
  }
}

TEST(LiveMirror, IsExactInOrder) {
  // Wrong: the twin would not follow even a fab whose messages all come at once and in order.
  const FollowedFab& of = lively();
  Follower follower(*of.fab, {.reach = 30 * Day});
  Live live = follower.start();
  follower.absorb(live, of.names(follower));
  follow(follower, live, scramble(of.log, {}).come);
  expect_exact(of, follower, live);
  EXPECT_EQ(live.settled.anomalous, 0U);
  EXPECT_EQ(live.settled.inferred, 0U);
  EXPECT_EQ(live.ledger.late, 0U);
}

// Of all that a State says at some instants.
std::uint64_t state_hash(Follower& follower, const Live& live, std::span<const Tick> at) {
  twin::core::Writer<twin::core::HashSink> hash{twin::core::HashSink{}};
  for (const Tick t : at) hash.write(follower.belief(live, t));
  return hash.sink().hash.digest();
}

TEST(LiveMirror, IsAFunctionOfTheMessagesWithinTheWatermark) {
  // Wrong: the twin would believe one thing or another by the mood of the network (P4, fault test 7
  // with 6 for those that come more than once). 10,000 seeds, delays uniform within the watermark.
  static const FollowedFab of(lively_fab(), 9 * Hour, 3 * Hour);
  Follower follower(*of.fab, {.watermark = 20 * Minute});
  const std::vector<Tick> at = {3 * Hour, 6 * Hour, 9 * Hour};
  const auto end_at = [&](Live& live, Tick newest) {
    live.newest = newest;
    follower.settle(live);
  };
  Live sorted = follower.start();
  follower.absorb(sorted, of.names(follower));
  const Live named = sorted;
  follow(follower, sorted, scramble(of.log, {}).come);
  end_at(sorted, 10 * Hour);
  ASSERT_GT(of.log.size(), 100U);
  const std::uint64_t expected = state_hash(follower, sorted, at);
  std::uint64_t late = 0, repeated = 0;
  for (std::uint64_t seed = 0; seed < 10'000; ++seed) {
    Live live = named;
    const auto messages =
        scramble(of.log, {.draw = {.seed = seed}, .delay_max = 20 * Minute, .doubled = 0.1});
    for (std::size_t k = 0; k < messages.come.size(); ++k) {
      follower.absorb(live, messages.come[k]);
      if (k % 64 == seed % 64) follower.settle(live);
    }
    EXPECT_EQ(live.ledger.refolds, 0U);
    end_at(live, 10 * Hour);
    ASSERT_EQ(state_hash(follower, live, at), expected) << "seed " << seed;
    late += live.ledger.late;
    repeated += live.ledger.repeated;
  }
  EXPECT_EQ(late, 0U);
  EXPECT_GT(repeated, 10'000U);
}

TEST(LiveMirror, EqualMessagesMakeEqualValues) {
  // Wrong: two twins of one fab could not be compared by their hash. The same messages, handed over
  // in quite different orders, settled at different times.
  const FollowedFab& of = lively();
  Follower follower(*of.fab, {.reach = 30 * Day});
  Live first = follower.start();
  follower.absorb(first, of.names(follower));
  const Live named = first;
  const auto messages = scramble(of.log, {.draw = {.seed = 3}, .delay_max = Hour}).come;
  follow(follower, first, messages);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::vector<std::pair<double, std::size_t>> order;
    for (std::size_t k = 0; k < messages.size(); ++k)
      order.emplace_back(Draw{.seed = seed}.uniform(1, static_cast<std::uint32_t>(k), 0), k);
    std::sort(order.begin(), order.end());
    Live live = named;
    for (std::size_t k = 0; k < order.size(); ++k) {
      follower.absorb(live, messages[order[k].second]);
      if (k % 1'000 == 50 * seed) follower.settle(live);
    }
    follower.settle(live);
    ASSERT_EQ(belief_hash(live), belief_hash(first)) << "seed " << seed;
    live.ledger = first.ledger;
    ASSERT_TRUE(live == first);
  }
}

TEST(LiveMirror, TakesInWhatIsLateByADayOrAWeek) {
  // Wrong: a message that was held up would be dropped, or bend the twin (fault test 8): one in
  // twenty comes later, by 1 minute to 7 days, and each is counted.
  const FollowedFab& of = lively();
  Follower follower(*of.fab, {.reach = 30 * Day});
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    Live live = follower.start();
    follower.absorb(live, of.names(follower));
    auto messages = scramble(of.log, {.draw = {.seed = seed}}).come;
    for (std::size_t k = 0; k < messages.size(); ++k) {
      const Draw draw{.seed = seed};
      const auto who = static_cast<std::uint32_t>(k);
      if (draw.uniform(7, who, 0) > 0.05) continue;
      messages[k].arrived += static_cast<Tick>(static_cast<double>(Minute) *
                                               std::pow(7.0 * 1'440.0, draw.uniform(7, who, 1)));
    }
    std::stable_sort(messages.begin(), messages.end(),
                     [](const auto& a, const auto& b) { return a.arrived < b.arrived; });
    Tick newest = 0;
    std::uint64_t late = 0;
    for (const Observation& o : messages) {
      newest = std::max(newest, o.arrived);
      late += o.at < newest - follower.options().watermark ? 1U : 0U;
      follower.absorb(live, o);
      if (o.sensor_seq % 100 == 0) follower.settle(live);
    }
    follower.settle(live);
    expect_exact(of, follower, live);
    EXPECT_EQ(live.ledger.late, late);
    EXPECT_GT(live.ledger.late, 50U);
    EXPECT_EQ(live.ledger.beyond, 0U);
    EXPECT_GT(live.ledger.refolds, 10U);
    ASSERT_FALSE(live.ledger.revisions.empty());
    EXPECT_LT(live.ledger.revisions.back().from, live.ledger.revisions.back().arrived);
  }
}

}  // namespace
}  // namespace twins::fab::live
