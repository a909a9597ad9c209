// The historian's tables: statistics and points of a chunk lie apart, so that a zoomed-out picture
// reads no points. docs/historian.md shows them to people who ask the database themselves.
#pragma once
#include "twin/record/store.hpp"

namespace twin::record::historian_tables {

inline constexpr ColumnShape SignalColumns[] = {
    {"signal", CellType::Integer}, {"name", CellType::Text}, {"kept_class", CellType::Integer}};
inline constexpr ColumnShape ChunkColumns[] = {
    {"signal", CellType::Integer},       // number in the table of signals
    {"begins", CellType::Integer},       // time of the first point [ms]
    {"part", CellType::Integer},         // counts chunks that begin at the same time
    {"ends", CellType::Integer},         // time of the last point [ms]
    {"points", CellType::Integer},       // how many
    {"missing", CellType::Integer},      // how many of them are NaN
    {"least", CellType::Real},           // of the others, in the signal's unit
    {"most", CellType::Real},            //
    {"total", CellType::Real},           //
    {"last_bits", CellType::Integer},    // of the last value, as a double
    {"points_hash", CellType::Integer},  // XXH64 of the coded points
    {"row_check", CellType::Integer}};   // XXH64 of all above
inline constexpr ColumnShape PointColumns[] = {{"signal", CellType::Integer},
                                               {"begins", CellType::Integer},
                                               {"part", CellType::Integer},
                                               {"coded", CellType::Packed}};
inline constexpr ColumnShape ProgressColumns[] = {{"row", CellType::Integer},
                                                  {"entries", CellType::Integer}};

inline constexpr TableShape Signals{.name = "signals", .columns = SignalColumns, .keys = 1};
inline constexpr TableShape Chunks{.name = "chunks", .columns = ChunkColumns, .keys = 3};
inline constexpr TableShape ChunkPoints{.name = "chunk_points", .columns = PointColumns, .keys = 3};
inline constexpr TableShape Progress{
    .name = "historian_progress", .columns = ProgressColumns, .keys = 1};

}  // namespace twin::record::historian_tables
