// If these failed, the property tests of items would try less than they say.
#include "twin/link/secs/example.hpp"

#include <gtest/gtest.h>

#include <set>

namespace twin::link::secs {
namespace {

void see(const Item& item, std::set<Kind>& full, std::set<Kind>& empty) {
  (item.empty() ? empty : full).insert(item.kind());
  for (const Item& part : item.items()) see(part, full, empty);
}

TEST(ExampleItem, HasEveryKindEmptyAndFull) {
  std::set<Kind> full, empty;
  for (std::uint64_t occasion = 0; occasion < 2'000; ++occasion) {
    see(example_item(1, occasion), full, empty);
  }
  EXPECT_EQ(full.size(), AllKinds.size());
  EXPECT_EQ(empty.size(), AllKinds.size());
  EXPECT_EQ(example_item(1, 7), example_item(1, 7));
}

TEST(ExampleReport, HasAsManyVariablesAsAsked) {
  EXPECT_EQ(example_report(5, 20).at(2, 0, 1)->count(), 20U);
  EXPECT_EQ(example_report(5, 20).at(2, 0, 1, 0)->as_u64(), 5U);
}

}  // namespace
}  // namespace twin::link::secs
