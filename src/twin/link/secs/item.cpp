#include "twin/link/secs/item.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <new>

namespace twin::link::secs {
namespace {

template <class T>
T big_endian(const std::uint8_t* from) noexcept {
  std::make_unsigned_t<T> value = 0;
  for (std::size_t k = 0; k < sizeof(T); ++k) {
    value = static_cast<std::make_unsigned_t<T>>((std::uint64_t{value} << 8U) | from[k]);
  }
  return static_cast<T>(value);
}

// An integer of the wire: its bits extended to 64, and whether they are below zero.
struct Whole {
  std::uint64_t bits;
  bool negative;
};

std::optional<Whole> whole(Kind kind, const std::uint8_t* at) noexcept {
  const auto with_sign = [](std::int64_t v) { return Whole{static_cast<std::uint64_t>(v), v < 0}; };
  switch (kind) {
    case Kind::Binary:
    case Kind::Boolean:
    case Kind::U1: return Whole{*at, false};
    case Kind::U2: return Whole{big_endian<std::uint16_t>(at), false};
    case Kind::U4: return Whole{big_endian<std::uint32_t>(at), false};
    case Kind::U8: return Whole{big_endian<std::uint64_t>(at), false};
    case Kind::I1: return with_sign(big_endian<std::int8_t>(at));
    case Kind::I2: return with_sign(big_endian<std::int16_t>(at));
    case Kind::I4: return with_sign(big_endian<std::int32_t>(at));
    case Kind::I8: return with_sign(big_endian<std::int64_t>(at));
    default: return {};
  }
}

std::span<const std::uint8_t> bytes_of(std::string_view text) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

template <class T>
constexpr Kind kind_of() noexcept {
  if constexpr (std::same_as<T, bool>) return Kind::Boolean;
  if constexpr (std::same_as<T, float>) return Kind::F4;
  if constexpr (std::same_as<T, double>) return Kind::F8;
  if constexpr (std::same_as<T, std::int8_t>) return Kind::I1;
  if constexpr (std::same_as<T, std::int16_t>) return Kind::I2;
  if constexpr (std::same_as<T, std::int32_t>) return Kind::I4;
  if constexpr (std::same_as<T, std::int64_t>) return Kind::I8;
  if constexpr (std::same_as<T, std::uint8_t>) return Kind::U1;
  if constexpr (std::same_as<T, std::uint16_t>) return Kind::U2;
  if constexpr (std::same_as<T, std::uint32_t>) return Kind::U4;
  return Kind::U8;
}

}  // namespace

std::string_view name_of(Kind kind) noexcept {
  switch (kind) {
    case Kind::List: return "L";
    case Kind::Binary: return "B";
    case Kind::Boolean: return "BOOLEAN";
    case Kind::Ascii: return "A";
    case Kind::Jis: return "J";
    case Kind::Localized: return "C";
    case Kind::I8: return "I8";
    case Kind::I1: return "I1";
    case Kind::I2: return "I2";
    case Kind::I4: return "I4";
    case Kind::F8: return "F8";
    case Kind::F4: return "F4";
    case Kind::U8: return "U8";
    case Kind::U1: return "U1";
    case Kind::U2: return "U2";
    case Kind::U4: return "U4";
  }
  return "?";
}

std::string to_string(const Key& key) {
  return key.is_text() ? '"' + key.text() + '"' : std::to_string(key.number());
}

Item::Item(std::vector<Item> items) : small_{} {
  TWIN_EXPECT(items.size() <= LengthMax, items.size());
  if (items.empty()) return;
  std::construct_at(&items_, std::move(items));
  length_ = 1;
}

Item::Item(Kind kind, std::span<const std::uint8_t> bytes)
    : kind_(kind), length_(static_cast<std::uint32_t>(bytes.size())), small_{} {
  const std::size_t width = width_of(kind);
  TWIN_EXPECT(width != 0 && bytes.size() % width == 0 && bytes.size() <= LengthMax,
              static_cast<int>(kind), bytes.size());
  std::uint8_t* to = small_.data();
  if (bytes.size() > Small) {
    large_ = new std::uint8_t[bytes.size()];
    to = large_;
  }
  if (!bytes.empty()) std::memcpy(to, bytes.data(), bytes.size());
}

Item::Item(const Item& other) : small_{} {
  if (other.is_list()) {
    if (other.length_ != 0) std::construct_at(&items_, other.items_);
    length_ = other.length_;
    return;
  }
  if (other.length_ > Small) {
    large_ = new std::uint8_t[other.length_];
    std::memcpy(large_, other.large_, other.length_);
  } else {
    small_ = other.small_;
  }
  kind_ = other.kind_;
  length_ = other.length_;
}

void Item::clear() noexcept {
  if (is_list()) {
    if (length_ != 0) std::destroy_at(&items_);
  } else if (length_ > Small) {
    delete[] large_;
  }
  kind_ = Kind::List;
  length_ = 0;
}

void Item::take(Item& other) noexcept {
  if (other.is_list() && other.length_ != 0) {
    std::construct_at(&items_, std::move(other.items_));
    std::destroy_at(&other.items_);
  } else if (other.length_ > Small) {
    large_ = other.large_;
  } else {
    small_ = other.small_;
  }
  kind_ = std::exchange(other.kind_, Kind::List);
  length_ = std::exchange(other.length_, 0U);
}

std::span<const Item> Item::items() const noexcept {
  if (!is_list() || length_ == 0) return {};
  return items_;
}

void Item::add(Item item) {
  TWIN_EXPECT(is_list() && items().size() < LengthMax, static_cast<int>(kind_));
  if (length_ == 0) {
    std::construct_at(&items_);
    length_ = 1;
  }
  items_.push_back(std::move(item));
}

std::optional<std::uint64_t> Item::as_u64(std::size_t k) const noexcept {
  if (is_list() || k >= count()) return {};
  const auto value = whole(kind_, bytes().data() + k * width_of(kind_));
  if (!value || value->negative) return {};
  return value->bits;
}

std::optional<std::int64_t> Item::as_i64(std::size_t k) const noexcept {
  if (is_list() || k >= count()) return {};
  const auto value = whole(kind_, bytes().data() + k * width_of(kind_));
  if (!value) return {};
  const auto number = static_cast<std::int64_t>(value->bits);
  if (!value->negative && number < 0) return {};
  return number;
}

std::optional<double> Item::as_f64(std::size_t k) const noexcept {
  if (is_list() || k >= count()) return {};
  const std::uint8_t* at = bytes().data() + k * width_of(kind_);
  if (kind_ == Kind::F8) return std::bit_cast<double>(big_endian<std::uint64_t>(at));
  if (kind_ == Kind::F4) {
    return static_cast<double>(std::bit_cast<float>(big_endian<std::uint32_t>(at)));
  }
  const auto value = whole(kind_, at);
  if (!value) return {};
  return value->negative ? static_cast<double>(static_cast<std::int64_t>(value->bits))
                         : static_cast<double>(value->bits);
}

std::optional<bool> Item::as_bool(std::size_t k) const noexcept {
  if (is_list() || k >= count()) return {};
  const auto value = whole(kind_, bytes().data() + k * width_of(kind_));
  if (!value) return {};
  return value->bits != 0;
}

std::optional<std::string_view> Item::as_text() const noexcept {
  if (!is_text()) return {};
  auto all = bytes();
  if (kind_ == Kind::Localized) {
    if (all.size() < 2) return {};
    all = all.subspan(2);
  }
  return std::string_view(reinterpret_cast<const char*>(all.data()), all.size());
}

std::optional<std::uint16_t> Item::encoding() const noexcept {
  if (kind_ != Kind::Localized || length_ < 2) return {};
  return big_endian<std::uint16_t>(bytes().data());
}

std::optional<Key> Item::as_key() const {
  if (const auto text = as_text()) return Key(*text);
  if (is_list() || count() != 1) return {};
  if (const auto number = as_i64()) return Key(*number);
  return {};
}

bool operator==(const Item& a, const Item& b) noexcept {
  if (a.kind_ != b.kind_) return false;
  if (a.is_list()) {
    const auto x = a.items(), y = b.items();
    if (x.size() != y.size()) return false;
    for (std::size_t k = 0; k < x.size(); ++k) {
      if (!(x[k] == y[k])) return false;
    }
    return true;
  }
  return a.length_ == b.length_ &&
         (a.length_ == 0 || std::memcmp(a.bytes().data(), b.bytes().data(), a.length_) == 0);
}

Item ascii(std::string_view text) { return {Kind::Ascii, bytes_of(text)}; }
Item jis(std::string_view bytes) { return {Kind::Jis, bytes_of(bytes)}; }
Item binary(std::span<const std::uint8_t> bytes) { return {Kind::Binary, bytes}; }

Item localized(std::uint16_t encoding, std::string_view bytes) {
  std::vector<std::uint8_t> all{static_cast<std::uint8_t>(encoding >> 8U),
                                static_cast<std::uint8_t>(encoding & 0xFFU)};
  const auto text = bytes_of(bytes);
  all.insert(all.end(), text.begin(), text.end());
  return {Kind::Localized, all};
}

template <class T>
Item array_of(std::span<const T> values) {
  if constexpr (sizeof(T) == 1) {
    static_assert(sizeof(bool) == 1);
    return {kind_of<T>(), {reinterpret_cast<const std::uint8_t*>(values.data()), values.size()}};
  } else {
    using Bits =
        std::conditional_t<sizeof(T) == 8, std::uint64_t,
                           std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint16_t>>;
    std::array<std::uint8_t, 256> near{};
    std::vector<std::uint8_t> far;
    const std::size_t size = values.size() * sizeof(T);
    std::span<std::uint8_t> to = near;
    if (size > near.size()) {
      far.resize(size);
      to = far;
    }
    std::size_t k = 0;
    for (const T value : values) {
      const auto bits = std::bit_cast<Bits>(value);
      for (std::size_t b = sizeof(T); b > 0; --b) {
        to[k++] = static_cast<std::uint8_t>((bits >> (8U * (b - 1))) & 0xFFU);
      }
    }
    return {kind_of<T>(), to.first(size)};
  }
}
template Item array_of(std::span<const bool>);
template Item array_of(std::span<const std::int8_t>);
template Item array_of(std::span<const std::int16_t>);
template Item array_of(std::span<const std::int32_t>);
template Item array_of(std::span<const std::int64_t>);
template Item array_of(std::span<const std::uint8_t>);
template Item array_of(std::span<const std::uint16_t>);
template Item array_of(std::span<const std::uint32_t>);
template Item array_of(std::span<const std::uint64_t>);
template Item array_of(std::span<const float>);
template Item array_of(std::span<const double>);

std::optional<Item> item_of(Kind kind, std::int64_t value) {
  const auto fits = [&]<class T>(T) -> std::optional<Item> {
    if (!std::in_range<T>(value)) return {};
    return detail::numbers<T>(static_cast<T>(value));
  };
  switch (kind) {
    case Kind::Binary:
      if (!std::in_range<std::uint8_t>(value)) return {};
      return binary(value);
    case Kind::Boolean:
      if (value != 0 && value != 1) return {};
      return boolean(value == 1);
    case Kind::I1: return fits(std::int8_t{});
    case Kind::I2: return fits(std::int16_t{});
    case Kind::I4: return fits(std::int32_t{});
    case Kind::I8: return fits(std::int64_t{});
    case Kind::U1: return fits(std::uint8_t{});
    case Kind::U2: return fits(std::uint16_t{});
    case Kind::U4: return fits(std::uint32_t{});
    case Kind::U8: return fits(std::uint64_t{});
    case Kind::F4: return f4(value);
    case Kind::F8: return f8(value);
    case Kind::Ascii: return ascii(std::to_string(value));
    case Kind::Jis: return jis(std::to_string(value));
    default: return {};
  }
}

std::optional<Item> item_of(Kind kind, const Key& key) {
  if (!key.is_text()) return item_of(kind, key.number());
  if (kind == Kind::Ascii) return ascii(key.text());
  if (kind == Kind::Jis) return jis(key.text());
  return {};
}

}  // namespace twin::link::secs
