// If this failed, intervals would not become as sure as they say.
#include "twins/fab/forecast/recalibration.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "twin/core/draw.hpp"
#include "twin/math/distributions.hpp"

namespace twins::fab::forecast {
namespace {

// Members of a standard normal law; what comes has `deviation` times as wide a one and is off by `shift`, 8 a window.
struct Came {
  Recalibration r;
  std::array<double, Intervals.size()> held{};
  double scores = 0.0;
};

Came run_recalibration(double deviation, double shift, std::uint32_t windows,
                       std::uint32_t counted_from) {
  constexpr std::size_t N = 99;
  constexpr std::uint32_t PerWindow = 8;
  const twin::core::Draw draw{11, 0};
  Came out;
  std::vector<float> members(N);
  for (std::uint32_t w = 0; w < windows; ++w) {
    std::array<double, Intervals.size()> below{}, above{};
    double off = 0.0;
    for (std::uint32_t k = 0; k < PerWindow; ++k) {
      for (std::uint32_t i = 0; i < N; ++i)
        members[i] = static_cast<float>(twin::math::normal(draw.uniform(w, k, i)));
      std::sort(members.begin(), members.end());
      out.r.apply(members);
      EXPECT_TRUE(std::is_sorted(members.begin(), members.end()));
      const auto y =
          static_cast<float>(shift + deviation * twin::math::normal(draw.uniform(w, k, N)));
      const float middle = quantile_of_sorted(members, 0.5);
      off += (y > middle ? 1.0 : -1.0) / PerWindow;
      for (std::size_t i = 0; i < Intervals.size(); ++i) {
        const double tail = 0.5 * (1.0 - Intervals[i]);
        const float low = quantile_of_sorted(members, tail),
                    high = quantile_of_sorted(members, 1.0 - tail);
        below[i] += (y < low) / static_cast<double>(PerWindow);
        above[i] += (y > high) / static_cast<double>(PerWindow);
        if (w >= counted_from) out.held[i] += low <= y && y <= high;
      }
      out.scores += w >= counted_from;
    }
    out.r.learn(below, above, off, 1.0);
  }
  return out;
}

// 300 windows of 8 scores: the tracker's guarantee leaves (b + Step) / (Step T) with b < 7 of one side and level,
// 0.05 for T = 300; the sampling error of 2,400 scores at most 0.01 on top, at z = 5 0.05.
TEST(Recalibration, HoldsWhatItSaysWhateverComes) {
  for (const auto& [deviation, shift] : {std::pair{1.0, 0.0}, {2.0, 0.0}, {0.5, 0.0}, {1.0, 1.5}}) {
    const Came r = run_recalibration(deviation, shift, 400, 100);
    for (std::size_t i = 0; i < Intervals.size(); ++i)
      EXPECT_NEAR(r.held[i] / r.scores, Intervals[i], 0.05) << deviation << ' ' << shift;
  }
}

// Wrong: the widths would not be those of the law that comes.
TEST(Recalibration, FindsTheWidth) {
  const Came r = run_recalibration(2.0, 0.0, 400, 100);
  EXPECT_NEAR(r.r.lower(Ninety), 2.0, 0.5);
  EXPECT_NEAR(r.r.upper(Ninety), 2.0, 0.5);
}

TEST(Recalibration, LeavesWhatLiesBeyond) {
  Recalibration r;
  r.learn({1, 1, 1, 1}, {1, 1, 1, 1}, 0.0, 1.0);
  EXPECT_DOUBLE_EQ(r.lower(Ninety), 1.475);
  std::vector<float> members = {1.0F, 2.0F, 3.0F, Beyond, Beyond};
  r.apply(members);
  EXPECT_LT(members[0], 1.0F);
  EXPECT_EQ(members[2], 3.0F);
  EXPECT_EQ(members[4], Beyond);
  std::vector<float> none = {1.0F, Beyond, Beyond};
  r.apply(none);
  EXPECT_EQ(none, (std::vector<float>{1.0F, Beyond, Beyond}));
}

}  // namespace
}  // namespace twins::fab::forecast
