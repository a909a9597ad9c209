#include "twin/guard/message.hpp"

#include <bit>

namespace twin::guard {
namespace {

constexpr unsigned List = 000, Ascii = 020, I4 = 034, F8 = 040, U4 = 054;  // E5, format codes

struct Member {
  std::string_view name;
  std::string text;  // "-": it has none
};
std::array<Member, 6> members_of(const Command& c) {
  return {{{"tool", c.tool},
           {"recipe", show(c.recipe)},
           {"lot", show(c.lot)},
           {"before", show(c.before)},
           {"parameter", show(c.parameter)},
           {"value", show(c.value)}}};
}

// Format code and one length byte: no item here is longer.
void head(Bytes& to, unsigned format, std::size_t length) {
  to.push_back(static_cast<std::uint8_t>(format * 4 + 1));
  to.push_back(static_cast<std::uint8_t>(length));
}

bool put_number(Bytes& to, unsigned format, Decimal number) {
  const std::int64_t whole = number.micro / 1'000'000;
  std::uint64_t bits = static_cast<std::uint64_t>(whole);
  if (format ==
      F8) {  // both are exact as doubles, so the quotient is the double next to the decimal
    bits = std::bit_cast<std::uint64_t>(static_cast<double>(number.micro) / 1e6);
  } else if (number.micro % 1'000'000 != 0 || (format == U4 && whole < 0)) {
    return false;  // nine digits fit both
  }
  const std::size_t width = format == F8 ? 8 : 4;
  head(to, format, width);
  for (std::size_t k = width; k > 0; --k)
    to.push_back(static_cast<std::uint8_t>(bits >> (8 * (k - 1))));
  return true;
}

bool put_item(Bytes& to, const Slot& slot, std::string_view text) {
  Decimal number;
  if (slot.format == List) {
    head(to, List, static_cast<std::size_t>(slot.count));
  } else if (text == "-") {
    return false;
  } else if (slot.format != Ascii) {
    return read(text, number) && put_number(to, slot.format, number);
  } else {
    head(to, Ascii, text.size());
    to.insert(to.end(), text.begin(), text.end());
  }
  return true;
}

bool read_slot(std::string_view word, Slot& slot) {
  if (word.starts_with('L')) return read(word.substr(1), slot.count) && slot.count < 256;
  static constexpr std::array<std::pair<std::string_view, unsigned>, 4> Formats{
      {{"A", Ascii}, {"U4", U4}, {"I4", I4}, {"F8", F8}}};
  const std::size_t mark = word.find_first_of("=:");
  const auto format = std::ranges::find(Formats, word.substr(0, mark),
                                        &std::pair<std::string_view, unsigned>::first);
  if (mark == std::string_view::npos || format == Formats.end()) return false;
  slot = {format->second, word[mark] == '=', std::string(word.substr(mark + 1)), 0};
  Bytes tried;
  std::string name;
  if (slot.member) return std::ranges::count(members_of({}), slot.text, &Member::name) == 1;
  return read(slot.text, name) && put_item(tried, slot, slot.text);
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
  for (const Member& m : members) {
    if (m.name != "tool" && m.text != "-" && !form.uses(m.name)) return std::nullopt;
  }
  Bytes bytes{static_cast<std::uint8_t>(form.stream), static_cast<std::uint8_t>(form.function)};
  for (const Slot& slot : form.slots) {
    const auto named = std::ranges::find(members, slot.text, &Member::name);
    if (!put_item(bytes, slot, slot.member ? named->text : slot.text)) return std::nullopt;
  }
  return bytes;
}

}  // namespace twin::guard
