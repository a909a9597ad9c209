// If this failed, some orders would come more often than others, and p-values and paths would lean towards them.
#include "twin/uq/permutation.hpp"

#include <gtest/gtest.h>

#include <map>

namespace twin::uq {
namespace {

TEST(Permutation, EachOrderIsAsProbable) {
  // 24 orders of 4 things, 24,000 tries: chi-squared with 23 degrees of freedom exceeds 65 once in 10^5.
  std::map<std::vector<std::size_t>, int> count;
  for (std::uint32_t k = 0; k < 24'000; ++k) ++count[permutation(4, core::Draw{5, k}, 1)];
  ASSERT_EQ(count.size(), 24U);
  double sum = 0.0;
  for (const auto& [order, n] : count) sum += (n - 1'000.0) * (n - 1'000.0) / 1'000.0;
  EXPECT_LT(sum, 65.0);
}

}  // namespace
}  // namespace twin::uq
