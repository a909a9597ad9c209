// If these failed, one of very many power cuts or kills would cost an acknowledged event
// (reliability.md, C4 tests 1 and 3, whole).
#include <gtest/gtest.h>
#include <unistd.h>

#include "cases/record/kills.hpp"
#include "twin/record/torture.hpp"

namespace cases::record {
namespace {

TEST(RecordFaultsLong, AHundredThousandSeeds) {
  std::uint64_t power_cuts = 0;
  for (std::uint64_t seed = 1'000'000; seed < 1'100'000; ++seed)
    power_cuts += twin::record::torture_journal(seed).power_cuts;
  EXPECT_GT(power_cuts, 100'000U);
}

TEST(RecordFaultsLong, AThousandKills) {
  const KillCounts counts = kill_again_and_again(
      testing::TempDir() + "fabtwin_kills_long_" + std::to_string(::getpid()), 2, 1000);
  EXPECT_EQ(counts.kills, 1000U);
  EXPECT_GT(counts.acknowledged, 50'000U);
}

}  // namespace
}  // namespace cases::record
