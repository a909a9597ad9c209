#include "apps/fabtwin/table.hpp"

#include <gtest/gtest.h>

namespace apps::fabtwin {
namespace {

// Numbers would not stand under their titles where a cell holds a plus-minus sign.
TEST(Table, StandsInColumns) {
  Table table({"lots", "days", "area"});
  table.row({"Lot_3", "51.2 ± 0.4", "Litho"});
  table.row({"HotLot_3", "31.7", "TF"});
  EXPECT_EQ(table.text(),
            "lots            days  area\n"
            "Lot_3     51.2 ± 0.4  Litho\n"
            "HotLot_3        31.7  TF\n");
}

// A reader would miscount the digits of a large number.
TEST(Table, GroupsThousands) {
  EXPECT_EQ(grouped(1234567.89, 1), "1,234,567.9");
  EXPECT_EQ(grouped(-1234.0, 0), "-1,234");
  EXPECT_EQ(grouped(999.0, 0), "999");
  EXPECT_EQ(grouped(-999.0, 0), "-999");
  EXPECT_EQ(grouped(0.0 / 0.0, 2), "-");
}

// An interval of one run would be printed as if it were known.
TEST(Table, LeavesOutAnIntervalThatIsNotKnown) {
  EXPECT_EQ(with_half_width(51.214, 0.418, 2), "51.21 ± 0.42");
  EXPECT_EQ(with_half_width(51.214, 0.0, 2), "51.21");
  EXPECT_EQ(percent(0.91188), "91.2");
}

}  // namespace
}  // namespace apps::fabtwin
