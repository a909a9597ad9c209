#include "twin/event/example.hpp"

#include <gtest/gtest.h>

#include <set>

namespace twin::event {
namespace {

TEST(Example, FabFollowsItsLots) {
  // If this failed, benchmarks and tests would run on events that no fab has: a lot is arrived,
  // loaded, started, ended (or measured), unloaded, in this order, at rising times and visits.
  ExampleFab fab(1, 10, 20);
  std::vector<std::vector<Event>> of_lot(10);
  Tick last = 0;
  for (const Event& e : fab.take(2'000)) {
    EXPECT_GE(e.at, last);
    last = e.at;
    if (e.lot != None) of_lot[e.lot].push_back(e);
  }
  for (const auto& events : of_lot) {
    ASSERT_GT(events.size(), 100U);
    for (std::size_t k = 1; k < events.size(); ++k) {
      const bool begins = events[k].kind == Kind::ArrivedAtQueue;
      EXPECT_EQ(begins, k % 5 == 0);
      EXPECT_EQ(events[k].visit, events[k - 1].visit + (begins ? 1 : 0));
    }
  }
}

TEST(Example, AnyEventReachesTheEnds) {
  // If this failed, round trips would be tested on ordinary events alone.
  std::set<Kind> met;
  bool last_tick = false, first_tick = false, none = false, below_none = false;
  for (std::uint32_t k = 0; k < 2'000; ++k) {
    const Event e = any_event({.seed = 1}, k);
    EXPECT_EQ(e, any_event({.seed = 1}, k));
    met.insert(e.kind);
    last_tick = last_tick || e.at == -1;
    first_tick = first_tick || e.at == std::numeric_limits<Tick>::min();
    none = none || e.lot == None;
    below_none = below_none || e.lot == None - 1;
  }
  EXPECT_EQ(met.size(), kinds().size());
  EXPECT_TRUE(last_tick && first_tick && none && below_none);
}

TEST(Example, HeaderHasAwkwardNames) {
  // If this failed, quoting would be tested on plain names alone.
  const LogHeader header = example_header();
  EXPECT_EQ(header.names.of(Table::Lot).size(), 10U);
  EXPECT_EQ(header, example_header());
}

}  // namespace
}  // namespace twin::event
