// Reference 2.3 and 2.6: the order of what happens to a lot at a step, and how long a job keeps its
// tool.
#include <gmock/gmock.h>

#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab::semantics {
namespace {

using testing::ElementsAre;

// Wrong: a lot's day would be in another order than AutoSched's: sampling, transport, queue, setup,
// load, process, unload, next step. A ends at 10; 7 min on the way; 15 setup + 1 + 10 + 2 in B.
TEST(StepCycle, RunsInTheReferencesOrder) {
  TinyFab fab;
  const auto a = fab.add_group("A"), b = fab.add_group("B");
  fab.group(b).load_ms = MinuteMs;
  fab.group(b).unload_ms = 2 * MinuteMs;
  fab.description.transports = {{"Fab", "Fab", minutes(7)}};
  Step skipped = step_at(b, 10), last = step_at(b, 10);
  skipped.sampling = 0.0;
  last.setup = fab.add_setup("X");
  fab.add_change(None, last.setup, 15);
  fab.add_lot(fab.add_route({step_at(a, 10), skipped, last}));
  Shift shift(fab);
  shift.to(17);
  const Job& job = shift.x().tools[1].jobs[0];
  EXPECT_EQ(job.start, 17 * 60'000);
  EXPECT_EQ(job.setup_end, 32 * 60'000);
  EXPECT_EQ(job.load_end, 33 * 60'000);
  EXPECT_EQ(job.process_end, 43 * 60'000);
  EXPECT_EQ(job.end, 45 * 60'000);
  shift.to(60);
  EXPECT_THAT(shift.lines(),
              ElementsAre("0 release 0", "0 arrive 0 r0/1", "0 start 0 A#1", "10 end 0 A#1",
                          "10 skip 0 r0/2", "10 move 0 for 7", "17 arrive 0 r0/3",
                          "17 start 0 B#1 setup X", "45 end 0 B#1", "45 finish 0"));
}

// Wrong: wafers would be free, or batches paid for once a lot. Lots of 25 wafers.
TEST(ProcessTime, PerLotPerPiecePerBatch) {
  TinyFab fab;
  const auto lot = fab.add_group("Lot"), piece = fab.add_group("Piece"),
             batch = fab.add_group("Batch");
  fab.group(batch).batch = true;
  Step batched = step_at(batch, 30, Step::Per::Batch);
  batched.batch_min = batched.batch_max = 75;
  fab.add_lot(fab.add_route({step_at(lot, 10)}));
  fab.add_lot(fab.add_route({step_at(piece, 2, Step::Per::Piece)}));
  const auto p = fab.add_route({batched});
  for (int i = 0; i < 3; ++i) fab.add_lot(p);
  EXPECT_THAT(Shift(fab).to(100).lines_of("end"),
              ElementsAre("10 end 0 Lot#1", "30 end 2+3+4 Batch#1", "50 end 1 Piece#1"));
}

// Wrong: the tool would be free while its robot still loads. 1 + 10 + 1 min a lot.
TEST(ProcessTime, LoadAndUnloadOccupyTheTool) {
  TinyFab fab;
  const auto a = fab.add_group("A");
  fab.group(a).load_ms = fab.group(a).unload_ms = MinuteMs;
  const auto p = fab.add_route({step_at(a, 10)});
  fab.add_lot(p);
  fab.add_lot(p);
  EXPECT_THAT(Shift(fab).to(100).lines_of("start finish"),
              ElementsAre("0 start 0 A#1", "12 finish 0", "12 start 1 A#1", "24 finish 1"));
}

}  // namespace
}  // namespace twins::fab::semantics
