// A cell with its place: its value as the type that is wanted, or one error that says where and
// why. Times come out in ms, percentages as probabilities.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "twins/fab/description.hpp"
#include "twins/fab/import/table.hpp"

namespace twins::fab::import {

inline constexpr double MaxTimeMs = 1e14;  // [ms] 3,170 years: what exceeds it is a slip

class Cell {
 public:
  Cell(const Table& table, std::size_t row, Column column)
      : table_(&table), row_(row), column_(column) {}

  [[nodiscard]] std::string_view text() const { return table_->text(row_, column_.index); }
  [[nodiscard]] bool blank() const { return text().empty(); }

  [[nodiscard]] std::string_view required() const;  // not blank
  [[nodiscard]] std::string name() const;           // not blank, at most 200 bytes
  [[nodiscard]] double number() const;              // finite
  [[nodiscard]] double not_negative() const;
  [[nodiscard]] std::uint64_t count(std::uint64_t max) const;  // a whole number in 1..max
  [[nodiscard]] double percent() const;                        // (0, 100] -> (0, 1]
  [[nodiscard]] bool yes() const;                              // yes, no; blank is no
  // Milliseconds since time zero of a date, which may lie before it. Zero: seconds since 2000.
  [[nodiscard]] double date_ms(std::int64_t zero_s) const;
  // The value must be one of these words; its index.
  [[nodiscard]] std::size_t one_of(std::span<const std::string> words) const;

  [[noreturn]] void fail(std::string_view problem, std::string_view why,
                         std::string_view suggestion = {}) const;
  [[nodiscard]] const Table& table() const { return *table_; }
  [[nodiscard]] std::size_t line() const { return table_->line(row_); }
  [[nodiscard]] std::string_view column() const { return column_.name; }

 private:
  const Table* table_;
  std::size_t row_;
  Column column_;
};

// One row of a table, by column.
struct Row {
  const Table* table = nullptr;
  std::size_t index = 0;
  Cell operator[](Column c) const { return {*table, index, c}; }
  [[nodiscard]] std::size_t line() const { return table->line(index); }
};

// [ms] A length of time: a number, zero or more, and its unit (sec, min, hr, day).
double time_ms(const Cell& value, const Cell& unit);
// [ms] The same, 1 ms or more: an interval that time must pass through.
double interval_ms(const Cell& value, const Cell& unit);

// The columns of a random duration; law blank: constant.
struct DurationCells {
  Cell law, mean, half_width, unit;
};
Duration duration(const DurationCells& cells);

}  // namespace twins::fab::import
