// If these failed, whatever is tested without a disk would be tested against other rules than a
// journal's.
#include "twin/record/recorder.hpp"

#include <gtest/gtest.h>

namespace twin::record {
namespace {

using RecorderOutcome = Receipt::Outcome;

// A duplicate that is kept, or durability before commit().
TEST(MemoryRecorder, ActsAsAJournal) {
  MemoryRecorder recorder(MemoryRecorder::Durability::OnCommit);
  const core::Entry first = core::Observation{.sensor = 1, .sensor_seq = 5};
  EXPECT_EQ(recorder.append(first), (Receipt{RecorderOutcome::Appended, 0}));
  EXPECT_EQ(recorder.append(core::Note{}), (Receipt{RecorderOutcome::Appended, 1}));
  EXPECT_EQ(recorder.append(first), (Receipt{RecorderOutcome::Duplicate, 1}));
  EXPECT_EQ(recorder.durable(), 0U);
  recorder.commit();
  EXPECT_EQ(recorder.durable(), 2U);
  EXPECT_EQ(recorder.entries(), (std::vector<core::Entry>{first, core::Note{}}));
}

// A recorder of the easy kind that has to be committed.
TEST(MemoryRecorder, MayBeDurableAtOnce) {
  MemoryRecorder recorder;
  EXPECT_EQ(recorder.append(core::Note{}), (Receipt{RecorderOutcome::Appended, 0}));
  EXPECT_EQ(recorder.durable(), recorder.size());
}

}  // namespace
}  // namespace twin::record
