// The table of families must be a table a fab can be built from.
#include "twins/fab/generator/family.hpp"

#include <gtest/gtest.h>

namespace twins::fab::generator {
namespace {

TEST(Family, ProfilesAreConsistent) {
  // Wrong: a family would have negative times, or targets that no queue survives.
  std::uint32_t groups = 0;
  for (std::size_t f = 0; f < FamilyCount; ++f) {
    const Profile& p = profile(static_cast<Family>(f));
    SCOPED_TRACE(p.name);
    groups += p.weight;
    EXPECT_GT(p.minutes_min, 0.0);
    EXPECT_LT(p.minutes_min, p.minutes_max);
    EXPECT_TRUE(p.cascade >= 0.0 && p.cascade < 1.0);
    EXPECT_TRUE(p.sampling_min > 0.0 && p.sampling_min <= p.sampling_max && p.sampling_max <= 1.0);
    EXPECT_TRUE(p.load_min <= p.load_max && p.load_max <= 0.93);
    EXPECT_EQ(p.weight == 0, f >= ToolFamilyCount);
  }
  EXPECT_EQ(groups, 105U);  // SMT2020's tool groups without its delay
}

TEST(Family, LithoIsTheBottleneckAndMostExpensiveToRepair) {
  // Wrong: the generated fab would have its bottleneck elsewhere than a wafer fab has.
  const Profile& scan = profile(Family::LithoScan);
  for (std::size_t f = 0; f < FamilyCount; ++f) {
    const Profile& p = profile(static_cast<Family>(f));
    EXPECT_LE(p.load_max, scan.load_max) << p.name;
    EXPECT_LE(p.repair_minutes, scan.repair_minutes) << p.name;
  }
}

}  // namespace
}  // namespace twins::fab::generator
