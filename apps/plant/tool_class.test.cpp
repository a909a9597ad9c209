// If these failed, a tool of the plant could not tell an event of the fab, or a twin would read
// another one.
#include "apps/plant/tool_class.hpp"

#include <gtest/gtest.h>

#include <set>

#include "apps/plant/arrival.hpp"
#include "apps/plant/fab.hpp"
#include "twin/link/tool/telling.hpp"
#include "twins/fab/lively_fab.hpp"

namespace apps::plant {
namespace {

TEST(ToolClass, CanTellAllThatToolsTell) {
  const auto description = twin::link::tool::read_description(tool_class_text(), "tools.toml");
  EXPECT_EQ(description.name, "plant-tool");
  const twin::link::tool::Telling telling(description);
  const auto layout = twins::fab::lively_fab();
  Faults faults;
  faults.ghosts = 0.1;
  Sources sources(*layout, {.faults = faults});
  Fab fab(layout, {});
  Arrivals arrivals(sources, fab.names());
  std::vector<Message> said;
  fab.advance(static_cast<Tick>(5 * twins::fab::DayMs),
              [&](std::span<const twin::event::Event> events) {
                for (const auto& e : events) sources.tell(e, said);
              });
  std::set<twin::event::Kind> kinds;
  for (const Message& m : said) {
    if (m.source == sources.mes()) continue;
    const auto arrival = arrivals.arrival(m, m.at);
    kinds.insert(m.event.kind);
    ASSERT_TRUE(telling.say(arrival.events.front(), arrivals.names())) << to_string(m.event.kind);
  }
  EXPECT_GE(kinds.size(), 9U);
}

}  // namespace
}  // namespace apps::plant
