// Which names JSON and XML can hold (RFC 3629; XML 1.0, production 2).
#include "twin/event/labels.hpp"

namespace twin::event {

namespace {

// Whether the text is UTF-8 all of whose characters are allowed.
template <class Allowed>
bool every_character(std::string_view text, Allowed allowed) noexcept {
  const auto byte = [&](std::size_t k) -> unsigned {
    return k < text.size() ? static_cast<unsigned char>(text[k]) : 0U;
  };
  for (std::size_t k = 0; k < text.size();) {
    const unsigned first = byte(k);
    if (first < 0x80) {
      if (!allowed(first)) return false;
      ++k;
      continue;
    }
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    unsigned code = first & (length == 4 ? 0x07U : length == 3 ? 0x0FU : 0x1FU);
    if (first < 0xC2 || first > 0xF4) return false;
    for (std::size_t more = 1; more < length; ++more) {
      if ((byte(k + more) & 0xC0U) != 0x80U) return false;
      code = code << 6 | (byte(k + more) & 0x3FU);
    }
    constexpr std::array<unsigned, 5> Least = {0, 0, 0x80, 0x800, 0x10000};
    if (code < Least[length] || code > 0x10FFFF) return false;  // overlong, or beyond Unicode
    if (code >= 0xD800 && code <= 0xDFFF) return false;         // half of a UTF-16 pair
    if (!allowed(code)) return false;
    k += length;
  }
  return true;
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
  return every_character(text, [](unsigned) { return true; });
}

bool is_plain_text(std::string_view text) noexcept {
  return every_character(text, [](unsigned code) {
    const bool control = code < 0x20 || (code >= 0x7F && code < 0xA0);
    return !control && (code & 0xFFFE) != 0xFFFE;  // nor a noncharacter
  });
}

std::string plain_label(const Names& names, Table table, std::uint32_t id) {
  if (is_plain_text(names.name(table, id))) return label(names, table, id);
  return "#" + std::to_string(id);
}

}  // namespace twin::event
