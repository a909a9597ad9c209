// JSON (RFC 8259) from outside as a plain value, read strictly: bounded depth, no name twice in one
// object, nothing behind it. What its members must be is said by the tables (table.hpp).
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace twin::people {

struct JsonValue {
  enum class Kind : std::uint8_t { Null, Truth, Whole, Number, Text, List, Object };
  Kind kind = Kind::Null;
  bool truth = false;
  std::int64_t whole = 0;                // of a Whole
  double number = 0.0;                   // of a Number or a Whole
  std::string text = {};                 // UTF-8
  std::vector<std::string> names = {};   // [member]
  std::vector<JsonValue> elements = {};  // [element], of an object: [member]

  [[nodiscard]] const JsonValue* find(std::string_view name) const;  // nullptr: no such member
};

inline constexpr std::size_t JsonDepthMax = 16;

// Throws core::Error "WHAT: byte 17: why"; bytes count from 1.
[[nodiscard]] JsonValue parse_json(std::string_view json, std::string_view what);

// Appends the text in quotes; bytes that are no UTF-8 become U+FFFD.
void put_json(std::string& out, std::string_view text);
// Appends the shortest digits that are read as the same number, which must be finite.
void put_json(std::string& out, double number);

}  // namespace twin::people
