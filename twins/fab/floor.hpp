// The shop floor moved from outside: the engine's own queues, tool lists and counters without its
// clock and its randomness, for the mirror (events move it) and for interventions (people do).
#pragma once
#include <cstdint>

#include "twins/fab/any_fab.hpp"
#include "twins/fab/engine/engine.hpp"

namespace twins::fab {

// Ranks a queue as the fab's rule does.
struct QueueRule : StaticRule {
  const AnyFab* fab = nullptr;
  double operator()(const Layout&, const Lot& lot, const Look& look) const {
    return fab->queue_key(lot, look.now);
  }
};

// Slot of the lot with this serial number that is in the fab; None where there is none.
std::uint32_t find_lot(const State& x, std::uint32_t id);

// Changes that leave every queue, list and counter as the engine would have them. Each expects that
// the lot is where it says; the callers refuse what does not fit.
class Floor {
 public:
  using Laws = Engine<QueueRule, NoSink>;

  Floor(const AnyFab& fab, State& x)
      : rule_{{}, &fab}, laws_{fab.layout(), rule_, x, nullptr, twin::core::Draw{}, none_} {}
  ~Floor() = default;
  Floor(const Floor&) = delete;  // laws_ refers to rule_ and none_
  Floor& operator=(const Floor&) = delete;

  [[nodiscard]] Laws& laws() { return laws_; }
  [[nodiscard]] const Layout& layout() const { return laws_.m; }
  [[nodiscard]] State& state() { return laws_.x; }

  void hold(std::uint32_t slot);     // a queued lot, at once
  void release(std::uint32_t slot);  // a held lot, to the queue of its step
  void prioritise(std::uint32_t slot, std::int32_t priority);
  // A queued or held lot gives some wafers to a new lot, which stands beside it; its slot.
  std::uint32_t split(std::uint32_t slot, std::uint32_t wafers, std::uint32_t id);
  // `other` ends in `slot`: both queued or both held, at one step.
  void merge(std::uint32_t slot, std::uint32_t other);
  void lose_wafers(std::uint32_t slot, std::uint32_t wafers);  // fewer than it has; not in a tool
  void count_exit(std::uint32_t slot);   // it leaves unfinished: scrapped, or taken up by another
  void leave_queue(std::uint32_t slot);  // if it stands in one, or in the row outside
  void drop_reservation(std::uint32_t slot);  // if it has one

 private:
  QueueRule rule_;
  NoSink none_;
  Laws laws_;
};

}  // namespace twins::fab
