#include "twin/link/secs/codec.hpp"

#include <cstring>

#include "twin/core/error.hpp"

namespace twin::link::secs {
namespace {

class Decoder {
 public:
  Decoder(std::span<const std::uint8_t> bytes, const Limits& limits)
      : begin_(bytes.data()), at_(begin_), end_(begin_ + bytes.size()), limits_(limits) {}

  // Reads one item into `item`; false: malformed() says what is wrong.
  bool read(Item& item, std::size_t depth) {
    start_ = at_;
    if (at_ == end_) return fail(Flaw::Truncated);
    const std::uint8_t format = *at_++;
    const auto code = static_cast<std::uint8_t>(format >> 2U);
    const std::size_t length_bytes = format & 3U;
    if (!is_kind(code)) return fail(Flaw::UnknownKind);
    if (length_bytes == 0) return fail(Flaw::NoLength);
    if (left() < length_bytes) return fail(Flaw::Truncated);
    std::size_t length = 0;
    for (std::size_t k = 0; k < length_bytes; ++k) length = (length << 8U) | *at_++;
    if (++items_ > limits_.items) return fail(Flaw::TooManyItems);
    const Kind kind{code};
    if (kind == Kind::List) return read_list(item, length, depth);
    if (left() < length) return fail(Flaw::Truncated);
    if ((length & (width_of(kind) - 1)) != 0) return fail(Flaw::UnevenLength);
    if (length > Item::Small && !afford(length)) return fail(Flaw::TooMuchMemory);
    item = Item(kind, {at_, length});
    at_ += length;
    return true;
  }
  [[nodiscard]] std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }
  [[nodiscard]] std::size_t offset() const noexcept {
    return static_cast<std::size_t>(at_ - begin_);
  }
  [[nodiscard]] const Malformed& malformed() const noexcept { return malformed_; }

 private:
  bool read_list(Item& item, std::size_t length, std::size_t depth) {
    if (depth >= limits_.depth) return fail(Flaw::TooDeep);
    if (left() / 2 < length) return fail(Flaw::Truncated);  // the least item has two bytes
    if (limits_.items - items_ < length) return fail(Flaw::TooManyItems);
    if (!afford(length * sizeof(Item))) return fail(Flaw::TooMuchMemory);
    std::vector<Item> parts(length);
    for (Item& part : parts) {
      if (!read(part, depth + 1)) return false;
    }
    item = Item(std::move(parts));
    return true;
  }
  bool afford(std::size_t bytes) noexcept {
    if (limits_.memory - memory_ < bytes) return false;
    memory_ += bytes;
    return true;
  }
  bool fail(Flaw flaw) noexcept {
    malformed_ = {flaw, static_cast<std::size_t>(start_ - begin_)};
    return false;
  }

  const std::uint8_t* begin_;
  const std::uint8_t* at_;
  const std::uint8_t* end_;
  const std::uint8_t* start_ = nullptr;  // of the item being read
  const Limits& limits_;
  std::size_t items_ = 0;
  std::size_t memory_ = 0;  // [bytes]
  Malformed malformed_;
};

std::size_t length_bytes_of(std::size_t length) noexcept {
  return length < 0x1'00U ? 1 : length < 0x1'00'00U ? 2 : 3;
}

std::size_t length_of(const Item& item) noexcept {
  return item.is_list() ? item.items().size() : item.bytes().size();
}

std::uint8_t* put(const Item& item, std::uint8_t* to) noexcept {
  const std::size_t length = length_of(item);
  const std::size_t length_bytes = length_bytes_of(length);
  *to++ = static_cast<std::uint8_t>((static_cast<unsigned>(item.kind()) << 2U) | length_bytes);
  for (std::size_t k = length_bytes; k > 0; --k) {
    *to++ = static_cast<std::uint8_t>((length >> (8U * (k - 1))) & 0xFFU);
  }
  if (item.is_list()) {
    for (const Item& part : item.items()) to = put(part, to);
    return to;
  }
  if (length != 0) std::memcpy(to, item.bytes().data(), length);
  return to + length;
}

}  // namespace

std::string_view text_of(Flaw flaw) noexcept {
  switch (flaw) {
    case Flaw::None: return "nothing wrong";
    case Flaw::Empty: return "no item";
    case Flaw::UnknownKind: return "a format code that SECS-II does not have";
    case Flaw::NoLength: return "a format byte without length bytes";
    case Flaw::Truncated: return "an item longer than the bytes that are left";
    case Flaw::UnevenLength: return "a length that is no multiple of the width of its numbers";
    case Flaw::Trailing: return "bytes after the item";
    case Flaw::TooLong: return "longer than the limit";
    case Flaw::TooDeep: return "lists nested deeper than the limit";
    case Flaw::TooManyItems: return "more items than the limit";
    case Flaw::TooMuchMemory: return "more memory needed than the limit";
  }
  return "?";
}

std::string to_string(const Malformed& malformed) {
  return "byte " + std::to_string(malformed.offset) + ": " + std::string(text_of(malformed.flaw));
}

std::variant<Item, Malformed> decode(std::span<const std::uint8_t> bytes, const Limits& limits) {
  if (bytes.empty()) return Malformed{Flaw::Empty, 0};
  if (bytes.size() > limits.bytes) return Malformed{Flaw::TooLong, 0};
  Decoder decoder(bytes, limits);
  std::variant<Item, Malformed> result;
  if (!decoder.read(std::get<Item>(result), 0)) return decoder.malformed();
  if (decoder.left() != 0) return Malformed{Flaw::Trailing, decoder.offset()};
  return result;
}

std::size_t encoded_size(const Item& item) noexcept {
  const std::size_t length = length_of(item);
  std::size_t size = 1 + length_bytes_of(length);
  if (!item.is_list()) return size + length;
  for (const Item& part : item.items()) size += encoded_size(part);
  return size;
}

void encode(const Item& item, std::vector<std::uint8_t>& to) {
  const std::size_t before = to.size();
  to.resize(before + encoded_size(item));
  const std::uint8_t* end = put(item, to.data() + before);
  TWIN_ENSURE(end == to.data() + to.size());
}

std::vector<std::uint8_t> encoded(const Item& item) {
  std::vector<std::uint8_t> bytes;
  encode(item, bytes);
  return bytes;
}

std::vector<std::uint8_t> Item::to_wire(const Item& item) { return encoded(item); }

Item Item::of_wire(std::span<const std::uint8_t> bytes) {
  // What was an item once may be within others by now, and many were in memory together.
  auto read = decode(
      bytes,
      {.bytes = bytes.size(), .depth = 64, .items = bytes.size(), .memory = std::size_t{1} << 32U});
  if (const auto* malformed = std::get_if<Malformed>(&read)) {
    throw core::Error("saved state cannot be read (an item's " + to_string(*malformed) +
                      "); was it made by another version?");
  }
  return std::get<Item>(std::move(read));
}

}  // namespace twin::link::secs
