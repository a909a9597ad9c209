#include "twin/link/clock_offset.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>

#include "twin/core/draw.hpp"

namespace twin::link {
namespace {

constexpr Tick LearnStart = 1'700'000'000'000;  // [ms since 1970]

struct Course {
  Tick raised_at = core::Never;  // [ms] by our clock
  Tick worst = 0;                // of `at` from the truth, once the last 120 s are reached [ms]
  Tick longest_back = 0;         // of `at` behind the message before it [ms]
  Tick latest_ahead = 0;         // of `at` after `arrived` [ms]
  ClockOffset clock = {};
};

// A message each `every` ms for `long_ms`; transit 0 to 200 ms by the seed; `reads` is the source's
// clock at a true time.
Course run(Tick every, Tick long_ms, const std::function<Tick(Tick)>& reads) {
  const core::Draw draw{.seed = 11};
  const ClockOptions options;
  Course r;
  Tick before = 0;
  std::uint64_t seq = 1;
  for (Tick t = 0; t < long_ms; t += every, ++seq) {
    const Tick truth = LearnStart + t;
    const Tick arrived = truth + draw.block(1, static_cast<std::uint32_t>(seq), 0)[0] % 200;
    const Tick at = r.clock.put_right(reads(truth), arrived, seq, 0, options);
    if (seq > 1) r.longest_back = std::max(r.longest_back, before - at);
    r.latest_ahead = std::max(r.latest_ahead, at - arrived);
    before = at;
    if (t >= long_ms - 120'000) r.worst = std::max(r.worst, std::abs(at - truth));
    if (r.clock.skewed(arrived, options)) r.raised_at = std::min(r.raised_at, arrived);
  }
  EXPECT_EQ(r.longest_back, 0);  // durations are never negative
  EXPECT_EQ(r.latest_ahead, 0);  // and nothing is from the future
  return r;
}

TEST(ClockOffset, LeavesGoodClockAlone) {
  // If this failed, honest times would be moved by the network's transit.
  const Course r = run(1'000, 3'600'000, [](Tick t) { return t; });
  EXPECT_EQ(r.raised_at, core::Never);
  EXPECT_EQ(r.worst, 0);
  EXPECT_EQ(r.clock.offset(), 0);
}

TEST(ClockOffset, SkewOf90SecondsIsRaisedWithinAMinuteAndPutRight) {
  // If this failed, a tool whose clock is off would have its lots processed before they came.
  for (const Tick skew : {90'000, -90'000}) {
    for (const Tick every : {500, 1'000, 5'000, 10'000}) {
      const Course r = run(every, 600'000, [&](Tick t) { return t + skew; });
      EXPECT_LE(r.raised_at, LearnStart + 60'000) << skew << " ms, a message each " << every;
      EXPECT_LE(r.worst, 1'500);  // the resolution
    }
  }
}

TEST(ClockOffset, StepIsRaisedWithinAMinute) {
  // If this failed, a clock that was set in the middle of a shift would go unseen.
  for (const Tick step : {-3'600'000, 3'600'000, -90'000, 90'000}) {
    const Course r =
        run(1'000, 900'000, [&](Tick t) { return t < LearnStart + 300'000 ? t : t + step; });
    EXPECT_GE(r.raised_at, LearnStart + 300'000);
    EXPECT_LE(r.raised_at, LearnStart + 360'000) << step;
    EXPECT_LE(r.worst, 1'500) << step;
  }
}

TEST(ClockOffset, DriftOf1000PpmIsFollowed) {
  // If this failed, a bad quartz would be hours off within a month. A window (15 s or three
  // messages) and its two agreeing add some 60 ms of drift to the resolution.
  for (const double ppm : {1'000.0, -1'000.0}) {
    const Course r = run(1'000, 8 * 3'600'000, [&](Tick t) {
      return t + static_cast<Tick>(static_cast<double>(t - LearnStart) * ppm * 1e-6);
    });
    EXPECT_LE(r.worst, 1'500 + 60 + 200) << ppm;
    EXPECT_NE(r.raised_at, core::Never);
  }
}

TEST(ClockOffset, LeapSecondMovesNothing) {
  // If this failed, all tools would raise an alarm in the same night.
  const Course r =
      run(1'000, 600'000, [](Tick t) { return t < LearnStart + 300'000 ? t : t - 1'000; });
  EXPECT_EQ(r.raised_at, core::Never);
  EXPECT_EQ(r.clock.offset(), 0);
}

TEST(ClockOffset, OneCorruptReadingIsNotBelieved) {
  // If this failed, one flipped bit would move an hour of honest messages.
  for (const Tick by : {-3'600'000, 3'600'000}) {
    const Course r =
        run(1'000, 600'000, [&](Tick t) { return t == LearnStart + 300'000 ? t + by : t; });
    EXPECT_EQ(r.clock.offset(), 0);
    EXPECT_EQ(r.clock.impossible(), 1U);
    EXPECT_EQ(r.worst, 0);
    EXPECT_EQ(r.raised_at, core::Never);
  }
}

TEST(ClockOffset, TwoCorruptReadingsAreRaisedAndNotBelieved) {
  // If this failed, two spoilt messages would move all that follow.
  const Course r = run(1'000, 600'000, [](Tick t) {
    return t == LearnStart + 300'000 || t == LearnStart + 301'000 ? t + 3'600'000 : t;
  });
  EXPECT_EQ(r.clock.offset(), 0);
  EXPECT_EQ(r.clock.impossible(), 2U);
  EXPECT_GE(r.raised_at, LearnStart + 301'000);
  EXPECT_LE(r.raised_at, LearnStart + 302'000);
}

TEST(ClockOffset, SpoolThatIsDrainedIsNoSkew) {
  // If this failed, an hour's backlog would be taken for a clock that is an hour behind. The line is
  // cut for an hour; the backlog comes twenty times as fast as it was made.
  const ClockOptions options;
  ClockOffset clock;
  std::uint64_t seq = 0;
  for (Tick t = 0; t < 600'000; t += 1'000)
    static_cast<void>(clock.put_right(LearnStart + t, LearnStart + t + 10, ++seq, 0, options));
  const Tick again = LearnStart + 600'000 + 3'600'000;
  for (Tick t = 600'000; t < 4'500'000; t += 1'000) {
    const Tick arrived = std::max(LearnStart + t + 10, again + (t - 600'000) / 20);
    EXPECT_EQ(clock.put_right(LearnStart + t, arrived, ++seq, 0, options), LearnStart + t);
    EXPECT_FALSE(clock.skewed(arrived, options)) << t;
  }
  EXPECT_EQ(clock.offset(), 0);
}

TEST(ClockOffset, BacklogThatDrainsNoFasterThanItGrowsIsNoSkewOfAClockThatWasAsked) {
  // If this failed, a disk that syncs once in two minutes would make all that is said meanwhile as
  // late as it comes: eight messages a sync are let through, so transit stays at four minutes.
  const ClockOptions options;
  const auto drain = [&](bool asked) {
    ClockOffset clock;
    static_cast<void>(clock.put_right(LearnStart, LearnStart + 20, 1, 0, options));
    if (asked)
      clock.answered(
          {.asked = LearnStart + 900, .answered = LearnStart + 940, .clock = LearnStart + 920},
          options);
    for (std::uint64_t seq = 2; seq < 60; ++seq) {
      const Tick said = LearnStart + static_cast<Tick>(seq) * 15'000;
      static_cast<void>(clock.put_right(said, said + 240'000, seq, 0, options));
    }
    return clock.offset();
  };
  EXPECT_EQ(drain(true), 0);
  // Nobody can tell it from a clock that is slow where it cannot be asked.
  EXPECT_EQ(drain(false), 240'000);
}

TEST(ClockOffset, BackfilledMessageGoesByTheOffsetOfItsOwnTime) {
  // If this failed, what was lost before a clock was set would come back an hour off.
  const Course r =
      run(1'000, 600'000, [](Tick t) { return t < LearnStart + 300'000 ? t : t - 3'600'000; });
  const Tick late = LearnStart + 700'000;
  // 100: sent 99 s after the start, before the step; 500: after it
  EXPECT_EQ(r.clock.put_right_late(LearnStart + 99'000, late, 100, 0), LearnStart + 99'000);
  EXPECT_NEAR(
      static_cast<double>(r.clock.put_right_late(LearnStart + 499'000 - 3'600'000, late, 500, 0) -
                          LearnStart),
      499'000.0, 1'500.0);
}

TEST(ClockOffset, AnswerOfTheClockIsTakenAtOnce) {
  // If this failed, S2F18 would say in vain how far a tool's clock is off.
  const ClockOptions options;
  ClockOffset clock;
  static_cast<void>(clock.put_right(LearnStart, LearnStart + 20, 1, 0, options));
  clock.answered(
      {.asked = LearnStart + 100, .answered = LearnStart + 140, .clock = LearnStart - 600'000},
      options);
  EXPECT_EQ(clock.offset(), 600'120);
  EXPECT_TRUE(clock.skewed(LearnStart + 200, options));
  EXPECT_EQ(clock.put_right(LearnStart - 599'000, LearnStart + 1'150, 2, 0, options),
            LearnStart + 1'120);
  // A slow answer says little: half of its time may have been spent either way.
  clock.answered(
      {.asked = LearnStart, .answered = LearnStart + 60'000, .clock = LearnStart - 575'000},
      options);
  EXPECT_EQ(clock.offset(), 600'120);
}

TEST(ClockOffset, KnowsNoYear2038) {
  // If this failed, a 32-bit second would end the fab.
  const ClockOptions options;
  for (const Tick around : {2'147'483'648'000LL, 253'402'300'799'000LL}) {  // 2038, 9999
    ClockOffset clock;
    for (Tick t = -10'000; t < 10'000; t += 1'000) {
      EXPECT_EQ(clock.put_right(around + t, around + t + 5, static_cast<std::uint64_t>(t + 10'000),
                                0, options),
                around + t);
    }
  }
}

}  // namespace
}  // namespace twin::link
