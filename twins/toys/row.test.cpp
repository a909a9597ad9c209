// If these failed, ensembles of toys would not start where they are told.
#include "twins/toys/row.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace twins::toys {
namespace {

TEST(Row, IsDrawnAboutItsMean) {
  // Mean or spread would be another: 1000 numbers, five standard errors.
  std::array<double, 1000> mean;
  mean.fill(3.0);
  const auto row = drawn_row(mean, 0.5, {.seed = 1, .member = 2});
  double sum = 0.0, squares = 0.0;
  for (const double x : row.x) {
    sum += x - 3.0;
    squares += (x - 3.0) * (x - 3.0);
  }
  EXPECT_NEAR(sum / 1000.0, 0.0, 5.0 * 0.5 / std::sqrt(1000.0));
  EXPECT_NEAR(squares / 1000.0, 0.25, 5.0 * 0.25 * std::sqrt(2.0 / 1000.0));
  EXPECT_EQ(row.now, 0);
  EXPECT_NE(row, drawn_row(mean, 0.5, {.seed = 1, .member = 3}));
}

}  // namespace
}  // namespace twins::toys
