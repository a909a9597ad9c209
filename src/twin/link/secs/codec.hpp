// SECS-II items as bytes (SEMI E5). The decoder takes what other makers send, wasteful length bytes
// too, and believes no length; the encoder writes the fewest bytes.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "twin/link/secs/item.hpp"

namespace twin::link::secs {

// What one item may cost, whatever its bytes claim.
struct Limits {
  std::size_t bytes = (16U << 20) + 64;  // of a frame, or given to decode(); the longest item fits
  std::size_t depth = 32;                // lists within lists
  std::size_t items = 1U << 20;          // in all
  std::size_t memory = 64U << 20;        // [bytes] allocated for the tree
  bool operator==(const Limits&) const = default;
};

enum class Flaw : std::uint8_t {
  None,
  Empty,         // no bytes, where an item must stand
  UnknownKind,   // a format code that E5 does not have
  NoLength,      // a format byte that promises no length bytes
  Truncated,     // fewer bytes left than the length says
  UnevenLength,  // not a multiple of the width of its numbers
  Trailing,      // bytes after the item
  TooLong,       // over Limits::bytes
  TooDeep,       // over Limits::depth
  TooManyItems,  // over Limits::items
  TooMuchMemory  // over Limits::memory
};
[[nodiscard]] std::string_view text_of(Flaw flaw) noexcept;

struct Malformed {
  Flaw flaw = Flaw::None;
  std::size_t offset = 0;  // [bytes] of the format byte at fault, from the beginning
  bool operator==(const Malformed&) const = default;
};
[[nodiscard]] std::string to_string(const Malformed& malformed);  // "byte 12: ..."

// Exactly one item, nothing behind it.
[[nodiscard]] std::variant<Item, Malformed> decode(std::span<const std::uint8_t> bytes,
                                                   const Limits& limits = {});

[[nodiscard]] std::size_t encoded_size(const Item& item) noexcept;  // [bytes]
void encode(const Item& item, std::vector<std::uint8_t>& to);       // appended
[[nodiscard]] std::vector<std::uint8_t> encoded(const Item& item);

}  // namespace twin::link::secs
