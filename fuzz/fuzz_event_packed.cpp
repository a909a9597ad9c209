// Any bytes as the events of an entry of the record: none, or events that are packed and unpacked the
// same; where they are none, what had been there before stays.
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "twin/core/expect.hpp"
#include "twin/event/packed.hpp"

namespace {

using twin::event::Event;

bool same(Event a, Event b) {  // by bits, for a NaN equals nothing
  const bool value = std::bit_cast<std::uint64_t>(a.value) == std::bit_cast<std::uint64_t>(b.value);
  a.value = b.value = 0.0;
  return value && a == b;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  twin::event::Packer packer;
  const Event before{.at = 7};
  std::vector<Event> events = {before}, back;
  if (!packer.unpack(std::span(data, size), events)) {
    TWIN_ENSURE(events.size() == 1 && same(events[0], before));
    return 0;
  }
  TWIN_ENSURE(events.size() <= size + 1, events.size(), size);
  const auto unpacked = std::span(events).subspan(1);
  std::vector<std::uint8_t> packed;
  packer.pack(unpacked, packed);
  TWIN_ENSURE(packer.unpack(packed, back));
  TWIN_ENSURE(back.size() == unpacked.size());
  for (std::size_t k = 0; k < back.size(); ++k) TWIN_ENSURE(same(back[k], unpacked[k]), k);
  return 0;
}
