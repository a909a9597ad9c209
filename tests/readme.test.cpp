// The figures of the README against those of the cases, which the cases themselves write.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/tree.hpp"

namespace tests {
namespace {

using Cells = std::vector<std::string>;

// "| a | b |" as a, b.
Cells cells_of(const std::string& row) {
  const std::string line = row + " ";
  Cells cells;
  for (std::size_t at = line.find("| "); at != std::string::npos;) {
    const std::size_t end = line.find(" | ", at + 2);
    if (end == std::string::npos) break;
    cells.push_back(line.substr(at + 2, end - at - 2));
    at = end + 1;
  }
  return cells;
}

// [row's name] the first table row of that name below this heading.
std::map<std::string, Cells> rows_below(const File& page, const std::string& heading) {
  std::map<std::string, Cells> rows;
  bool inside = false;
  for (const std::string& line : page.lines) {
    if (line.starts_with("## ")) inside = line == "## " + heading;
    const Cells cells = inside ? cells_of(line) : Cells{};
    if (cells.size() >= 5) rows.emplace(cells.front(), cells);
  }
  return rows;
}

std::string until(const std::string& text, const std::string& mark) {
  return text.substr(0, text.find(mark));
}

std::string after(const std::string& text, const std::string& mark) {
  const std::size_t at = text.find(mark);
  return at == std::string::npos ? std::string() : text.substr(at + mark.size());
}

// The README's row of a class of lots, from the three rows that the cases have of it.
std::string row_of(const std::string& lot, const Cells& cycle, const Cells& finished,
                   const Cells& on_time) {
  constexpr std::size_t Published = 2, Ours = 4;
  return "| " + lot + " | " + until(cycle.at(Published), " ±") + " | " +
         until(cycle.at(Ours), " (") + ", " + after(cycle.at(Ours), "), ") + " | " +
         after(finished.at(Ours), "), ") + " | " + until(on_time.at(Published), " ±") + " | " +
         until(on_time.at(Ours), " (") + " |";
}

// The first page that anybody reads would promise other figures than the program gives.
TEST(Readme, HasTheFiguresOfTheCases) {
  std::string readme;
  std::map<std::string, Cells> rows;
  for (const File& file : read_tree(".")) {
    if (file.path == "README.md") readme = file.text;
    if (file.path == "cases/README.md")
      rows = rows_below(file, "SMT2020 HVLM, AutoSched reference");
  }
  for (const std::string lot : {"Lot_3", "Lot_4", "HotLot_3", "HotLot_4"}) {
    ASSERT_TRUE(rows.contains(lot + ": cycle time")) << lot;
    const std::string row = row_of(lot, rows.at(lot + ": cycle time"),
                                   rows.at(lot + ": lots finished"), rows.at(lot + ": on time"));
    EXPECT_NE(readme.find(row), std::string::npos) << "README.md should have the row\n" << row;
  }
}

// The check above would compare nothing.
TEST(Readme, ReadsTheRowsOfTheCases) {
  const File page = file_of("a.md",
                            "## x\n| A: on time | f | 9 % ± 3 | s | 8 % (± 1) | yes |\n"
                            "## y\n| B | f | p | s | o | yes |\n");
  const auto rows = rows_below(page, "x");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows.begin()->second, (Cells{"A: on time", "f", "9 % ± 3", "s", "8 % (± 1)", "yes"}));
  EXPECT_EQ(row_of("A", {"", "", "5 d ± 2 %", "", "6 d (± 0), +20 %"},
                   {"", "", "", "", "7 (± 1), -1 %"}, rows.begin()->second),
            "| A | 5 d | 6 d, +20 % | -1 % | 9 % | 8 % |");
}

}  // namespace
}  // namespace tests
