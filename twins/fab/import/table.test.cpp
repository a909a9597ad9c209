#include "twins/fab/import/table.hpp"

#include <gtest/gtest.h>

#include "twins/fab/import/cell.hpp"

namespace twins::fab::import {
namespace {

std::string why_not_table(const std::string& bytes) {
  try {
    const Table table("t.txt", bytes);
  } catch (const twin::core::Error& e) {
    return e.what();
  }
  return "read";
}

// Forks of the public data (CR, blanks, a tab run cut short) would read as other fabs than it.
TEST(Table, forgives_what_editors_do) {
  const Table t("t.txt",
                "~ made by hand\n\n A \tB \tC\r\n1\t 2 \t3\t\t\r\n\t\t\r\n4\n5\t\t6\t~7\n");
  EXPECT_EQ(t.header(), (std::vector<std::string>{"A", "B", "C"}));
  EXPECT_EQ(t.header_line(), 3U);
  ASSERT_EQ(t.rows(), 3U);
  EXPECT_EQ(t.text(0, 1), "2");
  EXPECT_EQ(t.text(1, 0), "4");
  EXPECT_EQ(t.text(1, 2), "");
  EXPECT_EQ(t.text(2, 2), "6");
  EXPECT_EQ(t.line(1), 6U);
}

// A table would be read by the wrong columns.
TEST(Table, refuses_an_ambiguous_shape) {
  EXPECT_EQ(why_not_table(""), "t.txt: empty file (a header line and rows are needed)");
  EXPECT_EQ(why_not_table("A\tB\tA\n"),
            "t.txt:1, column A: column appears twice (its values would be ambiguous)");
  EXPECT_EQ(why_not_table("A\tIGNORE\tIGNORE\n1\t2\t3\n"), "read");
  EXPECT_EQ(why_not_table("A\tB\n1\t2\t3\n"),
            "t.txt:2: cell 3 holds '3' in a column without a name (the header names 2 columns) is "
            "there a "
            "tab too many?");
  EXPECT_EQ(why_not_table("A\n" + std::string(70'000, 'x') + "\n"),
            "t.txt:2: line too long (at most 64 KiB)");
}

// A misspelt column would be ignored and nobody would know.
TEST(Table, says_which_columns_it_lacks_and_which_it_did_not_read) {
  const Table t("t.txt", "STNFAMM\tTRACE\tIGNORE\tX\nq\t\t\t1\n");
  Header header(t);
  try {
    header.need("STNFAM");
    FAIL() << "a missing column was found";
  } catch (const twin::core::Error& e) {
    EXPECT_STREQ(e.what(), "t.txt:1: no column STNFAM (this file needs it) did you mean STNFAMM?");
  }
  header.skip({"TRACE"});
  std::vector<std::string> warnings;
  header.finish(warnings);
  EXPECT_EQ(warnings, (std::vector<std::string>{
                          "t.txt:1: unknown column 'STNFAMM' (it is not read) did you mean STNFAM?",
                          "t.txt:1: unknown column 'X' (it is not read)"}));
}

// A table that is moved would point into memory that is gone.
TEST(Table, survives_a_move) {
  Table a("t.txt", "A\n7\n");
  const Table b = std::move(a);
  EXPECT_EQ(b.text(0, 0), "7");
}

}  // namespace
}  // namespace twins::fab::import
