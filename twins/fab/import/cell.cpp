#include "twins/fab/import/cell.hpp"

#include <fmt/core.h>

#include <array>
#include <cmath>

#include "twins/fab/import/message.hpp"
#include "twins/fab/import/text.hpp"

namespace twins::fab::import {
namespace {

constexpr std::size_t MaxNameBytes = 200;
constexpr double MaxNumber = 1e15;  // exact as a double, and far beyond any fab

const std::array<std::string, 4>& units() {
  static const std::array<std::string, 4> Words = {"sec", "min", "hr", "day"};
  return Words;
}
constexpr std::array<double, 4> UnitMs = {1'000.0, MinuteMs, HourMs, DayMs};

double limited(const Cell& value, double ms) {
  if (ms > MaxTimeMs) value.fail(quote(value.text()) + " is too long", "at most 3170 years");
  return ms;
}

}  // namespace

void Cell::fail(std::string_view problem, std::string_view why, std::string_view suggestion) const {
  throw twin::core::Error({table_->file(), line(), std::string(column_.name)},
                          sentence(problem, why, suggestion));
}

std::string_view Cell::required() const {
  const std::string_view value = text();
  if (value.empty()) fail("missing value", "this cell must not be blank");
  return value;
}

std::string Cell::name() const {
  const std::string_view value = required();
  if (value.size() > MaxNameBytes)
    fail(quote(value) + " is too long", "a name has at most 200 bytes");
  return std::string(value);
}

double Cell::number() const {
  const std::string_view value = required();
  const auto number = parse_number(value);
  if (!number) {
    const std::string guess = probable_number(value);
    fail(quote(value) + " is not a number", "digits with a decimal point",
         guess.empty() ? guess : "did you mean " + guess + "?");
  }
  if (std::abs(*number) > MaxNumber) fail(quote(value) + " is too large", "at most 1e15");
  return *number;
}

double Cell::not_negative() const {
  const double value = number();
  if (value < 0) fail(quote(text()) + " is negative", "zero or more is needed");
  return value;
}

std::uint64_t Cell::count(std::uint64_t max) const {
  const double value = number();
  if (value != std::floor(value)) fail(quote(text()) + " is not a whole number", "this is a count");
  if (value < 1) fail(quote(text()) + " is too small", "at least 1");
  if (value > static_cast<double>(max)) {
    fail(quote(text()) + " is too large", fmt::format("at most {}", max));
  }
  return static_cast<std::uint64_t>(value);
}

double Cell::percent() const {
  const double value = number();
  if (value <= 0 || value > 100)
    fail(quote(text()) + " is no percentage", "above 0 and at most 100");
  return value / 100.0;
}

bool Cell::yes() const {
  const std::string_view value = text();
  if (value == "yes") return true;
  if (!value.empty() && value != "no") {
    static const std::array<std::string, 2> Words = {"yes", "no"};
    fail(quote(value) + " is neither yes nor no", "blank means no", did_you_mean(value, Words));
  }
  return false;
}

double Cell::date_ms(std::int64_t zero_s) const {
  const std::string_view value = required();
  const auto seconds = parse_date(value);
  if (!seconds) {
    fail(quote(value) + " is not a date", "MM/DD/YY HH:MM:SS in the years 2000 to 2099");
  }
  return static_cast<double>(*seconds - zero_s) * 1000.0;
}

std::size_t Cell::one_of(std::span<const std::string> words) const {
  const std::string_view value = text();
  std::string list;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (value == words[i]) return i;
    list += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
  }
  if (value.empty()) fail("missing value", "it must be " + list);
  fail("unknown word " + quote(value), "it must be " + list, did_you_mean(value, words));
}

double time_ms(const Cell& value, const Cell& unit) {
  const double number = value.number();
  if (number < 0) value.fail(quote(value.text()) + " is negative", "a time is zero or more");
  return limited(value, number * UnitMs[unit.one_of(units())]);
}

double interval_ms(const Cell& value, const Cell& unit) {
  const double ms = time_ms(value, unit);
  if (ms < 1) value.fail(quote(value.text()) + " is too short", "an interval lasts 1 ms or more");
  return ms;
}

Duration duration(const DurationCells& cells) {
  static const std::array<std::string, 3> Laws = {"constant", "uniform", "exponential"};
  Duration d;
  if (!cells.law.blank()) d.law = static_cast<Duration::Law>(cells.law.one_of(Laws));
  d.mean_ms = time_ms(cells.mean, cells.unit);
  if (d.law == Duration::Law::Uniform) {
    d.half_width_ms = time_ms(cells.half_width, cells.unit);
    if (d.half_width_ms > d.mean_ms) {
      cells.half_width.fail(fmt::format("half-width {} exceeds the mean {}",
                                        quote(cells.half_width.text()), quote(cells.mean.text())),
                            "times would be negative");
    }
  } else if (!cells.half_width.blank() && cells.half_width.number() != 0) {
    cells.half_width.fail("half-width given for a law that has none", "only a uniform time has one",
                          "did you mean uniform?");
  }
  return d;
}

}  // namespace twins::fab::import
