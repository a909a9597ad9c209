// Runs of eight and more become run lengths; all between is packed, eight values at a time, as the
// format demands.
#include "twin/event/rle.hpp"

#include "twin/core/expect.hpp"

namespace twin::event {
namespace {

void put_number_rle(std::uint64_t value, std::string& out) {  // LEB128
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

void put_packed(std::span<const std::uint32_t> values, unsigned width, std::string& out) {
  if (values.empty()) return;
  const std::size_t groups = (values.size() + 7) / 8;
  put_number_rle(groups << 1 | 1, out);
  std::uint64_t word = 0;
  unsigned held = 0;
  for (std::size_t k = 0; k < groups * 8; ++k) {
    word |= std::uint64_t{k < values.size() ? values[k] : 0U} << held;
    for (held += width; held >= 8; held -= 8, word >>= 8) out += static_cast<char>(word);
  }
}

void put_run(std::uint32_t value, std::size_t length, unsigned width, std::string& out) {
  put_number_rle(std::uint64_t{length} << 1, out);
  for (unsigned bit = 0; bit < width; bit += 8) out += static_cast<char>(value >> bit);
}

}  // namespace

void put_rle(std::span<const std::uint32_t> values, unsigned width, std::string& out) {
  TWIN_EXPECT(width >= 1 && width <= 32, width);
  std::size_t packed = 0;  // from here on values wait to be packed
  for (std::size_t at = 0; at < values.size();) {
    std::size_t end = at + 1;
    while (end < values.size() && values[end] == values[at]) ++end;
    const std::size_t fill = (8 - (at - packed) % 8) % 8;  // only whole groups may stand before
    if (end - at >= fill + 8) {
      put_packed(values.subspan(packed, at + fill - packed), width, out);
      put_run(values[at], end - at - fill, width, out);
      packed = end;
    }
    at = end;
  }
  put_packed(values.subspan(packed), width, out);
}

}  // namespace twin::event
