// The event's coding, bit by bit; docs/event-log.md has it as a table. Numbers are LEB128 (7 bits a
// byte, low first), differences wrap around and are zigzag coded, so that None - 1 costs as little
// as 1.
#include "twin/event/codec.hpp"

#include <bit>
#include <cstring>

namespace twin::event {
namespace {

// Which fields follow, the frequent ones in the mask's first byte.
enum Present : std::uint32_t {
  Lot = 1U << 0,
  Tool = 1U << 1,
  Step = 1U << 2,
  Visit = 1U << 3,
  Job = 1U << 4,
  Recipe = 1U << 5,
  Route = 1U << 6,
  WholeValue = 1U << 7,  // the value is a whole number below 2^53
  RealValue = 1U << 8,   // any other value, as its 8 bytes
  Units = 1U << 9,
  Item = 1U << 10,
  Arrived = 1U << 11,
  Wafers = 1U << 12,
  Chamber = 1U << 13,
  Carrier = 1U << 14,
  Seq = 1U << 15,
  Source = 1U << 16,
  NotGood = 1U << 17,
  Raw = 1U << 18,
};
constexpr std::uint32_t PresentAll = (1U << 19) - 1;

constexpr std::uint64_t zigzag(std::uint64_t difference) noexcept {
  return (difference << 1) ^ (std::uint64_t{0} - (difference >> 63));
}
constexpr std::uint64_t unzigzag(std::uint64_t code) noexcept {
  return (code >> 1) ^ (std::uint64_t{0} - (code & 1U));
}
constexpr std::uint64_t zigzag32(std::uint32_t difference) noexcept {
  return (difference << 1) ^ (std::uint32_t{0} - (difference >> 31));
}
constexpr std::uint32_t unzigzag32(std::uint64_t code) noexcept {
  const auto c = static_cast<std::uint32_t>(code);
  return (c >> 1) ^ (std::uint32_t{0} - (c & 1U));
}

inline std::uint8_t* put(std::uint8_t* out, std::uint64_t x) noexcept {
  while (x >= 0x80U) {
    *out++ = static_cast<std::uint8_t>(x | 0x80U);
    x >>= 7;
  }
  *out++ = static_cast<std::uint8_t>(x);
  return out;
}

// Ends after ten bytes whatever they are.
inline std::uint64_t get(const std::uint8_t*& in) noexcept {
  std::uint64_t x = *in++;
  if (x < 0x80U) [[likely]]
    return x;
  x &= 0x7FU;
  for (unsigned shift = 7; shift < 64; shift += 7) {
    const std::uint64_t byte = *in++;
    x |= (byte & 0x7FU) << shift;
    if (byte < 0x80U) break;
  }
  return x;
}

constexpr double WholeMax = 9007199254740992.0;  // 2^53

// Whether the value's bits come back from a whole number: not for -0.0, fractions, infinities, NaN.
inline bool is_whole(double value) noexcept {
  if (!(value > -WholeMax && value < WholeMax)) return false;
  const auto whole = static_cast<double>(static_cast<std::int64_t>(value));
  return std::bit_cast<std::uint64_t>(whole) == std::bit_cast<std::uint64_t>(value);
}

constexpr std::uint32_t when(bool condition, Present bit) noexcept {
  return condition ? std::uint32_t{bit} : 0U;
}

}  // namespace

void Codec::restart() noexcept {
  if (++block_ == 0) {  // after 2^32 blocks
    for (Objects& objects : last_of_lot_) objects = Objects{};
    block_ = 1;
  }
  next_seq_.fill(0);
  at_ = raw_end_ = 0;
  lot_ = job_ = item_ = source_ = None;
}

std::uint8_t* Codec::encode(const Event& e, std::uint8_t* out) noexcept {
  Objects& last = last_of(e.lot);
  std::uint64_t& next_seq = next_seq_[e.source % Sources];
  const bool has_value = std::bit_cast<std::uint64_t>(e.value) != 0;
  const bool whole = has_value && is_whole(e.value);
  const std::uint32_t mask =
      when(e.lot != lot_, Lot) | when(e.tool != last.tool, Tool) | when(e.step != last.step, Step) |
      when(e.visit != last.visit, Visit) | when(e.job != last.job, Job) |
      when(e.recipe != last.recipe, Recipe) | when(e.route != last.route, Route) |
      when(whole, WholeValue) | when(has_value && !whole, RealValue) |
      when(e.unit != Unit::None, Units) | when(e.item != None, Item) |
      when(e.arrived != e.at, Arrived) | when(e.wafers != last.wafers, Wafers) |
      when(e.chamber != last.chamber, Chamber) | when(e.carrier != last.carrier, Carrier) |
      when(e.source_seq != next_seq, Seq) | when(e.source != source_, Source) |
      when(e.quality != Quality::Good, NotGood) | when((e.raw_offset | e.raw_length) != 0, Raw);

  out = put(out, mask);
  out = put(out, static_cast<std::uint64_t>(e.kind));
  const auto at = static_cast<std::uint64_t>(e.at);
  out = put(out, zigzag(at - at_));
  at_ = at;
  if (mask & Lot) out = put(out, zigzag32(e.lot - lot_)), lot_ = e.lot;
  if (mask & Tool) out = put(out, zigzag32(e.tool - last.tool)), last.tool = e.tool;
  if (mask & Step) out = put(out, zigzag32(e.step - last.step)), last.step = e.step;
  if (mask & Visit) out = put(out, zigzag32(e.visit - last.visit)), last.visit = e.visit;
  if (mask & Job) out = put(out, zigzag32(e.job - job_)), last.job = job_ = e.job;
  if (mask & Recipe) out = put(out, zigzag32(e.recipe - last.recipe)), last.recipe = e.recipe;
  if (mask & Route) out = put(out, zigzag32(e.route - last.route)), last.route = e.route;
  if (mask & WholeValue) {
    out = put(out, zigzag(static_cast<std::uint64_t>(static_cast<std::int64_t>(e.value))));
  }
  if (mask & RealValue) {
    const auto bits = std::bit_cast<std::uint64_t>(e.value);
    for (unsigned k = 0; k < 8; ++k) *out++ = static_cast<std::uint8_t>(bits >> (8 * k));
  }
  if (mask & Units) *out++ = static_cast<std::uint8_t>(e.unit);
  if (mask & Item) out = put(out, zigzag32(e.item - item_)), item_ = e.item;
  if (mask & Arrived) out = put(out, zigzag(static_cast<std::uint64_t>(e.arrived) - at));
  if (mask & Wafers) out = put(out, zigzag32(e.wafers - last.wafers)), last.wafers = e.wafers;
  if (mask & Chamber) out = put(out, zigzag32(e.chamber - last.chamber)), last.chamber = e.chamber;
  if (mask & Carrier) out = put(out, zigzag32(e.carrier - last.carrier)), last.carrier = e.carrier;
  if (mask & Source) out = put(out, zigzag32(e.source - source_)), source_ = e.source;
  if (mask & Seq) out = put(out, zigzag(e.source_seq - next_seq));
  next_seq = e.source_seq + 1;
  if (mask & NotGood) *out++ = static_cast<std::uint8_t>(e.quality);
  if (mask & Raw) {
    out = put(out, zigzag(e.raw_offset - raw_end_));
    out = put(out, e.raw_length);
    raw_end_ = e.raw_offset + e.raw_length;
  }
  return out;
}

const std::uint8_t* Codec::decode(Event& e, const std::uint8_t* in) noexcept {
  const std::uint64_t wide_mask = get(in);
  const std::uint64_t kind = get(in);
  if (wide_mask > PresentAll || kind > 0xFFFFU) return nullptr;
  const auto mask = static_cast<std::uint32_t>(wide_mask);
  e.kind = static_cast<Kind>(kind);
  if (to_string(e.kind).empty()) return nullptr;
  at_ += unzigzag(get(in));
  e.at = static_cast<Tick>(at_);
  if (mask & Lot) lot_ += unzigzag32(get(in));
  e.lot = lot_;
  Objects& last = last_of(lot_);
  if (mask & Tool) last.tool += unzigzag32(get(in));
  e.tool = last.tool;
  if (mask & Step) last.step += unzigzag32(get(in));
  e.step = last.step;
  if (mask & Visit) last.visit += unzigzag32(get(in));
  e.visit = last.visit;
  if (mask & Job) last.job = job_ += unzigzag32(get(in));
  e.job = last.job;
  if (mask & Recipe) last.recipe += unzigzag32(get(in));
  e.recipe = last.recipe;
  if (mask & Route) last.route += unzigzag32(get(in));
  e.route = last.route;
  e.value = 0.0;
  if (mask & WholeValue) {
    e.value = static_cast<double>(static_cast<std::int64_t>(unzigzag(get(in))));
  }
  if (mask & RealValue) {
    std::uint64_t bits = 0;
    for (unsigned k = 0; k < 8; ++k) bits |= std::uint64_t{*in++} << (8 * k);
    e.value = std::bit_cast<double>(bits);
  }
  e.unit = Unit::None;
  if (mask & Units) {
    e.unit = static_cast<Unit>(*in++);
    if (to_string(e.unit).empty()) return nullptr;
  }
  e.item = None;
  if (mask & Item) e.item = item_ += unzigzag32(get(in));
  e.arrived = e.at;
  if (mask & Arrived) e.arrived = static_cast<Tick>(at_ + unzigzag(get(in)));
  if (mask & Wafers) last.wafers += unzigzag32(get(in));
  e.wafers = last.wafers;
  if (mask & Chamber) last.chamber += unzigzag32(get(in));
  e.chamber = last.chamber;
  if (mask & Carrier) last.carrier += unzigzag32(get(in));
  e.carrier = last.carrier;
  if (mask & Source) source_ += unzigzag32(get(in));
  e.source = source_;
  std::uint64_t& next_seq = next_seq_[source_ % Sources];
  if (mask & Seq) next_seq += unzigzag(get(in));
  e.source_seq = next_seq++;
  e.quality = Quality::Good;
  if (mask & NotGood) {
    e.quality = static_cast<Quality>(*in++);
    if (to_string(e.quality).empty()) return nullptr;
  }
  e.raw_offset = 0;
  e.raw_length = 0;
  if (mask & Raw) {
    e.raw_offset = raw_end_ + unzigzag(get(in));
    e.raw_length = static_cast<std::uint32_t>(get(in));
    raw_end_ = e.raw_offset + e.raw_length;
  }
  return in;
}

}  // namespace twin::event
