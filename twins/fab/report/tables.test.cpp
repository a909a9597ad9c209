#include "twins/fab/report/tables.hpp"

#include <gtest/gtest.h>

#include "twins/fab/report/markup.hpp"
#include "twins/fab/report/sample.hpp"

namespace twins::fab::report {
namespace {

Summary sample_tables() {
  const Layout m = sample_layout();
  return summarise(m, sample_result(m, 2));
}

// A row would have a cell too many or too few, and every figure behind it the wrong head.
TEST(ReportTables, EveryRowHasTheCellsOfItsHead) {
  for (const std::string& table : {class_table(sample_tables()), group_table(sample_tables()),
                                   window_table(sample_tables())}) {
    EXPECT_EQ(fault_of(table), "");
    std::size_t head = 0, cells = 0;
    for (const Tag& tag : tags_of(table)) {
      if (tag.name == "tr" && !tag.closes) cells = 0;
      if ((tag.name == "td" || tag.name == "th") && !tag.closes) ++cells;
      if (tag.name != "tr" || !tag.closes) continue;
      if (head == 0) head = cells;
      EXPECT_EQ(cells, head);
    }
    EXPECT_GT(head, 4U);
  }
}

// Lots of unknown age would have a cycle time of zero days.
TEST(ReportTables, InitialLotsHaveCountsOnly) {
  const std::string table = class_table(sample_tables());
  const std::size_t row = table.find("A (initial WIP)");
  ASSERT_NE(row, std::string::npos);
  EXPECT_EQ(count_of(table.substr(row, table.find("</tr>", row) - row), "<td>–</td>"), 10U);
  EXPECT_NE(table.find("Lot &lt;A&gt;"), std::string::npos);
  EXPECT_NE(table.find("regular lots"), std::string::npos);
}

// Rates would depend on the length of the run: 20 jobs and 500 wafers a day in 30 days.
TEST(ReportTables, GroupsHaveRatesPerDay) {
  const std::string table = group_table(sample_tables());
  EXPECT_EQ(count_of(table, "<td>20.0</td>"), 6U);
  EXPECT_EQ(count_of(table, "<td>500</td>"), 3U);
  EXPECT_NE(table.find("--v:94.4%"), std::string::npos);  // 0.85 / 0.9
}

// An interval of unknown width would be shown as zero.
TEST(ReportTables, IntervalsStandWhereKnown) {
  EXPECT_EQ(with_interval({}, 2), "–");
  EXPECT_EQ(with_interval({1.5, 0.0, 0.0, 1}, 2), "1.50");
  EXPECT_EQ(with_interval({0.125, 0.011, 0.1, 3}, 1, 100.0), "12.5&nbsp;±&nbsp;1.1");
}

}  // namespace
}  // namespace twins::fab::report
