// How far a source's times may be from the truth though they were put right: what the answers about
// its clock, which stand in the record, leave open. The twin's own statement; nobody else is asked.
#pragma once
#include <cstdint>
#include <vector>

#include "twin/core/tick.hpp"

namespace twins::fab::live {

using twin::core::Tick;

// What is declared of a site's clocks.
struct ClockBounds {
  Tick resolution = 1'500;  // [tick] offsets less than this the door does not put right
  double drift = 1e-3;      // a clock gains or loses this at most [tick a tick]
  Tick usual = 900'000;     // [tick] answers further apart than this are remembered as a gap
};

class ClockError {
 public:
  // The source was asked at `asked` and the answer came at `answered` [tick]; then the clock was
  // `offset` behind ours [tick]. Answers come in their order; stretches before `oldest` are
  // forgotten.
  struct Answer {
    Tick asked = 0, answered = 0, offset = 0;
  };
  void hear(const Answer& answer, Tick oldest, const ClockBounds& bounds);

  // [tick] A time of this source around `at` is so far from the truth at most. One that was never
  // asked is put right by how soon its messages come, which tells no more than twice the resolution.
  [[nodiscard]] Tick at(Tick at, const ClockBounds& bounds) const;

  bool operator==(const ClockError&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("answered", self.answered_);
    a("offset", self.offset_);
    a("half", self.half_);
    a("asked_once", self.asked_once_);
    a("stretches", self.stretches_);
  }

 private:
  struct Stretch {             // between two answers
    Tick from = 0, until = 0;  // [tick]
    Tick error = 0;            // [tick] drift over it, or by how much the clock was set in it
    bool operator==(const Stretch&) const = default;
    template <class A>
    static void fields(A& a, auto& self) {
      a("from", self.from);
      a("until", self.until);
      a("error", self.error);
    }
  };

  Tick answered_ = 0;  // [tick] newest
  Tick offset_ = 0;    // [tick] told by it
  Tick half_ = 0;      // [tick] half the longest way there and back
  bool asked_once_ = false;
  std::vector<Stretch> stretches_ = {};  // where the error may be more than usual, rising
};

}  // namespace twins::fab::live
