#include "twins/fab/event_names.hpp"

#include <gtest/gtest.h>

#include "twins/fab/lively_fab.hpp"

namespace twins::fab {
namespace {

using twin::event::Table;

TEST(EventNames, NumbersGoBothWays) {
  // Wrong: an event would name one tool, setup or calendar and mean another.
  const auto layout = lively_fab();
  const EventNames names(*layout);
  const Description& d = layout->description;
  for (std::uint32_t t = 0; t < layout->tools(); ++t) {
    EXPECT_EQ(names.names.name(Table::Tool, t), layout->tool_name(t));
    EXPECT_EQ(names.names.name(Table::Source, EventNames::source_of(t)), layout->tool_name(t));
  }
  EXPECT_EQ(names.names.name(Table::Source, EventNames::Fab), "fab");
  for (std::uint32_t r = 0; r < d.routes.size(); ++r)
    EXPECT_EQ(names.names.name(Table::Route, r), d.routes[r].name);
  for (std::uint32_t s = 0; s < d.setups.size(); ++s) {
    EXPECT_EQ(names.names.name(Table::Item, names.setup_item[s]), d.setups[s].name);
    EXPECT_EQ(names.setup(names.setup_item[s]), s);
  }
  for (std::uint32_t p = 0; p < d.products.size(); ++p)
    EXPECT_EQ(names.product(names.product_item[p]), p);
  EXPECT_EQ(names.setup(names.group_item[0]), None);
  for (const GroupInfo& g : layout->groups) {
    for (std::uint32_t k = 0; k < g.pms; ++k)
      EXPECT_EQ(names.pm(g, names.pm_item[g.first_pm + k]), k);
    for (std::uint32_t k = 0; k < g.breakdowns; ++k)
      EXPECT_EQ(names.breakdown(g, names.breakdown_item[g.first_breakdown + k]), k);
  }
}

TEST(EventNames, EqualAndEmptyNamesStayApart) {
  // Wrong: a fab made in memory, whose names nobody checked, would mix up its tools.
  Description d = lively_description();
  d.tool_groups[1].name = d.tool_groups[0].name;
  for (Maintenance& pm : d.tool_groups[0].maintenances) pm.name = "";
  for (Breakdown& b : d.tool_groups[0].breakdowns) b.name = "same";
  const auto layout = compile(d);
  const EventNames names(*layout);
  EXPECT_EQ(names.names.of(Table::Tool).size(), layout->tools());
  EXPECT_NE(names.pm_item[0], names.pm_item[1]);
  EXPECT_NE(names.breakdown_item[0], names.breakdown_item[1]);
}

TEST(EventNames, ClassesOfLots) {
  // Wrong: a mirror would count a hot lot's cycle time among the regular ones.
  const auto layout = lively_fab();
  EXPECT_EQ(usual_priority(*layout, 0), 10);
  for (std::uint32_t c = 0; c < layout->classes.size(); ++c) {
    const LotClass& k = layout->classes[c];
    const Origin origin = k.initial ? Origin::InitialWip : Origin::Released;
    EXPECT_EQ(class_of_lot(*layout, k.product, k.priority, origin), c);
  }
  EXPECT_NE(class_of_lot(*layout, 0, 10, Origin::Released),
            class_of_lot(*layout, 0, 20, Origin::Released));
  EXPECT_EQ(class_of_lot(*layout, 77, 10, Origin::Released), None);
}

}  // namespace
}  // namespace twins::fab
