// If these failed, a test with real bytes would test another plant than one without.
#include "apps/plant/secs_bytes.hpp"

#include <gtest/gtest.h>

#include "apps/plant/fab.hpp"
#include "twin/link/uns.hpp"
#include "twins/fab/lively_fab.hpp"

namespace apps::plant {
namespace {

TEST(SecsBytes, SayExactlyWhatTheFastWaySays) {
  const auto layout = twins::fab::lively_fab();
  Faults faults = faults_of_level("heavy");
  faults.ghosts = 0.05;
  Sources sources(*layout, {.faults = faults});
  Scenario scenario;
  scenario.operators.push_back({.every = 3'600'000, .hold = 3'600'000});
  Fab fab(layout, {.scenario = scenario});
  Arrivals fast(sources, fab.names());
  SecsBytes real(sources, fab.names());
  std::vector<Message> said;
  fab.advance(static_cast<Tick>(4 * twins::fab::DayMs),
              [&](std::span<const twin::event::Event> events) {
                for (const auto& e : events) sources.tell(e, said);
              });
  ASSERT_GT(said.size(), 2000U);
  std::uint32_t damage = 0;
  for (const Message& m : said) {
    const auto bytes = real.bytes(m);
    const auto heard = real.read(m.source, bytes, m.at + 5);
    ASSERT_TRUE(heard) << to_string(m.event.kind);
    const auto told = fast.arrival(m, m.at + 5);
    ASSERT_EQ(write_payload(*heard, real.names()), write_payload(told, fast.names()));
    ASSERT_EQ(heard->source, told.source);
    ASSERT_EQ(heard->clock, told.clock);
    ASSERT_EQ(heard->arrived, told.arrived);
    ASSERT_EQ(heard->raw, bytes);
    ASSERT_FALSE(real.read(m.source, real.broken(m, damage++), m.at));
  }
}

}  // namespace
}  // namespace apps::plant
