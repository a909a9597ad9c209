// If these failed, an entry of the record would give back other events than the message had brought.
#include "twin/event/packed.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "twin/event/example.hpp"

namespace twin::event {
namespace {

TEST(Packer, GivesEachMessageBackWhateverWasPackedBefore) {
  ExampleFab fab(7);
  Packer one;
  std::vector<std::vector<Event>> messages;
  std::vector<std::vector<std::uint8_t>> bytes;
  for (std::size_t k = 0; k < 500; ++k) {
    auto& events = messages.emplace_back();
    for (std::size_t i = 0; i < k % 4; ++i) events.push_back(fab.next());
    one.pack(events, bytes.emplace_back());
  }
  for (std::size_t k = messages.size(); k-- > 0;) {  // in another order, by another packer
    Packer other;
    std::vector<Event> back;
    ASSERT_TRUE(other.unpack(bytes[k], back));
    EXPECT_EQ(back, messages[k]);
  }
}

TEST(Packer, RefusesWhatWasCutOffAndKeepsWhatWasThere) {
  ExampleFab fab(7);
  const std::vector<Event> events = {fab.next(), fab.next()};
  Packer packer;
  std::vector<std::uint8_t> bytes;
  packer.pack(std::span(events).first(1), bytes);
  const std::size_t first = bytes.size();
  bytes.clear();
  packer.pack(events, bytes);
  for (std::size_t length = 1; length < bytes.size(); ++length) {
    std::vector<Event> out = {events[0]};
    const bool whole = packer.unpack(std::span(bytes).first(length), out);
    EXPECT_EQ(whole, length == first) << length;
    EXPECT_EQ(out.size(), whole ? 2U : 1U) << length;
  }
}

}  // namespace
}  // namespace twin::event
