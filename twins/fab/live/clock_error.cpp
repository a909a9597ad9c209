#include "twins/fab/live/clock_error.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace twins::fab::live {

namespace {

Tick drifted(Tick over, const ClockBounds& bounds) {
  return static_cast<Tick>(std::ceil(static_cast<double>(over) * bounds.drift));
}

}  // namespace

void ClockError::hear(const Answer& answer, Tick oldest, const ClockBounds& bounds) {
  if (answer.answered < answer.asked || (asked_once_ && answer.answered < answered_)) return;
  const Tick half = (answer.answered - answer.asked + 1) / 2;
  const Tick change = std::abs(answer.offset - offset_);
  // Before the first one nothing is known: as if the clock had been set in that time.
  const Tick over = asked_once_ ? answer.answered - answered_ : 0;
  const bool was_set = change > drifted(over, bounds) + half + half_;
  if (was_set || over > bounds.usual)
    stretches_.push_back({asked_once_ ? answered_ : -twin::core::Never, answer.answered,
                          was_set ? change : drifted(over, bounds)});
  std::erase_if(stretches_, [&](const Stretch& s) { return s.until < oldest; });
  half_ = std::max(half_, half);
  offset_ = answer.offset;
  answered_ = answer.answered;
  asked_once_ = true;
}

Tick ClockError::at(Tick at, const ClockBounds& bounds) const {
  if (!asked_once_) return 2 * bounds.resolution;
  Tick more = drifted(std::max(bounds.usual, at - answered_), bounds);
  for (const Stretch& s : stretches_)
    if (s.from <= at && at <= s.until) more = std::max(more, s.error);
  return bounds.resolution + 2 * half_ + more;
}

}  // namespace twins::fab::live
