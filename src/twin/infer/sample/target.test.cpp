// If these failed, a sampler would follow slopes of another density, or start where there is none.
#include "twin/infer/sample/target.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "twin/contract/refusal.hpp"

namespace twin::infer {
namespace {

Target bell(double wrong) {
  return target_with_slopes(2, [wrong](std::span<const double> x, std::span<double> slope) {
    slope[0] = -x[0] * wrong;
    slope[1] = -4 * x[1];
    return -0.5 * x[0] * x[0] - 2 * x[1] * x[1];
  });
}

TEST(Target, SlopesAreChecked) {
  const std::vector<double> x = {0.7, -1.3};
  EXPECT_LT(slope_error(bell(1.0), x), 1e-8);
  EXPECT_NEAR(slope_error(bell(1.1), x), 0.07 / 1.7, 1e-6);
}

TEST(Target, OfManyPointsIsOfEach) {
  const Target t = bell(1.0);
  const std::vector<double> x = {1, 0, 0, 1};
  std::vector<double> value(2);
  t.log_density(x, value);
  EXPECT_EQ(value, (std::vector<double>{-0.5, -2.0}));
}

TEST(Target, StartsAreChecked) {
  const auto why = [](const std::vector<std::vector<double>>& starts, std::size_t draws) {
    return contract::refusal([&] {
      check_starts(target_of(1, [](auto x) { return std::log(x[0]); }), starts, draws, "walk");
    });
  };
  EXPECT_EQ(why({}, 1), "walk: no chains (a start for each)");
  EXPECT_EQ(why({{1}}, 0), "walk: no draws are asked for");
  EXPECT_EQ(why({{1}, {1, 2}}, 1), "walk: the start of chain 1 has 2 numbers for 1 dimensions");
  EXPECT_EQ(why({{0}}, 1), "walk: the density at the start of chain 0 is 0");
  EXPECT_EQ(why({{-1}}, 1), "walk: the density at the start of chain 0 is no number");
  EXPECT_EQ(why({{1}}, 1), "accepted");
}

}  // namespace
}  // namespace twin::infer
