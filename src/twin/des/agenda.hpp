// The future event list, a plain value inside the State. Near events lie in a wheel of time buckets (R. Brown,
// "Calendar queues", CACM 31(10), 1988), far ones in a binary heap: constant time an event at any number pending.
#pragma once
#include <cstdint>
#include <vector>

#include "twin/core/expect.hpp"
#include "twin/core/tick.hpp"

namespace twin::des {

using core::Tick;

struct Event {  // plain data: an agenda is copied, compared and saved like any other state
  Tick at = 0;
  std::uint64_t seq = 0;  // order of scheduling; breaks ties of `at`
  std::uint32_t who = 0;
  std::uint16_t kind = 0, arg = 0;
  bool operator==(const Event&) const = default;

  template <class Archive>
  static void fields(Archive& archive, auto& self) {
    archive("at", self.at);
    archive("seq", self.seq);
    archive("who", self.who);
    archive("kind", self.kind);
    archive("arg", self.arg);
  }
};

// Is a handled before b?
inline bool before(const Event& a, const Event& b) noexcept {
  return a.at != b.at ? a.at < b.at : a.seq < b.seq;
}

// Ordered by (at, seq). Two agendas are equal when they hold the same events and would number the next one alike.
class Agenda {
 public:
  // width_bits: a bucket spans 2^width_bits ticks; count_bits: 2^count_bits buckets. They change speed, never order.
  Agenda() : Agenda(13, 12) {}
  Agenda(int width_bits, int count_bits);

  // Schedules an event at or after the time of the last one taken; returns its sequence number.
  std::uint64_t push(Tick at, std::uint32_t who, std::uint16_t kind, std::uint16_t arg);
  [[nodiscard]] Tick next_at();  // time of the next event; core::Never when empty
  Event pop();                   // expects that there is one
  // One of the next events, 0 = the next, where the open bucket holds it; else null. For prefetching only.
  [[nodiscard]] const Event* glance(std::size_t k) const noexcept {
    return k < current_.size() ? &current_[current_.size() - 1 - k] : nullptr;
  }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] std::uint64_t next_seq() const noexcept { return next_seq_; }
  [[nodiscard]] std::vector<Event> sorted() const;  // all events in order
  void assign(std::vector<Event> events, std::uint64_t next_seq);
  void reserve(std::size_t events);

  friend bool operator==(const Agenda& a, const Agenda& b) {
    return a.size_ == b.size_ && a.next_seq_ == b.next_seq_ && a.sorted() == b.sorted();
  }

  template <class Archive>
  static void fields(Archive& archive, auto& self) {
    auto events = self.sorted();
    auto next = self.next_seq();
    archive("events", events);
    archive("next_seq", next);
    if constexpr (requires { self.assign(events, next); }) self.assign(std::move(events), next);
  }

 private:
  static constexpr std::uint32_t Nil = 0xffffffffU;
  struct Node {
    Event event;
    std::uint32_t next = Nil;
  };

  void insert(const Event& event);
  void insert_current(const Event& event);
  void insert_far(const Event& event);
  bool refill();  // makes current_ hold the earliest events; false when there are none
  void open(std::int64_t bucket);
  [[nodiscard]] std::int64_t next_occupied() const;  // absolute bucket, or -1
  [[nodiscard]] std::int64_t bucket_of(Tick at) const noexcept { return at >> width_bits_; }

  int width_bits_ = 13;
  std::uint32_t mask_ = 0;   // number of buckets - 1
  std::int64_t cursor_ = 0;  // absolute number of the bucket that current_ was taken from
  std::uint64_t next_seq_ = 0;
  std::size_t size_ = 0;
  std::uint32_t free_ = Nil;    // first unused node
  std::vector<Event> current_;  // the open bucket, latest first: the next event is at the back
  std::vector<Node> nodes_;     // pool
  std::vector<std::uint32_t> heads_;     // [bucket & mask] first node
  std::vector<std::uint64_t> occupied_;  // [bucket / 64] a bit a bucket
  std::vector<Event> far_;  // heap, earliest on top: at or beyond cursor_ + number of buckets
};

inline std::uint64_t Agenda::push(Tick at, std::uint32_t who, std::uint16_t kind,
                                  std::uint16_t arg) {
  const Event event{at, next_seq_++, who, kind, arg};
  ++size_;
  insert(event);
  return event.seq;
}

inline void Agenda::insert(const Event& event) {
  const std::int64_t ahead = bucket_of(event.at) - cursor_;
  if (ahead <= 0) return insert_current(event);
  if (ahead > static_cast<std::int64_t>(mask_)) return insert_far(event);
  std::uint32_t n = free_;
  if (n != Nil) {
    free_ = nodes_[n].next;
  } else {
    n = static_cast<std::uint32_t>(nodes_.size());
    nodes_.emplace_back();
  }
  const auto slot = static_cast<std::uint32_t>(cursor_ + ahead) & mask_;
  nodes_[n] = {event, heads_[slot]};
  heads_[slot] = n;
  occupied_[slot >> 6] |= std::uint64_t{1} << (slot & 63U);
}

inline Tick Agenda::next_at() {
  return current_.empty() && !refill() ? core::Never : current_.back().at;
}

inline Event Agenda::pop() {
  const bool any = !current_.empty() || refill();
  TWIN_EXPECT(any, size_);
  const Event event = current_.back();
  current_.pop_back();
  --size_;
  return event;
}

}  // namespace twin::des
