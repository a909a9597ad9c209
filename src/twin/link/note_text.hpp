// The texts of the record's Notes as the door writes and reads them: fields by tabs, a line each,
// bytes in hexadecimal.
#pragma once
#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twin/event/table_word.hpp"

namespace twin::link {

// The fields of one line. An empty line has one empty field.
inline std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  for (;;) {
    const std::size_t tab = line.find('\t');
    fields.push_back(line.substr(0, tab));
    if (tab == std::string_view::npos) return fields;
    line.remove_prefix(tab + 1);
  }
}

// A Note "names": "<table>\t<id>\t<name>" a line. Every name of a table is noted once and in order, so
// its number is the next free one. Lines that are none are passed over.
inline void learn_names(event::Names& names, std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const auto fields = fields_of(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (fields.size() != 3 || fields[2].empty()) continue;
    if (const auto table = event::table_of(fields[0])) names.add(*table, fields[2]);
  }
}

// Control characters, which would end a field or a line, as '?'.
inline std::string one_field(std::string_view text) {
  std::string field(text);
  for (char& c : field) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7F) c = '?';
  }
  return field;
}

inline std::string hex_of(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view Digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const std::uint8_t b : bytes) {
    text += Digits[b >> 4];
    text += Digits[b & 15];
  }
  return text;
}

// Nothing where the text is not hexadecimal.
[[nodiscard]] inline std::optional<std::vector<std::uint8_t>> bytes_of(std::string_view hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  std::vector<std::uint8_t> bytes(hex.size() / 2);
  for (std::size_t k = 0; k < bytes.size(); ++k) {
    const char* const at = hex.data() + 2 * k;
    const auto read = std::from_chars(at, at + 2, bytes[k], 16);
    if (read.ec != std::errc() || read.ptr != at + 2) return std::nullopt;
  }
  return bytes;
}

// The whole text as a decimal number; nothing where it is none.
template <class T>
[[nodiscard]] std::optional<T> number_of(std::string_view text) {
  T number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace twin::link
