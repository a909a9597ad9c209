// A TOML file read by someone who means it: each key is asked for once, with its type and bounds, and
// what was not asked for is an error. Every error says file and line, what is wrong and what is meant.
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace twin::sheet {

struct Value;
using Values = std::vector<Value>;
using Entries = std::vector<std::pair<std::string, Value>>;  // in alphabetical order

struct Value {
  std::size_t line = 0;  // from 1
  std::variant<bool, std::int64_t, double, std::string, Values, Entries> is = false;
};

// The file's text as a table. twin::core::Error with line and column for what is no TOML, and for
// dates and times, which mean nothing here.
Value read_toml(std::string_view text, const std::string& file);

struct Range {  // both ends belong to it
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
  static constexpr double Tiny = std::numeric_limits<double>::min();
  static constexpr Range positive() { return {.least = Tiny}; }  // and finite
};

// One table of the file. `name` is how messages call it: "[model]".
class Sheet {
 public:
  Sheet(const Value& table, std::string file, std::string name);

  [[nodiscard]] bool has(const std::string& key) const;
  // What stands there, or the fallback; without one the key is needed. twin::core::Error.
  double number(const std::string& key, Range range, std::optional<double> fallback = {});
  std::int64_t integer(const std::string& key, Range range,
                       std::optional<std::int64_t> fallback = {});
  std::string text(const std::string& key, std::optional<std::string> fallback = {});
  std::string choice(const std::string& key, std::span<const std::string> known,
                     std::optional<std::string> fallback = {});
  bool yes(const std::string& key, bool fallback);
  std::vector<std::string> texts(const std::string& key);  // a list; nothing: empty
  std::vector<double> numbers(const std::string& key);     // a list; nothing: empty
  using Label = std::variant<std::int64_t, std::string>;   // a whole number or a text
  Label label(const std::string& key);                     // needed
  std::vector<Label> labels(const std::string& key);       // a list; nothing: empty
  Sheet table(const std::string& key);                     // nothing: empty
  std::vector<Sheet> tables(const std::string& key);       // [[key]]; one or more are needed
  std::vector<std::string> keys() const;                   // all that stand there

  // Error unless every key was asked for; the nearest of those that were is suggested.
  void finish() const;
  // An error at this key's line (the table's, where the key is not given).
  [[noreturn]] void refuse(const std::string& key, const std::string& message) const;

 private:
  const Value* find(const std::string& key);  // and remembers that it was asked for
  [[noreturn]] void need(const std::string& key) const;
  [[noreturn]] void wrong_type(const std::string& key, const Value& value,
                               const std::string& wanted) const;
  template <class T>
  T in_range(const std::string& key, T value, Range range) const;

  Value table_;
  std::string file_, name_;
  std::set<std::string> asked_;
};

}  // namespace twin::sheet
