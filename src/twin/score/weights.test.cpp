// If these failed, particles would count by other weights than the filter gave them.
#include "twin/score/weights.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <vector>

#include "twin/contract/refusal.hpp"

namespace twin::score {
namespace {

// Shares must follow the values when these are sorted; a value without weight is not there.
TEST(SortedShares, AddUpInOrder) {
  const auto x = sorted_shares(std::array{3.0, 1.0, 2.0, 0.0}, std::array{2.0, 1.0, 5.0, 0.0});
  ASSERT_EQ(x.size(), 3U);
  EXPECT_EQ(x[0].value, 1.0);
  EXPECT_EQ(x[0].share_up_to, 0.125);
  EXPECT_EQ(x[1].share_up_to, 0.75);
  EXPECT_EQ(x[2].share_up_to, 1.0);
}

// A filter whose weights collapsed would be scored as if it had said something.
TEST(SortedShares, RefuseWhatIsNoWeight) {
  const auto refusal = [](const std::vector<double>& values, const std::vector<double>& weights) {
    return contract::refusal([&] { sorted_shares(values, weights); });
  };
  EXPECT_EQ(refusal({1, 2}, {1, -3}), "weights[1] = -3 (must not be negative); is it a logarithm?");
  EXPECT_EQ(refusal({1, 2}, {0, 0}),
            "all weights are zero (some value must have weight); has the filter failed?");
  EXPECT_EQ(refusal({1, 2}, {1}),
            "2 values and 1 weights (must be as many); do they belong together?");
  EXPECT_EQ(refusal({1}, {std::numeric_limits<double>::quiet_NaN()}),
            "weights[0] = nan (must be finite); was a missing value left in?");
  EXPECT_EQ(refusal({}, {}), "no values (needs at least one value); was everything filtered out?");
}

}  // namespace
}  // namespace twin::score
