// If these failed, a broken model could pass the contract. Every check is shown the faults it is
// for.
#include "twin/contract/check_model.hpp"

#include <gmock/gmock.h>

#include "twin/contract/toy_queue.hpp"

namespace twin::contract {
namespace {

template <Fault CheckModelF = Fault::None>
ModelCase<ToyQueue<CheckModelF>> toy() {
  return {.model = {},
          .theta = {100.0, 80.0},
          .draw = {.seed = 20240229, .member = 0},
          .horizon = 20'000,
          .pauses = 20,
          .next_event = ToyQueue<CheckModelF>::next};
}

// The sound model passes all of them, by the one line that every model writes.
TWIN_CHECK_MODEL(ToyQueueModel, toy<Fault::None>);

using testing::HasSubstr;

TEST(CheckModel, SeesAHiddenCounter) {
  EXPECT_THAT(check_repeat(toy<Fault::HiddenCounter>()), HasSubstr("second run: "));
  EXPECT_NE(check_threads(toy<Fault::HiddenCounter>()), "");
  EXPECT_NE(check_futures(toy<Fault::HiddenCounter>()), "");
}

TEST(CheckModel, SeesWorkClippedAtThePause) {
  EXPECT_EQ(check_repeat(toy<Fault::ClipsAtUntil>()), "");
  EXPECT_THAT(check_pauses(toy<Fault::ClipsAtUntil>()), HasSubstr("cost"));
}

TEST(CheckModel, SeesAForgottenField) {
  EXPECT_EQ(check_pauses(toy<Fault::ForgetsField>()), "");
  EXPECT_THAT(check_checkpoints(toy<Fault::ForgetsField>()), HasSubstr("no listed field does"));
}

TEST(CheckModel, SeesWorkKeptOutsideTheState) {
  EXPECT_NE(check_repeat(toy<Fault::HiddenScratch>()), "");
  EXPECT_NE(check_pauses(toy<Fault::HiddenScratch>()), "");
}

TEST(CheckModel, SeesModelsThatShareWhatTheyShouldNot) {
  EXPECT_EQ(check_repeat(toy<Fault::RemembersSeed>()), "");
  EXPECT_EQ(check_pauses(toy<Fault::RemembersSeed>()), "");
  EXPECT_THAT(check_two_models(toy<Fault::RemembersSeed>(), toy<Fault::RemembersSeed>()),
              HasSubstr("first of two models"));
}

TEST(CheckModel, SeesAllocationsInTheInnerLoop) {
  if (!allocations_are_counted()) GTEST_SKIP() << "a sanitizer brings its own operator new";
  EXPECT_THAT(check_allocations(toy<Fault::Allocates>()), HasSubstr("allocations on a path"));
}

TEST(CheckModel, SeesAClockThatLags) {
  EXPECT_THAT(check_clock(toy<Fault::ClockLags>()), HasSubstr("after advance to"));
}

TEST(CheckModel, SeesEventsLeftAtTheEnd) {
  EXPECT_THAT(check_clock(toy<Fault::StopsEarly>()), HasSubstr("is left"));
}

TEST(CheckModel, SeesANan) {
  EXPECT_THAT(check_numbers(toy<Fault::MakesNan>()), HasSubstr("mean_wait is not a number"));
}

// A case in which nothing happens would pass every check.
TEST(CheckModel, RefusesACaseThatChecksNothing) {
  auto idle = toy<>();
  idle.horizon = 1;
  idle.theta = {1e6, 1.0};
  EXPECT_THAT(check_repeat(idle), HasSubstr("checks nothing"));
}

}  // namespace
}  // namespace twin::contract
