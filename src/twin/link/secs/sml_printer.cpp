#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <ostream>

#include "twin/link/secs/sml.hpp"

namespace twin::link::secs {
namespace {

void put_hex(std::string& out, std::uint64_t value, int digits) {
  out += " 0x";
  for (int k = digits - 1; k >= 0; --k) out += "0123456789ABCDEF"[(value >> (4 * k)) & 0xFU];
}

void put_text(std::string& out, std::span<const std::uint8_t> bytes) {
  bool quoted = false;
  for (const std::uint8_t byte : bytes) {
    const bool plain = byte >= 0x20 && byte < 0x7F && byte != '"';
    if (plain != quoted) out += plain ? " \"" : "\"";
    quoted = plain;
    if (plain) {
      out += static_cast<char>(byte);
    } else {
      put_hex(out, byte, 2);
    }
  }
  if (quoted) out += '"';
  if (bytes.empty()) out += " \"\"";
}

// The shortest digits that come back as the same number.
template <class T, class Bits>
void put_float(std::string& out, T value) {
  if (std::isnan(value)) {
    const auto bits = std::bit_cast<Bits>(value);
    if (bits == std::bit_cast<Bits>(std::numeric_limits<T>::quiet_NaN())) {
      out += " NaN";
    } else {
      put_hex(out, bits, 2 * sizeof(Bits));
    }
    return;
  }
  std::array<char, 40> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  out += ' ';
  out.append(text.data(), end);
}

void put_localized(std::string& out, const Item& item) {
  const auto bytes = item.bytes();
  if (const auto encoding = item.encoding()) {
    out += ' ' + std::to_string(*encoding);
    return put_text(out, bytes.subspan(2));
  }
  for (const std::uint8_t byte : bytes) put_hex(out, byte, 2);
}

// The bits of an F4, which must not go through a double: that would quieten its NaN.
float f4_at(const Item& item, std::size_t k) {
  std::uint32_t bits = 0;
  for (const std::uint8_t byte : item.bytes().subspan(4 * k, 4)) bits = (bits << 8U) | byte;
  return std::bit_cast<float>(bits);
}

void put_value_sml_printer(std::string& out, const Item& item, std::size_t k) {
  switch (item.kind()) {
    case Kind::Binary: return put_hex(out, item.bytes()[k], 2);
    case Kind::Boolean: {
      const std::uint8_t byte = item.bytes()[k];
      if (byte > 1) return put_hex(out, byte, 2);
      out += byte == 1 ? " TRUE" : " FALSE";
      return;
    }
    case Kind::F4: return put_float<float, std::uint32_t>(out, f4_at(item, k));
    case Kind::F8: return put_float<double, std::uint64_t>(out, item.as_f64(k).value());
    case Kind::U8: out += ' ' + std::to_string(item.as_u64(k).value()); return;
    default: out += ' ' + std::to_string(item.as_i64(k).value()); return;
  }
}

void put_item(std::string& out, const Item& item, Layout layout, std::size_t depth) {
  out += '<';
  out += name_of(item.kind());
  if (item.is_list()) {
    out += " [" + std::to_string(item.count()) + "]";
    for (const Item& part : item.items()) {
      out += layout == Layout::OneLine ? " " : '\n' + std::string(2 * (depth + 1), ' ');
      put_item(out, part, layout, depth + 1);
    }
    if (layout == Layout::Indented && !item.empty()) out += '\n' + std::string(2 * depth, ' ');
  } else if (item.kind() == Kind::Localized) {
    put_localized(out, item);
  } else if (item.is_text()) {
    put_text(out, item.bytes());
  } else {
    for (std::size_t k = 0; k < item.count(); ++k) put_value_sml_printer(out, item, k);
  }
  out += '>';
}

}  // namespace

std::string sml(const Item& item, Layout layout) {
  std::string out;
  put_item(out, item, layout, 0);
  return out;
}

std::string sml(const Message& message, Layout layout) {
  std::string out = name_of(message);
  if (message.body) {
    out += layout == Layout::OneLine ? ' ' : '\n';
    put_item(out, *message.body, layout, 0);
  }
  return out + '.';
}

void PrintTo(const Item& item, std::ostream* out) { *out << sml(item); }
void PrintTo(const Message& message, std::ostream* out) { *out << sml(message); }

}  // namespace twin::link::secs
