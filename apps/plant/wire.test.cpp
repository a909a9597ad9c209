// If these failed, a message would be lost for ever though nobody said so, or the faults would not
// happen that a test counts on.
#include "apps/plant/wire.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include <cmath>
#include <map>
#include <set>
#include <utility>

namespace apps::plant {
namespace {

constexpr Tick Second = 1000, Day = 86'400'000;

struct Listener {
  std::map<std::pair<std::uint32_t, std::uint64_t>, int> got;
  std::uint64_t corrupt = 0;
  std::vector<std::uint64_t> order;  // of source 0
  Tick last = 0;
};

struct Played {
  Played(std::uint32_t sources, const WireOptions& options)
      : wire(sources, options, [this](const Fault& fault) { ++faults[fault.kind]; }) {}
  Played(const Played&) = delete;
  Played& operator=(const Played&) = delete;

  Wire wire;
  Listener heard;
  std::map<Fault::Kind, std::uint64_t> faults;
  std::uint64_t said = 0;
  bool settled = false;
};

// `sources` each say something every second for so long; all is acknowledged at once.
std::unique_ptr<Played> play(const Faults& f, Tick length, std::uint32_t sources = 4,
                             std::uint64_t seed = 1) {
  auto p = std::make_unique<Played>(sources, WireOptions{.seed = seed, .faults = f});
  const Wire::Receive receive = [&](const Delivery& d) {
    EXPECT_GE(d.at, p->heard.last);
    EXPECT_GT(d.at, d.message->at);
    p->heard.last = d.at;
    if (d.corrupt) {
      ++p->heard.corrupt;
      return;
    }
    ++p->heard.got[{d.message->source, d.message->seq}];
    if (d.message->source == 0) p->heard.order.push_back(d.message->seq);
    p->wire.acknowledge(d.ticket, d.at);
  };
  for (Tick at = 0; at < length; at += Second) {
    for (std::uint32_t s = 0; s < sources; ++s) {
      Message m;
      m.source = s;
      m.seq = static_cast<std::uint64_t>(at / Second);
      m.at = at;
      p->wire.offer(std::move(m));
      ++p->said;
    }
    p->wire.run_until(at, receive);
  }
  Tick until = p->wire.now();
  while (p->wire.waiting() != 0 && until < length + 10 * Day)
    p->wire.run_until(until += 60 * Second, receive);
  p->settled = p->wire.waiting() == 0;
  return p;
}

TEST(Wire, APerfectOneDeliversOnceInOrder) {
  const auto p = play({}, 1000 * Second);
  EXPECT_TRUE(p->settled);
  EXPECT_EQ(p->heard.got.size(), p->said);
  for (const auto& [what, times] : p->heard.got) EXPECT_EQ(times, 1);
  EXPECT_TRUE(std::ranges::is_sorted(p->heard.order));
  EXPECT_TRUE(p->faults.empty());
  EXPECT_EQ(p->wire.counts().sent, p->said);
  EXPECT_EQ(p->wire.counts().acknowledged, p->said);
  EXPECT_EQ(p->wire.settled(), twin::core::Never);
}

class EveryFault : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(EveryFault, LosesNothingWhateverHappens) {
  const auto p = play(faults_of_level("heavy"), 20'000 * Second, 4, GetParam());
  EXPECT_TRUE(p->settled);
  EXPECT_EQ(p->heard.got.size(), p->said);
  EXPECT_EQ(p->wire.counts().lost_spool, 0U);
  EXPECT_FALSE(std::ranges::is_sorted(p->heard.order)) << "nothing was overtaken";
  const auto again = play(faults_of_level("heavy"), 20'000 * Second, 4, GetParam());
  EXPECT_EQ(p->heard.got, again->heard.got) << "one seed, two histories";
  EXPECT_EQ(p->heard.order, again->heard.order);
}

INSTANTIATE_TEST_SUITE_P(Seeds, EveryFault, ::testing::Range<std::uint64_t>(1, 6));

// Each fault alone, as often as it was asked for: binomial, z = 5.
TEST(Wire, FaultsComeAtTheirRates) {
  const auto near = [](std::uint64_t seen, double n, double share) {
    EXPECT_NEAR(static_cast<double>(seen), n * share, 5.0 * std::sqrt(n * share));
  };
  constexpr Tick Length = 20'000 * Second;
  Faults f;
  f.drop = 0.05;
  auto p = play(f, Length);
  near(p->faults[Fault::Kind::Dropped], static_cast<double>(p->wire.counts().sent), 0.05);
  near(p->faults[Fault::Kind::AckDropped], static_cast<double>(p->wire.counts().delivered), 0.05);
  EXPECT_TRUE(p->settled);

  f = {};
  f.twice = 0.1;
  p = play(f, Length);
  std::uint64_t doubled = 0;
  for (const auto& [what, times] : p->heard.got) doubled += times > 1;
  near(doubled, static_cast<double>(p->said), 0.1);
  EXPECT_EQ(doubled, p->faults[Fault::Kind::Doubled]) << "a copy did not arrive";

  f = {};
  f.corrupt = 0.1;
  p = play(f, Length);
  near(p->heard.corrupt, static_cast<double>(p->wire.counts().sent), 0.1);
  EXPECT_EQ(p->heard.corrupt, p->faults[Fault::Kind::Corrupted]);
  EXPECT_EQ(p->heard.got.size(), p->said);

  f = {};
  f.cuts_per_day = 24.0;
  f.cut_minutes = 20.0;
  p = play(f, 10 * Day / 10, 4);
  // A line that is down cannot be cut: a cycle is an hour up and 20 minutes down.
  near(p->faults[Fault::Kind::Cut], 4.0 * 24.0 / (1.0 + 1.0 / 3.0), 1.0);
  EXPECT_EQ(p->heard.got.size(), p->said) << "old messages were not sent afterwards";
}

TEST(Wire, ASourceSpoolsWithinItsBoundAndSaysWhatIsLost) {
  std::uint64_t full = 0;
  Wire wire(1, {.spool_max = 10},
            [&](const Fault& f) { full += f.kind == Fault::Kind::SpoolFull; });
  std::set<std::uint64_t> got;
  const Wire::Receive receive = [&](const Delivery& d) {
    got.insert(d.message->seq);
    wire.acknowledge(d.ticket, d.at);
  };
  wire.hang_up(0, 100 * Second);
  for (std::uint64_t k = 0; k < 25; ++k) {
    Message m;
    m.seq = k;
    m.at = static_cast<Tick>(k) * Second;
    wire.offer(std::move(m));
  }
  wire.run_until(50 * Second, receive);
  EXPECT_TRUE(got.empty());
  EXPECT_FALSE(wire.up(0));
  EXPECT_EQ(wire.waiting(), 10U);
  EXPECT_EQ(wire.settled(), 0);
  wire.run_until(200 * Second, receive);
  EXPECT_EQ(full, 15U);
  EXPECT_EQ(wire.counts().lost_spool, 15U);
  EXPECT_EQ(got.size(), 10U);
  EXPECT_EQ(wire.waiting(), 0U);
}

TEST(Wire, WhoCannotAnswerIsNotBuriedInRepetitions) {
  // Wrong: a twin whose disk is slow for an hour would spend it on what it has had already.
  Wire wire(1, {});
  for (std::uint64_t k = 0; k < 20; ++k) {
    Message m;
    m.seq = k;
    wire.offer(std::move(m));
  }
  std::map<std::uint64_t, int> got;
  wire.run_until(3'600 * Second, [&](const Delivery& d) { ++got[d.message->seq]; });
  // Sent after 0, 10, 30, 70, 150, 310 seconds, then every 160; only the window's eight.
  ASSERT_EQ(got.size(), 8U);
  for (const auto& [seq, times] : got) EXPECT_EQ(times, 26) << seq;
}

TEST(Wire, AnAcknowledgementMayComeLaterOrOfAnotherLine) {
  // Wrong: a listener that is durable only after a second could not follow, or a number of a line
  // that is gone would acknowledge what the new one has not delivered.
  Wire wire(1, {});
  std::vector<Ticket> tickets;
  const Wire::Receive receive = [&](const Delivery& d) { tickets.push_back(d.ticket); };
  wire.offer({});
  wire.run_until(Second, receive);
  ASSERT_EQ(tickets.size(), 1U);
  wire.hang_up(2 * Second, 3 * Second);
  wire.acknowledge(tickets[0], 2 * Second);
  wire.run_until(4 * Second, receive);
  EXPECT_EQ(wire.waiting(), 1U);
  ASSERT_EQ(tickets.size(), 2U) << "it was not sent again on the new line";
  wire.acknowledge(tickets[1], 5 * Second);
  wire.acknowledge(tickets[1], 5 * Second);
  wire.run_until(6 * Second, receive);
  EXPECT_EQ(wire.waiting(), 0U);
  EXPECT_EQ(wire.counts().acknowledged, 1U);
}

}  // namespace
}  // namespace apps::plant
