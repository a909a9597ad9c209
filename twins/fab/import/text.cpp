#include "twins/fab/import/text.hpp"

#include <fmt/core.h>

#include <array>
#include <charconv>
#include <cmath>

#include "twin/core/error.hpp"
#include "twins/fab/import/message.hpp"

namespace twins::fab::import {
namespace {

using twin::core::Error;
using twin::core::Place;

constexpr std::string_view Utf8Mark = "\xEF\xBB\xBF";

std::size_t line_of(std::string_view text, std::size_t at) {
  std::size_t line = 1;
  for (const char c : text.substr(0, at)) line += c == '\n' ? 1U : 0U;
  return line;
}

void append_utf8(std::string& out, std::uint32_t c) {
  const auto byte = [&](std::uint32_t b) {
    out += static_cast<char>(static_cast<unsigned char>(b));
  };
  if (c < 0x80U) {
    byte(c);
  } else if (c < 0x800U) {
    byte(0xC0U | (c >> 6));
    byte(0x80U | (c & 0x3FU));
  } else if (c < 0x10000U) {
    byte(0xE0U | (c >> 12));
    byte(0x80U | ((c >> 6) & 0x3FU));
    byte(0x80U | (c & 0x3FU));
  } else {
    byte(0xF0U | (c >> 18));
    byte(0x80U | ((c >> 12) & 0x3FU));
    byte(0x80U | ((c >> 6) & 0x3FU));
    byte(0x80U | (c & 0x3FU));
  }
}

std::string from_utf16(std::string_view bytes, const std::string& file) {
  if (bytes.size() % 2 != 0) {
    throw Error(Place{file, 0, {}},
                sentence("odd number of bytes", "UTF-16 has two a unit", "was the file cut off?"));
  }
  std::string text;
  text.reserve(bytes.size() / 2 + bytes.size() / 8);
  const auto unit = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) |
           static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i + 1])) << 8U;
  };
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    std::uint32_t c = unit(i);
    if (c >= 0xD800U && c < 0xE000U) {  // surrogates come in pairs, the high one first
      const std::uint32_t low = i + 3 < bytes.size() ? unit(i + 2) : 0U;
      if (c >= 0xDC00U || low < 0xDC00U || low >= 0xE000U) {
        throw Error(Place{file, line_of(text, text.size()), {}},
                    sentence("half a character", "a UTF-16 surrogate without its partner"));
      }
      c = 0x10000U + ((c - 0xD800U) << 10U) + (low - 0xDC00U);
      i += 2;
    }
    append_utf8(text, c);
  }
  return text;
}

// Length of the valid UTF-8 sequence at i (RFC 3629, section 4), 0 where there is none.
std::size_t sequence(std::string_view s, std::size_t i) {
  const auto at = [&](std::size_t k) {
    return i + k < s.size() ? static_cast<unsigned char>(s[i + k]) : static_cast<unsigned char>(0);
  };
  const auto tail = [&](std::size_t k) { return (at(k) & 0xC0U) == 0x80U; };
  const unsigned a = at(0);
  const unsigned b = at(1);
  if (a < 0x80U) return 1;
  if (a >= 0xC2U && a < 0xE0U) return tail(1) ? 2 : 0;
  if (a >= 0xE0U && a < 0xF0U) {
    const bool shortest = a != 0xE0U || b >= 0xA0U;
    const bool no_surrogate = a != 0xEDU || b < 0xA0U;
    return tail(1) && tail(2) && shortest && no_surrogate ? 3 : 0;
  }
  if (a >= 0xF0U && a < 0xF5U) {
    const bool shortest = a != 0xF0U || b >= 0x90U;
    const bool in_range = a != 0xF4U || b < 0x90U;
    return tail(1) && tail(2) && tail(3) && shortest && in_range ? 4 : 0;
  }
  return 0;
}

void expect_text(std::string_view text, const std::string& file) {
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    if ((c < 0x20U && c != '\t' && c != '\n' && c != '\r') || c == 0x7FU) {
      throw Error(Place{file, line_of(text, i), {}},
                  sentence(fmt::format("control character 0x{:02X}", c), "this is no text file"));
    }
    const std::size_t length = sequence(text, i);
    if (length == 0) {
      throw Error(Place{file, line_of(text, i), {}},
                  sentence(fmt::format("byte 0x{:02X} is not UTF-8", c),
                           "the file must be UTF-8, or UTF-16 with a byte order mark"));
    }
    if (text.substr(i, length) == Utf8Mark) {  // invisible, and part of a name
      throw Error(Place{file, line_of(text, i), {}},
                  sentence("byte order mark inside the file", "it belongs at the start",
                           "were two files joined?"));
    }
    i += length;
  }
}

}  // namespace

std::string decode(std::string_view bytes, const std::string& file) {
  if (bytes.size() > MaxFileBytes) {
    throw Error(Place{file, 0, {}}, sentence("file too large", "at most 256 MiB"));
  }
  if (bytes.starts_with("\xFE\xFF")) {
    throw Error(Place{file, 0, {}},
                sentence("big-endian UTF-16", "only UTF-8 and little-endian UTF-16 are read"));
  }
  std::string text;
  if (bytes.starts_with("\xFF\xFE")) {
    text = from_utf16(bytes.substr(2), file);
  } else {
    text = bytes.starts_with(Utf8Mark) ? bytes.substr(3) : bytes;
  }
  expect_text(text, file);
  return text;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view Blank = " \r\t";
  const std::size_t first = text.find_first_not_of(Blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(Blank) - first + 1);
}

std::optional<double> parse_number(std::string_view text) {
  double value = 0.0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stopped != end || text.empty() || !std::isfinite(value)) return {};
  return value;
}

std::string probable_number(std::string_view text) {
  std::string guess;
  for (const char c : text.substr(0, 40)) {
    if (c == ' ') break;  // "10 min"
    const bool zero = c == 'O' || c == 'o';
    const bool one = c == 'l' || c == 'I';
    guess += zero ? '0' : one ? '1' : c == ',' ? '.' : c;
  }
  return parse_number(guess) ? guess : std::string{};
}

std::optional<std::int64_t> parse_date(std::string_view text) {
  constexpr std::string_view Form = "00/00/00 00:00:00";
  if (text.size() != Form.size()) return {};
  std::array<int, 6> field{};  // month, day, year, hour, minute, second
  std::size_t f = 0;
  for (std::size_t i = 0; i < Form.size(); ++i) {
    if (Form[i] == '0') {
      if (text[i] < '0' || text[i] > '9') return {};
      field[f] = field[f] * 10 + (text[i] - '0');
    } else {
      if (text[i] != Form[i]) return {};
      ++f;
    }
  }
  const auto [month, day, year, hour, minute, second] = field;
  constexpr std::array<int, 13> Before = {0,   31,  59,  90,  120, 151, 181,
                                          212, 243, 273, 304, 334, 365};  // [day] of a common year
  if (month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59) return {};
  const int leap = year % 4 == 0 ? 1 : 0;  // 2000 is one; 2100 is out of range
  const auto m = static_cast<std::size_t>(month);
  const int length = Before[m] - Before[m - 1] + (month == 2 ? leap : 0);
  if (day < 1 || day > length) return {};
  const std::int64_t days =
      year * 365 + (year + 3) / 4 + Before[m - 1] + (month > 2 ? leap : 0) + day - 1;
  return ((days * 24 + hour) * 60 + minute) * 60 + second;
}

}  // namespace twins::fab::import
