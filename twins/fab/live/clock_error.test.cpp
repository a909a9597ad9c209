// If these failed, the twin would call times certain that are not, or none.
#include "twins/fab/live/clock_error.hpp"

#include <gtest/gtest.h>

namespace twins::fab::live {
namespace {

constexpr Tick ClockErrorMinute = 60'000, ClockErrorHour = 60 * ClockErrorMinute;
constexpr ClockBounds Bounds{.resolution = 1'500, .drift = 1e-3, .usual = 15 * ClockErrorMinute};
constexpr Tick Usual = 1'500 + 2 * 20 + 900;

ClockError asked_every_ten_minutes(Tick until, Tick offset) {
  ClockError error;
  for (Tick at = 0; at <= until; at += 10 * ClockErrorMinute)
    error.hear({.asked = at, .answered = at + 40, .offset = offset}, 0, Bounds);
  return error;
}

TEST(ClockError, OfASourceThatIsAskedIsResolutionWayAndDrift) {
  const ClockError error = asked_every_ten_minutes(5 * ClockErrorHour, 700);
  EXPECT_EQ(error.at(2 * ClockErrorHour, Bounds), Usual);
  EXPECT_EQ(error.at(6 * ClockErrorHour + 40, Bounds),
            1'540 + 3'600);                                       // for an hour nobody has asked
  EXPECT_EQ(ClockError{}.at(2 * ClockErrorHour, Bounds), 3'000);  // nobody ever has
}

TEST(ClockError, OfAClockThatWasSetIsTheStep) {
  // When it was set, between two answers, nobody can tell.
  ClockError error = asked_every_ten_minutes(5 * ClockErrorHour, 0);
  const Tick then = 5 * ClockErrorHour + 10 * ClockErrorMinute;
  error.hear({.asked = then, .answered = then + 40, .offset = -ClockErrorHour}, 0, Bounds);
  EXPECT_EQ(error.at(5 * ClockErrorHour + 5 * ClockErrorMinute, Bounds), 1'540 + ClockErrorHour);
  EXPECT_EQ(error.at(5 * ClockErrorHour - 1, Bounds), Usual);
  EXPECT_EQ(error.at(then + ClockErrorMinute, Bounds), Usual);
}

TEST(ClockError, OfALineThatWasDownIsTheDriftMeanwhile) {
  ClockError error = asked_every_ten_minutes(ClockErrorHour, 0);
  error.hear(
      {.asked = 4 * ClockErrorHour + 40, .answered = 4 * ClockErrorHour + 40, .offset = 3'000}, 0,
      Bounds);
  EXPECT_EQ(error.at(2 * ClockErrorHour, Bounds), 1'540 + 3 * 3'600);
  EXPECT_EQ(error.at(4 * ClockErrorHour + ClockErrorMinute, Bounds), Usual);
  error.hear({.asked = 5 * ClockErrorHour, .answered = 5 * ClockErrorHour + 40, .offset = 3'000},
             5 * ClockErrorHour, Bounds);
  EXPECT_EQ(error.at(2 * ClockErrorHour, Bounds), Usual);  // forgotten
}

TEST(ClockError, BeforeTheFirstAnswerIsWhatItPutRight) {
  ClockError error;
  error.hear({.asked = 0, .answered = 40, .offset = 90'000}, -ClockErrorHour, Bounds);
  EXPECT_EQ(error.at(-1, Bounds), 1'540 + 90'000);
}

TEST(ClockError, NeedsAnswersThatCanBe) {
  ClockError error = asked_every_ten_minutes(ClockErrorHour, 0);
  const ClockError before = error;
  error.hear({.asked = 2 * ClockErrorHour, .answered = 2 * ClockErrorHour - 1, .offset = 99}, 0,
             Bounds);
  error.hear({.asked = 10, .answered = 20, .offset = 99}, 0, Bounds);
  EXPECT_EQ(error, before);
}

}  // namespace
}  // namespace twins::fab::live
