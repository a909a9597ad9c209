// How the fields of an event stand in a Parquet file: one table for the pages and the footer.
#pragma once
#include <array>
#include <cstdint>

#include "twin/event/csv.hpp"

namespace twin::event {

// Physical types, with the format's numbers.
enum class Physical : std::uint8_t { Int32 = 1, Int64 = 2, Double = 5, ByteArray = 6 };
enum class Logical : std::uint8_t { Plain, Text, Moment, Unsigned };  // what they mean
enum class Presence : std::uint8_t { Required = 0, Optional = 1 };    // the format's numbers

struct ParquetColumn {
  Physical physical;
  Logical logical;
  Presence presence;
};

// [Column]
inline constexpr std::array<ParquetColumn, ColumnCount> ParquetColumns = {{
    {Physical::Int64, Logical::Moment, Presence::Required},    // at
    {Physical::Int64, Logical::Moment, Presence::Required},    // arrived
    {Physical::ByteArray, Logical::Text, Presence::Optional},  // source
    {Physical::Int64, Logical::Unsigned, Presence::Required},  // source_seq
    {Physical::ByteArray, Logical::Text, Presence::Required},  // kind
    {Physical::ByteArray, Logical::Text, Presence::Optional},  // lot
    {Physical::Int32, Logical::Unsigned, Presence::Optional},  // wafers
    {Physical::ByteArray, Logical::Text, Presence::Optional},  // carrier
    {Physical::ByteArray, Logical::Text, Presence::Optional},  // tool
    {Physical::ByteArray, Logical::Text, Presence::Optional},  // chamber
    {Physical::ByteArray, Logical::Text, Presence::Optional},  // route
    {Physical::Int32, Logical::Unsigned, Presence::Optional},  // step
    {Physical::Int32, Logical::Unsigned, Presence::Optional},  // visit
    {Physical::ByteArray, Logical::Text, Presence::Optional},  // recipe
    {Physical::Int32, Logical::Unsigned, Presence::Optional},  // job
    {Physical::ByteArray, Logical::Text, Presence::Optional},  // item
    {Physical::Double, Logical::Plain, Presence::Optional},    // value
    {Physical::ByteArray, Logical::Text, Presence::Optional},  // unit
    {Physical::ByteArray, Logical::Text, Presence::Required},  // quality
    {Physical::Int64, Logical::Unsigned, Presence::Optional},  // raw_offset
    {Physical::Int32, Logical::Unsigned, Presence::Optional},  // raw_length
}};

}  // namespace twin::event
