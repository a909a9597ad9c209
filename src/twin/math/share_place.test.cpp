// If these failed, every quantile that is read off a histogram would be one of other values.
#include "twin/math/share_place.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>

namespace twin::math {
namespace {

// Wrong: a quantile would lie in a bin that holds nothing, or beside its share. 0, 4, 0, 6: the
// first 40 % lie in bin 1; a share that ends on an edge ends in the bin below.
TEST(SharePlace, ByHand) {
  const std::array<std::uint32_t, 5> counts = {0, 4, 0, 6, 0};
  const auto at = [&](double p) { return *place_of_share(counts, p); };
  EXPECT_EQ(at(0.0).bin, 1U);
  EXPECT_EQ(at(0.0).within, 0.0);
  EXPECT_EQ(at(0.1).bin, 1U);
  EXPECT_DOUBLE_EQ(at(0.1).within, 0.25);
  EXPECT_EQ(at(0.4).bin, 1U);
  EXPECT_EQ(at(0.4).within, 1.0);
  EXPECT_EQ(at(0.7).bin, 3U);
  EXPECT_DOUBLE_EQ(at(0.7).within, 0.5);
  EXPECT_EQ(at(1.0).bin, 3U);
  EXPECT_EQ(at(1.0).within, 1.0);
}

// Wrong: no lot at all would have a median cycle time.
TEST(SharePlace, OfNothingIsNone) {
  EXPECT_FALSE(place_of_share(std::array<std::uint64_t, 3>{}, 0.5).has_value());
  EXPECT_FALSE(place_of_share(std::array<std::uint64_t, 0>{}, 0.5).has_value());
}

// Wrong: rounding would carry a quantile out of its bin. Every share of a hundred thousand against
// uneven counts.
TEST(SharePlace, StaysWithinItsBin) {
  const std::array<std::uint64_t, 4> counts = {7, 0, 1, 99'999'999'991};
  for (int i = 0; i <= 100'000; ++i) {
    const auto place = place_of_share(counts, i / 1e5);
    ASSERT_TRUE(place.has_value()) << i;
    EXPECT_NE(place->bin, 1U) << i;
    EXPECT_GE(place->within, 0.0) << i;
    EXPECT_LE(place->within, 1.0) << i;
  }
}

TEST(SharePlaceDeathTest, RefusesWhatIsNoShare) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const std::array<std::uint64_t, 1> counts = {1};
  EXPECT_DEATH(static_cast<void>(place_of_share(counts, 1.5)), "expected p >= 0.0");
}

}  // namespace
}  // namespace twin::math
