// A few events as bytes that can be read alone: what one message from outside said, as it stands in
// an entry of the record. The coding is the event log's (docs/event-log.md), begun afresh each time.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "twin/event/codec.hpp"
#include "twin/event/event.hpp"

namespace twin::event {

// Keeps the codec's memory, so that packing allocates only what it returns. One thread at a time.
class Packer {
 public:
  // Appends the events to `out`, in their order.
  void pack(std::span<const Event> events, std::vector<std::uint8_t>& out);
  // Appends what `packed` holds to `out`. False where the bytes are no packed events; `out` is then
  // as it was.
  [[nodiscard]] bool unpack(std::span<const std::uint8_t> packed, std::vector<Event>& out);

 private:
  Codec codec_;
  std::vector<std::uint8_t> padded_;  // what is being unpacked, and CodedBytesMax zeros
};

}  // namespace twin::event
