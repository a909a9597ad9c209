#include "twins/fab/report/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "twin/core/expect.hpp"

namespace twins::fab::report {

namespace {

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

}  // namespace

std::string escaped(std::string_view name) {
  std::string out;
  out.reserve(name.size());
  for (const char c : name) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += static_cast<unsigned char>(c) < 0x20U || c == 0x7f ? ' ' : c;
    }
  }
  return out;
}

std::string shortened(std::string_view name, std::size_t most) {
  TWIN_EXPECT(most > 0, most);
  const auto points = static_cast<std::size_t>(
      std::ranges::count_if(name, [](char c) { return !is_continuation(c); }));
  if (points <= most) return std::string(name);
  std::size_t kept = 0, end = 0;
  while (end < name.size() && (kept < most - 1 || is_continuation(name[end]))) {
    if (!is_continuation(name[end])) ++kept;
    ++end;
  }
  return std::string(name.substr(0, end)) + "…";
}

std::string figure(double value, int decimals) {
  TWIN_EXPECT(std::isfinite(value), value);
  std::string digits = fmt::format("{:.{}f}", std::abs(value), decimals);
  const bool zero = digits.find_first_not_of("0.") == std::string::npos;
  const std::size_t whole = std::min(digits.find('.'), digits.size());
  for (std::size_t i = whole; i > 3; i -= 3) digits.insert(i - 3, ",");
  return (value < 0.0 && !zero ? "−" : "") + digits;
}

int decimals_of(double value) {
  const double size = std::abs(value);
  return size >= 100.0 ? 0 : size >= 10.0 ? 1 : size >= 1.0 ? 2 : 3;
}

std::string percent(double share, int decimals) { return figure(100.0 * share, decimals); }

double text_width(std::string_view text, double font_px) {
  double em = 0.0;  // advances of DejaVu Sans, by kind of character
  for (const char c : text) {
    if (is_continuation(c)) continue;
    if (std::string_view(" .,:;'|ilIjft()").find(c) != std::string_view::npos) {
      em += 0.34;
    } else if (c >= '0' && c <= '9') {
      em += 0.64;
    } else if (std::string_view("mwMW@%").find(c) != std::string_view::npos) {
      em += 0.99;
    } else if (c >= 'A' && c <= 'Z') {
      em += 0.70;
    } else {
      em += 0.61;
    }
  }
  return em * font_px;
}

}  // namespace twins::fab::report
