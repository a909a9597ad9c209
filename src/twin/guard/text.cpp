#include "twin/guard/text.hpp"

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
  static constexpr std::string_view Digits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : bytes) {
    text += Digits[byte / 16U];
    text += Digits[byte % 16U];
  }
  return text;
}

bool read(std::string_view word, std::string& name) {
  name = word;
  return !word.empty() && word.size() <= 64 && word != "-" && std::ranges::all_of(word, [](char c) {
    return c > ' ' && c <= '~' && std::string_view("\"\\,=").find(c) == std::string_view::npos;
  });
}

bool read(std::string_view word, Decimal& number) {
  const bool negative = word.starts_with('-');
  int places = 0, step = 0;
  number.micro = 0;
  for (const char c : word.substr(negative ? 1 : 0)) {
    if (c == '.') {
      step = 1;
      continue;
    }
    number.micro = number.micro * 10 + (c - '0');
    places += step;
    if (c < '0' || c > '9' || number.micro > MicroMax) return false;
  }
  for (; places < 6; ++places) {
    number.micro *= 10;
    if (number.micro > MicroMax) return false;
  }
  if (negative) number.micro = -number.micro;
  return show(number) == word;  // neither "", "-0", "01", "1." nor "1.50"
}

bool read(std::string_view word, core::Tick& whole) {
  whole = 0;
  for (const char c : word) {
    whole = whole * 10 + (c - '0');
    if (c < '0' || c > '9' || whole > MicroMax) return false;
  }
  return show(whole) == word;
}

bool read(std::string_view word, Bytes& bytes) {
  bytes.clear();
  int high = 0;
  for (std::size_t k = 0; k < word.size(); ++k) {
    const int digit = word[k] <= '9' ? word[k] - '0' : word[k] - 'a' + 10;
    if (k % 2 == 1) bytes.push_back(static_cast<std::uint8_t>(high * 16 + digit));
    high = digit;
  }
  return show(bytes) == word;  // neither odd, upper case, nor other characters
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
  if (line.size() == text.size() || line.size() <= key.size() || !line.starts_with(key) ||
      line[key.size()] != ' ')
    return std::nullopt;
  text.remove_prefix(line.size() + 1);
  return line.substr(key.size() + 1);
}

}  // namespace twin::guard
