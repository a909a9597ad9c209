#include "apps/fabtwin/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "twin/core/expect.hpp"

namespace apps::fabtwin {

std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

void Table::row(std::vector<std::string> cells) {
  TWIN_EXPECT(cells.size() == rows_.front().size(), cells.size(), rows_.front().size());
  rows_.push_back(std::move(cells));
}

std::string Table::text() const {
  const auto is_word = [](const std::string& cell) {
    return !cell.empty() && std::isalpha(static_cast<unsigned char>(cell.front())) != 0;
  };
  std::vector<bool> left(rows_.front().size(), rows_.size() > 1);
  for (std::size_t r = 1; r < rows_.size(); ++r) {
    for (std::size_t c = 1; c < left.size(); ++c) left[c] = left[c] && is_word(rows_[r][c]);
  }
  std::vector<std::size_t> widths(rows_.front().size(), 0);
  for (const auto& row : rows_) {
    for (std::size_t c = 0; c < row.size(); ++c)
      widths[c] = std::max(widths[c], columns_of(row[c]));
  }
  std::string all;
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string blanks(widths[c] - columns_of(row[c]), ' ');
      if (c > 0) line += "  ";
      line += c == 0 || left[c] ? row[c] + blanks : blanks + row[c];
    }
    line.erase(line.find_last_not_of(' ') + 1);
    all += line + '\n';
  }
  return all;
}

std::string grouped(double value, int digits) {
  if (!std::isfinite(value)) return "-";
  std::string text = fmt::format("{:.{}f}", value, digits);
  const std::size_t first = text.front() == '-' ? 1 : 0;
  const std::size_t point = std::min(text.find('.'), text.size());
  for (std::size_t at = point; at > first + 3;) {
    at -= 3;
    text.insert(at, ",");
  }
  return text;
}

std::string percent(double share) { return fmt::format("{:.1f}", 100.0 * share); }

std::string with_half_width(double mean, double half_width, int digits) {
  if (!(half_width > 0.0)) return grouped(mean, digits);
  return grouped(mean, digits) + " ± " + grouped(half_width, digits);
}

}  // namespace apps::fabtwin
