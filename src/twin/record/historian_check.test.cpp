// The check of the historian tells series apart.
#include "twin/record/historian_check.hpp"

#include <gtest/gtest.h>

namespace twin::record {
namespace {

TEST(HistorianCheck, ComparesByBitsAndKeepsTheOrder) {
  // A historian that loses a zero's sign, or turns equal times around, would pass.
  EXPECT_FALSE(historian_check::same({{1, 0.0}}, {{1, -0.0}}));
  EXPECT_FALSE(historian_check::same({{1, 0.0}}, {}));
  historian_check::Lists lists{.signals = {{}}};
  for (const Point& p : {Point{5, 1.0}, Point{3, 2.0}, Point{5, 3.0}, Point{3, 4.0}}) {
    lists.add(0, p);
  }
  EXPECT_EQ(lists.points(0, 3, 6), (std::vector<Point>{{3, 2.0}, {3, 4.0}, {5, 1.0}, {5, 3.0}}));
  EXPECT_EQ(lists.summary(0, 4, 6), (Summary{2, 0, 1.0, 3.0, 4.0}));
}

}  // namespace
}  // namespace twin::record
