// If this failed, tests of the door would trust a record that loses entries.
#include "twin/link/recorder.hpp"

#include <gtest/gtest.h>

namespace twin::link {
namespace {

TEST(Recorder, ShowsWhatWasAppendedAndNoMore) {
  VectorRecorder recorder;
  recorder.room = 1;
  const core::Note note{.at = 1, .kind = "site", .text = "A"};
  const Appended first = recorder.append(note);
  EXPECT_EQ(first.kept, Kept::New);
  EXPECT_EQ(first.index, 0U);
  EXPECT_EQ(recorder.append(note).kept, Kept::Full);
  EXPECT_EQ(recorder.entries(), 1U);
  EXPECT_EQ(recorder.entry(0), core::Entry(note));
  EXPECT_FALSE(recorder.entry(1));
}

}  // namespace
}  // namespace twin::link
