#include "twins/fab/import/table.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <limits>

#include "twins/fab/import/message.hpp"
#include "twins/fab/import/text.hpp"

namespace twins::fab::import {
namespace {

using twin::core::Error;
using twin::core::Place;

constexpr std::size_t MaxLineBytes = std::size_t{64} << 10;  // [bytes]
constexpr std::size_t MaxCells = 60'000'000;  // of one table: 5 million lots and more
constexpr std::size_t MaxColumns = 1'000;
constexpr std::string_view Comment = "IGNORE";  // a column for the reader's eyes

}  // namespace

Table::Table(std::string file, std::string_view bytes)
    : file_(std::move(file)), text_(decode(bytes, file_)) {
  static_assert(3 * MaxFileBytes < std::numeric_limits<std::uint32_t>::max());
  std::size_t line = 0;
  for (std::size_t begin = 0; begin < text_.size();) {
    ++line;
    const std::size_t end = std::min(text_.find('\n', begin), text_.size());
    if (end - begin > MaxLineBytes) {
      throw Error(Place{file_, line, {}}, sentence("line too long", "at most 64 KiB"));
    }
    const std::vector<Span> cells = split(begin, end);
    const bool blank =
        std::all_of(cells.begin(), cells.end(), [](Span s) { return s.length == 0; });
    if (!blank && header_.empty()) {
      read_header(cells, line);
    } else if (!blank) {
      read_row(cells, line);
    }
    begin = end + 1;
  }
  if (header_.empty()) {
    throw Error(Place{file_, 0, {}}, sentence("empty file", "a header line and rows are needed"));
  }
}

std::vector<Table::Span> Table::split(std::size_t begin, std::size_t end) const {
  std::vector<Span> cells;
  const std::string_view line = std::string_view(text_).substr(begin, end - begin);
  for (std::size_t at = 0; at <= line.size();) {
    const std::size_t tab = std::min(line.find('\t', at), line.size());
    const std::string_view cell = trim(line.substr(at, tab - at));
    if (cell.starts_with('~')) break;
    const std::size_t where =
        cell.empty() ? 0 : static_cast<std::size_t>(cell.data() - text_.data());
    cells.push_back({static_cast<std::uint32_t>(where), static_cast<std::uint32_t>(cell.size())});
    at = tab + 1;
  }
  return cells;
}

void Table::read_header(const std::vector<Span>& cells, std::size_t line) {
  if (cells.size() > MaxColumns) {
    throw Error(Place{file_, line, {}}, sentence("too many columns", "at most 1000"));
  }
  header_line_ = line;
  for (const Span s : cells) {
    std::string name = text_.substr(s.begin, s.length);
    const bool twice = !name.empty() && name != Comment &&
                       std::find(header_.begin(), header_.end(), name) != header_.end();
    if (twice) {
      throw Error(Place{file_, line, std::move(name)},
                  sentence("column appears twice", "its values would be ambiguous"));
    }
    header_.push_back(std::move(name));
  }
}

void Table::read_row(const std::vector<Span>& cells, std::size_t line) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const bool titled = i < header_.size() && !header_[i].empty();
    if (cells[i].length != 0 && !titled) {
      const std::string_view value =
          std::string_view(text_).substr(cells[i].begin, cells[i].length);
      throw Error(
          Place{file_, line, {}},
          sentence(fmt::format("cell {} holds {} in a column without a name", i + 1, quote(value)),
                   fmt::format("the header names {} columns", header_.size()),
                   "is there a tab too many?"));
    }
  }
  const std::size_t kept = std::min(cells.size(), header_.size());
  if (cells_.size() + kept > MaxCells) {
    throw Error(Place{file_, line, {}}, sentence("too many cells", "at most 60 million a table"));
  }
  rows_.push_back({static_cast<std::uint32_t>(line), static_cast<std::uint32_t>(cells_.size()),
                   static_cast<std::uint32_t>(kept)});
  cells_.insert(cells_.end(), cells.begin(), cells.begin() + static_cast<std::ptrdiff_t>(kept));
}

std::string_view Table::text(std::size_t row, std::size_t column) const {
  const RowSpan& r = rows_.at(row);
  if (column >= r.cells) return {};
  const Span s = cells_[r.first_cell + column];
  return std::string_view(text_).substr(s.begin, s.length);
}

Column Header::maybe(std::string_view name) {
  asked_.emplace_back(name);
  const auto& header = table_->header();
  const auto it = std::find(header.begin(), header.end(), name);
  if (it == header.end()) return {name};
  return {name, static_cast<std::size_t>(it - header.begin())};
}

Column Header::need(std::string_view name) {
  const Column column = maybe(name);
  if (column.index == Column{}.index) {
    throw Error(Place{table_->file(), table_->header_line(), {}},
                sentence(fmt::format("no column {}", name), "this file needs it",
                         did_you_mean(name, table_->header())));
  }
  return column;
}

void Header::skip(std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) asked_.emplace_back(name);
}

void Header::finish(std::vector<std::string>& warnings) const {
  for (const std::string& name : table_->header()) {
    if (name.empty() || name == Comment) continue;
    if (std::find(asked_.begin(), asked_.end(), name) != asked_.end()) continue;
    warnings.push_back(fmt::format(
        "{}:{}: {}", table_->file(), table_->header_line(),
        sentence("unknown column " + quote(name), "it is not read", did_you_mean(name, asked_))));
  }
}

}  // namespace twins::fab::import
