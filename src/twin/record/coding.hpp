// Whole numbers as bytes: little-endian words, and 7 bits a byte for numbers that are mostly small.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace twin::record {

using Bytes = std::vector<std::uint8_t>;

inline constexpr std::size_t VarintBytesMax = 10;

inline std::uint64_t get_little64(const std::uint8_t* in) noexcept {
  static_assert(std::endian::native == std::endian::little);
  std::uint64_t value = 0;
  std::memcpy(&value, in, sizeof value);
  return value;
}

inline std::uint32_t get_little32(const std::uint8_t* in) noexcept {
  std::uint32_t value = 0;
  std::memcpy(&value, in, sizeof value);
  return value;
}

inline void put_little64(std::uint8_t* out, std::uint64_t value) noexcept {
  std::memcpy(out, &value, sizeof value);
}

inline void put_little32(std::uint8_t* out, std::uint32_t value) noexcept {
  std::memcpy(out, &value, sizeof value);
}

// Seven bits a byte, the low ones first; the top bit says that more follow. Answers the byte after
// it; `out` has room for VarintBytesMax.
inline std::uint8_t* put_varint(std::uint8_t* out, std::uint64_t value) noexcept {
  while (value >= 0x80) {
    *out++ = static_cast<std::uint8_t>(value | 0x80);
    value >>= 7;
  }
  *out++ = static_cast<std::uint8_t>(value);
  return out;
}

inline void append_varint(Bytes& out, std::uint64_t value) {
  std::uint8_t room[VarintBytesMax];
  out.insert(out.end(), room, put_varint(room, value));
}

inline void append_little64(Bytes& out, std::uint64_t value) {
  std::uint8_t room[8];
  put_little64(room, value);
  out.insert(out.end(), room, room + 8);
}

// The byte after the number that stands at `at`; null if it ends behind `end`, is longer than it
// needs to be, or does not fit 64 bits: equal numbers have one form.
inline const std::uint8_t* get_varint(const std::uint8_t* at, const std::uint8_t* end,
                                      std::uint64_t& value) noexcept {
  if (at < end && *at < 0x80) {
    value = *at;
    return at + 1;
  }
  std::uint64_t sum = 0;
  for (unsigned shift = 0; at < end && shift < 64; shift += 7) {
    const std::uint64_t byte = *at++;
    if (shift == 63 && byte > 1) return nullptr;
    sum |= (byte & 0x7F) << shift;
    if (byte < 0x80) {
      if (byte == 0 && shift != 0) return nullptr;
      value = sum;
      return at;
    }
  }
  return nullptr;
}

// Signed numbers near zero as small unsigned ones: 0, -1, 1, -2, ... become 0, 1, 2, 3, ...
inline std::uint64_t zigzag(std::uint64_t twos_complement) noexcept {
  return (twos_complement << 1) ^ (0 - (twos_complement >> 63));
}
inline std::uint64_t unzigzag(std::uint64_t folded) noexcept {
  return (folded >> 1) ^ (0 - (folded & 1));
}

}  // namespace twin::record
