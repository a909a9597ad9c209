// The tables of the journal's index.
#pragma once
#include "twin/record/store.hpp"

namespace twin::record::index_tables {

inline constexpr ColumnShape PostingColumns[] = {
    {"list", CellType::Integer},         // which sort of thing
    {"number", CellType::Integer},       // which of them
    {"first_entry", CellType::Integer},  // of those in this row
    {"entries", CellType::Integer},      // how many
    {"coded", CellType::Packed},         // differences of entries and times, kinds
    {"row_check", CellType::Integer}};   // XXH64 of all above
inline constexpr ColumnShape BlockColumns[] = {
    {"block", CellType::Integer},       // entry / Index::EntriesPerBlock
    {"entries", CellType::Integer},     // how many of the block there are
    {"least_at", CellType::Integer},    // of their times [ms]
    {"most_at", CellType::Integer},     //
    {"row_check", CellType::Integer}};  // XXH64 of all above
inline constexpr ColumnShape ProgressColumns[] = {{"row", CellType::Integer},
                                                  {"entries", CellType::Integer}};

inline constexpr TableShape Postings{.name = "postings", .columns = PostingColumns, .keys = 3};
inline constexpr TableShape Blocks{.name = "time_blocks", .columns = BlockColumns, .keys = 1};
inline constexpr TableShape Progress{
    .name = "index_progress", .columns = ProgressColumns, .keys = 1};

}  // namespace twin::record::index_tables
