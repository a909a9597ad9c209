// If this failed, a spreadsheet would have a column without a name, or two of one name.
#include "apps/fabtwin/score_columns.hpp"

#include <gtest/gtest.h>

#include <set>

namespace apps::fabtwin {
namespace {

TEST(ScoreColumns, HaveNamesOfTheirOwnAndMeanings) {
  std::set<std::string> titles;
  for (const CsvColumn& column : score_columns()) {
    EXPECT_TRUE(titles.insert(column.title).second) << column.title;
    EXPECT_FALSE(column.text.empty()) << column.title;
  }
  EXPECT_TRUE(titles.contains("rmse_a"));
}

}  // namespace
}  // namespace apps::fabtwin
