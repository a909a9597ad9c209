// Codes and decodes series of points. The paper's classes of differences are for seconds; ours are
// wider, for clocks in milliseconds, and the last takes any 64-bit time.
#include "twin/record/gorilla.hpp"

#include <array>
#include <bit>
#include <cstring>

#include "twin/record/coding.hpp"

namespace twin::record {
namespace {

// A difference of differences (zigzag) of fewer than `bits` bits follows `prefix`.
struct TimeClass {
  unsigned prefix_bits, prefix, bits;
};
constexpr std::array<TimeClass, 6> TimeClasses = {{{1, 0b0, 0},
                                                   {2, 0b10, 7},
                                                   {3, 0b110, 12},
                                                   {4, 0b1110, 20},
                                                   {5, 0b11110, 32},
                                                   {5, 0b11111, 64}}};
constexpr std::size_t PointBytesMax = 19;  // 5 + 64 bits of time, 2 + 5 + 6 + 64 of value

constexpr std::uint64_t low_bits(std::uint64_t value, unsigned bits) {
  return bits == 0 ? 0 : value & (~std::uint64_t{0} >> (64 - bits));
}

class BitWriter {  // the highest bit of a byte first
 public:
  explicit BitWriter(std::uint8_t* at) : at_(at) {}

  void put(std::uint64_t value, unsigned bits) noexcept {
    if (bits > 32) {
      put_few(value >> 32, bits - 32);
      bits = 32;
    }
    put_few(value, bits);
  }

  std::uint8_t* finish() noexcept {  // the last byte is filled with zeros
    for (; held_ > 0; held_ = held_ > 8 ? held_ - 8 : 0) {
      *at_++ = static_cast<std::uint8_t>(held_ >= 8 ? word_ >> (held_ - 8) : word_ << (8 - held_));
    }
    return at_;
  }

 private:
  void put_few(std::uint64_t value, unsigned bits) noexcept {  // at most 32
    word_ = word_ << bits | low_bits(value, bits);
    held_ += bits;
    if (held_ < 32) return;
    held_ -= 32;
    const auto whole = static_cast<std::uint32_t>(word_ >> held_);
    const std::uint32_t big = __builtin_bswap32(whole);
    std::memcpy(at_, &big, 4);
    at_ += 4;
  }

  std::uint8_t* at_;
  std::uint64_t word_ = 0;  // its low held_ bits are not yet written
  unsigned held_ = 0;       // fewer than 32 between calls
};

class BitReader {
 public:
  explicit BitReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  // Zeros beyond the end: past() tells.
  std::uint64_t get(unsigned bits) noexcept {
    std::uint64_t high = 0;
    if (bits > 32) {
      high = get_few(bits - 32) << 32;
      bits = 32;
    }
    return high | get_few(bits);
  }
  [[nodiscard]] bool past() const noexcept { return at_ > bytes_.size() * 8; }

  // Whether nothing is left but the zeros that fill the last byte.
  [[nodiscard]] bool finished() noexcept {
    if (past() || (at_ + 7) / 8 != bytes_.size()) return false;
    return get(static_cast<unsigned>(bytes_.size() * 8 - at_)) == 0;
  }

 private:
  std::uint64_t get_few(unsigned bits) noexcept {  // at most 32
    const std::size_t byte = at_ / 8;
    std::uint64_t word = 0;
    if (byte + 8 <= bytes_.size()) {
      std::memcpy(&word, bytes_.data() + byte, 8);
      word = __builtin_bswap64(word);
    } else {
      for (std::size_t k = 0; k < 8; ++k) {
        word = word << 8 | (byte + k < bytes_.size() ? bytes_[byte + k] : 0U);
      }
    }
    const std::uint64_t value = bits == 0 ? 0 : word << (at_ % 8) >> (64 - bits);
    at_ += bits;
    return value;
  }

  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;  // [bits]
};

}  // namespace

void encode_points(std::span<const Point> points, std::vector<std::uint8_t>& out) {
  if (points.empty()) return;
  const std::size_t before = out.size();
  out.resize(before + points.size() * PointBytesMax + 8);
  BitWriter bits(out.data() + before);
  auto at = static_cast<std::uint64_t>(points[0].at);
  auto value = std::bit_cast<std::uint64_t>(points[0].value);
  bits.put(at, 64);
  bits.put(value, 64);
  std::uint64_t step = 0;  // the last difference of times; all differences wrap around
  unsigned leading = 64, trailing = 64;  // zeros around the window of the last XOR; none yet
  for (const Point& p : points.subspan(1)) {
    const auto next_at = static_cast<std::uint64_t>(p.at);
    const std::uint64_t next_step = next_at - at;
    const std::uint64_t change = zigzag(next_step - step);
    const auto wide = static_cast<unsigned>(std::bit_width(change));
    std::size_t k = 0;
    while (wide > TimeClasses[k].bits) ++k;
    bits.put(TimeClasses[k].prefix, TimeClasses[k].prefix_bits);
    bits.put(change, TimeClasses[k].bits);
    at = next_at;
    step = next_step;

    const auto next_value = std::bit_cast<std::uint64_t>(p.value);
    const std::uint64_t differs = next_value ^ value;
    value = next_value;
    if (differs == 0) {
      bits.put(0, 1);
      continue;
    }
    const auto zeros_before = static_cast<unsigned>(std::countl_zero(differs));
    const auto zeros_behind = static_cast<unsigned>(std::countr_zero(differs));
    if (leading + trailing < 64 && zeros_before >= leading && zeros_behind >= trailing) {
      bits.put(0b10, 2);
    } else {
      leading = zeros_before < 31 ? zeros_before : 31;
      trailing = zeros_behind;
      bits.put(0b11, 2);
      bits.put(leading, 5);
      bits.put(64 - leading - trailing - 1, 6);
    }
    bits.put(differs >> trailing, 64 - leading - trailing);
  }
  out.resize(static_cast<std::size_t>(bits.finish() - out.data()));
}

bool decode_points(std::span<const std::uint8_t> bytes, std::size_t count,
                   std::vector<Point>& out) {
  if (count == 0) return bytes.empty();
  if (bytes.size() < 16 || count - 1 > (bytes.size() - 16) * 4) return false;  // 2 bits a point
  const std::size_t before = out.size();
  out.reserve(before + count);
  const auto refuse = [&] {
    out.resize(before);
    return false;
  };
  BitReader bits(bytes);
  std::uint64_t at = bits.get(64), value = bits.get(64), step = 0;
  unsigned leading = 64, trailing = 64;
  out.push_back({static_cast<core::Tick>(at), std::bit_cast<double>(value)});
  for (std::size_t k = 1; k < count; ++k) {
    std::size_t which = 0;
    while (which < TimeClasses.size() - 1 && bits.get(1) == 1) ++which;
    step += unzigzag(bits.get(TimeClasses[which].bits));
    at += step;
    if (bits.get(1) == 1) {
      if (bits.get(1) == 1) {
        leading = static_cast<unsigned>(bits.get(5));
        const auto inside = static_cast<unsigned>(bits.get(6)) + 1;
        if (leading + inside > 64) return refuse();
        trailing = 64 - leading - inside;
      } else if (leading + trailing >= 64) {
        return refuse();  // the last window, but there was none
      }
      value ^= bits.get(64 - leading - trailing) << trailing;
    }
    if (bits.past()) return refuse();
    out.push_back({static_cast<core::Tick>(at), std::bit_cast<double>(value)});
  }
  return bits.finished() || refuse();
}

}  // namespace twin::record
