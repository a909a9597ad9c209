#include "twin/guard/message.hpp"

#include <bit>

namespace twin::guard {
namespace {

// The first byte of an item (E5): its format, and that one byte of length follows. None here is longer.
constexpr std::uint8_t List = 0x01, Ascii = 0x41, I4 = 0x71, F8 = 0x81, U4 = 0xb1;

using Member = std::pair<std::string_view, std::string>;  // its name and its word; "-": it has none
std::array<Member, 6> members_of(const Command& c) {
  return {{{"tool", c.tool},
           {"recipe", show(c.recipe)},
           {"lot", show(c.lot)},
           {"before", show(c.before)},
           {"parameter", show(c.parameter)},
           {"value", show(c.value)}}};
}

// Whether the text is of this format; `to` is of no use where it is not.
bool put_item(Bytes& to, std::uint8_t format, std::string_view text) {
  std::string name;
  if (format == Ascii) {
    to.insert(to.end(), {Ascii, static_cast<std::uint8_t>(text.size())});
    to.insert(to.end(), text.begin(), text.end());
    return read(text, name);
  }
  Decimal number;
  const bool good = read(text, number), real = format == F8;
  const std::int64_t whole = number.micro / 1'000'000;  // nine digits: they fit four bytes
  // Both are exact as doubles: the quotient is the double next to the decimal.
  const double quotient = static_cast<double>(number.micro) / 1e6;
  const auto bits = std::bit_cast<std::array<std::uint8_t, 8>>(
      real ? std::bit_cast<std::int64_t>(quotient) : whole);
  const std::uint8_t width = real ? 8 : 4;
  to.insert(to.end(), {format, width});
  for (std::size_t k = width; k > 0; --k) to.push_back(bits[k - 1]);  // the highest byte first
  return good && (real || (number.micro % 1'000'000 == 0 && (format == I4 || whole >= 0)));
}

bool read_slot(std::string_view word, Slot& slot) {
  if (word.starts_with('L')) return read(word.substr(1), slot.count) && slot.count < 256;
  static constexpr std::array<std::pair<std::string_view, std::uint8_t>, 4> Formats{
      {{"A", Ascii}, {"U4", U4}, {"I4", I4}, {"F8", F8}}};
  const std::size_t mark = word.find_first_of("=:");
  for (const auto& [name, format] : Formats) {
    if (word.substr(0, mark) == name) slot.format = format;
  }
  if (mark == std::string_view::npos || slot.format == List) return false;
  slot.text = word.substr(mark + 1);
  slot.member = word[mark] == '=';
  Bytes tried;
  return slot.member ? std::ranges::count(members_of({}), slot.text, &Member::first) == 1
                     : put_item(tried, slot.format, slot.text);
}

}  // namespace

bool Form::uses(std::string_view member) const {
  return std::ranges::any_of(slots, [&](const Slot& s) { return s.member && s.text == member; });
}

bool read(std::string_view word, Form& form) {
  const auto words = split(word, ',');
  const auto numbers = split(words[0], 'F');
  if (numbers.size() != 2 || !numbers[0].starts_with('S') ||
      !read(numbers[0].substr(1), form.stream) || !read(numbers[1], form.function) ||
      form.stream > 127 || form.function > 255) {
    return false;
  }
  core::Tick open = 1;  // items that are still to come
  for (const std::string_view one : std::span(words).subspan(1)) {
    if (open == 0 || !read_slot(one, form.slots.emplace_back())) return false;
    open += form.slots.back().count - 1;
  }
  return open == 0;
}

std::optional<Bytes> bytes_of(const Form& form, const Command& command) {
  const auto members = members_of(command);
  for (const auto& [name, text] : members) {
    if (name != "tool" && text != "-" && !form.uses(name)) return std::nullopt;
  }
  Bytes bytes{static_cast<std::uint8_t>(form.stream), static_cast<std::uint8_t>(form.function)};
  for (const Slot& slot : form.slots) {
    const auto named = std::ranges::find(members, slot.text, &Member::first);
    if (slot.format == List) {
      bytes.insert(bytes.end(), {List, static_cast<std::uint8_t>(slot.count)});
    } else if (!put_item(bytes, slot.format, slot.member ? named->second : slot.text)) {
      return std::nullopt;
    }
  }
  return bytes;
}

}  // namespace twin::guard
