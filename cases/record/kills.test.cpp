// If this failed, an event that was acknowledged would be gone after the process was killed, or be
// there twice (reliability.md, C4 test 1).
#include "cases/record/kills.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

namespace cases::record {
namespace {

TEST(RecordKills, NothingIsLostInAHundredKills) {
  const KillCounts counts = kill_again_and_again(
      testing::TempDir() + "fabtwin_kills_" + std::to_string(::getpid()), 1, 100);
  EXPECT_EQ(counts.kills, 100U);
  RecordProperty("acknowledged", std::to_string(counts.acknowledged));
  RecordProperty("per_second",
                 std::to_string(static_cast<double>(counts.acknowledged) / counts.running_s));
  EXPECT_GT(counts.acknowledged, 2'000U);  // the load is one that could go wrong
}

}  // namespace
}  // namespace cases::record
