// If these failed, a search would go where no policy is defined, or take a crash for the best of all.
#include "twin/decide/box.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "twin/contract/refusal.hpp"
#include "twin/core/archive.hpp"

namespace twin::decide {
namespace {

using contract::refusal;
constexpr double Inf = std::numeric_limits<double>::infinity();
constexpr double Nan = std::numeric_limits<double>::quiet_NaN();

// Wrong: inside and outside would be told wrongly.
TEST(Box, KnowsWhatItHolds) {
  const Box box{{0, -Inf}, {1, 5}};
  EXPECT_TRUE(box.contains(Point{0, -1e300}));
  EXPECT_TRUE(box.contains(Point{1, 5}));
  EXPECT_FALSE(box.contains(Point{1.5, 0}));
  EXPECT_FALSE(box.contains(Point{Nan, 0}));
  EXPECT_FALSE(box.contains(Point{0.5}));
  EXPECT_FALSE(box.finite());
  EXPECT_TRUE((Box{{0}, {1}}.finite()));
  EXPECT_EQ(core::load<Box>(core::save(box)), box);
}

// Wrong: nonsense would be searched.
TEST(Box, RefusesNonsense) {
  EXPECT_EQ(refusal([] { need_box({}); }),
            "no parameters (a search needs at least one); were all of them fixed?");
  EXPECT_EQ(refusal([] {
              need_box({{0, 2}, {1, 2}});
            }),
            "low[1] = 2, high[1] = 2 (low must be below high); leave out what is fixed?");
  EXPECT_NE(refusal([] { need_box({{Nan}, {1}}); }), "accepted");
  EXPECT_NE(refusal([] { need_box({{0}, {1, 2}}); }), "accepted");
  EXPECT_EQ(refusal([] {
              need_finite_box({{0}, {Inf}}, "a grid");
            }),
            "bounds[0] = 0, inf (a grid needs finite ones)");
  EXPECT_EQ(refusal([] { need_inside({{0}, {1}}, {2}); }), "start[0] = 2 (bounds are 0, 1)");
  EXPECT_NE(refusal([] { need_inside({{0}, {1}}, {0, 0}); }), "accepted");
  EXPECT_EQ(refusal([] { need_values(std::vector<double>{1, Inf}); }), "accepted");
  EXPECT_EQ(refusal([] {
              need_values(std::vector<double>{1, Nan});
            }),
            "values[1] = nan (must be a number, or +infinity for what cannot be run)");
  EXPECT_NE(refusal([] { need_values(std::vector<double>{-Inf}); }), "accepted");
}

// Wrong: what cannot be run would be the best, or ties would be settled by chance.
TEST(Best, IsTheFirstOfTheLeast) {
  Best best;
  best.offer(Point{0}, Inf);
  EXPECT_TRUE(best.x.empty());
  best.offer(Point{1}, 5);
  best.offer(Point{2}, 5);
  EXPECT_EQ(best, (Best{{1}, 5}));
  best.offer(Point{3}, 4);
  best.offer(Point{4}, Inf);
  EXPECT_EQ(best, (Best{{3}, 4}));
}

}  // namespace
}  // namespace twin::decide
