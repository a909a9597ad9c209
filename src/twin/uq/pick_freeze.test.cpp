// If these failed, an index would be told of another input, or of a study that cannot be.
#include "twin/uq/pick_freeze.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "twin/contract/refusal.hpp"

namespace twin::uq {
namespace {

TEST(PickFreeze, MixesAGroupsInputsIn) {
  const PickFreeze design({.inputs = 3, .groups = {{0, 2}}, .points = 600, .replications = 2});
  EXPECT_EQ(design.pieces(), 4U);
  std::vector<std::vector<double>> seen;  // [call][input x rows]
  const auto look = [&](const Points& p, std::span<double> y) {
    seen.emplace_back();
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t k = 0; k < p.count; ++k) seen.back().push_back(p.at(i, k));
    for (std::size_t k = 0; k < p.count; ++k) y[k] = p.at(0, k);
  };
  const PickFreezeSums sums = design.run(1, look);
  ASSERT_EQ(seen.size(), 3U);
  const std::size_t rows = 600 - PickFreeze::PieceRows;
  ASSERT_EQ(seen[0].size(), 3 * rows);
  for (std::size_t k = 0; k < rows; ++k) {
    EXPECT_EQ(seen[2][k], seen[1][k]);
    EXPECT_EQ(seen[2][rows + k], seen[0][rows + k]);
    EXPECT_EQ(seen[2][2 * rows + k], seen[1][2 * rows + k]);
    EXPECT_NE(seen[0][k], seen[1][k]);
  }
  EXPECT_EQ(sums.both.count, 2 * rows);
  EXPECT_EQ(sums.failed, 0U);
}

TEST(PickFreeze, RefusesAStudyThatCannotBe) {
  const auto why = [](const SobolStudy& s) {
    return contract::refusal([&] { PickFreeze design(s); });
  };
  EXPECT_EQ(why({}), "a sensitivity study without inputs");
  EXPECT_EQ(why({.inputs = 2, .groups = {{0}, {}}}), "group 1 has no inputs");
  EXPECT_EQ(why({.inputs = 2, .groups = {{0, 2}}}), "group 0 has input 2 (there are 2, from 0)");
  EXPECT_EQ(why({.inputs = 2, .points = 1}), "1 points a replication (at least 2)");
  EXPECT_EQ(why({.inputs = 2, .replications = 1}),
            "1 replications (at least 2: an interval needs a spread)");
  EXPECT_EQ(why({.inputs = 2, .points = std::uint64_t{1} << 30, .sampling = Sampling::Chance}),
            "1073741824 points in 16 replications by chance (at most 4294967296 in all)");
  EXPECT_EQ(why({.inputs = 1'834}), "3668 dimensions of a Sobol sequence (1 to 3667)");
  EXPECT_EQ(why({.inputs = 2, .confidence = 1.0}), "confidence 1 (between 0 and 1)");
}

}  // namespace
}  // namespace twin::uq
