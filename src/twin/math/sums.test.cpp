// If these failed, the WIP integrated over years would drift from the lots that are there.
#include "twin/math/sums.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "twin/core/archive.hpp"

namespace twin::math {
namespace {

// A sum that forgets the small term, as the plain one does.
TEST(Sum, KeepsWhatRoundingLoses) {
  static_assert(compensated_sum(std::array{1.0, 1e100, 1.0, -1e100}) == 2.0);
  EXPECT_EQ(compensated_sum(std::array{1e100, 1.0, -1e100}), 1.0);
  EXPECT_EQ(compensated_sum({}), 0.0);
  Sum sum;
  for (int i = 0; i < 10'000'000; ++i) sum.add(0.1);
  EXPECT_EQ(sum.value(), 1e6);  // the plain sum is 999999.9998389754
}

// A sum that is not the same after a checkpoint.
TEST(Sum, IsAValueWithFields) {
  Sum sum;
  sum.add(1e17);
  sum.add(3.0);
  Sum back = core::load<Sum>(core::save(sum));
  EXPECT_EQ(back, sum);
  back.add(-1e17);
  EXPECT_EQ(back.value(), 3.0);
}

// The tree must give the same for the same numbers, and agree with the compensated sum.
TEST(TreeSum, AgreesWithTheCompensatedSum) {
  std::vector<double> x;
  for (int i = 1; i <= 100'000; ++i) x.push_back(1.0 / i);
  const double exact = compensated_sum(x);
  EXPECT_NEAR(tree_sum(x), exact, 17 * 0x1p-53 * exact);  // log2(n) = 16.6, all terms positive
}

}  // namespace
}  // namespace twin::math
