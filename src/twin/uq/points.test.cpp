// If this failed, a model would be given the values of another input.
#include "twin/uq/points.hpp"

#include <gtest/gtest.h>

#include <array>

namespace twin::uq {
namespace {

TEST(Points, OneByOneAreTheSame) {
  const std::array<double, 3> a = {0.1, 0.2, 0.3}, b = {0.4, 0.5, 0.6};
  const std::array<const double*, 2> columns = {a.data(), b.data()};
  std::array<double, 3> y{};
  pointwise([](std::span<const double> u) { return u[0] + 10 * u[1]; })(
      Points{.columns = columns, .count = 3}, y);
  EXPECT_EQ(y, (std::array<double, 3>{0.1 + 4.0, 0.2 + 5.0, 0.3 + 6.0}));
}

}  // namespace
}  // namespace twin::uq
