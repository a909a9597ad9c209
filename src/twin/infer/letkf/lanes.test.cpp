// If these failed, domains would be mixed up with their neighbours in the registers.
#include "twin/infer/letkf/lanes.hpp"

#include <gtest/gtest.h>

namespace twin::infer::letkf {
namespace {

using L = Lanes<Portable>;

TEST(Lanes, Transpose) {
  Portable::V rows[2] = {{1.0, 2.0}, {3.0, 4.0}};
  L::transpose(rows);
  EXPECT_EQ(rows[0][1], 3.0);
  EXPECT_EQ(rows[1][0], 2.0);
}

TEST(Lanes, FourReciprocalsFromOneDivision) {
  const Portable::V d[4] = {{1.0, 3.0}, {7.0, 1e60}, {1.5, 2.0}, {1e5, 1.25}};
  Portable::V r[4];
  L::reciprocals(d[0], d[1], d[2], d[3], r);
  for (std::size_t k = 0; k < 4; ++k) {
    for (std::size_t lane = 0; lane < L::W; ++lane) {
      EXPECT_NEAR(r[k][lane] * d[k][lane], 1.0, 1e-15) << k << ' ' << lane;
    }
  }
}

TEST(Lanes, OperationsOnEachLane) {
  const Portable::V a = {2.0, -3.0}, b = {5.0, 7.0}, c = {1.0, 0.5};
  EXPECT_EQ(Portable::fma(a, b, c)[0], 11.0);
  EXPECT_EQ(L::minus(a, b, c)[1], 21.5);
  EXPECT_EQ(L::magnitude(a)[1], 3.0);
  EXPECT_EQ(L::larger(a, c)[1], 0.5);
  EXPECT_EQ(L::splat(4.0)[1], 4.0);
  EXPECT_EQ(Portable::root(Portable::V{4.0, 9.0})[1], 3.0);
}

}  // namespace
}  // namespace twin::infer::letkf
