// If these failed, padding could leak into checkpoints, or a block copy would misplace members.
#include "twin/core/fields.hpp"

#include <gtest/gtest.h>

namespace twin::core {
namespace {

struct Plain {
  int a;
  double b;
};
struct Packed {
  std::int64_t at = 0;
  std::uint32_t who = 0;
  std::uint16_t kind = 0;
  bool on = false, off = false;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("at", self.at);
    archive("who", self.who);
    archive("kind", self.kind);
    archive("on", self.on);
    archive("off", self.off);
  }
};
struct Padded {
  std::int32_t a = 0;
  double b = 0.0;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("a", self.a);
    archive("b", self.b);
  }
};
struct OutOfOrder {
  std::int32_t a = 0;
  std::int32_t b = 0;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("b", self.b);
    archive("a", self.a);
  }
};
struct Forgetful {
  std::int32_t a = 0;
  std::int32_t b = 0;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("a", self.a);
  }
};
struct Nested {
  Packed p;
  std::array<double, 2> xy{};
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("p", self.p);
    archive("xy", self.xy);
  }
};

// A plain struct without a list would be saved with its padding.
TEST(Fields, AStructWithoutAListCannotBeSavedNotEvenInAVector) {
  static_assert(!HasFields<Plain>);
  static_assert(!Archivable<Plain>);
  static_assert(!Archivable<std::vector<Plain>>);
  static_assert(!Archivable<std::optional<std::array<Plain, 2>>>);
  static_assert(!Archivable<std::variant<int, Plain>>);
  static_assert(!Archivable<std::vector<bool>>);
  static_assert(!Archivable<long double>);
  static_assert(!Archivable<int*>);
  static_assert(Archivable<std::vector<Packed>>);
  static_assert(Archivable<const std::tuple<int, std::string, std::pair<bool, double>>>);
}

// A struct taken as one block that is not one would be loaded by another build with shifted
// members.
TEST(Fields, OnlyGaplessStructsInOrderAreOneBlock) {
  EXPECT_TRUE(detail::dense_of<Packed>().dense);
  EXPECT_EQ(detail::dense_of<Packed>().bools, (std::vector<std::size_t>{14, 15}));
  EXPECT_TRUE(detail::dense_of<Nested>().dense);
  EXPECT_FALSE(detail::dense_of<Padded>().dense);
  EXPECT_FALSE(detail::dense_of<OutOfOrder>().dense);
  EXPECT_FALSE(detail::dense_of<Forgetful>().dense);
}

}  // namespace
}  // namespace twin::core
