#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <limits>

#include "twin/core/error.hpp"
#include "twin/link/secs/sml.hpp"

namespace twin::link::secs {
namespace {

constexpr std::size_t DepthMax = 32;

std::string upper(std::string_view word) {
  std::string result(word);
  for (char& c : result) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return result;
}

std::optional<Kind> kind_named(const std::string& word) {
  if (word == "BOOL") return Kind::Boolean;
  for (const Kind kind : AllKinds) {
    if (word == name_of(kind)) return kind;
  }
  return {};
}

class Parser {
 public:
  Parser(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  std::vector<Message> messages() {
    std::vector<Message> all;
    while (peek() != '\0' || at_ < text_.size()) all.push_back(message());
    return all;
  }
  Item only_item() {
    Item result = item(0);
    if (peek() == '.') ++at_;
    if (peek() != '\0' || at_ < text_.size()) fail("something after the item (one was asked for)");
    return result;
  }

 private:
  [[noreturn]] void fail(const std::string& problem) const { fail_at(at_, problem); }
  [[noreturn]] void fail_at(std::size_t at, const std::string& problem) const {
    const auto before = text_.substr(0, std::min(at, text_.size()));
    const auto line = static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1;
    const std::size_t start = before.rfind('\n') + 1;  // npos + 1 is 0
    throw core::Error({file_, line, std::to_string(before.size() - start + 1)}, problem);
  }

  // The next character that means something; '\0' at the end.
  char peek() {
    for (;;) {
      while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
      const auto rest = text_.substr(at_);
      if (rest.starts_with("//")) {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (rest.starts_with("/*")) {
        const std::size_t end = text_.find("*/", at_ + 2);
        if (end == std::string_view::npos) fail("a comment without its end (*/ is missing)");
        at_ = end + 2;
      } else {
        return at_ < text_.size() ? text_[at_] : '\0';
      }
    }
  }
  static bool in_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '-' || c == '_';
  }
  // A word or number; full stops belong to it within numbers only.
  std::string_view word() {
    peek();
    const std::size_t start = at_;
    while (at_ < text_.size() &&
           (in_word(text_[at_]) || (text_[at_] == '.' && at_ > start && at_ + 1 < text_.size() &&
                                    std::isdigit(static_cast<unsigned char>(text_[at_ + 1])) != 0)))
      ++at_;
    return text_.substr(start, at_ - start);
  }
  void expect(char c) {
    if (peek() == c && at_ < text_.size()) {
      ++at_;
      return;
    }
    const std::string found =
        at_ < text_.size() ? "'" + std::string(1, text_[at_]) + "'" : "the end";
    fail(found + " where '" + std::string(1, c) + "' must stand");
  }

  Message message() {
    peek();
    const std::size_t start = at_;
    Message result = head(upper(word()), start);
    if (const char c = peek(); c == 'W' || c == 'w') {
      if (upper(word()) != "W") fail_at(at_, "only W may stand here (the reply is wanted)");
      result.wants_reply = true;
      if (!result.is_primary()) fail_at(start, "a reply with W (replies are not replied to)");
    }
    if (peek() == '<') result.body = item(0);
    expect('.');
    return result;
  }
  Message head(const std::string& name, std::size_t start) const {
    const std::size_t f = name.find('F');
    const auto number = [&](std::size_t from, std::size_t to, int max) {
      int value = -1;
      const char* end = name.data() + to;
      const auto [stop, error] = std::from_chars(name.data() + from, end, value);
      return error == std::errc() && stop == end && value >= 0 && value <= max ? value : -1;
    };
    if (name.size() < 4 || name[0] != 'S' || f == std::string::npos) {
      fail_at(start, "'" + name + "' is no message (such as S6F11)");
    }
    const int stream = number(1, f, 127), function = number(f + 1, name.size(), 255);
    if (stream < 0 || function < 0) {
      fail_at(start, "'" + name + "' (streams are 0 to 127, functions 0 to 255)");
    }
    return {.stream = static_cast<std::uint8_t>(stream),
            .function = static_cast<std::uint8_t>(function)};
  }

  Item item(std::size_t depth) {
    expect('<');
    peek();
    const std::size_t start = at_;
    const std::string name = upper(word());
    const auto kind = kind_named(name);
    if (!kind) {
      fail_at(start,
              "unknown type '" + name +
                  "' one of L, B, BOOLEAN, A, J, C, I1, I2, I4, I8, U1, U2, U4, U8, F4, F8?");
    }
    const auto promised = count();
    Item result = *kind == Kind::List ? list_items(depth, start) : values(*kind);
    expect('>');
    if (promised && *promised != result.count()) {
      fail_at(start, name + " [" + std::to_string(*promised) + "] with " +
                         std::to_string(result.count()) + " values");
    }
    return result;
  }
  std::optional<std::size_t> count() {
    if (peek() != '[') return {};
    ++at_;
    const std::size_t start = at_;
    const auto digits = word();
    std::size_t value = 0;
    const char* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, value);
    if (digits.empty() || error != std::errc() || stop != end) {
      fail_at(start, "'" + std::string(digits) + "' is no count");
    }
    expect(']');
    return value;
  }
  Item list_items(std::size_t depth, std::size_t start) {
    if (depth >= DepthMax) fail_at(start, "lists nested deeper than 32");
    std::vector<Item> items;
    while (peek() == '<') items.push_back(item(depth + 1));
    return Item(std::move(items));
  }

  Item values(Kind kind) {
    std::vector<std::uint8_t> bytes;
    bool first = true;
    while (peek() != '>' && at_ < text_.size()) {
      const std::size_t start = at_;
      if (text_[at_] == '"' || text_[at_] == '\'') {
        quoted(kind, bytes);
      } else {
        const std::string token = upper(word());
        if (token.empty()) fail("'" + std::string(1, text_[at_]) + "' is no value");
        value(kind, token, start, first, bytes);
      }
      first = false;
      if (bytes.size() > LengthMax) fail_at(start, "an item of more than 2^24 - 1 bytes");
    }
    return {kind, bytes};
  }
  void quoted(Kind kind, std::vector<std::uint8_t>& bytes) {
    const std::size_t start = at_;
    const char quote = text_[at_];
    if (kind != Kind::Ascii && kind != Kind::Jis && kind != Kind::Localized) {
      fail("a text in " + std::string(name_of(kind)) + " (texts stand in A, J and C)");
    }
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos)
      fail_at(start, "a text without its end (a quote is missing)");
    bytes.insert(bytes.end(), text_.begin() + static_cast<std::ptrdiff_t>(at_ + 1),
                 text_.begin() + static_cast<std::ptrdiff_t>(end));
    at_ = end + 1;
  }

  static void put(std::vector<std::uint8_t>& bytes, std::uint64_t bits, std::size_t width) {
    for (std::size_t k = width; k > 0; --k) {
      bytes.push_back(static_cast<std::uint8_t>((bits >> (8 * (k - 1))) & 0xFFU));
    }
  }
  void value(Kind kind, const std::string& token, std::size_t start, bool first,
             std::vector<std::uint8_t>& bytes) const {
    const bool hex = token.starts_with("0X");
    switch (kind) {
      case Kind::Boolean:
        if (token == "TRUE" || token == "T") return put(bytes, 1, 1);
        if (token == "FALSE" || token == "F") return put(bytes, 0, 1);
        [[fallthrough]];
      case Kind::Binary:
      case Kind::U1:
      case Kind::Ascii:
      case Kind::Jis: return put(bytes, whole<std::uint8_t>(kind, token, start), 1);
      case Kind::Localized:
        if (first && !hex) return put(bytes, whole<std::uint16_t>(kind, token, start), 2);
        return put(bytes, whole<std::uint8_t>(kind, token, start), 1);
      case Kind::U2: return put(bytes, whole<std::uint16_t>(kind, token, start), 2);
      case Kind::U4: return put(bytes, whole<std::uint32_t>(kind, token, start), 4);
      case Kind::U8: return put(bytes, whole<std::uint64_t>(kind, token, start), 8);
      case Kind::I1: return put(bytes, bits(whole<std::int8_t>(kind, token, start)), 1);
      case Kind::I2: return put(bytes, bits(whole<std::int16_t>(kind, token, start)), 2);
      case Kind::I4: return put(bytes, bits(whole<std::int32_t>(kind, token, start)), 4);
      case Kind::I8: return put(bytes, bits(whole<std::int64_t>(kind, token, start)), 8);
      case Kind::F4:
        return put(bytes,
                   hex ? whole<std::uint32_t>(kind, token, start) : real<float>(token, start), 4);
      case Kind::F8:
        return put(bytes,
                   hex ? whole<std::uint64_t>(kind, token, start) : real<double>(token, start), 8);
      case Kind::List: break;
    }
    fail_at(start, "'" + token + "' in a list (items stand in <>)");
  }
  static std::uint64_t bits(std::int64_t value) { return static_cast<std::uint64_t>(value); }

  template <class T>
  T whole(Kind kind, const std::string& token, std::size_t start) const {
    const bool hex = token.starts_with("0X");
    const char* begin = token.data() + (hex ? 2 : token.starts_with("+") ? 1 : 0);
    const char* end = token.data() + token.size();
    T value{};
    const auto [stop, error] = std::from_chars(begin, end, value, hex ? 16 : 10);
    if (error == std::errc::result_out_of_range) {
      fail_at(start, "'" + token + "' (does not fit " + std::string(name_of(kind)) + ")");
    }
    if (error != std::errc() || stop != end) {
      fail_at(start, "'" + token + "' is no value of " + std::string(name_of(kind)));
    }
    return value;
  }
  template <class T>
  std::uint64_t real(const std::string& token, std::size_t start) const {
    T value{};
    if (token == "NAN") {
      value = std::numeric_limits<T>::quiet_NaN();
    } else {
      const char* begin = token.data() + (token.starts_with("+") ? 1 : 0);
      const char* end = token.data() + token.size();
      const auto [stop, error] = std::from_chars(begin, end, value);
      if (error == std::errc::result_out_of_range) {
        fail_at(start, "'" + token + "' (out of the range of the number)");
      }
      if (error != std::errc() || stop != end) fail_at(start, "'" + token + "' is no number");
    }
    if constexpr (sizeof(T) == 4) {
      return std::bit_cast<std::uint32_t>(value);
    } else {
      return std::bit_cast<std::uint64_t>(value);
    }
  }

  std::string_view text_;
  const std::string& file_;
  std::size_t at_ = 0;
};

}  // namespace

Item item_from_sml(std::string_view text, const std::string& file) {
  return Parser(text, file).only_item();
}

std::vector<Message> messages_from_sml(std::string_view text, const std::string& file) {
  return Parser(text, file).messages();
}

}  // namespace twin::link::secs
