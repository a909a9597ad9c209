#include "twin/link/clock_offset.hpp"

#include <algorithm>
#include <cstdlib>
#include <tuple>

namespace twin::link {
namespace {

constexpr std::uint32_t MessagesPerWindow = 3;

Tick clamped(Tick at, Tick low, Tick high) { return std::min(std::max(at, low), high); }

}  // namespace

// Times are within some thousand years of 1970 (the door refuses others before), so that no sum
// overflows.
Tick ClockOffset::put_right(Tick clock, Tick arrived, std::uint64_t seq, std::uint32_t epoch,
                            const ClockOptions& options) {
  if (eras_.empty()) eras_.push_back({});
  const Tick off = arrived - clock;  // the offset, and transit
  const bool heard = heard_ != 0;
  last_ = {.epoch = epoch, .seq = seq, .offset = 0};
  if (!heard) window_began_ = arrived;
  // Nothing comes before it was sent, and a source's clock does not go back from one number to the
  // next.
  if (off < offset() - options.resolution_ms ||
      (heard && clock < last_clock_ - options.resolution_ms)) {
    ++impossible_;
    suspect(off, arrived, last_, options);
    if (suspects_ == 0) last_clock_ = clock;  // they were believed
  } else {
    suspects_ = 0;
    last_clock_ = clock;
    least_now_ = std::min(least_now_, off);
    ++in_window_;
    if (in_window_ >= MessagesPerWindow && arrived - window_began_ >= options.window_ms)
      close_window(arrived, options);
  }
  const Tick at = clamped(clock + offset(), heard ? last_at_ : clock + offset(), arrived);
  last_at_ = heard ? std::max(at, last_at_) : at;
  heard_ = 1;
  return last_at_;
}

Tick ClockOffset::put_right_late(Tick clock, Tick arrived, std::uint64_t seq,
                                 std::uint32_t epoch) const {
  Tick off = 0;
  for (const Era& era : eras_) {
    if (std::tie(era.epoch, era.seq) <= std::tie(epoch, seq)) off = era.offset;
  }
  return std::min(clock + off, arrived);
}

void ClockOffset::answered(const ClockAnswer& answer, const ClockOptions& options) {
  if (answer.answered < answer.asked) return;  // our own clock was set between: says nothing
  const Tick half = (answer.answered - answer.asked) / 2;
  const Tick off = answer.asked + half - answer.clock;
  suspects_ = 0;
  if (half <= options.resolution_ms) answered_at_ = std::max(answered_at_, answer.answered);
  if (std::abs(off - offset()) <= options.resolution_ms + half) return;
  if (eras_.empty()) eras_.push_back({});
  last_clock_ = std::min(last_clock_, answer.clock);
  begin_era({.epoch = last_.epoch, .seq = last_.seq + heard_, .offset = off});
}

bool ClockOffset::skewed(Tick now, const ClockOptions& options) const {
  if (std::abs(offset()) > options.alarm_ms) return true;
  if (suspects_ == 0 || std::abs(suspect_least_ - offset()) <= options.alarm_ms) return false;
  return suspects_ > 1 || now - suspect_since_ >= options.suspect_ms;
}

void ClockOffset::begin_era(Era era) {
  eras_.push_back(era);
  if (eras_.size() > ErasKept) {
    eras_.erase(eras_.begin());
    eras_.front().epoch = 0;
    eras_.front().seq = 0;  // what is older still goes by the oldest era that is kept
  }
  least_now_ = least_before_ = core::Never;
  in_window_ = 0;
  suspects_ = 0;
}

// A single reading that cannot be is a corrupt one; several that agree are a clock that was set.
void ClockOffset::suspect(Tick off, Tick arrived, Era from, const ClockOptions& options) {
  const Tick least = std::min(suspect_least_, off), most = std::max(suspect_most_, off);
  if (suspects_ == 0 || most - least > options.resolution_ms) {
    suspects_ = 1;
    suspect_least_ = suspect_most_ = off;
    suspect_from_ = from;
    suspect_since_ = arrived;
    return;
  }
  suspect_least_ = least;
  suspect_most_ = most;
  if (++suspects_ < SuspectsToBelieve) return;
  begin_era({.epoch = suspect_from_.epoch, .seq = suspect_from_.seq, .offset = least});
  window_began_ = arrived;
}

// Two windows agree on their least where a clock is off; where a backlog is drained, it falls.
void ClockOffset::close_window(Tick arrived, const ClockOptions& options) {
  const bool agree =
      least_before_ != core::Never && std::abs(least_now_ - least_before_) <= options.resolution_ms;
  const Tick least = std::min(least_now_, least_before_);
  least_before_ = least_now_;
  least_now_ = core::Never;
  in_window_ = 0;
  window_began_ = arrived;
  const bool told = answered_at_ > arrived - options.answer_ms;
  if (agree && !told && std::abs(least - offset()) > options.resolution_ms)
    begin_era({.epoch = last_.epoch, .seq = last_.seq, .offset = least});
}

}  // namespace twin::link
