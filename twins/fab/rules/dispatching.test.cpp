#include "twins/fab/rules/dispatching.hpp"

#include <gmock/gmock.h>

#include "twins/fab/rules/cr.hpp"
#include "twins/fab/rules/edd.hpp"
#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab {
namespace {

using semantics::Shift;
using semantics::step_at;
using semantics::TinyFab;
using testing::ElementsAre;

using Start = BatchPolicy::Start;

// Wrong: MBS 0.75 of 8 would ask for 7, or 0.6 of 5 for 4, or nothing would be a batch.
TEST(Dispatching, TheLeastBatchIsAShareRoundedUp) {
  const auto least = [](double fill, std::uint32_t most) {
    return Dispatching{.batch = {Start::Fill, fill}}.least_wafers(3, most);
  };
  EXPECT_EQ(least(0.75, 8), 6U);
  EXPECT_EQ(least(0.7, 8), 6U);
  EXPECT_EQ(least(0.6, 5), 3U);
  EXPECT_EQ(least(1.0, 8), 8U);
  EXPECT_EQ(least(0.0, 8), 1U);
  EXPECT_EQ(Dispatching{}.least_wafers(3, 8), 3U);
  EXPECT_EQ((Dispatching{.batch = {Start::Fullest}}).least_wafers(3, 8), 1U);
}

// Furnace F, at most 100 wafers of one key; the lots come while a hot lot 0 keeps it until 30.
TinyFab queue_at_furnace(std::uint32_t least, std::uint32_t most = 100) {
  TinyFab fab;
  fab.add_group("F");
  fab.group(0).batch = true;
  Step step = step_at(0, 30, Step::Per::Batch);
  step.batch_min = least;
  step.batch_max = most;
  Step alone = step;
  alone.batch_min = 1;
  for (const Step& s : {alone, step, step}) fab.add_route({s});
  fab.add_lot(0, {.priority = 20});
  return fab;
}

// Wrong: the data set's minimum would be kept where the policy names another, either way.
TEST(BatchPolicy, AShareTakesThePlaceOfTheMinimum) {
  TinyFab fab = queue_at_furnace(75);
  for (const double at : {1.0, 2.0, 40.0, 70.0}) fab.add_lot(1, {.at = at});
  const auto starts = [&](Dispatching how) {
    return Shift<Fifo>(fab, {}, how).to(300).lines_of("start");
  };
  EXPECT_THAT(starts({}), ElementsAre("0 start 0 F#1", "40 start 1+2+3 F#1", "70 start 4 F#1"));
  EXPECT_THAT(starts({.batch = {Start::Fill, 0.5}}),
              ElementsAre("0 start 0 F#1", "30 start 1+2 F#1", "70 start 3+4 F#1"));
  EXPECT_THAT(starts({.batch = {Start::Fill, 1.0}}),
              ElementsAre("0 start 0 F#1", "70 start 1+2+3+4 F#1"));
  EXPECT_THAT(starts({.batch = {Start::Fill, 0.0}}),
              ElementsAre("0 start 0 F#1", "30 start 1+2 F#1", "60 start 3 F#1", "90 start 4 F#1"));
}

// Wrong: a furnace whose maximum is no multiple of the lots would wait for ever for a full batch. Two
// lots of 25 into 60; more come until 200.
TEST(BatchPolicy, FullIsWhereNoFurtherLotFits) {
  TinyFab fab = queue_at_furnace(25, 60);
  for (const double at : {1.0, 2.0, 200.0}) fab.add_lot(1, {.at = at});
  EXPECT_THAT(Shift<Fifo>(fab, {}, {.batch = {Start::Fill, 1.0}}).to(190).lines_of("start"),
              ElementsAre("0 start 0 F#1", "30 start 1+2 F#1"));
}

// Wrong: the most complete batch would not go first. Lot 1 of key 1 is the oldest; key 2 has two lots.
TEST(BatchPolicy, TheFullestFamilyStartsFirstAndAtOnce) {
  TinyFab fab = queue_at_furnace(100);
  fab.add_lot(1, {.at = 1});
  for (const double at : {2.0, 3.0}) fab.add_lot(2, {.at = at});
  fab.add_lot(1, {.at = 300});
  fab.add_lot(2, {.at = 300});
  EXPECT_THAT(Shift<Fifo>(fab, {}, {.batch = {Start::Fullest}}).to(200).order(),
              ElementsAre("0", "2+3", "1"));
  // Of equally full ones that with the best lot; and a hot lot goes before any fullness.
  EXPECT_THAT(Shift<Fifo>(fab, {}, {.batch = {Start::Fullest}}).to(400).order(),
              ElementsAre("0", "2+3", "1", "4", "5"));
  TinyFab hot = queue_at_furnace(100);
  hot.add_lot(1, {.at = 1});
  hot.add_lot(1, {.at = 2});
  hot.add_lot(2, {.at = 3, .priority = 20});
  EXPECT_THAT(Shift<Fifo>(hot, {}, {.batch = {Start::Fullest}}).to(200).order(),
              ElementsAre("0", "3", "1+2"));
}

// Wrong: a family would count by its best lot. EDD: key 1 has lots due at 10 and 200, mean 105; key 2
// two due at 90.
TEST(BatchPolicy, TheBestFamilyIsJudgedAsAWhole) {
  TinyFab fab = queue_at_furnace(100);
  for (const double due : {10.0, 200.0}) fab.add_lot(1, {.at = 1, .due = due});
  for (const double due : {90.0, 90.0}) fab.add_lot(2, {.at = 2, .due = due});
  const auto order = [&](Start start) {
    return Shift<Edd>(fab, {}, {.batch = {start}}).to(200).order();
  };
  EXPECT_THAT(order(Start::BestOfFamily), ElementsAre("0", "3+4", "1+2"));
  EXPECT_THAT(order(Start::Fullest), ElementsAre("0", "1+2", "3+4"));
}

// Wrong: of a family too large for one batch, lots would count that are left behind. Room for two; key
// 1 has lots due at 80, 80 and 500, key 2 two due at 90. The same under a rule that is asked anew.
TEST(BatchPolicy, OnlyTheLotsThatAreTakenCount) {
  TinyFab fab = queue_at_furnace(50, 50);
  for (const double due : {500.0, 80.0, 80.0}) fab.add_lot(1, {.at = 1, .due = due});
  for (const double due : {90.0, 90.0}) fab.add_lot(2, {.at = 2, .due = due});
  const Dispatching how{.batch = {Start::BestOfFamily}};
  EXPECT_THAT(Shift<Edd>(fab, {}, how).to(80).order(), ElementsAre("0", "2+3", "4+5"));
  EXPECT_THAT(Shift<Cr>(fab, {}, how).to(80).order(), ElementsAre("0", "2+3", "4+5"));
}

// A has setup X from lot 0 on, until 50; a change takes 5. Lot 1 asks for Y and is older than lot 2 (X).
TinyFab queue_with_setups(std::vector<Criterion> rank) {
  TinyFab fab;
  fab.add_group("A");
  fab.group(0).rank = std::move(rank);
  for (const char* name : {"X", "Y"}) {
    Step step = step_at(0, 50);
    step.setup = fab.add_setup(name);
    fab.add_route({step});
  }
  for (const std::uint32_t setup : {0U, 1U}) fab.add_change(None, setup, 5);
  fab.add_lot(0);
  fab.add_lot(1, {.at = 1});
  fab.add_lot(0, {.at = 2});
  return fab;
}

// Wrong: the policy would not reach groups that the data set ranks otherwise.
TEST(Dispatching, SetupsRankWhereThePolicySaysSo) {
  const TinyFab plain = queue_with_setups({Criterion::HighestPriority, Criterion::Fifo});
  const TinyFab avoiding =
      queue_with_setups({Criterion::HighestPriority, Criterion::LeastSetup, Criterion::Fifo});
  const auto order = [](const TinyFab& fab, SetupRank setups) {
    return Shift<Fifo>(fab, {}, {.setups = setups}).to(300).order();
  };
  const auto by_age = ElementsAre("0", "1", "2"), by_setup = ElementsAre("0", "2", "1");
  EXPECT_THAT(order(plain, SetupRank::Published), by_age);
  EXPECT_THAT(order(plain, SetupRank::Avoid), by_setup);
  EXPECT_THAT(order(avoiding, SetupRank::Published), by_setup);
  EXPECT_THAT(order(avoiding, SetupRank::Ignore), by_age);
}

}  // namespace
}  // namespace twins::fab
