// Any bytes as a coded series: what can be decoded can be coded again and comes back to the bit; and
// any points can be coded and come back. Memory stays within what the bytes could hold.
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "twin/record/gorilla.hpp"

namespace {

using namespace twin::record;

void must(bool condition) {
  if (!condition) std::abort();
}

bool same(const std::vector<Point>& a, const std::vector<Point>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Point& x, const Point& y) {
    return x.at == y.at &&
           std::bit_cast<std::uint64_t>(x.value) == std::bit_cast<std::uint64_t>(y.value);
  });
}

void code_and_decode(const std::vector<Point>& points) {
  std::vector<std::uint8_t> coded;
  encode_points(points, coded);
  std::vector<Point> back;
  must(decode_points(coded, points.size(), back));
  must(same(back, points));
}

}  // namespace

// The first two bytes are the number of points; the rest is their coding, or their plain bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t count = data[0] | std::size_t{data[1]} << 8;
  std::vector<Point> points = {{.at = 1, .value = 2.0}};
  if (decode_points({data + 2, size - 2}, count, points)) {
    must(points.size() == count + 1);
    points.erase(points.begin());
    code_and_decode(points);
  } else {
    must(points.size() == 1);
  }
  std::vector<Point> plain((size - 2) / sizeof(Point));
  if (!plain.empty()) std::memcpy(plain.data(), data + 2, plain.size() * sizeof(Point));
  code_and_decode(plain);
  return 0;
}
