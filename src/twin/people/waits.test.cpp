// If these failed, how long people take to decide would be told wrong.
#include "twin/people/waits.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "twin/core/draw.hpp"

namespace twin::people {
namespace {

TEST(Waits, BinsFollowEachOtherWithoutGapAndHoldTheirTimes) {
  EXPECT_EQ(Waits::lower_edge(0), 0);
  EXPECT_EQ(Waits::lower_edge(Waits::Bins - 1), core::Tick{1} << 32);
  for (std::size_t bin = 1; bin < Waits::Bins; ++bin) {
    const core::Tick edge = Waits::lower_edge(bin);
    EXPECT_EQ(Waits::bin_of(edge), bin);
    EXPECT_EQ(Waits::bin_of(edge - 1), bin - 1);
    if (bin >= 8 && bin + 1 < Waits::Bins) {  // an eighth of an octave: at most 1/8 of its times
      EXPECT_LE(8 * (Waits::lower_edge(bin + 1) - edge), edge);
    }
  }
  EXPECT_EQ(Waits::bin_of(-5), 0U);
  EXPECT_EQ(Waits::bin_of(core::Tick{1} << 62), Waits::Bins - 1);
}

TEST(Waits, QuantilesAreThoseOfTheSampleToASixteenth) {
  Waits waits;
  EXPECT_FALSE(waits.quantile(0.5));
  std::vector<core::Tick> all;
  for (std::uint32_t k = 0; k < 1'001; ++k) {
    const double u = core::Draw{.seed = 3}.uniform(1, 0, k);
    all.push_back(static_cast<core::Tick>(-std::log(u) * 600'000.0));
    waits.add(all.back());
  }
  std::ranges::sort(all);
  EXPECT_EQ(waits.total(), 1'001U);
  for (const double p : {0.1, 0.5, 0.9, 1.0}) {
    const auto rank = static_cast<std::size_t>(std::ceil(p * 1'001.0)) - 1;
    const auto exact = static_cast<double>(all[rank]);
    EXPECT_NEAR(static_cast<double>(*waits.quantile(p)), exact, exact / 16.0 + 1.0) << p;
  }
  Waits few;
  for (const core::Tick ms : {3, 5, 7}) few.add(ms);
  EXPECT_EQ(few.quantile(0.5), 5);
}

}  // namespace
}  // namespace twin::people
