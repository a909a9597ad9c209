#include "twin/guard/text.hpp"

#include <sodium.h>

#include <charconv>
#include <cstdlib>

namespace twin::guard {

std::string show(Decimal number) {
  const std::int64_t size = std::abs(number.micro);
  std::string part = std::to_string(1'000'000 + size % 1'000'000);
  part[0] = '.';
  part.resize(part.find_last_not_of('0') + 1);
  return (number.micro < 0 ? "-" : "") + std::to_string(size / 1'000'000) +
         (part == "." ? "" : part);
}

std::string show(std::span<const std::uint8_t> bytes) {
  std::string text(2 * bytes.size() + 1, '\0');  // libsodium ends it with a zero
  sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
  text.pop_back();
  return text;
}

bool read(std::string_view word, std::string& name) {
  name = word;
  return !word.empty() && word.size() <= 64 && word != "-" && std::ranges::all_of(word, [](char c) {
    return c > ' ' && c <= '~' && std::string_view("\"\\,=").find(c) == std::string_view::npos;
  });
}

// Whatever is made of a word here counts only where the value's one spelling is the word again: neither
// "", "-0", "01", "1." nor "1.50", no upper case, no half byte and no seventh place.
bool read(std::string_view word, Decimal& number) {
  const std::size_t point = std::min(word.find('.'), word.size());
  std::string digits(word);
  digits.erase(point, 1).resize(point + 6, '0');
  number.micro = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number.micro);
  return -MicroMax <= number.micro && number.micro <= MicroMax && show(number) == word;
}

bool read(std::string_view word, core::Tick& whole) {
  whole = -1;
  std::from_chars(word.data(), word.data() + word.size(), whole);
  return 0 <= whole && whole <= MicroMax && show(whole) == word;
}

bool read(std::string_view word, Bytes& bytes) {
  bytes.resize(word.size() / 2);
  if (bytes.empty()) return word.empty();  // libsodium wants a place to write to, even for nothing
  sodium_hex2bin(bytes.data(), bytes.size(), word.data(), word.size(), nullptr, nullptr, nullptr);
  return show(bytes) == word;
}

bool read(std::string_view word, Names& names) {
  names.clear();
  if (word == "-") return true;
  for (const std::string_view one : split(word, ',')) {
    if (!read(one, names.emplace_back())) return false;
  }
  return true;
}

std::vector<std::string_view> split(std::string_view text, char between) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t to = text.find(between);
    parts.push_back(text.substr(0, to));
    if (to == std::string_view::npos) return parts;
    text.remove_prefix(to + 1);
  }
}

std::optional<std::string_view> take(std::string_view& text, std::string_view key) {
  const std::string_view line = text.substr(0, text.find('\n'));
  if (line.size() == text.size() || !line.starts_with(std::string(key) + " ")) return std::nullopt;
  text.remove_prefix(line.size() + 1);
  return line.substr(key.size() + 1);
}

}  // namespace twin::guard
