// If these failed, the twin would call times certain that are not, or none.
#include "twins/fab/live/clock_error.hpp"

#include <gtest/gtest.h>

namespace twins::fab::live {
namespace {

constexpr Tick Minute = 60'000, Hour = 60 * Minute;
constexpr ClockBounds Bounds{.resolution = 1'500, .drift = 1e-3, .usual = 15 * Minute};
constexpr Tick Usual = 1'500 + 2 * 20 + 900;

ClockError asked_every_ten_minutes(Tick until, Tick offset) {
  ClockError error;
  for (Tick at = 0; at <= until; at += 10 * Minute)
    error.hear({.asked = at, .answered = at + 40, .offset = offset}, 0, Bounds);
  return error;
}

TEST(ClockError, OfASourceThatIsAskedIsResolutionWayAndDrift) {
  const ClockError error = asked_every_ten_minutes(5 * Hour, 700);
  EXPECT_EQ(error.at(2 * Hour, Bounds), Usual);
  EXPECT_EQ(error.at(6 * Hour + 40, Bounds), 1'540 + 3'600);  // for an hour nobody has asked
  EXPECT_EQ(ClockError{}.at(2 * Hour, Bounds), 3'000);        // nobody ever has
}

TEST(ClockError, OfAClockThatWasSetIsTheStep) {
  // When it was set, between two answers, nobody can tell.
  ClockError error = asked_every_ten_minutes(5 * Hour, 0);
  const Tick then = 5 * Hour + 10 * Minute;
  error.hear({.asked = then, .answered = then + 40, .offset = -Hour}, 0, Bounds);
  EXPECT_EQ(error.at(5 * Hour + 5 * Minute, Bounds), 1'540 + Hour);
  EXPECT_EQ(error.at(5 * Hour - 1, Bounds), Usual);
  EXPECT_EQ(error.at(then + Minute, Bounds), Usual);
}

TEST(ClockError, OfALineThatWasDownIsTheDriftMeanwhile) {
  ClockError error = asked_every_ten_minutes(Hour, 0);
  error.hear({.asked = 4 * Hour + 40, .answered = 4 * Hour + 40, .offset = 3'000}, 0, Bounds);
  EXPECT_EQ(error.at(2 * Hour, Bounds), 1'540 + 3 * 3'600);
  EXPECT_EQ(error.at(4 * Hour + Minute, Bounds), Usual);
  error.hear({.asked = 5 * Hour, .answered = 5 * Hour + 40, .offset = 3'000}, 5 * Hour, Bounds);
  EXPECT_EQ(error.at(2 * Hour, Bounds), Usual);  // forgotten
}

TEST(ClockError, BeforeTheFirstAnswerIsWhatItPutRight) {
  ClockError error;
  error.hear({.asked = 0, .answered = 40, .offset = 90'000}, -Hour, Bounds);
  EXPECT_EQ(error.at(-1, Bounds), 1'540 + 90'000);
}

TEST(ClockError, NeedsAnswersThatCanBe) {
  ClockError error = asked_every_ten_minutes(Hour, 0);
  const ClockError before = error;
  error.hear({.asked = 2 * Hour, .answered = 2 * Hour - 1, .offset = 99}, 0, Bounds);
  error.hear({.asked = 10, .answered = 20, .offset = 99}, 0, Bounds);
  EXPECT_EQ(error, before);
}

}  // namespace
}  // namespace twins::fab::live
