// A store that exists must be read by the next version, or refused by its number.
#include "twin/record/index_tables.hpp"

#include <gtest/gtest.h>

#include <string>

namespace twin::record {
namespace {

TEST(IndexTables, NamesAreFixed) {
  // An index of an older layout would be read as if it were of this one.
  std::string all;
  for (const TableShape* table :
       {&index_tables::Postings, &index_tables::Blocks, &index_tables::Progress}) {
    all += std::string(table->name) + "/" + std::to_string(table->keys) + ":";
    for (const ColumnShape& c : table->columns) {
      all += std::string(" ") + c.name + "IRTB"[static_cast<int>(c.type)];
    }
    all += "\n";
  }
  EXPECT_EQ(all,
            "postings/3: listI numberI first_entryI entriesI codedB row_checkI\n"
            "time_blocks/1: blockI entriesI least_atI most_atI row_checkI\n"
            "index_progress/1: rowI entriesI\n");
  EXPECT_EQ(StoreVersion, 1);
}

}  // namespace
}  // namespace twin::record
