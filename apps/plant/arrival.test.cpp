// If these failed, a twin would be told another time, lot or number than the plant said.
#include "apps/plant/arrival.hpp"

#include <gtest/gtest.h>

#include "twins/fab/lively_fab.hpp"

namespace apps::plant {
namespace {

using twin::event::Kind;
using twin::event::Table;
using twin::event::Unit;

TEST(LotNames, AreReadBack) {
  for (const std::uint32_t lot : {0U, 7U, 4'000'000'000U})
    EXPECT_EQ(lot_number(lot_name(lot)), lot);
  for (const char* wrong : {"", "L", "L-1", "L01", "7", "L7x", "l7", "L99999999999"})
    EXPECT_FALSE(lot_number(wrong)) << wrong;
}

TEST(Arrivals, SayWhatTheMessageSays) {
  const auto layout = twins::fab::lively_fab();
  Sources sources(*layout, {.time_zero_ms = 1'000'000});
  const twins::fab::EventNames names(*layout);
  Arrivals arrivals(sources, names);
  Message m;
  m.source = sources.mes();
  m.epoch = 2;
  m.seq = 17;
  m.at = 500;
  m.clock = 1'000'520;
  m.event.kind = Kind::LotReleased;
  m.event.at = m.event.arrived = 500;
  m.event.lot = 42;
  m.event.item = names.product_item[0];
  m.event.value = 9'000.0;
  m.event.unit = Unit::Tick;
  const twin::link::Arrival a = arrivals.arrival(m, 600);
  EXPECT_EQ(a.source, "mqtt/mes");
  EXPECT_EQ(a.epoch, 2U);
  EXPECT_EQ(a.seq, 17U);
  EXPECT_EQ(a.clock, 1'000'520);
  EXPECT_EQ(a.arrived, 1'000'600);
  ASSERT_EQ(a.events.size(), 1U);
  const auto& e = a.events[0];
  EXPECT_EQ(e.at, a.clock);
  EXPECT_EQ(e.arrived, a.arrived);
  EXPECT_EQ(arrivals.names().name(Table::Lot, e.lot), "L42");
  EXPECT_EQ(arrivals.names().name(Table::Item, e.item), names.names.name(Table::Item, e.item));
  EXPECT_EQ(e.value, 1'009'000.0);

  m.event.kind = Kind::Split;
  m.event.unit = Unit::None;
  m.event.item = 43;
  const auto split = arrivals.arrival(m, 600);
  EXPECT_EQ(arrivals.names().name(Table::Lot, split.events[0].item), "L43");
  m.event.kind = Kind::ToolDown;
  m.event.tool = 1'000'003;  // a lie: there is no such tool
  const auto lie = arrivals.arrival(m, 600);
  EXPECT_EQ(arrivals.names().name(Table::Tool, lie.events[0].tool), "tool 1000003");
}

}  // namespace
}  // namespace apps::plant
