// One table a type says all about its members: name, what values are allowed, and what it means. From it
// follow the archive's fields, JSON written and read, its checks, and the JSON Schema (2020-12) that
// outsiders check against. A type has `static constexpr const char* Name`, and
//   static void table(auto& t, auto& self) { t("low", self.low, Any, "the lower end [d]"); ... }
// and may have `std::string wrong() const`: what is wrong between its members, if anything is.
#pragma once
#include <concepts>
#include <cstddef>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "twin/core/fields.hpp"
#include "twin/people/json_value.hpp"

namespace twin::people {

enum class Spelling : std::uint8_t {
  Line,   // text without control characters
  Lines,  // with line feeds
  Name,   // as the guard's names: visible ASCII without " \ , =
};

struct Rule {
  double least = -std::numeric_limits<double>::infinity();  // of a number
  double most = std::numeric_limits<double>::infinity();
  std::size_t shortest = 0, longest = 300;  // [characters] of a text
  std::size_t many = 64;                    // [elements] of a list, at most
  Spelling spelling = Spelling::Line;
};
inline constexpr Rule Any{};
inline constexpr Rule NotNegative{.least = 0};
inline constexpr Rule Share{.least = 0, .most = 1};  // probabilities too
inline constexpr Rule AName{.shortest = 1, .longest = 64, .spelling = Spelling::Name};
inline constexpr Rule ALine{.shortest = 1};
inline constexpr Rule Prose{.longest = 4'000, .spelling = Spelling::Lines};
inline constexpr const char* NamePattern = R"(^(?!-$)[!#-+\-.-<>-\[\]-~]{1,64}$)";

[[nodiscard]] bool is_name(std::string_view word);

namespace detail {
struct TableProbe {
  template <class T>
  void operator()(const char*, T&, const Rule&, const char*) const {}
};
}  // namespace detail

template <class T>
concept Tabled = requires(detail::TableProbe& probe, T& x) {
  T::Name;
  T::table(probe, x);
};
template <class T>  // written as a word: Digest, Bits64
concept Spelled = requires(const T& x) {
  { x.show() } -> std::same_as<std::string>;
  { T::read(std::string_view()) } -> std::same_as<std::optional<T>>;
  T::Pattern;
};
template <
    class
    T>  // std::span<const std::string_view> words(T): [value] its words, found by its namespace
concept Worded = std::is_enum_v<T> && requires(T x) {
  words(x);
};

template <Worded E>
std::string_view word(E x) {
  return words(x)[static_cast<std::size_t>(x)];
}

// What `fields` of a tabled type is.
template <class A, class T>
void fields_of_table(A& archive, T& self) {
  const auto member = [&archive](const char* name, auto& x, const Rule&, const char*) {
    archive(name, x);
  };
  std::remove_const_t<T>::table(member, self);
}

// Throws core::Error "WHERE: why".
[[noreturn]] void refuse(const std::string& where, const std::string& why);
void check_text(const std::string& where, const std::string& text, const Rule& rule);
void check_number(const std::string& where, double number, const Rule& rule);
void check_count(const std::string& where, std::size_t count, const Rule& rule);

// Refuses a value whose members are not as its table says.
template <class T>
void check(const T& x, const std::string& where, const Rule& rule = Any) {
  if constexpr (core::String<T>) {
    check_text(where, x, rule);
  } else if constexpr (std::is_same_v<T, bool> || Spelled<T>) {
  } else if constexpr (Worded<T>) {
    if (static_cast<std::size_t>(x) >= words(x).size()) refuse(where, "is no such word");
  } else if constexpr (std::is_arithmetic_v<T>) {
    check_number(where, static_cast<double>(x), rule);
  } else if constexpr (core::Optional<T>) {
    if (x) check(*x, where, rule);
  } else if constexpr (core::Vector<T>) {
    check_count(where, x.size(), rule);
    for (std::size_t k = 0; k < x.size(); ++k)
      check(x[k], where + "[" + std::to_string(k) + "]", rule);
  } else {
    static_assert(Tabled<T>);
    const auto member = [&where](const char* name, const auto& m, const Rule& r, const char*) {
      check(m, where + "." + name, r);
    };
    T::table(member, x);
    if constexpr (requires { x.wrong(); }) {
      if (const std::string why = x.wrong(); !why.empty()) refuse(where, why);
    }
  }
}

// Appends one line of JSON; members in the order of the table, those that are not there left out.
template <class T>
void put_value(std::string& out, const T& x) {
  if constexpr (core::String<T>) {
    put_json(out, std::string_view(x));
  } else if constexpr (std::is_same_v<T, bool>) {
    out += x ? "true" : "false";
  } else if constexpr (Spelled<T>) {
    out += '"' + x.show() + '"';
  } else if constexpr (Worded<T>) {
    put_json(out, word(x));
  } else if constexpr (std::is_integral_v<T>) {
    out += std::to_string(x);
  } else if constexpr (std::is_floating_point_v<T>) {
    put_json(out, x);
  } else if constexpr (core::Vector<T>) {
    out += '[';
    for (std::size_t k = 0; k < x.size(); ++k) {
      if (k > 0) out += ',';
      put_value(out, x[k]);
    }
    out += ']';
  } else {
    static_assert(Tabled<T>);
    out += '{';
    bool first = true;
    const auto member = [&](const char* name, const auto& m, const Rule&, const char*) {
      const auto put = [&](const auto& value) {
        if (!first) out += ',';
        first = false;
        put_json(out, std::string_view(name));
        out += ':';
        put_value(out, value);
      };
      if constexpr (core::Optional<std::remove_cvref_t<decltype(m)>>) {
        if (m) put(*m);
      } else {
        put(m);
      }
    };
    T::table(member, x);
    out += '}';
  }
}
template <class T>
[[nodiscard]] std::string to_json(const T& x) {
  std::string out;
  put_value(out, x);
  return out;
}

[[noreturn]] void refuse_kind(const std::string& where, const JsonValue& from, const char* wanted);
[[noreturn]] void refuse_word(const std::string& where, const std::string& text,
                              std::span<const std::string_view> known);
void refuse_unknown(const std::string& where, const JsonValue& from,
                    const std::vector<std::string>& known);

template <class T>
void read_value(T& x, const JsonValue& from, const std::string& where) {
  using Kind = JsonValue::Kind;
  if constexpr (core::String<T>) {
    if (from.kind != Kind::Text) refuse_kind(where, from, "a text");
    x = from.text;
  } else if constexpr (std::is_same_v<T, bool>) {
    if (from.kind != Kind::Truth) refuse_kind(where, from, "true or false");
    x = from.truth;
  } else if constexpr (Spelled<T>) {
    const auto read = from.kind == Kind::Text ? T::read(from.text) : std::nullopt;
    if (!read) refuse_kind(where, from, T::Pattern);
    x = *read;
  } else if constexpr (Worded<T>) {
    if (from.kind != Kind::Text) refuse_kind(where, from, "a word");
    const auto known = words(T());
    std::size_t k = 0;
    while (k < known.size() && known[k] != from.text) ++k;
    if (k == known.size()) refuse_word(where, from.text, known);
    x = static_cast<T>(k);
  } else if constexpr (std::is_integral_v<T>) {
    if (from.kind != Kind::Whole || !std::in_range<T>(from.whole))
      refuse_kind(where, from, "a whole number");
    x = static_cast<T>(from.whole);
  } else if constexpr (std::is_floating_point_v<T>) {
    if (from.kind != Kind::Number && from.kind != Kind::Whole) refuse_kind(where, from, "a number");
    x = from.number;
  } else if constexpr (core::Vector<T>) {
    if (from.kind != Kind::List) refuse_kind(where, from, "a list");
    x.clear();
    for (std::size_t k = 0; k < from.elements.size(); ++k)
      read_value(x.emplace_back(), from.elements[k], where + "[" + std::to_string(k) + "]");
  } else {
    static_assert(Tabled<T>);
    if (from.kind != Kind::Object) refuse_kind(where, from, "an object");
    std::vector<std::string> known;
    const auto member = [&](const char* name, auto& m, const Rule&, const char*) {
      known.emplace_back(name);
      const JsonValue* found = from.find(name);
      if constexpr (core::Optional<std::remove_cvref_t<decltype(m)>>) {
        m.reset();
        if (found != nullptr) read_value(m.emplace(), *found, where + "." + name);
      } else {
        if (found == nullptr) refuse(where, std::string("has no '") + name + "'");
        read_value(m, *found, where + "." + name);
      }
    };
    T::table(member, x);
    refuse_unknown(where, from, known);
  }
}

// The value of a JSON text. Throws core::Error "WHAT.member: why".
template <class T>
[[nodiscard]] T from_json(std::string_view json, const std::string& what) {
  T x{};
  read_value(x, parse_json(json, what), what);
  check(x, what);
  return x;
}

// The schemas of tabled types by name; each refers to others as PREFIX + name.
using Schemas = std::map<std::string, std::string>;
void put_text_schema(std::string& out, const Rule& rule);
void put_number_schema(std::string& out, const char* type, const Rule& rule);
void put_words_schema(std::string& out, std::span<const std::string_view> known);

template <Tabled T>
void add_schema(Schemas& all, const std::string& prefix);

template <class T>
void put_schema(std::string& out, const Rule& rule, Schemas& all, const std::string& prefix) {
  if constexpr (core::String<T>) {
    put_text_schema(out, rule);
  } else if constexpr (std::is_same_v<T, bool>) {
    out += R"("type":"boolean")";
  } else if constexpr (Spelled<T>) {
    out += R"("type":"string","pattern":)";
    put_json(out, std::string_view(T::Pattern));
  } else if constexpr (Worded<T>) {
    put_words_schema(out, words(T()));
  } else if constexpr (std::is_arithmetic_v<T>) {
    Rule r = rule;
    if (std::is_unsigned_v<T> && r.least < 0) r.least = 0;
    put_number_schema(out, std::is_integral_v<T> ? "integer" : "number", r);
  } else if constexpr (core::Optional<T>) {
    put_schema<typename T::value_type>(out, rule, all, prefix);
  } else if constexpr (core::Vector<T>) {
    out += R"("type":"array","maxItems":)" + std::to_string(rule.many) + R"(,"items":{)";
    put_schema<typename T::value_type>(out, rule, all, prefix);
    out += '}';
  } else {
    static_assert(Tabled<T>);
    add_schema<T>(all, prefix);
    out += R"("$ref":)";
    put_json(out, std::string_view(prefix + T::Name));
  }
}

template <Tabled T>
void add_schema(Schemas& all, const std::string& prefix) {
  if (all.contains(T::Name)) return;
  all[T::Name];  // types may hold themselves
  std::string members, required;
  const auto member = [&](const char* name, auto& m, const Rule& rule, const char* meaning) {
    using M = std::remove_cvref_t<decltype(m)>;
    if (!members.empty()) members += ',';
    put_json(members, std::string_view(name));
    members += R"(:{"description":)";
    put_json(members, std::string_view(meaning));
    members += ',';
    put_schema<M>(members, rule, all, prefix);
    members += '}';
    if constexpr (!core::Optional<M>) {
      if (!required.empty()) required += ',';
      put_json(required, std::string_view(name));
    }
  };
  const T x{};
  T::table(member, x);
  all[T::Name] = R"({"type":"object","additionalProperties":false,"required":[)" + required +
                 R"(],"properties":{)" + members + "}}";
}

// A document of its own, the other types under $defs.
template <Tabled T>
[[nodiscard]] std::string json_schema() {
  Schemas all;
  add_schema<T>(all, "#/$defs/");
  std::string out = R"({"$schema":"https://json-schema.org/draft/2020-12/schema","$ref":"#/$defs/)";
  out += T::Name;
  out += R"(","$defs":{)";
  bool first = true;
  for (const auto& [name, schema] : all) {
    if (!first) out += ',';
    first = false;
    put_json(out, std::string_view(name));
    out += ':' + schema;
  }
  return out + "}}\n";
}

}  // namespace twin::people
