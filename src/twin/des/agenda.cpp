#include "twin/des/agenda.hpp"

#include <algorithm>
#include <bit>

namespace twin::des {

namespace {
constexpr auto later = [](const Event& a, const Event& b) { return before(b, a); };
}

Agenda::Agenda(int width_bits, int count_bits) : width_bits_(width_bits) {
  TWIN_EXPECT(width_bits >= 0 && width_bits < 48 && count_bits >= 6 && count_bits < 24, width_bits,
              count_bits);
  const std::uint32_t buckets = 1U << count_bits;
  mask_ = buckets - 1;
  heads_.assign(buckets, Nil);
  occupied_.assign(buckets / 64, 0);
}

void Agenda::reserve(std::size_t events) {
  nodes_.reserve(events);
  far_.reserve(events);
  current_.reserve(events);
}

void Agenda::insert_far(const Event& event) {
  far_.push_back(event);
  std::push_heap(far_.begin(), far_.end(), later);
}

void Agenda::insert_current(const Event& event) {
  std::size_t i = current_.size();
  current_.push_back(event);
  while (i > 0 && before(current_[i - 1], event)) {
    current_[i] = current_[i - 1];
    --i;
  }
  current_[i] = event;
}

std::int64_t Agenda::next_occupied() const {
  // Every wheel event lies in (cursor_, cursor_ + mask_]; walk that circle a word at a time.
  const std::uint32_t start = static_cast<std::uint32_t>(cursor_ + 1) & mask_;
  const std::size_t words = occupied_.size();
  std::size_t w = start >> 6;
  std::uint64_t bits = occupied_[w] & (~std::uint64_t{0} << (start & 63U));
  for (std::size_t k = 0; k <= words; ++k) {
    if (bits != 0) {
      const auto slot =
          static_cast<std::uint32_t>(w * 64) + static_cast<std::uint32_t>(std::countr_zero(bits));
      return cursor_ + 1 + static_cast<std::int64_t>((slot - start) & mask_);
    }
    w = w + 1 == words ? 0 : w + 1;
    bits = occupied_[w];
  }
  return -1;
}

void Agenda::open(std::int64_t bucket) {
  cursor_ = bucket;
  while (!far_.empty() &&
         bucket_of(far_.front().at) - cursor_ <= static_cast<std::int64_t>(mask_)) {
    std::pop_heap(far_.begin(), far_.end(), later);
    const Event event = far_.back();
    far_.pop_back();
    insert(event);
  }
  const auto slot = static_cast<std::uint32_t>(bucket) & mask_;
  std::uint32_t n = heads_[slot];
  heads_[slot] = Nil;
  occupied_[slot >> 6] &= ~(std::uint64_t{1} << (slot & 63U));
  while (n != Nil) {
    const std::uint32_t next = nodes_[n].next;
    insert_current(nodes_[n].event);
    nodes_[n].next = free_;
    free_ = n;
    n = next;
  }
}

bool Agenda::refill() {
  while (current_.empty()) {
    if (size_ == 0) return false;
    std::int64_t bucket = next_occupied();
    if (!far_.empty()) {
      const std::int64_t far = bucket_of(far_.front().at);
      if (bucket < 0 || far < bucket) bucket = far;
    }
    open(bucket);
  }
  return true;
}

std::vector<Event> Agenda::sorted() const {
  std::vector<Event> all(current_);
  all.insert(all.end(), far_.begin(), far_.end());
  for (const std::uint32_t head : heads_)
    for (std::uint32_t n = head; n != Nil; n = nodes_[n].next) all.push_back(nodes_[n].event);
  std::sort(all.begin(), all.end(), before);
  return all;
}

void Agenda::assign(std::vector<Event> events, std::uint64_t next_seq) {
  current_.clear();
  nodes_.clear();
  far_.clear();
  free_ = Nil;
  std::fill(heads_.begin(), heads_.end(), Nil);
  std::fill(occupied_.begin(), occupied_.end(), std::uint64_t{0});
  cursor_ = events.empty() ? 0 : bucket_of(events.front().at);
  size_ = events.size();
  next_seq_ = next_seq;
  for (const Event& event : events) insert(event);
}

}  // namespace twin::des
