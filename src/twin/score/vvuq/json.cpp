#include "twin/score/vvuq/json.hpp"

namespace twin::score::vvuq {

void JsonWriter::quoted(std::string_view s) {
  constexpr std::string_view Hex = "0123456789abcdef";
  text_ += '"';
  for (const char c : s) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      text_ += '\\';
      text_ += c;
    } else if (byte < 0x20U) {
      text_ += "\\u00";
      text_ += Hex[byte >> 4U];
      text_ += Hex[byte & 15U];
    } else {
      text_ += c;
    }
  }
  text_ += '"';
}

void JsonWriter::open(char bracket) {
  text_ += bracket;
  indent_ += ' ';
  first_ = true;
}

void JsonWriter::close(char bracket, bool empty) {
  indent_.pop_back();
  if (!empty) text_ += '\n' + indent_;
  text_ += bracket;
  first_ = false;
}

void JsonWriter::next() {
  if (!first_) text_ += ',';
  first_ = false;
  text_ += '\n' + indent_;
}

}  // namespace twin::score::vvuq
