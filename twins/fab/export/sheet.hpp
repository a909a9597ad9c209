// One file of the text form while it is written: a header line, then rows of cells by column name,
// tabs between.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "twins/fab/description.hpp"

namespace twins::fab {

class Sheet {
 public:
  explicit Sheet(std::initializer_list<std::string_view> columns);

  void row();  // starts a new row, all cells blank
  // Sets a cell of the current row. Expects a column of this sheet.
  Sheet& set(std::string_view column, std::string_view text);
  Sheet& set(std::string_view column, std::uint64_t count);
  // A name: throws twin::core::Error where the form can't hold it (blank, tabs, blanks at its ends,
  // a leading ~).
  Sheet& name(std::string_view column, std::string_view text);
  // A time [ms] in the unit that suits it (min; where that is not exact, sec, hr or day) and the
  // unit.
  Sheet& time(std::string_view column, std::string_view unit_column, double ms);

  struct DurationColumns {
    std::string_view law, mean, half_width, unit;  // half_width empty: the sheet has no such column
  };
  Sheet& duration(const DurationColumns& columns, const Duration& d);

  [[nodiscard]] bool empty() const { return rows_.empty(); }
  [[nodiscard]] std::string text() const;  // without blank cells at the ends of rows

 private:
  std::string& cell(std::string_view column);

  std::vector<std::string_view> columns_;
  std::vector<std::vector<std::string>> rows_;  // [row][column]
};

}  // namespace twins::fab
