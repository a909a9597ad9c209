// If these failed, "did you mean" would name the wrong thing or nothing.
#include "twin/core/nearest.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace twin::core {
namespace {

TEST(Nearest, CountsEdits) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);  // the textbook's example
  EXPECT_EQ(edit_distance("LITHO", "litho"), 0U);
}

// A far-fetched suggestion is worse than none.
TEST(Nearest, SuggestsOnlyWhatIsNear) {
  const std::vector<std::string> known = {"Litho_FE_111", "Litho_FE_115", "DryEtch"};
  EXPECT_EQ(nearest("Lito_FE_111", known), "Litho_FE_111");
  EXPECT_EQ(nearest("dryetsch", known), "DryEtch");
  EXPECT_EQ(nearest("Implant", known), std::nullopt);
  EXPECT_EQ(nearest("x", {}), std::nullopt);
}

}  // namespace
}  // namespace twin::core
