// What the templates of the header share: messages, and the schemas of plain values.
#include "twin/people/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "twin/core/error.hpp"
#include "twin/core/nearest.hpp"

namespace twin::people {
namespace {

// As people see it, and never long.
std::string show(const JsonValue& from) {
  using Kind = JsonValue::Kind;
  switch (from.kind) {
    case Kind::Null: return "null";
    case Kind::Truth: return from.truth ? "true" : "false";
    case Kind::Whole: return std::to_string(from.whole);
    case Kind::Number: return fmt::format("{}", from.number);
    case Kind::List: return "a list";
    case Kind::Object: return "an object";
    case Kind::Text: break;
  }
  std::string out;
  put_json(out, std::string_view(from.text).substr(0, 40));
  return out;
}

std::string suggestion(const std::string& name, const std::vector<std::string>& known) {
  const auto near = core::nearest(name, known);
  return near ? fmt::format(" did you mean '{}'?", *near) : "";
}

std::size_t characters_of(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(
      utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

bool is_name(std::string_view word) {
  return !word.empty() && word.size() <= 64 && word != "-" && std::ranges::all_of(word, [](char c) {
    return c > ' ' && c <= '~' && std::string_view("\"\\,=").find(c) == std::string_view::npos;
  });
}

void refuse(const std::string& where, const std::string& why) {
  throw core::Error(where + ": " + why);
}

void check_text(const std::string& where, const std::string& text, const Rule& rule) {
  if (rule.spelling == Spelling::Name) {
    if (!is_name(text))
      refuse(where, "is no name (1 to 64 visible ASCII characters without \" \\ , =)");
    return;
  }
  const std::size_t n = characters_of(text);
  if (n < rule.shortest) refuse(where, "is empty");
  if (n > rule.longest)
    refuse(where, fmt::format("has {} characters (at most {})", n, rule.longest));
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    const bool control = code < 0x20 || code == 0x7F;
    if (control && (c != '\n' || rule.spelling != Spelling::Lines))
      refuse(where, fmt::format("holds the control character {}", code));
  }
}

void check_number(const std::string& where, double number, const Rule& rule) {
  if (!std::isfinite(number)) refuse(where, "is not finite");
  if (number < rule.least) refuse(where, fmt::format("{} (at least {})", number, rule.least));
  if (number > rule.most) refuse(where, fmt::format("{} (at most {})", number, rule.most));
}

void check_count(const std::string& where, std::size_t count, const Rule& rule) {
  if (count > rule.many)
    refuse(where, fmt::format("has {} elements (at most {})", count, rule.many));
}

void refuse_kind(const std::string& where, const JsonValue& from, const char* wanted) {
  refuse(where, fmt::format("{} ({} is wanted)", show(from), wanted));
}

void refuse_word(const std::string& where, const std::string& text,
                 std::span<const std::string_view> known) {
  const std::vector<std::string> all(known.begin(), known.end());
  refuse(where, fmt::format("'{}' (one of {}){}", text.substr(0, 40), fmt::join(all, ", "),
                            suggestion(text, all)));
}

void refuse_unknown(const std::string& where, const JsonValue& from,
                    const std::vector<std::string>& known) {
  for (const std::string& name : from.names) {
    if (std::ranges::find(known, name) == known.end())
      refuse(where, fmt::format("knows no '{}' (it has {}){}", name.substr(0, 40),
                                fmt::join(known, ", "), suggestion(name, known)));
  }
}

void put_text_schema(std::string& out, const Rule& rule) {
  out += R"("type":"string")";
  if (rule.spelling == Spelling::Name) {
    out += R"(,"pattern":)";
    put_json(out, std::string_view(NamePattern));
    return;
  }
  if (rule.shortest > 0) out += fmt::format(R"(,"minLength":{})", rule.shortest);
  out += fmt::format(R"(,"maxLength":{})", rule.longest);
}

void put_number_schema(std::string& out, const char* type, const Rule& rule) {
  out += fmt::format(R"("type":"{}")", type);
  if (std::isfinite(rule.least)) out += fmt::format(R"(,"minimum":{})", rule.least);
  if (std::isfinite(rule.most)) out += fmt::format(R"(,"maximum":{})", rule.most);
}

void put_words_schema(std::string& out, std::span<const std::string_view> known) {
  out += R"("type":"string","enum":[)";
  for (std::size_t k = 0; k < known.size(); ++k) {
    if (k > 0) out += ',';
    put_json(out, known[k]);
  }
  out += ']';
}

}  // namespace twin::people
