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

}  // namespace
}  // namespace apps::fabtwin
