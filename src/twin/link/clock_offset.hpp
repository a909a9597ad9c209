// How far a source's clock is off ours, learnt from when its messages come: transit only ever adds,
// so the least of `arrived - clock` over a while bounds the offset, however late single messages
// are. Piecewise constant: a clock that keeps time is never touched.
#pragma once
#include <cstdint>
#include <vector>

#include "twin/core/tick.hpp"

namespace twin::link {

using core::Tick;

struct ClockOptions {
  // Offsets less than this are not told from transit: neither corrected nor raised [ms]. At least
  // the usual transit, in the time that `arrived` is in.
  Tick resolution_ms = 1'500;
  Tick window_ms = 15'000;   // the least is taken over two of these, three messages each at least
  Tick alarm_ms = 10'000;    // an offset beyond this is raised [ms]
  Tick suspect_ms = 30'000;  // an impossible clock that nothing confirms is raised after this [ms]
  // So long a clock that was asked is not thought slow for what comes late: a backlog that drains as
  // slowly as the disk syncs looks just like that. That it went back still shows.
  Tick answer_ms = 3'600'000;
};

// The source was asked for its clock at `asked` and the answer came at `answered`, both by ours.
struct ClockAnswer {
  Tick asked = 0;
  Tick answered = 0;
  Tick clock = 0;
};

class ClockOffset {
 public:
  // A message with the next number of the source's counter. The time by our clock: never before
  // that of the message before it, and never after `arrived`.
  Tick put_right(Tick clock, Tick arrived, std::uint64_t seq, std::uint32_t epoch,
                 const ClockOptions& options);
  // A message that comes after one with a higher number: by the offset of its own time; moves
  // nothing.
  [[nodiscard]] Tick put_right_late(Tick clock, Tick arrived, std::uint64_t seq,
                                    std::uint32_t epoch) const;
  void answered(const ClockAnswer& answer, const ClockOptions& options);

  [[nodiscard]] Tick offset() const { return eras_.empty() ? 0 : eras_.back().offset; }
  // Whether the offset, or a clock reading that cannot be, is to be raised at `now`.
  [[nodiscard]] bool skewed(Tick now, const ClockOptions& options) const;
  [[nodiscard]] std::uint64_t impossible() const { return impossible_; }  // readings so far

  bool operator==(const ClockOffset&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("eras", self.eras_);
    archive("least_now", self.least_now_);
    archive("least_before", self.least_before_);
    archive("window_began", self.window_began_);
    archive("in_window", self.in_window_);
    archive("last", self.last_);
    archive("heard", self.heard_);
    archive("last_clock", self.last_clock_);
    archive("last_at", self.last_at_);
    archive("answered_at", self.answered_at_);
    archive("suspect_from", self.suspect_from_);
    archive("suspect_least", self.suspect_least_);
    archive("suspect_most", self.suspect_most_);
    archive("suspect_since", self.suspect_since_);
    archive("suspects", self.suspects_);
    archive("impossible", self.impossible_);
  }

 private:
  static constexpr std::size_t ErasKept = 16;
  static constexpr std::uint32_t SuspectsToBelieve = 3;

  struct Era {  // from this number of the counter on, this offset
    std::uint32_t epoch = 0;
    std::uint64_t seq = 0;
    Tick offset = 0;  // our clock minus the source's [ms]
    bool operator==(const Era&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("epoch", self.epoch);
      archive("seq", self.seq);
      archive("offset", self.offset);
    }
  };
  void begin_era(Era era);
  void suspect(Tick offset, Tick arrived, Era from, const ClockOptions& options);
  void close_window(Tick arrived, const ClockOptions& options);

  std::vector<Era> eras_;                                      // rising by epoch and number
  Tick least_now_ = core::Never, least_before_ = core::Never;  // of arrived - clock [ms]
  Tick window_began_ = 0;                                      // [ms, ours]
  Era last_ = {};                                              // number of the newest message
  std::uint8_t heard_ = 0;                                     // 1: there was one
  std::uint32_t in_window_ = 0;                                // [messages]
  Tick last_clock_ = 0;                                        // of the last possible reading
  Tick last_at_ = 0;                                           // answered last
  Tick answered_at_ = -core::Never;                            // [ms, ours] by the clock itself
  Era suspect_from_ = {};                                      // the first of the suspects
  Tick suspect_least_ = 0, suspect_most_ = 0;                  // of arrived - clock [ms]
  Tick suspect_since_ = 0;                                     // [ms, ours]
  std::uint32_t suspects_ = 0;                                 // one after the other
  std::uint64_t impossible_ = 0;
};

}  // namespace twin::link
