#include "twins/fab/track/queue_clock.hpp"

#include <algorithm>

namespace twins::fab::track {

void QueueClock::started(Tick at) {
  if (starts_.size() < Remembered) {
    starts_.push_back(at);
  } else {
    starts_[oldest_] = at;
    oldest_ = (oldest_ + 1) % Remembered;
  }
}

std::size_t QueueClock::starts_by(Tick at) const {
  std::size_t low = 0, high = starts_.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (start(middle) <= at) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

double QueueClock::reading(Tick since, Tick at, std::uint32_t ahead) const {
  const auto starts = static_cast<double>(starts_by(at) - starts_by(since));
  return (starts + static_cast<double>(at - since) / slow_ms_) / (ahead + 1.0);
}

Tick QueueClock::when(Tick since, Tick at, std::uint32_t ahead, double reading) const {
  // The reading jumps at starts and rises between them: find the first start that reaches it.
  const double target = reading * (ahead + 1.0);
  const std::size_t first = starts_by(since);
  std::size_t low = first, high = starts_by(at);
  const auto total = [&](std::size_t i) {  // just after start i
    return static_cast<double>(i + 1 - first) + static_cast<double>(start(i) - since) / slow_ms_;
  };
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (total(middle) < target) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  const double before = static_cast<double>(low - first);  // starts before that one
  const double ms = std::max(target - before, 0.0) * slow_ms_;
  const Tick most = low < starts_by(at) ? std::min(at, start(low)) : at;
  if (ms >= static_cast<double>(most - since)) return most;
  return std::max(since + static_cast<Tick>(ms), low > first ? start(low - 1) : since);
}

}  // namespace twins::fab::track
