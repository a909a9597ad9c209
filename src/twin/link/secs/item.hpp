// What SECS-II messages are made of (SEMI E5): a tree of lists, texts and arrays of numbers. An Item
// is a regular value that holds its data as they go over the wire (big-endian), so that what came
// is what is kept, and integers are read whatever width a peer chose for them.
#pragma once
#include <array>
#include <bit>
#include <compare>
#include <concepts>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "twin/core/expect.hpp"

namespace twin::link::secs {

// The format codes of E5, in octal as the field writes them.
enum class Kind : std::uint8_t {
  List = 000,
  Binary = 010,
  Boolean = 011,
  Ascii = 020,
  Jis = 021,        // JIS-8
  Localized = 022,  // two bytes that name the encoding, then text in it
  I8 = 030,
  I1 = 031,
  I2 = 032,
  I4 = 034,
  F8 = 040,
  F4 = 044,
  U8 = 050,
  U1 = 051,
  U2 = 052,
  U4 = 054,
};
inline constexpr std::array AllKinds = {Kind::List, Kind::Binary,    Kind::Boolean, Kind::Ascii,
                                        Kind::Jis,  Kind::Localized, Kind::I8,      Kind::I1,
                                        Kind::I2,   Kind::I4,        Kind::F8,      Kind::F4,
                                        Kind::U8,   Kind::U1,        Kind::U2,      Kind::U4};

// [bytes] of one value of an array; 1 for texts and binary, 0 for a list and for no kind at all.
[[nodiscard]] constexpr std::size_t width_of(Kind kind) noexcept {
  switch (kind) {
    case Kind::Binary:
    case Kind::Boolean:
    case Kind::Ascii:
    case Kind::Jis:
    case Kind::Localized:
    case Kind::I1:
    case Kind::U1: return 1;
    case Kind::I2:
    case Kind::U2: return 2;
    case Kind::I4:
    case Kind::U4:
    case Kind::F4: return 4;
    case Kind::I8:
    case Kind::U8:
    case Kind::F8: return 8;
    default: return 0;
  }
}
[[nodiscard]] constexpr bool is_kind(std::uint8_t code) noexcept {
  return code == 0 || width_of(Kind{code}) != 0;
}
[[nodiscard]] std::string_view name_of(Kind kind) noexcept;  // as SML writes it: "L", "U4", "A"

inline constexpr std::size_t LengthMax = 0xFF'FF'FF;  // three length bytes: items, or bytes of data

// What an identifier (CEID, RPTID, SVID ...) means whatever its format: a peer that was told U4 200
// may answer U1 200. A number is never equal to a text.
class Key {
 public:
  Key() = default;
  Key(std::integral auto number) : value_(static_cast<std::int64_t>(number)) {}  // NOLINT
  Key(std::string_view text) : value_(std::string(text)) {}                      // NOLINT
  Key(const char* text) : value_(std::string(text)) {}                           // NOLINT
  [[nodiscard]] bool is_text() const noexcept { return value_.index() == 1; }
  // Each expects that it is one.
  [[nodiscard]] std::int64_t number() const { return std::get<0>(value_); }
  [[nodiscard]] const std::string& text() const { return std::get<1>(value_); }
  auto operator<=>(const Key&) const = default;
  bool operator==(const Key&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("value", self.value_);
  }

 private:
  std::variant<std::int64_t, std::string> value_ = std::int64_t{0};
};
[[nodiscard]] std::string to_string(const Key& key);  // 5001, or "LOT"

class Item {
 public:
  Item() noexcept : small_{} {}  // the empty list
  explicit Item(std::vector<Item> items);
  // Data as on the wire, big-endian: a multiple of the kind's width, LengthMax at most. Not a list.
  Item(Kind kind, std::span<const std::uint8_t> bytes);
  Item(const Item& other);
  Item(Item&& other) noexcept : small_{} { take(other); }
  Item& operator=(const Item& other) {
    if (this != &other) *this = Item(other);
    return *this;
  }
  Item& operator=(Item&& other) noexcept {
    if (this != &other) {
      clear();
      take(other);
    }
    return *this;
  }
  ~Item() { clear(); }

  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  [[nodiscard]] bool is_list() const noexcept { return kind_ == Kind::List; }
  [[nodiscard]] bool is_text() const noexcept {
    return kind_ == Kind::Ascii || kind_ == Kind::Jis || kind_ == Kind::Localized;
  }
  // How many values it holds: items of a list, bytes of a text, numbers of an array.
  [[nodiscard]] std::size_t count() const noexcept {
    return is_list() ? items().size() : length_ / width_of(kind_);
  }
  [[nodiscard]] bool empty() const noexcept { return count() == 0; }

  // The data as on the wire; nothing for a list.
  [[nodiscard]] std::span<const std::uint8_t> bytes() const noexcept {
    if (is_list()) return {};
    return {length_ <= Small ? small_.data() : large_, length_};
  }
  [[nodiscard]] std::span<const Item> items() const noexcept;  // nothing unless it is a list
  // The item at a path of positions, item.at(2, 0, 1); nullptr where there is none.
  [[nodiscard]] const Item* at() const noexcept { return this; }
  template <std::integral First, std::integral... Rest>
  [[nodiscard]] const Item* at(First position, Rest... rest) const noexcept {
    const auto all = items();
    const auto k = static_cast<std::size_t>(position);
    return k < all.size() ? all[k].at(rest...) : nullptr;
  }
  void add(Item item);  // to a list

  // The k-th value read as a number: integers of any width, B and BOOLEAN; as_f64 floating point
  // too. Nothing where there is none or it does not fit.
  [[nodiscard]] std::optional<std::uint64_t> as_u64(std::size_t k = 0) const noexcept;
  [[nodiscard]] std::optional<std::int64_t> as_i64(std::size_t k = 0) const noexcept;
  [[nodiscard]] std::optional<double> as_f64(std::size_t k = 0) const noexcept;
  [[nodiscard]] std::optional<bool> as_bool(std::size_t k = 0) const noexcept;  // not 0
  // The characters of A, J and (without its encoding) a localized string, as they came. A view of
  // this item.
  [[nodiscard]] std::optional<std::string_view> as_text() const noexcept;
  [[nodiscard]] std::optional<std::uint16_t> encoding() const noexcept;  // of a localized string
  // What it identifies: exactly one integer within 64 bits with sign, or a text.
  [[nodiscard]] std::optional<Key> as_key() const;

  // The same kind and the same bytes: a NaN equals itself, and U1 5 is not U2 5 (see Key).
  friend bool operator==(const Item& a, const Item& b) noexcept;

  // Saved as the bytes of the wire.
  template <class A>
  static void fields(A& archive, auto& self) {
    std::vector<std::uint8_t> wire;
    if constexpr (!A::Loading) wire = to_wire(self);
    archive("wire", wire);
    if constexpr (A::Loading) self = of_wire(wire);
  }

  // [bytes] that an item keeps within itself; longer data lie in a block of their own.
  static constexpr std::size_t Small = 24;

 private:
  void clear() noexcept;
  void take(Item& other) noexcept;  // into a cleared one
  [[nodiscard]] static std::vector<std::uint8_t> to_wire(const Item& item);
  [[nodiscard]] static Item of_wire(std::span<const std::uint8_t> bytes);  // core::Error

  Kind kind_ = Kind::List;
  std::uint32_t length_ = 0;  // [bytes] of data; 1 for a list that has items, else 0
  union {
    std::array<std::uint8_t, Small> small_;  // length_ <= Small
    std::uint8_t* large_;                    // length_ > Small; owned
    std::vector<Item> items_;                // a list with length_ 1
  };
};

// Building: list(u4(0), ascii("LOT42"), f8(1.5, 2.5)). A number that does not fit is our own
// mistake. Without arguments: the empty item of that kind, which is legal and means something.
template <class... I>
requires(std::same_as<std::remove_cvref_t<I>, Item>&&...) [[nodiscard]] Item list(I&&... items) {
  std::vector<Item> all;
  all.reserve(sizeof...(I));
  (all.push_back(std::forward<I>(items)), ...);
  return Item(std::move(all));
}
[[nodiscard]] inline Item list(std::vector<Item> items) { return Item(std::move(items)); }
[[nodiscard]] Item ascii(std::string_view text);
[[nodiscard]] Item jis(std::string_view bytes);
[[nodiscard]] Item localized(std::uint16_t encoding, std::string_view bytes);
[[nodiscard]] Item binary(std::span<const std::uint8_t> bytes);

// The array of these values; each must fit T (int8 .. uint64, float, double, bool).
template <class T>
[[nodiscard]] Item array_of(std::span<const T> values);

namespace detail {
template <class T, class V>
[[nodiscard]] T fitted(V value) {
  if constexpr (std::integral<T> && !std::same_as<T, bool> && std::integral<V>) {
    if constexpr (std::same_as<V, bool> || std::same_as<V, char>) {
      return static_cast<T>(value);
    } else {
      TWIN_EXPECT(std::in_range<T>(value), value);
      return static_cast<T>(value);
    }
  } else {
    return static_cast<T>(value);
  }
}
template <class T, class... V>
[[nodiscard]] Item numbers(V... value) {
  const std::array<T, sizeof...(V)> values{fitted<T>(value)...};
  return array_of<T>(std::span<const T>(values));
}
}  // namespace detail

// clang-format off
template <std::integral... V> [[nodiscard]] Item i1(V... value) { return detail::numbers<std::int8_t>(value...); }
template <std::integral... V> [[nodiscard]] Item i2(V... value) { return detail::numbers<std::int16_t>(value...); }
template <std::integral... V> [[nodiscard]] Item i4(V... value) { return detail::numbers<std::int32_t>(value...); }
template <std::integral... V> [[nodiscard]] Item i8(V... value) { return detail::numbers<std::int64_t>(value...); }
template <std::integral... V> [[nodiscard]] Item u1(V... value) { return detail::numbers<std::uint8_t>(value...); }
template <std::integral... V> [[nodiscard]] Item u2(V... value) { return detail::numbers<std::uint16_t>(value...); }
template <std::integral... V> [[nodiscard]] Item u4(V... value) { return detail::numbers<std::uint32_t>(value...); }
template <std::integral... V> [[nodiscard]] Item u8(V... value) { return detail::numbers<std::uint64_t>(value...); }
template <class... V> [[nodiscard]] Item f4(V... value) { return detail::numbers<float>(value...); }
template <class... V> [[nodiscard]] Item f8(V... value) { return detail::numbers<double>(value...); }
template <std::same_as<bool>... V> [[nodiscard]] Item boolean(V... value) { return detail::numbers<bool>(value...); }
// clang-format on
template <std::integral... V>
[[nodiscard]] Item binary(V... value) {
  const std::array<std::uint8_t, sizeof...(V)> bytes{detail::fitted<std::uint8_t>(value)...};
  return Item(Kind::Binary, bytes);
}

// One value in a format that is known only at run time (a tool's file says "CEID: U4"); a text for
// A and J. Nothing if it does not fit that format.
[[nodiscard]] std::optional<Item> item_of(Kind kind, std::int64_t value);
[[nodiscard]] std::optional<Item> item_of(Kind kind, const Key& key);

void PrintTo(const Item& item, std::ostream* out);  // as SML, in tests

}  // namespace twin::link::secs
