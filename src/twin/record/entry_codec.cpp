#include "twin/record/entry_codec.hpp"

#include <algorithm>
#include <limits>

#include "twin/core/error.hpp"

namespace twin::record {
namespace {

constexpr unsigned KindMask = 7, HasValues = 8, HasEvent = 16, HasRaw = 32, HasAmends = 64;
constexpr core::Tick NeverArrived = std::numeric_limits<core::Tick>::min();

std::uint64_t bits(core::Tick t) { return static_cast<std::uint64_t>(t); }
core::Tick tick(std::uint64_t b) { return static_cast<core::Tick>(b); }

std::size_t payload_bytes(const core::Observation& o) {
  return o.values.size() * sizeof(double) + o.event.size() + o.raw.size();
}
std::size_t payload_bytes(const core::Entry& entry) {
  struct Sizes {
    std::size_t operator()(const core::Advance&) const { return 0; }
    std::size_t operator()(const core::Observation& o) const { return payload_bytes(o); }
    std::size_t operator()(const core::Action& a) const { return a.values.size() * sizeof(double); }
    std::size_t operator()(const core::Correction& c) const { return payload_bytes(c.now); }
    std::size_t operator()(const core::Note& n) const { return n.kind.size() + n.text.size(); }
  };
  return std::visit(Sizes{}, entry);
}

class Put {
 public:
  explicit Put(Bytes& out) : out_(out) {}
  void number(std::uint64_t value) { append_varint(out_, value); }
  void difference(std::uint64_t from, std::uint64_t to) { number(zigzag(to - from)); }
  void bytes(const void* from, std::size_t count) {
    number(count);
    const auto* p = static_cast<const std::uint8_t*>(from);
    out_.insert(out_.end(), p, p + count);
  }
  void doubles(const std::vector<double>& values) {
    number(values.size());
    const auto* p = reinterpret_cast<const std::uint8_t*>(values.data());
    out_.insert(out_.end(), p, p + values.size() * sizeof(double));
  }

 private:
  Bytes& out_;
};

// A head byte, the difference of the arrival to the one before, then the fields of the kind.
void put_observation(Bytes& entries, Bytes& raw, std::uint64_t previous, EntryKind kind,
                     const core::Observation& o, const std::optional<std::uint64_t>& amends) {
  unsigned head = static_cast<unsigned>(kind);
  if (!o.values.empty()) head |= HasValues;
  if (!o.event.empty()) head |= HasEvent;
  if (!o.raw.empty()) head |= HasRaw;
  if (amends) head |= HasAmends;
  entries.push_back(static_cast<std::uint8_t>(head));
  std::uint8_t room[7 * VarintBytesMax];
  std::uint8_t* at = put_varint(room, zigzag(bits(o.arrived) - previous));
  at = put_varint(at, zigzag(bits(o.at) - bits(o.arrived)));
  at = put_varint(at, zigzag(bits(o.clock) - bits(o.at)));
  at = put_varint(at, o.sensor);
  at = put_varint(at, o.epoch);
  at = put_varint(at, o.sensor_seq);
  if (amends) at = put_varint(at, *amends);
  entries.insert(entries.end(), room, at);
  Put put(entries);
  if (!o.values.empty()) put.doubles(o.values);
  if (!o.event.empty()) put.bytes(o.event.data(), o.event.size());
  if (!o.raw.empty()) put.number(o.raw.size());
  raw.insert(raw.end(), o.raw.begin(), o.raw.end());
}

}  // namespace

EntryEncoder::EntryEncoder() : latest_(NeverArrived) {}

EntryEncoder::Mark EntryEncoder::mark() const {
  return {.entries = entries_.size(),
          .raw = raw_.size(),
          .previous = previous_,
          .latest = latest_,
          .count = count_};
}

void EntryEncoder::back_to(const Mark& mark) noexcept {
  entries_.resize(mark.entries);
  raw_.resize(mark.raw);
  previous_ = mark.previous;
  latest_ = mark.latest;
  count_ = mark.count;
}

void EntryEncoder::clear() { back_to({.latest = NeverArrived}); }

void EntryEncoder::add(const core::Entry& entry) {
  if (const std::size_t n = payload_bytes(entry); n > EntryBytesMax) {
    throw core::Error("an entry of " + std::to_string(n) + " bytes (a journal takes at most " +
                      std::to_string(EntryBytesMax) + "); is the message one?");
  }
  core::Tick arrived = 0;
  if (const auto* o = std::get_if<core::Observation>(&entry)) {
    arrived = o->arrived;
    put_observation(entries_, raw_, previous_, EntryKind::Observation, *o, std::nullopt);
  } else if (const auto* c = std::get_if<core::Correction>(&entry)) {
    arrived = c->now.arrived;
    put_observation(entries_, raw_, previous_, EntryKind::Correction, c->now, c->amends);
  } else if (const auto* advance = std::get_if<core::Advance>(&entry)) {
    entries_.push_back(static_cast<std::uint8_t>(EntryKind::Advance));
    Put(entries_).difference(previous_, bits(advance->until));
    ++count_;
    return;  // nothing arrived
  } else if (const auto* action = std::get_if<core::Action>(&entry)) {
    arrived = action->at;
    const unsigned values = action->values.empty() ? 0 : HasValues;
    entries_.push_back(
        static_cast<std::uint8_t>(static_cast<unsigned>(EntryKind::Action) | values));
    Put put(entries_);
    put.difference(previous_, bits(arrived));
    put.number(action->kind);
    put.number(action->on);
    if (values != 0) put.doubles(action->values);
  } else {
    const auto& note = std::get<core::Note>(entry);
    arrived = note.at;
    entries_.push_back(static_cast<std::uint8_t>(EntryKind::Note));
    Put put(entries_);
    put.difference(previous_, bits(arrived));
    put.bytes(note.kind.data(), note.kind.size());
    put.bytes(note.text.data(), note.text.size());
  }
  previous_ = bits(arrived);
  latest_ = std::max(latest_, arrived);
  ++count_;
}

EntryDecoder::EntryDecoder(std::span<const std::uint8_t> entries, std::span<const std::uint8_t> raw,
                           Raw raw_state, std::uint64_t first_index, std::uint32_t count)
    : begin_(entries.data()),
      at_(entries.data()),
      end_(entries.data() + entries.size()),
      raw_at_(raw.data()),
      raw_end_(raw.data() + raw.size()),
      raw_state_(raw_state),
      index_(first_index),
      left_(count) {}

bool EntryDecoder::next(EntryView& view) {
  if (damaged_) return false;
  if (left_ == 0) {
    damaged_ = at_ != end_ || (raw_state_ == Raw::Kept && raw_at_ != raw_end_);
    return false;
  }
  if (!parse(view)) {
    damaged_ = true;
    return false;
  }
  view.index = index_++;
  --left_;
  return true;
}

namespace {

bool read_number(const std::uint8_t*& at, const std::uint8_t* end, std::uint64_t& value) {
  at = get_varint(at, end, value);
  return at != nullptr;
}
bool number32(const std::uint8_t*& at, const std::uint8_t* end, std::uint32_t& value) {
  std::uint64_t wide = 0;
  if (!read_number(at, end, wide) || wide > std::numeric_limits<std::uint32_t>::max()) return false;
  value = static_cast<std::uint32_t>(wide);
  return true;
}
// `each` bytes a thing; never more than are left.
bool bytes(const std::uint8_t*& at, const std::uint8_t* end, std::size_t each,
           std::span<const std::uint8_t>& out) {
  std::uint64_t count = 0;
  if (!read_number(at, end, count)) return false;
  if (count > static_cast<std::uint64_t>(end - at) / each) return false;
  out = {at, static_cast<std::size_t>(count) * each};
  at += out.size();
  return true;
}
std::string_view text(std::span<const std::uint8_t> b) {
  return {reinterpret_cast<const char*>(b.data()), b.size()};
}

}  // namespace

bool EntryDecoder::observation(EntryView& view, unsigned head) {
  std::uint64_t at = 0, clock = 0;
  if (!read_number(at_, end_, at) || !read_number(at_, end_, clock)) return false;
  if (!number32(at_, end_, view.sensor) || !number32(at_, end_, view.epoch) ||
      !read_number(at_, end_, view.sensor_seq))
    return false;
  view.at = tick(bits(view.arrived) + unzigzag(at));
  view.clock = tick(bits(view.at) + unzigzag(clock));
  view.amends.reset();
  if ((head & HasAmends) != 0) {
    std::uint64_t amends = 0;
    if (!read_number(at_, end_, amends)) return false;
    view.amends = amends;
  }
  std::span<const std::uint8_t> part;
  if ((head & HasValues) != 0 && (!bytes(at_, end_, sizeof(double), part) || part.empty()))
    return false;
  view.values = Doubles(part);
  view.event = {};
  if ((head & HasEvent) != 0 && (!bytes(at_, end_, 1, view.event) || view.event.empty()))
    return false;
  view.raw = {};
  view.raw_state = Raw::None;
  if ((head & HasRaw) == 0) return true;
  std::uint64_t raw_bytes = 0;
  if (!read_number(at_, end_, raw_bytes) || raw_bytes == 0) return false;
  view.raw_state = raw_state_;
  if (raw_state_ != Raw::Kept) return true;
  if (raw_bytes > static_cast<std::uint64_t>(raw_end_ - raw_at_)) return false;
  view.raw = {raw_at_, static_cast<std::size_t>(raw_bytes)};
  raw_at_ += raw_bytes;
  return true;
}

bool EntryDecoder::parse(EntryView& view) {
  if (at_ == end_) return false;
  const unsigned head = *at_++;
  const unsigned flags = head & ~KindMask;
  std::uint64_t arrived = 0;
  if (!read_number(at_, end_, arrived)) return false;
  view.kind = static_cast<EntryKind>(head & KindMask);
  view.arrived = view.at = tick(previous_ + unzigzag(arrived));
  if (view.kind == EntryKind::Advance) return flags == 0;
  previous_ = bits(view.arrived);
  std::span<const std::uint8_t> part;
  switch (view.kind) {
    case EntryKind::Observation:
      return (flags & ~(HasValues | HasEvent | HasRaw)) == 0 && observation(view, head);
    case EntryKind::Correction:
      return (flags & ~(HasValues | HasEvent | HasRaw | HasAmends)) == 0 && observation(view, head);
    case EntryKind::Action:
      if ((flags & ~HasValues) != 0 || !number32(at_, end_, view.action_kind) ||
          !number32(at_, end_, view.action_on))
        return false;
      if (flags != 0 && (!bytes(at_, end_, sizeof(double), part) || part.empty())) return false;
      view.values = Doubles(part);
      return true;
    case EntryKind::Note:
      if (flags != 0 || !bytes(at_, end_, 1, part)) return false;
      view.note_kind = text(part);
      if (!bytes(at_, end_, 1, part)) return false;
      view.note_text = text(part);
      return true;
    default: return false;
  }
}

}  // namespace twin::record
