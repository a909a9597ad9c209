#include "twin/link/json.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "twin/core/error.hpp"

namespace twin::link {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Bytes of the UTF-8 character that begins the text (Unicode 15, table 3-7); 0: none does.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t k) -> unsigned {
    return k < text.size() ? static_cast<unsigned char>(text[k]) : 0U;
  };
  const auto follows = [&](std::size_t k) { return (byte(k) & 0xC0U) == 0x80U; };
  const unsigned b = byte(0);
  if (b < 0x80) return 1;
  if (b >= 0xC2 && b <= 0xDF) return follows(1) ? 2 : 0;
  if (b >= 0xE0 && b <= 0xEF) {
    const unsigned low = b == 0xE0 ? 0xA0 : 0x80, high = b == 0xED ? 0x9F : 0xBF;
    return byte(1) >= low && byte(1) <= high && follows(2) ? 3 : 0;
  }
  if (b >= 0xF0 && b <= 0xF4) {
    const unsigned low = b == 0xF0 ? 0x90 : 0x80, high = b == 0xF4 ? 0x8F : 0xBF;
    return byte(1) >= low && byte(1) <= high && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

void put_utf8(std::string& out, std::uint32_t point) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0 | point >> 6);
    put(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    put(0xE0 | point >> 12);
    put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
  } else {
    put(0xF0 | point >> 18);
    put(0x80 | (point >> 12 & 0x3F));
    put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
  }
}

}  // namespace

void JsonReader::refuse_at(std::size_t at, const std::string& why) const {
  throw core::Error(fmt::format("{}: byte {}: {}", what_, at + 1, why));
}

char JsonReader::peek() {
  while (at_ < json_.size() &&
         (json_[at_] == ' ' || json_[at_] == '\t' || json_[at_] == '\n' || json_[at_] == '\r')) {
    ++at_;
  }
  token_ = at_;
  return at_ < json_.size() ? json_[at_] : '\0';
}

void JsonReader::open(char bracket, const char* what) {
  if (peek() != bracket) refuse(fmt::format("{} must begin here, with {}", what, bracket));
  ++at_;
}

bool JsonReader::closes(char bracket, bool first) {
  const char c = peek();
  if (c == bracket) {
    ++at_;
    return true;
  }
  if (first) return false;
  if (c != ',') refuse(fmt::format("',' or '{}' must follow", bracket));
  ++at_;
  if (peek() == bracket) refuse("nothing follows the ','");
  return false;
}

void JsonReader::colon() {
  if (peek() != ':') refuse("':' must follow the key");
  ++at_;
}

void JsonReader::end() {
  peek();
  if (at_ != json_.size()) refuse("the text must end here");
}

std::string JsonReader::text() {
  if (peek() != '"') refuse("a text in quotes must stand here");
  const std::size_t began = at_++;
  std::string out;
  for (;;) {
    if (at_ >= json_.size()) refuse_at(began, "the text has no end");
    const char c = json_[at_];
    if (c == '"') break;
    if (c == '\\') {
      escape(out);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      refuse_at(at_, "a control character must be escaped");
    } else {
      const std::size_t length = utf8_length(json_.substr(at_));
      if (length == 0) refuse_at(at_, "no UTF-8");
      out.append(json_.substr(at_, length));
      at_ += length;
    }
    if (out.size() > text_max_)
      refuse_at(began, fmt::format("a text of more than {} bytes", text_max_));
  }
  ++at_;
  token_ = began;
  return out;
}

void JsonReader::escape(std::string& out) {
  const std::size_t began = at_++;
  const char c = at_ < json_.size() ? json_[at_] : '\0';
  ++at_;
  switch (c) {
    case '"':
    case '\\':
    case '/': out += c; return;
    case 'b': out += '\b'; return;
    case 'f': out += '\f'; return;
    case 'n': out += '\n'; return;
    case 'r': out += '\r'; return;
    case 't': out += '\t'; return;
    case 'u': break;
    default: refuse_at(began, "no such escape");
  }
  std::uint32_t point = four_hex();
  if (point >= 0xD800 && point <= 0xDBFF && json_.substr(at_).starts_with("\\u")) {
    at_ += 2;
    const std::uint32_t low = four_hex();
    if (low < 0xDC00 || low > 0xDFFF) refuse_at(began, "half of a surrogate pair");
    point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
  } else if (point >= 0xD800 && point <= 0xDFFF) {
    refuse_at(began, "half of a surrogate pair");
  }
  put_utf8(out, point);
}

std::uint32_t JsonReader::four_hex() {
  std::uint32_t value = 0;
  const std::string_view digits = json_.substr(at_).substr(0, 4);
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (digits.size() != 4 || read.ptr != digits.data() + 4 || read.ec != std::errc())
    refuse_at(at_, "\\u needs four hexadecimal digits");
  at_ += 4;
  return value;
}

std::string_view JsonReader::digits() {
  peek();
  const std::size_t began = at_;
  const auto here = [&] { return at_ < json_.size() ? json_[at_] : '\0'; };
  const auto some = [&] {
    if (!is_digit(here())) refuse("a number must stand here");
    while (is_digit(here())) ++at_;
  };
  if (here() == '-') ++at_;
  if (here() == '0') {
    ++at_;
    if (is_digit(here())) refuse("a number must not begin with 0");
  } else {
    some();
  }
  if (here() == '.') {
    ++at_;
    some();
  }
  if (here() == 'e' || here() == 'E') {
    ++at_;
    if (here() == '+' || here() == '-') ++at_;
    some();
  }
  return json_.substr(began, at_ - began);
}

double JsonReader::number() {
  const std::string_view text = digits();
  double value = 0.0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  // Too small for a double is zero as near as can be; too large is nothing at all.
  if (read.ec == std::errc::result_out_of_range) {
    const bool large = std::abs(std::strtod(std::string(text).c_str(), nullptr)) > 1.0;
    if (large) refuse("a number beyond the largest double");
    value = text.front() == '-' ? -0.0 : 0.0;
  }
  return value;
}

std::int64_t JsonReader::integer() {
  const std::string_view text = digits();
  std::int64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size())
    refuse(fmt::format("'{}' (an integer of 64 bits)", text));
  return value;
}

std::uint64_t JsonReader::count(std::uint64_t most) {
  const std::string_view text = digits();
  std::uint64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || value > most)
    refuse(fmt::format("'{}' (an integer from 0 to {})", text, most));
  return value;
}

void put_json_text(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const auto c = static_cast<unsigned char>(text.front());
    const std::size_t length = utf8_length(text);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += text.front();
    } else if (c < 0x20) {
      out += fmt::format("\\u{:04x}", c);
    } else if (length == 0) {
      out += "\xEF\xBF\xBD";
    } else {
      out.append(text.substr(0, length));
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out += '"';
}

}  // namespace twin::link
