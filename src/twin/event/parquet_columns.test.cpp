// The columns' types fit what the columns hold.
#include "twin/event/parquet_columns.hpp"

#include <gtest/gtest.h>

namespace twin::event {
namespace {

TEST(ParquetColumns, StandInTheOrderOfTheCsv) {
  // A tool's name would be read as a number of wafers.
  const auto of = [](Column column) { return ParquetColumns[static_cast<std::size_t>(column)]; };
  EXPECT_EQ(of(Column::At).logical, Logical::Moment);
  EXPECT_EQ(of(Column::Kind).presence, Presence::Required);
  EXPECT_EQ(of(Column::Wafers).physical, Physical::Int32);
  EXPECT_EQ(of(Column::Value).physical, Physical::Double);
  EXPECT_EQ(of(Column::RawOffset).physical, Physical::Int64);
  EXPECT_EQ(of(Column::RawLength).physical, Physical::Int32);
  for (std::size_t k = 0; k < ColumnCount; ++k) {
    EXPECT_EQ(ParquetColumns[k].physical == Physical::ByteArray,
              ParquetColumns[k].logical == Logical::Text)
        << to_string(static_cast<Column>(k));
  }
}

}  // namespace
}  // namespace twin::event
