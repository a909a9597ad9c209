#include "twins/fab/export/decimal.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cmath>

#include "twin/core/expect.hpp"

namespace twins::fab {
namespace {

double parsed(const std::string& text) {
  double value = 0.0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

constexpr int MostDecimals = 25;

template <class Back>
std::string shortest(double number, double value, const Back& back) {
  TWIN_EXPECT(std::isfinite(value) && value >= 0.0, value);
  // Rounding in the division may have moved the number by a place or two in the last bit; then a
  // neighbour fits.
  double neighbours[5] = {number, number, number, number, number};
  neighbours[1] = std::nextafter(number, 0.0), neighbours[2] = std::nextafter(number, INFINITY);
  neighbours[3] = std::nextafter(neighbours[1], 0.0),
  neighbours[4] = std::nextafter(neighbours[2], INFINITY);
  for (const double candidate : neighbours) {
    for (int decimals = 0; decimals <= MostDecimals; ++decimals) {
      std::string text = fmt::format("{:.{}f}", candidate, decimals);
      if (back(parsed(text)) == value) return text;
      if (parsed(text) == candidate) break;  // more decimals change nothing
    }
  }
  return fmt::format("{}", number);
}

}  // namespace

std::string decimal_times(double value, double unit) {
  TWIN_EXPECT(unit > 0.0, unit);
  return shortest(value / unit, value, [unit](double d) { return d * unit; });
}

std::string decimal_over(double value, double divisor) {
  TWIN_EXPECT(divisor > 0.0, divisor);
  return shortest(value * divisor, value, [divisor](double d) { return d / divisor; });
}

std::string date_of(double ms) {
  using namespace std::chrono;
  constexpr double CenturyMs = 36'525.0 * 86'400'000.0;
  if (!(std::abs(ms) < CenturyMs) || std::fmod(ms, 1000.0) != 0.0) return {};
  const sys_seconds at =
      sys_days{year{2018} / January / 1} + seconds{static_cast<std::int64_t>(ms / 1000.0)};
  const sys_days day = floor<days>(at);
  const year_month_day date{day};
  const int y = static_cast<int>(date.year());
  if (y < 2000 || y > 2099) return {};
  const hh_mm_ss time{at - day};
  return fmt::format("{:02}/{:02}/{:02} {:02}:{:02}:{:02}", static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), y % 100, time.hours().count(),
                     time.minutes().count(), time.seconds().count());
}

}  // namespace twins::fab
