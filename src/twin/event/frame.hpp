// What surrounds the payload of every block of an event log: tag, length, count and a 64-bit check
// over all of it.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include "twin/core/hash.hpp"

namespace twin::event {

// The first byte is no text, and a transfer that changes line ends spoils the rest (as in PNG).
inline constexpr std::array<std::uint8_t, 8> LogMagic = {0x89, 'F',  'A',  'B',
                                                         '\r', '\n', 0x1A, '\n'};
inline constexpr std::uint32_t LogVersion = 1;
inline constexpr std::size_t LogPreambleBytes = LogMagic.size() + 4;  // magic, version

inline constexpr std::uint32_t HeadTag = 0x44414548;    // "HEAD"
inline constexpr std::uint32_t NamesTag = 0x454D414E;   // "NAME"
inline constexpr std::uint32_t EventsTag = 0x4E455645;  // "EVEN"
inline constexpr std::uint32_t CloseTag = 0x534F4C43;   // "CLOS"

struct Frame {
  static constexpr std::size_t Bytes = 20;               // tag, bytes, count (4 each), check (8)
  static constexpr std::uint32_t PayloadMax = 1U << 28;  // [bytes] a longer one is a damaged length

  std::uint32_t tag = 0;
  std::uint32_t bytes = 0;  // of the payload
  std::uint32_t count = 0;  // of events or names in it
  std::uint64_t check = 0;  // XXH64 of the twelve bytes above and the payload

  bool operator==(const Frame&) const = default;
};

inline void put_little(std::uint8_t* out, std::uint64_t value, std::size_t bytes) noexcept {
  for (std::size_t k = 0; k < bytes; ++k) out[k] = static_cast<std::uint8_t>(value >> (8 * k));
}

inline std::uint64_t get_little(const std::uint8_t* in, std::size_t bytes) noexcept {
  std::uint64_t value = 0;
  for (std::size_t k = 0; k < bytes; ++k) value |= std::uint64_t{in[k]} << (8 * k);
  return value;
}

inline std::uint64_t frame_check(const std::uint8_t* first12, const std::uint8_t* payload,
                                 std::size_t bytes) noexcept {
  core::Hash64 hash;
  hash.absorb(first12, 12);
  hash.absorb(payload, bytes);
  return hash.digest();
}

// Writes the frame of the payload that stands `Frame::Bytes` behind `block`.
inline void seal_block(std::uint8_t* block, std::uint32_t tag, std::uint32_t bytes,
                       std::uint32_t count) noexcept {
  put_little(block, tag, 4);
  put_little(block + 4, bytes, 4);
  put_little(block + 8, count, 4);
  put_little(block + 12, frame_check(block, block + Frame::Bytes, bytes), 8);
}

inline Frame read_frame(const std::uint8_t* in) noexcept {
  return {.tag = static_cast<std::uint32_t>(get_little(in, 4)),
          .bytes = static_cast<std::uint32_t>(get_little(in + 4, 4)),
          .count = static_cast<std::uint32_t>(get_little(in + 8, 4)),
          .check = get_little(in + 12, 8)};
}

}  // namespace twin::event
