#include "twin/event/names.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"
#include "twin/core/archive.hpp"
#include "twin/core/error.hpp"

namespace twin::event {
namespace {

TEST(Names, NumbersFollowTheOrderOfNames) {
  // If this failed, an event's lot number would show another lot's name.
  Names names;
  EXPECT_EQ(names.add(Table::Lot, "A"), 0U);
  EXPECT_EQ(names.add(Table::Lot, "B"), 1U);
  EXPECT_EQ(names.add(Table::Tool, "B"), 0U);  // each table counts for itself
  EXPECT_EQ(names.add(Table::Lot, "A"), 0U);   // known
  EXPECT_EQ(names.name(Table::Lot, 1), "B");
  EXPECT_EQ(names.find(Table::Lot, "B"), 1U);
  EXPECT_FALSE(names.find(Table::Lot, "C"));
  EXPECT_EQ(names.name(Table::Lot, 2), "");
  EXPECT_EQ(names.name(Table::Lot, None), "");
}

TEST(Names, EmptyNameIsRefused) {
  // If this failed, an empty CSV field could mean a lot.
  Names names;
  EXPECT_THROW(names.add(Table::Lot, ""), core::Error);
}

TEST(Names, CopiesAreTheirOwn) {
  // If this failed, two fabs in one process would know of each other's lots.
  Names a;
  a.add(Table::Lot, "A");
  Names b = a;
  b.add(Table::Lot, "B");
  EXPECT_FALSE(a.find(Table::Lot, "B"));
  EXPECT_NE(a, b);
  a.add(Table::Lot, "B");
  EXPECT_EQ(a, b);
}

TEST(Names, LabelsAreUnambiguous) {
  // If this failed, a lot called "#1" and the nameless lot 1 would be one.
  Names names;
  names.add(Table::Lot, "#1");
  EXPECT_EQ(label(names, Table::Lot, 0), "##1");
  EXPECT_EQ(label(names, Table::Lot, 1), "#1");
  EXPECT_EQ(label(names, Table::Tool, 7), "#7");
}

TEST(Names, ItemsOfSplitAndMergeAreLots) {
  // If this failed, a split would point at a parameter instead of the lot that was split off.
  for (const auto& kind : kinds()) {
    const bool lots = kind.value == Kind::Split || kind.value == Kind::Merged;
    EXPECT_EQ(item_table(kind.value), lots ? Table::Lot : Table::Item) << kind.text;
  }
}

TEST(Names, AreSavedAndFoundAgain) {
  // If this failed, a link that is taken up again would give a lot a second number.
  Names a;
  a.add(Table::Lot, "A");
  a.add(Table::Lot, "B");
  a.add(Table::Tool, "A");
  const auto b = core::load<Names>(core::save(a));
  EXPECT_EQ(b, a);
  EXPECT_EQ(b.find(Table::Lot, "B"), 1U);
  EXPECT_EQ(b.find(Table::Tool, "A"), 0U);
}

struct Unchecked {  // as Names lie in an archive
  std::array<std::vector<std::string>, TableCount> names = {};
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("names", self.names);
  }
};

TEST(Names, TwiceTheSameIsRefused) {
  // If this failed, two numbers would be one lot.
  Unchecked bad;
  bad.names[1] = {"A", "A"};
  EXPECT_EQ(contract::refusal([&] { static_cast<void>(core::load<Names>(core::save(bad))); }),
            "saved names (the lot 'A' is empty or stands twice)");
}

TEST(Names, TablesKeepTheirNumbers) {
  // If this failed, the lots of old logs would turn into tools.
  constexpr std::array<std::string_view, TableCount> Golden = {
      "source", "lot", "carrier", "tool", "chamber", "route", "recipe", "item"};
  for (std::size_t t = 0; t < TableCount; ++t) {
    EXPECT_EQ(to_string(static_cast<Table>(t)), Golden[t]);
  }
}

}  // namespace
}  // namespace twin::event
