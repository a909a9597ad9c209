// People ask the database themselves: the names of its tables and columns are a promise.
#include "twin/record/historian_tables.hpp"

#include <gtest/gtest.h>

#include <string>

namespace twin::record {
namespace {

TEST(HistorianTables, NamesAreFixed) {
  // A chart that was made last year would break; a new layout needs a new StoreVersion.
  std::string all;
  for (const TableShape* table : {&historian_tables::Signals, &historian_tables::Chunks,
                                  &historian_tables::ChunkPoints, &historian_tables::Progress}) {
    all += std::string(table->name) + "/" + std::to_string(table->keys) + ":";
    for (const ColumnShape& c : table->columns) {
      all += std::string(" ") + c.name + "IRTB"[static_cast<int>(c.type)];
    }
    all += "\n";
  }
  EXPECT_EQ(all,
            "signals/1: signalI nameT kept_classI\n"
            "chunks/3: signalI beginsI partI endsI pointsI missingI leastR mostR totalR "
            "last_bitsI points_hashI row_checkI\n"
            "chunk_points/3: signalI beginsI partI codedB\n"
            "historian_progress/1: rowI entriesI\n");
  EXPECT_EQ(StoreVersion, 1);
}

}  // namespace
}  // namespace twin::record
