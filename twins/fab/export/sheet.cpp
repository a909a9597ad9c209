#include "twins/fab/export/sheet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twins/fab/export/decimal.hpp"
#include "twins/fab/import/text.hpp"

namespace twins::fab {
namespace {

struct Unit {
  const char* name;
  double ms;
};
constexpr std::array<Unit, 4> Units = {
    {{"min", MinuteMs}, {"sec", 1000.0}, {"hr", HourMs}, {"day", DayMs}}};

// Characters that the times take in the unit together; a great many where one of them is not exact.
std::size_t length_in(const Unit& unit, std::initializer_list<double> times_ms) {
  constexpr std::size_t NotExact = 1000;
  std::size_t length = 0;
  for (const double ms : times_ms) {
    const std::string text = decimal_times(ms, unit.ms);
    const auto number = import::parse_number(text);
    length += number && *number * unit.ms == ms ? text.size() : NotExact;
  }
  return length;
}

// Minutes, as the published files have them, unless they are inexact or long where another unit is
// neither.
Unit unit_for(std::initializer_list<double> times_ms) {
  constexpr std::size_t ShortEnough = 10;  // characters a time
  Unit best = Units[0];
  std::size_t least = length_in(best, times_ms);
  if (least <= ShortEnough * times_ms.size()) return best;
  for (const Unit& unit : Units) {
    if (const std::size_t length = length_in(unit, times_ms); length < least) {
      best = unit;
      least = length;
    }
  }
  return best;
}

}  // namespace

Sheet::Sheet(std::initializer_list<std::string_view> columns) : columns_(columns) {}

void Sheet::row() { rows_.emplace_back(columns_.size()); }

std::string& Sheet::cell(std::string_view column) {
  TWIN_EXPECT(!rows_.empty(), column);
  const auto it = std::find(columns_.begin(), columns_.end(), column);
  TWIN_EXPECT(it != columns_.end(), column);
  return rows_.back()[static_cast<std::size_t>(it - columns_.begin())];
}

Sheet& Sheet::set(std::string_view column, std::string_view text) {
  cell(column) = text;
  return *this;
}

Sheet& Sheet::set(std::string_view column, std::uint64_t count) {
  return set(column, std::string_view(std::to_string(count)));
}

Sheet& Sheet::name(std::string_view column, std::string_view text) {
  constexpr std::size_t MaxBytes = 200;  // the reader's limit
  const bool fits = !text.empty() && text.size() <= MaxBytes && import::trim(text) == text &&
                    text.find_first_of("\t\r\n") == std::string_view::npos && text.front() != '~';
  if (!fits) {
    throw twin::core::Error(
        fmt::format("{} '{}' can't be written (a name has 1 to {} bytes, no tabs, no blanks at its "
                    "ends, no ~ in front)",
                    column, text, MaxBytes));
  }
  return set(column, text);
}

Sheet& Sheet::time(std::string_view column, std::string_view unit_column, double ms) {
  const Unit unit = unit_for({ms});
  return set(column, decimal_times(ms, unit.ms)).set(unit_column, unit.name);
}

Sheet& Sheet::duration(const DurationColumns& columns, const Duration& d) {
  static constexpr std::array<const char*, 3> Laws = {"constant", "uniform", "exponential"};
  const Unit unit = unit_for({d.mean_ms, d.half_width_ms});
  set(columns.law, Laws[static_cast<std::size_t>(d.law)]);
  set(columns.mean, decimal_times(d.mean_ms, unit.ms)).set(columns.unit, unit.name);
  if (d.law == Duration::Law::Uniform) {
    if (columns.half_width.empty()) {
      throw twin::core::Error(
          fmt::format("{} uniform (the form has no half-width there)", columns.law));
    }
    set(columns.half_width, decimal_times(d.half_width_ms, unit.ms));
  }
  return *this;
}

std::string Sheet::text() const {
  std::string out;
  const auto add = [&out](const auto& cells) {
    const std::size_t begin = out.size();
    std::size_t end = begin;
    for (const auto& cell : cells) {
      out += cell;
      if (!cell.empty()) end = out.size();
      out += '\t';
    }
    out.resize(end);
    out += '\n';
  };
  add(columns_);
  for (const auto& row : rows_) add(row);
  return out;
}

}  // namespace twins::fab
