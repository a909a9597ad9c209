#include "twin/sheet/sheet.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cmath>

#include "twin/core/error.hpp"
#include "twin/core/nearest.hpp"

namespace twin::sheet {
namespace {

using twin::core::Error;
using twin::core::Place;

Value value_of(const toml::node& node, const std::string& file) {
  Value value;
  value.line = node.source().begin.line;
  if (const auto* b = node.as_boolean()) {
    value.is = b->get();
  } else if (const auto* i = node.as_integer()) {
    value.is = i->get();
  } else if (const auto* f = node.as_floating_point()) {
    value.is = f->get();
  } else if (const auto* s = node.as_string()) {
    value.is = s->get();
  } else if (const auto* array = node.as_array()) {
    Values all;
    for (const auto& element : *array) all.push_back(value_of(element, file));
    value.is = std::move(all);
  } else if (const auto* table = node.as_table()) {
    Entries all;
    for (const auto& [key, element] : *table) {
      all.emplace_back(std::string(key.str()), value_of(element, file));
    }
    value.is = std::move(all);
  } else {
    throw Error(Place{file, value.line, {}}, "a date or time (nothing here takes one)");
  }
  return value;
}

// toml++ goes down a dotted key by calling itself, as deep as the key is long: a file of 200 kB would
// end the program. Dots count outside of texts and comments, between what can separate two keys.
constexpr int DotsMax = 16;
void refuse_deep_keys(std::string_view text, const std::string& file) {
  std::size_t line = 1;
  int dots = 0;
  const auto skip_text = [&](std::size_t k) {  // from its first quote to its last one
    const char quote = text[k];
    const bool many = text.substr(k, 3) == std::string(3, quote);
    for (k += many ? 3 : 1; k < text.size(); ++k) {
      if (text[k] == '\n') {
        if (!many) return k - 1;  // no TOML; the parser says so
        ++line;
      }
      if (text[k] == '\\' && quote == '"') {
        if (k + 1 < text.size() && text[k + 1] != '\n') ++k;
      } else if (many ? text.substr(k, 3) == std::string(3, quote) : text[k] == quote) {
        return many ? k + 2 : k;
      }
    }
    return k;
  };
  for (std::size_t k = 0; k < text.size(); ++k) {
    const char c = text[k];
    if (c == '#') k = std::min(text.find('\n', k), text.size()) - 1;
    if (c == '"' || c == '\'') k = skip_text(k);
    if (c == '\n') ++line;
    if (std::string_view("=,[]{}\n").find(c) != std::string_view::npos) dots = 0;
    if (c == '.' && ++dots > DotsMax)
      throw Error(Place{file, line, {}},
                  fmt::format("no TOML (a key of more than {} parts)", DotsMax + 1));
  }
}

std::string shown(const Value& value) {
  struct Show {
    std::string operator()(bool b) const { return b ? "true" : "false"; }
    std::string operator()(std::int64_t i) const { return fmt::format("{}", i); }
    std::string operator()(double d) const { return fmt::format("{}", d); }
    std::string operator()(const std::string& s) const { return "\"" + s + "\""; }
    std::string operator()(const Values&) const { return "[...]"; }
    std::string operator()(const Entries&) const { return "{...}"; }
  };
  return std::visit(Show(), value.is);
}

std::string guess(const std::string& word, std::span<const std::string> known) {
  const auto near = twin::core::nearest(word, known);
  return near ? " did you mean " + *near + "?" : std::string();
}

}  // namespace

Value read_toml(std::string_view text, const std::string& file) {
  refuse_deep_keys(text, file);
  try {
    return value_of(toml::parse(text, file), file);
  } catch (const toml::parse_error& e) {
    throw Error(Place{file, e.source().begin.line, fmt::format("{}", e.source().begin.column)},
                fmt::format("no TOML ({})", e.description()));
  }
}

Sheet::Sheet(const Value& table, std::string file, std::string name)
    : table_(table), file_(std::move(file)), name_(std::move(name)) {}

bool Sheet::has(const std::string& key) const {
  return std::ranges::any_of(std::get<Entries>(table_.is),
                             [&](const auto& entry) { return entry.first == key; });
}

const Value* Sheet::find(const std::string& key) {
  asked_.insert(key);
  for (const auto& [name, value] : std::get<Entries>(table_.is)) {
    if (name == key) return &value;
  }
  return nullptr;
}

void Sheet::refuse(const std::string& key, const std::string& message) const {
  std::size_t line = table_.line;
  for (const auto& [name, value] : std::get<Entries>(table_.is)) {
    if (name == key) line = value.line;
  }
  throw Error(Place{file_, line, {}}, message);
}

void Sheet::need(const std::string& key) const {
  refuse(key,
         fmt::format("{} has no '{}' (it is needed)", name_.empty() ? "the file" : name_, key));
}

void Sheet::wrong_type(const std::string& key, const Value& value,
                       const std::string& wanted) const {
  refuse(key, fmt::format("{} = {} (must be {})", key, shown(value), wanted));
}

template <class T>
T Sheet::in_range(const std::string& key, T value, Range range) const {
  const double v = static_cast<double>(value);
  if (v >= range.least && v <= range.most && std::isfinite(v)) return value;
  const bool above = range.least > -std::numeric_limits<double>::infinity();
  const bool below = range.most < std::numeric_limits<double>::infinity();
  std::string bounds = "finite";
  if (range.least == Range::Tiny && !below) {
    bounds = "positive and finite";
  } else if (range.least == Range::Tiny) {
    bounds = fmt::format("above 0, at most {}", range.most);
  } else if (above && below) {
    bounds = fmt::format("from {} to {}", range.least, range.most);
  } else if (above) {
    bounds = fmt::format("at least {}", range.least);
  } else if (below) {
    bounds = fmt::format("at most {}", range.most);
  }
  refuse(key, fmt::format("{} = {} (must be {})", key, value, bounds));
}

double Sheet::number(const std::string& key, Range range, std::optional<double> fallback) {
  const Value* value = find(key);
  if (value == nullptr) {
    if (!fallback) need(key);
    return *fallback;
  }
  if (const auto* i = std::get_if<std::int64_t>(&value->is)) {
    return in_range(key, static_cast<double>(*i), range);
  }
  const auto* d = std::get_if<double>(&value->is);
  if (d == nullptr) wrong_type(key, *value, "a number");
  return in_range(key, *d, range);
}

std::int64_t Sheet::integer(const std::string& key, Range range,
                            std::optional<std::int64_t> fallback) {
  const Value* value = find(key);
  if (value == nullptr) {
    if (!fallback) need(key);
    return *fallback;
  }
  const auto* i = std::get_if<std::int64_t>(&value->is);
  if (i == nullptr) wrong_type(key, *value, "a whole number");
  return in_range(key, *i, range);
}

std::string Sheet::text(const std::string& key, std::optional<std::string> fallback) {
  const Value* value = find(key);
  if (value == nullptr) {
    if (!fallback) need(key);
    return *fallback;
  }
  const auto* s = std::get_if<std::string>(&value->is);
  if (s == nullptr) wrong_type(key, *value, "a text in quotes");
  return *s;
}

std::string Sheet::choice(const std::string& key, std::span<const std::string> known,
                          std::optional<std::string> fallback) {
  const bool given = has(key);
  const std::string word = text(key, std::move(fallback));
  if (given && std::ranges::find(known, word) == known.end()) {
    refuse(key, fmt::format("{} = \"{}\" (one of {}){}", key, word, fmt::join(known, ", "),
                            guess(word, known)));
  }
  return word;
}

bool Sheet::yes(const std::string& key, bool fallback) {
  const Value* value = find(key);
  if (value == nullptr) return fallback;
  const auto* b = std::get_if<bool>(&value->is);
  if (b == nullptr) wrong_type(key, *value, "true or false");
  return *b;
}

std::vector<std::string> Sheet::texts(const std::string& key) {
  const Value* value = find(key);
  if (value == nullptr) return {};
  std::vector<std::string> all;
  const auto* list = std::get_if<Values>(&value->is);
  if (list == nullptr) wrong_type(key, *value, "a list of texts");
  for (const Value& one : *list) {
    const auto* s = std::get_if<std::string>(&one.is);
    if (s == nullptr) wrong_type(key, *value, "a list of texts");
    all.push_back(*s);
  }
  return all;
}

std::vector<double> Sheet::numbers(const std::string& key) {
  const Value* value = find(key);
  if (value == nullptr) return {};
  std::vector<double> all;
  const auto* list = std::get_if<Values>(&value->is);
  if (list == nullptr) wrong_type(key, *value, "a list of numbers");
  for (const Value& one : *list) {
    const auto* d = std::get_if<double>(&one.is);
    const auto* i = std::get_if<std::int64_t>(&one.is);
    if (d == nullptr && i == nullptr) wrong_type(key, *value, "a list of numbers");
    all.push_back(d != nullptr ? *d : static_cast<double>(*i));
    if (!std::isfinite(all.back())) wrong_type(key, *value, "a list of finite numbers");
  }
  return all;
}

Sheet::Label Sheet::label(const std::string& key) {
  const Value* value = find(key);
  if (value == nullptr) need(key);
  if (const auto* i = std::get_if<std::int64_t>(&value->is)) return *i;
  const auto* s = std::get_if<std::string>(&value->is);
  if (s == nullptr) wrong_type(key, *value, "a whole number or a text in quotes");
  return *s;
}

std::vector<Sheet::Label> Sheet::labels(const std::string& key) {
  const Value* value = find(key);
  if (value == nullptr) return {};
  std::vector<Label> all;
  const auto* list = std::get_if<Values>(&value->is);
  if (list == nullptr) wrong_type(key, *value, "a list of whole numbers or texts");
  for (const Value& one : *list) {
    if (const auto* i = std::get_if<std::int64_t>(&one.is)) {
      all.emplace_back(*i);
    } else if (const auto* s = std::get_if<std::string>(&one.is)) {
      all.emplace_back(*s);
    } else {
      wrong_type(key, *value, "a list of whole numbers or texts");
    }
  }
  return all;
}

Sheet Sheet::table(const std::string& key) {
  const Value* value = find(key);
  const std::string name = name_.empty() ? "[" + key + "]" : name_ + "." + key;
  if (value == nullptr) return {Value{.line = table_.line, .is = Entries()}, file_, name};
  if (!std::holds_alternative<Entries>(value->is)) wrong_type(key, *value, "a table");
  return {*value, file_, name};
}

std::vector<Sheet> Sheet::tables(const std::string& key) {
  const Value* value = find(key);
  const std::string name = "[[" + key + "]]";
  if (value == nullptr) {
    refuse(key, fmt::format("no {} (one or more are needed)", name));
  }
  const auto* list = std::get_if<Values>(&value->is);
  if (list == nullptr || list->empty()) wrong_type(key, *value, "one or more tables " + name);
  std::vector<Sheet> all;
  for (const Value& one : *list) {
    if (!std::holds_alternative<Entries>(one.is)) {
      wrong_type(key, *value, "one or more tables " + name);
    }
    all.emplace_back(one, file_, name);
  }
  return all;
}

std::vector<std::string> Sheet::keys() const {
  std::vector<std::string> all;
  for (const auto& entry : std::get<Entries>(table_.is)) all.push_back(entry.first);
  return all;
}

void Sheet::finish() const {
  const std::vector<std::string> known(asked_.begin(), asked_.end());
  for (const auto& [key, value] : std::get<Entries>(table_.is)) {
    if (asked_.contains(key)) continue;
    refuse(key, fmt::format("unknown key '{}' ({} has no such key){}", key,
                            name_.empty() ? "the file" : name_, guess(key, known)));
  }
}

}  // namespace twin::sheet
