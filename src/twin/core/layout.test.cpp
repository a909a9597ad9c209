// If these failed, a state saved by another version would be read into the wrong fields.
#include "twin/core/layout.hpp"

#include <gtest/gtest.h>

namespace twin::core {
namespace {

template <int Version>
struct LayoutLot {
  std::int64_t release = 0;
  std::vector<double> waits;
  std::optional<std::string> hold;
  template <class A>
  static void fields(A& archive, auto& self) {
    if constexpr (Version == 3) archive("waits", self.waits);
    archive(Version == 1 ? "due" : "release", self.release);
    if constexpr (Version != 3) archive("waits", self.waits);
    if constexpr (Version != 2) archive("hold", self.hold);
  }
};

// Two versions of a type taken for one.
TEST(Layout, ChangesWithNamesTypesAndOrder) {
  EXPECT_EQ(layout_of<LayoutLot<0>>(), layout_of<LayoutLot<4>>());
  EXPECT_NE(layout_of<LayoutLot<0>>(), layout_of<LayoutLot<1>>());  // a name
  EXPECT_NE(layout_of<LayoutLot<0>>(), layout_of<LayoutLot<2>>());  // a field
  EXPECT_NE(layout_of<LayoutLot<0>>(), layout_of<LayoutLot<3>>());  // the order
  EXPECT_NE(layout_of<std::int32_t>(), layout_of<std::uint32_t>());
  EXPECT_NE(layout_of<std::int32_t>(), layout_of<float>());
  EXPECT_NE(layout_of<std::vector<int>>(), layout_of<std::optional<int>>());
  EXPECT_NE((layout_of<std::array<int, 2>>()), (layout_of<std::array<int, 3>>()));
  EXPECT_NE((layout_of<std::pair<int, float>>()), (layout_of<std::variant<int, float>>()));
}

// A least size that is too large would refuse sound files; one too small would let a damaged length
// allocate.
TEST(Layout, KnowsTheLeastBytes) {
  EXPECT_EQ(min_bytes<std::uint16_t>(), 2U);
  EXPECT_EQ(min_bytes<std::string>(), 8U);
  EXPECT_EQ(min_bytes<LayoutLot<0>>(), 8U + 8U + 1U);
  EXPECT_EQ((min_bytes<std::array<LayoutLot<0>, 3>>()), 51U);
  EXPECT_EQ((min_bytes<std::pair<int, double>>()), 12U);
  EXPECT_EQ((min_bytes<std::variant<int, double>>()), 1U);
}

}  // namespace
}  // namespace twin::core
