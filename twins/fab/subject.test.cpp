// If this failed, an event would move a lot or a tool that it does not speak of, or none.
#include "twins/fab/subject.hpp"

#include <gtest/gtest.h>

namespace twins::fab {
namespace {

using twin::event::Kind;

TEST(Subject, IsWhatTheEventNames) {
  EXPECT_EQ(subject_of(Kind::LotReleased), Subject::Lot);
  EXPECT_EQ(subject_of(Kind::Finished), Subject::Lot);
  EXPECT_EQ(subject_of(Kind::LoadStarted), Subject::LotInTool);
  EXPECT_EQ(subject_of(Kind::Unloaded), Subject::LotInTool);
  EXPECT_EQ(subject_of(Kind::ToolDown), Subject::Tool);
  EXPECT_EQ(subject_of(Kind::PmEnded), Subject::Tool);
  EXPECT_EQ(subject_of(Kind::Measurement), Subject::Nothing);
}

}  // namespace
}  // namespace twins::fab
