// The guard's own texts are read strictly: one spelling for each value, fixed keys in a fixed order,
// no locale. What could be written in two ways is refused, so that nobody signs one and sends another.
#pragma once
#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twin/core/tick.hpp"

namespace twin::guard {

using Bytes = std::vector<std::uint8_t>;
using Names = std::vector<std::string>;

// A number as people write it, in millionths: NaN, infinities, exponents, -0 and rounding are not to be had.
struct Decimal {
  std::int64_t micro = 0;  // [1e-6 of the unit]
  auto operator<=>(const Decimal&) const = default;
};
inline constexpr std::int64_t MicroMax = 999'999'999'999'999;  // fifteen digits: exact as a double

// The one spelling of a value. A name: 1 to 64 visible ASCII characters, none of which has a meaning to JSON, to a
// list or to a message's form; "-" is none. Bytes: hexadecimal digits. Names: with commas between, "-" for none.
[[nodiscard]] inline std::string show(const std::string& name) { return name; }
[[nodiscard]] std::string show(Decimal number);
[[nodiscard]] inline std::string show(core::Tick whole) { return std::to_string(whole); }
[[nodiscard]] std::string show(std::span<const std::uint8_t> bytes);
template <class T>
[[nodiscard]] std::string show(const std::optional<T>& one) {
  return one ? show(*one) : "-";
}

// Whether the word is in the one spelling of such a value.
[[nodiscard]] bool read(std::string_view word, std::string& name);
[[nodiscard]] bool read(std::string_view word, Decimal& number);
[[nodiscard]] bool read(std::string_view word, core::Tick& whole);  // 0 to fifteen digits
[[nodiscard]] bool read(std::string_view word, Bytes& bytes);
[[nodiscard]] bool read(std::string_view word, Names& names);
template <std::size_t N>
[[nodiscard]] bool read(std::string_view word, std::array<std::uint8_t, N>& to) {
  Bytes bytes;
  if (!read(word, bytes) || bytes.size() != N) return false;
  std::ranges::copy(bytes, to.begin());
  return true;
}
template <class T>
[[nodiscard]] bool read(std::string_view word, std::optional<T>& to) {
  to.reset();
  return word == "-" || read(word, to.emplace());
}

[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char between);

// Whether the line is these values with one blank between them.
template <class... To>
[[nodiscard]] bool read_row(std::string_view line, To&... to) {
  const auto words = split(line, ' ');
  std::size_t k = 0;
  return words.size() == sizeof...(to) && (read(words[k++], to) && ...);
}

// Takes the next line "KEY VALUE\n" off the text if it has this key.
[[nodiscard]] std::optional<std::string_view> take(std::string_view& text, std::string_view key);

// Reads a text by its `fields`; client.hpp writes one.
struct Reading {
  std::string_view text;
  bool good = true;
  void operator()(std::string_view key, auto& value) {
    const auto word = take(text, key);
    good = good && word && read(*word, value);
  }
};

}  // namespace twin::guard
