// If these failed, an event that the plant was told is safe would be gone after a power cut, a kill
// or a disk error, or would be there twice.
#include "twin/record/torture.hpp"

#include <gtest/gtest.h>

namespace twin::record {
namespace {

// A moment at which a stop loses, doubles or changes what was acknowledged: every operation of the
// disk in a run of three lives is tried (reliability.md, C4 test 2).
TEST(Torture, EveryOperationMayBeTheLast) {
  for (const StopKind kind : {StopKind::Kill, StopKind::PowerCut}) {
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
      std::uint64_t n = 0;
      while (torture_at(seed, n, kind)) ++n;
      EXPECT_GT(n, 100U);
    }
  }
}

// A pattern of lost sectors, names and syncs that recovery does not survive (C4 tests 3 and 4).
TEST(Torture, TenThousandPowerCutsWithKillsAndDiskErrors) {
  TortureCounts sum;
  for (std::uint64_t seed = 0; seed < 5'000; ++seed) {
    const TortureCounts c = torture_journal(seed);
    sum.lives += c.lives;
    sum.power_cuts += c.power_cuts;
    sum.kills += c.kills;
    sum.disk_errors += c.disk_errors;
    sum.acknowledged += c.acknowledged;
    sum.torn += c.torn;
  }
  RecordProperty("lives", static_cast<int>(sum.lives));
  RecordProperty("acknowledged", static_cast<int>(sum.acknowledged));
  // The load must be one that could go wrong.
  EXPECT_GT(sum.power_cuts, 10'000U);
  EXPECT_GT(sum.kills, 5'000U);
  EXPECT_GT(sum.torn, 1'000U);
  EXPECT_GT(sum.disk_errors, 100U);
  EXPECT_GT(sum.acknowledged, 250'000U);
}

}  // namespace
}  // namespace twin::record
