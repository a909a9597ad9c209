// A tab-separated table with a header line, as AutoSched AP writes and the SMT2020 files are:
// blanks and carriage returns round a cell do not count, missing trailing cells are empty, blank
// lines and everything from a cell that starts with ~ are comments.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "twin/core/error.hpp"

namespace twins::fab::import {

class Cell;

class Table {
 public:
  Table(std::string file, std::string_view bytes);

  [[nodiscard]] const std::string& file() const { return file_; }
  [[nodiscard]] const std::vector<std::string>& header() const { return header_; }
  [[nodiscard]] std::size_t header_line() const { return header_line_; }
  [[nodiscard]] std::size_t rows() const { return rows_.size(); }
  [[nodiscard]] std::size_t line(std::size_t row) const { return rows_[row].line; }  // 1-based
  [[nodiscard]] std::string_view text(std::size_t row, std::size_t column) const;    // trimmed

 private:
  struct Span {
    std::uint32_t begin = 0, length = 0;  // [bytes] in text_
  };
  struct RowSpan {
    std::uint32_t line = 0;        // 1-based
    std::uint32_t first_cell = 0;  // index into cells_
    std::uint32_t cells = 0;
  };
  std::vector<Span> split(std::size_t begin, std::size_t end) const;
  void read_header(const std::vector<Span>& cells, std::size_t line);
  void read_row(const std::vector<Span>& cells, std::size_t line);

  std::string file_;
  std::string text_;
  std::vector<std::string> header_;  // [column]
  std::size_t header_line_ = 0;
  std::vector<Span> cells_;    // [row][column], rows of different length
  std::vector<RowSpan> rows_;  // [row]
};

// A column of a table, which may lack it: then its cells are empty.
struct Column {
  std::string_view name;  // a literal
  std::size_t index = static_cast<std::size_t>(-1);
};

// Asks a table for its columns and says which of them it did not ask for.
class Header {
 public:
  explicit Header(const Table& table) : table_(&table) {}
  Column need(std::string_view name);  // throws where the table lacks it
  Column maybe(std::string_view name);
  void skip(std::initializer_list<std::string_view> names);  // known, without meaning to the model
  void finish(std::vector<std::string>& warnings) const;     // warns of unknown columns

 private:
  const Table* table_;
  std::vector<std::string> asked_;
};

}  // namespace twins::fab::import
