// If this failed, a saved door would come back with less than it knew. (That learning a record gives
// the same memory is in door.test.cpp.)
#include "twin/link/door_memory.hpp"

#include <gtest/gtest.h>

#include "twin/core/archive.hpp"

namespace twin::link {
namespace {

TEST(DoorMemory, IsSavedWhole) {
  DoorMemory memory;
  memory.names.add(event::Table::Source, "mqtt/mes");
  memory.unnoted = "lot\t0\tL\n";
  SourceMemory source{.last_arrived = 5, .accepted = 2, .quarantined = 1, .jumps = 3, .raised = 1};
  source.epochs.push_back({.epoch = 4});
  source.epochs.back().met.meet(9);
  source.holes.push_back({.epoch = 4, .missing = {1, 2}, .since = 7, .noted = 1});
  memory.sources.push_back(source);
  memory.quarantine.push_back({.note = 1, .observation = 2, .source = "s", .released = true});
  memory.quarantined = 1;
  memory.entries = 8;
  EXPECT_EQ(core::load<DoorMemory>(core::save(memory)), memory);
}

}  // namespace
}  // namespace twin::link
