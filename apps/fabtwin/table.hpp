// Text tables: words to the left (the first column and those of words alone), numbers to the right.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace apps::fabtwin {

std::size_t columns_of(std::string_view text);  // [columns] of UTF-8 text in a terminal

class Table {
 public:
  explicit Table(std::vector<std::string> titles) : rows_{std::move(titles)} {}
  void row(std::vector<std::string> cells);  // as many as there are titles
  [[nodiscard]] bool empty() const { return rows_.size() == 1; }
  [[nodiscard]] std::string text() const;  // with a line feed at the end of every line

 private:
  std::vector<std::vector<std::string>> rows_;  // [row][column], titles first
};

// 12345.6 -> "12,345.6": digits behind the point as asked.
std::string grouped(double value, int digits);

std::string percent(double share);  // 0.9119 -> "91.2"

// "51.21 ± 0.42", or "51.21" where there is no interval.
std::string with_half_width(double mean, double half_width, int digits);

}  // namespace apps::fabtwin
