#include "apps/fabtwin/csv.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace apps::fabtwin {
namespace {

// A comma in a name would move all cells behind it.
TEST(Csv, QuotesWhatItMust) {
  EXPECT_EQ(csv_cell("Litho_1"), "Litho_1");
  EXPECT_EQ(csv_cell("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_cell("say \"x\""), "\"say \"\"x\"\"\"");
}

// A row would have other cells than the head has names.
TEST(Csv, HasAsManyCellsAsTitles) {
  twins::fab::Layout layout;
  layout.description.products = {{"P", "", 0}};
  layout.classes = {{"Lot", 0, 10, 25, false}};
  twins::fab::RunResult result;
  result.replications.resize(1);
  auto& r = result.replications.front();
  r.kpi.classes.resize(1);
  r.kpi.groups.resize(1);
  r.days.resize(2);
  r.days[1].cycle_lots = 2;
  r.days[1].cycle_days = 5.0;
  const auto files = csv_files(layout, result);
  EXPECT_EQ(files.size(), 4U);
  for (const auto& [name, text] : files) {
    std::size_t begin = 0, titles = 0, lines = 0;
    while (begin < text.size()) {
      const std::size_t end = text.find('\n', begin);
      const auto line = std::string_view(text).substr(begin, end - begin);
      const auto cells = static_cast<std::size_t>(std::ranges::count(line, ','));
      if (lines == 0) titles = cells;
      EXPECT_EQ(cells, titles) << name << ": " << line;
      begin = end + 1;
      ++lines;
    }
    EXPECT_GE(lines, 2U) << name;
  }
  EXPECT_NE(files.at("days.csv").find(",2,2.5,"), std::string::npos);
}

// The reference would explain other columns than the files have.
TEST(Csv, HasTheColumnsThatTheReferenceExplains) {
  const auto files = csv_files(twins::fab::Layout(), twins::fab::RunResult());
  ASSERT_EQ(csv_sheets().size(), files.size());
  for (const CsvSheet& sheet : csv_sheets()) {
    EXPECT_EQ(files.at(std::string(sheet.name)), title_line(sheet.columns));
    for (const CsvColumn& column : sheet.columns) EXPECT_FALSE(column.text.empty()) << column.title;
  }
}

}  // namespace
}  // namespace apps::fabtwin
