// Reference 2.8: batches of one key, walked in rank order; the first key that fills its minimum
// starts.
#include <gmock/gmock.h>

#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab::semantics {
namespace {

using testing::ElementsAre;

Step batch_step(std::uint32_t least, std::uint32_t most) {
  Step step = step_at(0, 30, Step::Per::Batch);
  step.batch_min = least;
  step.batch_max = most;
  return step;
}

TinyFab furnace_fab() {
  TinyFab fab;
  fab.add_group("F");
  fab.group(0).batch = true;
  return fab;
}

// Wrong: furnaces would run half empty. Lots of 25 wafers, at least 50: the first waits for the
// second; the third comes while the furnace runs, the fourth fills its batch at 60.
TEST(Batching, WaitsForItsMinimum) {
  TinyFab fab = furnace_fab();
  const auto p = fab.add_route({batch_step(50, 100)});
  for (const double at : {0.0, 5.0, 20.0, 60.0}) fab.add_lot(p, {.at = at});
  EXPECT_THAT(
      Shift(fab).to(200).lines_of("start end"),
      ElementsAre("5 start 0+1 F#1", "35 end 0+1 F#1", "60 start 2+3 F#1", "90 end 2+3 F#1"));
}

// Wrong: a furnace would take more than it holds, or stop filling at its minimum.
TEST(Batching, FillsUpToItsMaximum) {
  TinyFab fab = furnace_fab();
  const auto p = fab.add_route({batch_step(50, 100)});
  for (int i = 0; i < 6; ++i) fab.add_lot(p);
  EXPECT_THAT(Shift(fab).to(200).lines_of("start"),
              ElementsAre("0 start 0+1+2+3 F#1", "30 start 4+5 F#1"));
}

// Wrong: the best lot's key would block the furnace while another key is full (4 % more cycle time,
// and deadlocks). The hot lot 0 waits alone at step r0/1; lots 1 and 2 of r1/1 start.
TEST(Batching, GoesOnToTheNextKeyThatIsFull) {
  TinyFab fab = furnace_fab();
  const auto p = fab.add_route({batch_step(50, 100)}), q = fab.add_route({batch_step(50, 100)});
  fab.add_lot(p, {.priority = 20});
  fab.add_lot(q);
  fab.add_lot(q, {.at = 1});
  fab.add_lot(p, {.at = 5});
  EXPECT_THAT(Shift(fab).to(200).lines_of("start"),
              ElementsAre("1 start 1+2 F#1", "31 start 0+3 F#1"));
}

// Wrong: of two full keys the worse one would start. Both are full at 30; the hot lot's goes first.
TEST(Batching, TheBestLotsKeyIsTriedFirst) {
  TinyFab fab = furnace_fab();
  const auto p = fab.add_route({batch_step(50, 50)}), q = fab.add_route({batch_step(50, 50)});
  fab.add_lot(p);
  fab.add_lot(p);
  fab.add_lot(p, {.at = 1});
  fab.add_lot(p, {.at = 1});
  fab.add_lot(q, {.at = 2});
  fab.add_lot(q, {.at = 3, .priority = 20});
  EXPECT_THAT(Shift(fab).to(200).lines_of("start"),
              ElementsAre("0 start 0+1 F#1", "30 start 5+4 F#1", "60 start 2+3 F#1"));
}

// Wrong: lots of different steps would share a batch. The same furnace at two steps of a route.
TEST(Batching, TheKeyIsRouteAndStep) {
  TinyFab fab = furnace_fab();
  const auto p = fab.add_route({batch_step(25, 50), batch_step(50, 50)});
  fab.add_lot(p);
  fab.add_lot(p, {.at = 1});
  fab.add_lot(p, {.at = 31});
  // 0 alone (25 is enough); 1 alone; at 60 lots 0, 1 fill step 2 (since 30, 60), 2 waits at step 1
  // since 31. In rank order: key r0/2 (lot 0), full.
  EXPECT_THAT(Shift(fab).to(119).lines_of("start"),
              ElementsAre("0 start 0 F#1", "30 start 1 F#1", "60 start 0+1 F#1", "90 start 2 F#1"));
}

// Wrong: the sets with engineering lots (key: product family and step name) could not be read.
TEST(Batching, AKeyMayBeGiven) {
  TinyFab fab = furnace_fab();
  Step step = batch_step(50, 100);
  step.batch_key = 7;
  const auto p = fab.add_route({step}), q = fab.add_route({step});
  fab.add_lot(p);
  fab.add_lot(q, {.at = 3});
  EXPECT_THAT(Shift(fab).to(200).lines_of("start"), ElementsAre("3 start 0+1 F#1"));
}

// Wrong: a batch would be filled by age where the data set ranks priority first.
TEST(Batching, FillsInRankOrder) {
  TinyFab fab = furnace_fab();
  const auto p = fab.add_route({batch_step(50, 50)});
  fab.add_lot(p);
  fab.add_lot(p);
  fab.add_lot(p, {.at = 1});
  fab.add_lot(p, {.at = 2});
  fab.add_lot(p, {.at = 3, .priority = 20});
  fab.add_lot(p, {.at = 4, .priority = 30});
  EXPECT_THAT(Shift(fab).to(200).lines_of("start"),
              ElementsAre("0 start 0+1 F#1", "30 start 5+4 F#1", "60 start 2+3 F#1"));
}

// Wrong: a lot that does not fit would close the batch. Room 50: 25, not 40, then 25.
TEST(Batching, PassesOverALotThatDoesNotFit) {
  TinyFab fab = furnace_fab();
  const auto p = fab.add_route({batch_step(50, 50)});
  fab.add_lot(p, {.wafers = 25});
  fab.add_lot(p, {.wafers = 40});
  fab.add_lot(p, {.wafers = 25});
  fab.add_lot(p, {.at = 100, .wafers = 10});
  EXPECT_THAT(Shift(fab).to(99).lines_of("start"), ElementsAre("0 start 0+2 F#1"));
}

// Wrong: the last lots of a run would wait forever. Two lots wait for a minimum of 75: the third is
// still on its way at step 1, so they wait for it; with two lots in all they start at once.
TEST(Batching, StartsBelowTheMinimumWhenNoLotCanStillCome) {
  for (const bool third : {true, false}) {
    TinyFab fab = furnace_fab();
    const auto a = fab.add_group("A", 2);
    const auto p = fab.add_route({step_at(a, 40), batch_step(75, 100)});
    fab.add_lot(p, {.step = 1});
    fab.add_lot(p, {.step = 1});
    if (third) fab.add_lot(p, {.step = 0});
    EXPECT_THAT(Shift(fab).to(200).lines_of("start").back(),
                third ? "40 start 0+1+2 F#1" : "0 start 0+1 F#1")
        << "a third lot: " << third;
  }
}

// Wrong: the guard would act while a stream still releases lots.
TEST(Batching, AStreamThatGoesOnIsWaitedFor) {
  TinyFab fab = furnace_fab();
  const auto p = fab.add_route({batch_step(50, 100)});
  fab.add_stream(p, 100, 3);
  EXPECT_THAT(Shift(fab).to(400).lines_of("start"),
              ElementsAre("100 start 0+1 F#1", "200 start 2 F#1"));
}

}  // namespace
}  // namespace twins::fab::semantics
