// A series of times and values in few bits: differences of differences of times, values XORed with
// the one before (T. Pelkonen et al., "Gorilla: A fast, scalable, in-memory time series database",
// VLDB 2015, sections 4.1.1 and 4.1.2). Exact to the bit for any time and any double.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "twin/core/tick.hpp"

namespace twin::record {

struct Point {
  core::Tick at = 0;   // [ms], or any other unit
  double value = 0.0;  // in the signal's unit; a NaN is kept with its bits
  bool operator==(const Point&) const = default;
};

// Appends the coded points to `out`, in their order. Few bits where times come evenly and values
// change little; at most 147 bits a point.
void encode_points(std::span<const Point> points, std::vector<std::uint8_t>& out);

// Appends `count` points to `out`. False, and `out` as it was, where the bytes are no coding of so
// many points. Never allocates for more points than the bytes could hold.
[[nodiscard]] bool decode_points(std::span<const std::uint8_t> bytes, std::size_t count,
                                 std::vector<Point>& out);

}  // namespace twin::record
