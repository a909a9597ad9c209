// A run's result for spreadsheets: one file a kind of figure, one row a replication and class, tool
// group, kind of window or day; the first row names columns and units.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "twins/fab/layout.hpp"
#include "twins/fab/simulate.hpp"

namespace apps::fabtwin {

// A cell as RFC 4180 has it: quoted where it holds a comma, a quote or a line feed.
std::string csv_cell(const std::string& text);

struct CsvColumn {
  std::string title;  // with its unit: "wait_hours [h]"
  std::string_view text;
};
struct CsvSheet {
  std::string_view name, row;  // the file; what one of its rows is
  std::vector<CsvColumn> columns;
};
std::vector<CsvSheet> csv_sheets();  // what csv_files writes, in the order of its columns
std::string title_line(const std::vector<CsvColumn>& columns);  // the first row

// classes.csv, groups.csv, windows.csv, days.csv.
std::map<std::string, std::string> csv_files(const twins::fab::Layout& layout,
                                             const twins::fab::RunResult& result);

}  // namespace apps::fabtwin
