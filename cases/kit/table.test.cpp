#include "cases/kit/table.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace cases {
namespace {

const Published Cycle{51.21, 0.02, Published::Near::Relative, 2, "d"};

TEST(CaseTable, ReachesWithinItsToleranceAndNotBeyond) {
  // A number outside its tolerance would stand in the table as reached.
  EXPECT_TRUE(reaches(Cycle, 52.2));
  EXPECT_FALSE(reaches(Cycle, 52.3));
  EXPECT_FALSE(reaches(Cycle, std::nan("")));
  EXPECT_TRUE(reaches({0.3, 0.0, Published::Near::AtMost, 2, ""}, 0.3));
  EXPECT_FALSE(reaches({0.3, 0.0, Published::Near::AtMost, 2, ""}, 0.31));
  EXPECT_TRUE(reaches({92.7, 3.0, Published::Near::Absolute, 1, "%"}, 89.8));
}

TEST(CaseTable, MissingOrChangedNumbersAreFailures) {
  // A case that was never recorded, or that drifted, would pass unseen.
  const Row row = row_of("HVLM", "3.1", Cycle, {51.0, 0.1});
  EXPECT_EQ(row.ours, "51.00 d (± 0.10), -0.41 %");
  Table table;
  EXPECT_NE(complaint(table, "a", row), "");
  table["a"] = row;
  EXPECT_EQ(complaint(table, "a", row), "");
  table["a"].reached = false;
  EXPECT_NE(complaint(table, "a", row), "");
}

TEST(CaseTable, ComesBackFromItsFile) {
  // The page and the comparison would rest on another table than the one that was blessed.
  const Table table = {{"x > a", row_of("s", "t", Cycle, {51.0, {}})}, {"x > b", {}}};
  const auto file = std::filesystem::temp_directory_path() / "fabtwin_case_table.json";
  save(file, table);
  EXPECT_EQ(load(file), table);
  std::filesystem::remove(file);
  EXPECT_NE(markdown(table).find("1 of 2 reached"), std::string::npos);
}

}  // namespace
}  // namespace cases
