// If this failed, another mix of products would be compared by other lots with other luck, or products that nobody
// touched would be started otherwise.
#include "twins/fab/decide/starts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "twins/fab/decide/scene.hpp"
#include "twins/fab/invariants.hpp"
#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab::decide {
namespace {

using testing::IsEmpty;

// Runs from a mirrored fab with some products started at another pace.
State after(const Scene& s, const std::vector<Paced>& streams, Tick end, std::uint32_t k = 0) {
  State x = s.member(k);
  Starts starts(*s.fab, x, s.theta, {9, k}, streams);
  while (starts.next() <= end) {
    s.fab->advance(x, s.theta, starts.next(), {9, k});
    starts.at();
  }
  s.fab->advance(x, s.theta, end, {9, k});
  EXPECT_THAT(check_state(*s.layout, x), IsEmpty());
  return x;
}

std::uint64_t released(const State& x, const Layout& m, std::uint32_t stream) {
  return x.class_tally[m.streams[stream].lot_class].released;
}

// Two products on tools of their own, releases and process times by chance.
std::shared_ptr<const Layout> apart(Duration::Law law) {
  semantics::TinyFab fab;
  const std::uint32_t a = fab.add_group("A", 2), b = fab.add_group("B", 2);
  for (const std::uint32_t g : {a, b}) {
    Step step = semantics::step_at(g, 50);
    step.process.law = Duration::Law::Exponential;
    Step again = step;
    again.rework = 0.2;
    again.rework_to = 0;
    const std::uint32_t product = fab.add_route({step, again});
    Stream& stream = fab.add_stream(product, g == a ? 70 : 64, 1'000'000);
    stream.interval.law = law;
    stream.interval.half_width_ms = law == Duration::Law::Uniform ? 30 * MinuteMs : 0.0;
    stream.due_offset_ms = 4 * HourMs;
    stream.due_spread = 0.5;
    stream.weight_levels = 3;
  }
  return compile(fab.description, fab.options);
}

constexpr Duration::Law Laws[] = {Duration::Law::Constant, Duration::Law::Uniform,
                                  Duration::Law::Exponential};

// A slow and obvious one: the engine's own releases.
TEST(Starts, AtTheSamePaceComeWhenTheEnginesDo) {
  for (const auto law : Laws) {
    const Scene s(5 * Scene::Day, apart(law));
    for (std::uint32_t k = 0; k < 5; ++k) {
      const Tick end = s.seen.now + 5 * Scene::Day;
      State plain = s.member(k);
      s.fab->advance(plain, s.theta, end, {9, k});
      const State x = after(s, {{0, 1.0}}, end, k);
      for (std::size_t c = 0; c < x.class_tally.size(); ++c) {
        EXPECT_EQ(x.class_tally[c].released, plain.class_tally[c].released);
        EXPECT_EQ(x.class_tally[c].release_ticks, plain.class_tally[c].release_ticks);
      }
    }
  }
}

// Exact: at twice the pace, as many lots by some time as at the old pace by twice the time.
TEST(Starts, AtTwiceThePaceAreThoseOfTwiceTheTime) {
  for (const auto law : Laws) {
    const Scene s(5 * Scene::Day, apart(law));
    for (std::uint32_t k = 0; k < 5; ++k) {
      const Tick span = 5 * Scene::Day;
      const std::uint64_t before = released(s.member(k), *s.layout, 0);
      const std::uint64_t twice =
          released(after(s, {{0, 0.5}}, s.seen.now + span, k), *s.layout, 0) - before;
      const std::uint64_t longer =
          released(after(s, {{0, 1.0}}, s.seen.now + 2 * span, k), *s.layout, 0) - before;
      EXPECT_NEAR(static_cast<double>(twice), static_cast<double>(longer), 1.0)
          << "one may lie on the horizon and be rounded";
      // 10 days of 70 minutes: 205.7 lots. Exponential: six standard errors, one false alarm in 5e8.
      const double mean = 10.0 * 1440.0 / 70.0;
      EXPECT_NEAR(static_cast<double>(twice), mean,
                  law == Duration::Law::Constant ? 1.0 : 6.0 * std::sqrt(mean));
    }
  }
}

TEST(Starts, LeaveOtherProductsAsTheyWereToTheBit) {
  for (const auto law : Laws) {
    const Scene s(5 * Scene::Day, apart(law));
    const Tick end = s.seen.now + 5 * Scene::Day;
    for (const double stretch : {0.5, 3.0, HUGE_VAL}) {
      const State a = after(s, {{0, 1.0}}, end), b = after(s, {{0, stretch}}, end);
      const std::uint32_t c = s.layout->streams[1].lot_class;
      EXPECT_EQ(a.class_tally[c], b.class_tally[c]);
      EXPECT_EQ(a.group_tally[1], b.group_tally[1]);
      EXPECT_NE(a.class_tally[1 - c], b.class_tally[1 - c]);
      for (const Lot& lot : a.lots) {
        if (lot.place == LotPlace::Free || lot.lot_class != c) continue;
        const auto same = std::ranges::find_if(b.lots, [&](const Lot& l) {
          return l.place != LotPlace::Free && l.serial == lot.serial;
        });
        ASSERT_NE(same, b.lots.end());
        EXPECT_EQ(same->word_process, lot.word_process);
        EXPECT_EQ(same->release, lot.release);
        EXPECT_EQ(same->due, lot.due);
        EXPECT_EQ(same->weight, lot.weight);
        EXPECT_EQ(same->since, lot.since);
      }
    }
  }
}

TEST(Starts, OfNoneAreNone) {
  const Scene s(5 * Scene::Day, apart(Duration::Law::Exponential));
  const State x = after(s, {{0, HUGE_VAL}}, s.seen.now + 3 * Scene::Day);
  EXPECT_EQ(released(x, *s.layout, 0), released(s.seen, *s.layout, 0));
  EXPECT_EQ(x.releases[0], s.layout->streams[0].count);
}

TEST(Starts, OfAProductAreThoseOfItsStreamsThatStillRelease) {
  semantics::TinyFab fab;
  fab.add_group("A");
  const std::uint32_t p = fab.add_route({semantics::step_at(0, 1)});
  fab.add_stream(p, 60, 1'000'000);
  fab.add_stream(p, 120, 1'000'000).lots_per_release = 3;
  fab.add_stream(p, 30, 10);  // over after 4.5 h
  fab.add_route({semantics::step_at(0, 1)});
  const auto m = compile(fab.description, fab.options);
  EXPECT_EQ(starts_of(*m, p, 0).per_day, 24.0 + 36.0 + 48.0);
  EXPECT_EQ(starts_of(*m, p, Scene::Day).per_day, 24.0 + 36.0);
  EXPECT_EQ(starts_of(*m, 1, 0).streams.size(), 0U);
  const auto half = paced(*m, std::vector<Mix>{{p, 30.0}}, Scene::Day);
  ASSERT_EQ(half.size(), 2U);
  EXPECT_EQ(half[1].stream, 1U);
  EXPECT_EQ(half[1].stretch, 2.0);
  EXPECT_TRUE(std::isinf(paced(*m, std::vector<Mix>{{p, 0.0}}, 0)[0].stretch));
}

}  // namespace
}  // namespace twins::fab::decide
