// What a data file's bytes say: UTF-8 (with or without byte order mark) or UTF-16LE with one, the
// numbers and the dates in it. Nothing here depends on the machine's locale or calendar.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace twins::fab::import {

inline constexpr std::size_t MaxFileBytes = std::size_t{256} << 20;  // [bytes]

// The file's text as UTF-8 without mark. Throws twin::core::Error on other encodings and on control
// characters other than tab, line feed and carriage return.
std::string decode(std::string_view bytes, const std::string& file);

std::string_view trim(std::string_view text);  // without blanks and carriage returns at both ends

// A finite decimal number that fills the whole text ("10.0", "-3", "1e3"), else nothing.
std::optional<double> parse_number(std::string_view text);
// The number that was probably meant by "1O", "7,5" or "10 min"; empty where none comes to mind.
std::string probable_number(std::string_view text);

// Seconds since 01/01/00 00:00:00 of "MM/DD/YY HH:MM:SS" with YY in 2000 to 2099, else nothing.
std::optional<std::int64_t> parse_date(std::string_view text);

}  // namespace twins::fab::import
