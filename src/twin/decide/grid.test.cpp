// If these failed, the best combination of parameters could be the one that was never on the menu.
#include "twin/decide/grid.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "twin/contract/refusal.hpp"
#include "twin/math/statistics.hpp"

namespace twin::decide {
namespace {

using contract::refusal;
constexpr std::uint64_t GridSeed = 20261202;

// Wrong: a level would be missing or twice there.
TEST(Levels, AreWhereTheyShouldBe) {
  EXPECT_EQ(levels_between(0, 1, 5), (Levels{0, 0.25, 0.5, 0.75, 1}));
  EXPECT_EQ(levels_between(-2, 4, 1), Levels{1});
  const Levels k = levels_by_ratio(0.01, 10, 4);
  EXPECT_EQ(k.front(), 0.01);
  EXPECT_EQ(k.back(), 10.0);
  EXPECT_NEAR(k[1], 0.1, 1e-15);
  EXPECT_NEAR(k[2], 1.0, 1e-15);
  EXPECT_NEAR(levels_by_ratio(1, 100, 1).front(), 10.0, 1e-14);
}

// Wrong: a combination would be left out.
TEST(Grid, HasEveryCombinationOnce) {
  const auto points = grid({{1, 2}, {5}, {7, 8, 9}});
  EXPECT_EQ(points.size(), 6U);
  EXPECT_EQ(points[0], (Point{1, 5, 7}));
  EXPECT_EQ(points[1], (Point{1, 5, 8}));
  EXPECT_EQ(points[5], (Point{2, 5, 9}));
  EXPECT_EQ(std::set<Point>(points.begin(), points.end()).size(), 6U);
  // 16 points of 4 x 4, as BATCS was tuned by (k_1, k_2).
  EXPECT_EQ(grid({levels_by_ratio(0.1, 10, 4), levels_by_ratio(0.01, 1, 4)}).size(), 16U);
}

// Wrong: a part of a parameter's range would have no point, or two.
TEST(LatinHypercube, HasOneInEachPart) {
  SCOPED_TRACE(GridSeed);
  const Box box{{0, -10, 5}, {1, 10, 5.5}};
  for (const std::size_t count : {1U, 2U, 17U, 200U}) {
    const auto points = latin_hypercube(box, count, {GridSeed, 1}, count == 17 ? 20 : 1);
    ASSERT_EQ(points.size(), count);
    for (std::size_t p = 0; p < 3; ++p) {
      std::set<int> parts;
      for (const Point& x : points) {
        EXPECT_TRUE(box.contains(x));
        parts.insert(static_cast<int>(std::floor((x[p] - box.low[p]) / (box.high[p] - box.low[p]) *
                                                 static_cast<double>(count))));
      }
      EXPECT_EQ(parts.size(), count);
    }
  }
}

// Wrong: it would say no more of a mean than points drawn anyhow. For a sum of one function a parameter
// its variance is of order count^-3 instead of count^-1 (M. Stein, Technometrics 29, 1987): with 50 points
// far below a tenth. 400 worlds: the ratio of variances has a relative error of 10 %.
TEST(LatinHypercube, TellsMoreOfAMean) {
  SCOPED_TRACE(GridSeed);
  math::Moments cube, apart;
  for (std::uint32_t w = 0; w < 400; ++w) {
    double a = 0.0, b = 0.0;
    for (const Point& x : latin_hypercube({{0, 0}, {1, 1}}, 50, {GridSeed, w}))
      a += (x[0] * x[0] + std::sin(x[1])) / 50.0;
    for (std::uint32_t i = 0; i < 50; ++i) {
      const double u = core::Draw{GridSeed, w}.uniform(90, i, 0),
                   v = core::Draw{GridSeed, w}.uniform(91, i, 0);
      b += (u * u + std::sin(v)) / 50.0;
    }
    cube.add(a);
    apart.add(b);
  }
  EXPECT_LT(cube.variance(), 0.1 * apart.variance());
  EXPECT_NEAR(cube.mean(), 1.0 / 3.0 + 1.0 - std::cos(1.0), 1e-3);
}

// Wrong: tries would cost and give nothing.
TEST(LatinHypercube, OfMoreTriesIsWiderApart) {
  const auto least = [](const std::vector<Point>& points) {
    double d = 1e9;
    for (const Point& a : points) {
      for (const Point& b : points) {
        if (&a != &b) d = std::min(d, std::hypot(a[0] - b[0], a[1] - b[1]));
      }
    }
    return d;
  };
  const Box box{{0, 0}, {1, 1}};
  EXPECT_GT(least(latin_hypercube(box, 12, {GridSeed, 3}, 50)),
            least(latin_hypercube(box, 12, {GridSeed, 3}, 1)));
}

// Wrong: nonsense would be put on a menu.
TEST(Grid, RefusesNonsense) {
  EXPECT_EQ(refusal([] { grid({}); }), "no parameters (a grid needs at least one)");
  EXPECT_NE(refusal([] { grid({{1}, {}}); }), "accepted");
  EXPECT_EQ(refusal([] {
              grid({Levels(1000, 1.0), Levels(1000, 1.0)}, 999'999);
            }),
            "the grid has more than 999999 points; would a latin hypercube do?");
  EXPECT_EQ(refusal([] { levels_between(1, 1, 3); }), "low = 1, high = 1 (low must be below high)");
  EXPECT_EQ(refusal([] { levels_between(0, 1, 0); }), "0 levels (needs at least one)");
  EXPECT_EQ(refusal([] { levels_by_ratio(0, 1, 2); }), "low = 0 (must be positive)");
  EXPECT_EQ(refusal([] {
              latin_hypercube({{0}, {1}}, 0, {});
            }),
            "points, tries = 0, 1 (needs at least one of each)");
  EXPECT_NE(refusal([] {
              latin_hypercube({{0}, {std::numeric_limits<double>::infinity()}}, 3, {});
            }),
            "accepted");
}

}  // namespace
}  // namespace twin::decide
