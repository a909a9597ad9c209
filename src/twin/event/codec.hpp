// How one event becomes a few bytes: only what differs from what was to be expected is written.
// Expected is what the same lot's last event said, the next number of the source's counter, and
// arrival at the event time.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "twin/event/event.hpp"

namespace twin::event {

// No encoded event is longer, nor does decoding one read further [bytes].
inline constexpr std::size_t CodedBytesMax = 256;

// Both directions walk through the same memory; a block of a log begins with a fresh one, so it can
// be read alone.
class Codec {
 public:
  Codec() : last_of_lot_(Slots) {}

  // Forgets all: the next event begins a block.
  void restart() noexcept;

  // Appends the event at `out`, which has room for CodedBytesMax; the end of what was written.
  std::uint8_t* encode(const Event& event, std::uint8_t* out) noexcept;

  // Reads one event at `in`, from where CodedBytesMax may be read; the end of what was read,
  // nullptr where the bytes are no event of this schema.
  const std::uint8_t* decode(Event& event, const std::uint8_t* in) noexcept;

 private:
  static constexpr std::size_t Slots =
      4096;  // lots in a fab at once, rounded up; a shared slot only costs bytes
  static constexpr std::size_t Sources = 16;

  struct Objects {  // what a lot's last event said; block: in which block of the log, from 1
    std::uint32_t wafers, carrier, tool, chamber, route, step, visit, recipe, job, block;
  };

  Objects& last_of(std::uint32_t lot) noexcept {
    Objects& objects = last_of_lot_[lot % Slots];
    if (objects.block != block_) {
      objects = {0, None, None, None, None, None, None, None, None, block_};
    }
    return objects;
  }

  std::vector<Objects> last_of_lot_;               // [lot mod Slots]; zeros: not said yet
  std::array<std::uint64_t, Sources> next_seq_{};  // [source mod Sources]
  std::uint32_t block_ = 1;
  std::uint64_t at_ = 0, raw_end_ = 0;
  std::uint32_t lot_ = None, job_ = None, item_ = None, source_ = None;
};

}  // namespace twin::event
