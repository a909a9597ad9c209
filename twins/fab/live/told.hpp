// One canonical event as the fold takes it: of which message, its time put right, numbered as the
// fab is. Its order among others is a rule on what it says, never on when it came.
#pragma once
#include <cstdint>
#include <tuple>

#include "twin/event/event.hpp"
#include "twins/fab/subject.hpp"

namespace twins::fab::live {

using twin::core::Tick;

// A wilder number of a source would make us allocate for nothing.
inline constexpr std::uint32_t SourcesMax = 65'536;

// `event.at` and `event.arrived` in the fab's ticks, `event.source` and `event.source_seq` those of
// the message; lots have the numbers of the record's names.
struct Told {
  twin::event::Event event = {};
  std::uint32_t epoch = 0;  // of the message
  std::uint32_t index = 0;  // among the events of its message
  bool operator==(const Told&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("event", self.event);
    a("epoch", self.epoch);
    a("index", self.index);
  }

  // At one instant what tools say comes first: a lot must have left before it moves. What comes
  // too early for a lot that has just arrived waits for it (fold.hpp).
  [[nodiscard]] std::uint32_t lane() const {
    return subject_of(event.kind) == Subject::Lot ? 1U : 0U;
  }
  [[nodiscard]] auto key() const {
    return std::tuple(event.at, lane(), event.source, epoch, event.source_seq, index);
  }
  // What is said in bad quality, or was set aside at the door, moves nothing: it casts doubt.
  [[nodiscard]] bool believed() const { return event.quality != twin::event::Quality::Bad; }
  // The order in which its source said it.
  [[nodiscard]] auto said() const { return std::tuple(epoch, event.source_seq, index); }
  [[nodiscard]] bool of_message(std::uint32_t source, std::uint32_t of_epoch,
                                std::uint64_t seq) const {
    return event.source == source && epoch == of_epoch && event.source_seq == seq;
  }
};

inline bool before(const Told& a, const Told& b) { return a.key() < b.key(); }

}  // namespace twins::fab::live
