// Time as a queue knows it. Lots of one queue share their luck: when its tools stand, all wait, however long they
// usually do. So a wait is measured by the starts seen there since the lot came, against those that stood before it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "twins/fab/state.hpp"

namespace twins::fab::track {

class QueueClock {
 public:
  static constexpr std::size_t Remembered = 512;  // [starts]

  // slow_ms: where nobody starts, the clock goes on by one lot in this time.
  explicit QueueClock(double slow_ms = HourMs) : slow_ms_(slow_ms) {}

  void joined() { ++waiting_; }
  void left() { waiting_ -= waiting_ > 0 ? 1U : 0U; }
  void started(
      Tick at);  // a lot was seen in a tool for the first time at its visit; in order of time

  [[nodiscard]] std::uint32_t waiting() const { return waiting_; }  // [lots] as far as told

  // Reading at `at` for a lot that has waited since `since` with `ahead` lots before it: (starts after `since`, up to
  // `at`, plus time / slow) / (ahead + 1). Where more starts than are remembered lie between, those count.
  [[nodiscard]] double reading(Tick since, Tick at, std::uint32_t ahead) const;

  // First moment, but at the latest `at`, with such a reading.
  [[nodiscard]] Tick when(Tick since, Tick at, std::uint32_t ahead, double reading) const;

 private:
  [[nodiscard]] std::size_t starts_by(Tick at) const;  // of those remembered
  [[nodiscard]] Tick start(std::size_t i) const { return starts_[(oldest_ + i) % starts_.size()]; }

  double slow_ms_;
  std::uint32_t waiting_ = 0;
  std::vector<Tick> starts_;  // ring, by time
  std::size_t oldest_ = 0;
};

}  // namespace twins::fab::track
