// Parquet's hybrid of run lengths and packed bits (Apache Parquet, "Encodings", RLE = 3): for levels
// and for places in a dictionary.
#pragma once
#include <cstdint>
#include <span>
#include <string>

namespace twin::event {

// Appends the values, each below 2^width; width 1..32. Eight or more equal ones become a run.
void put_rle(std::span<const std::uint32_t> values, unsigned width, std::string& out);

}  // namespace twin::event
