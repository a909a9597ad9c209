// How much of the log is missing, and why events were not taken: what the tracker counts while it listens.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "twin/event/event.hpp"

namespace twins::fab::track {

// What became of an event. All but the first two leave what is known of lots as it was.
enum class Heard : std::uint8_t {
  Taken,
  NotAMove,    // it speaks of nothing that is tracked: a measurement, an alarm, a command
  Late,        // before one that was heard already
  Repeated,    // heard before
  BadTime,     // beyond all times that can be reckoned with
  BadValue,    // a number in it that cannot be
  UnknownLot,  // no lot, or one never heard of by an event that does not say its route
  UnknownTool,
  UnknownStep,  // no step of the lot's route, or not of the tool's group
  OutOfOrder,   // the lot was further on already
  AfterEnd,     // the lot has left
};
inline constexpr std::size_t Hearings = 11;
std::string_view to_string(Heard heard);

// May the events' own numbers be believed? Where a link numbers them anew, or not at all, the share that is missing is
// learnt from lots: between the start and the end of loading, processing and unloading no event can be left out.
enum class Numbering : std::uint8_t { BySource, None };

// Seen and lost events, and the share of single lost ones that follows (Jeffreys' prior).
struct Losses {
  std::uint64_t seen = 0, lost = 0;
  std::uint64_t in_outages =
      0;  // lost ones of gaps too long for chance (one in a million): a link was out
  void gap(std::uint64_t lost_together);
  [[nodiscard]] double share() const {
    return (static_cast<double>(lost) + 0.5) / (static_cast<double>(seen + lost) + 1.0);
  }
  bool operator==(const Losses&) const = default;
};

// The events of the fab's own system (moves, decisions) and those of the tools come over different links.
struct Completeness {
  // Jobs told of by an event at least, and jobs none of whose events came though the lot was heard of before and after:
  // more than single losses explain are those of tools whose link is out.
  std::uint64_t jobs_heard = 0, jobs_unheard = 0;
  Losses fab, tools;                            // by the numbering that is believed
  std::array<std::uint64_t, Hearings> heard{};  // [Heard] events
  bool operator==(const Completeness&) const = default;
};

// Follows the sources' own counters.
class SourceCounters {
 public:
  enum class Order : std::uint8_t {
    Next,      // nothing lost since the source's last
    Gap,       // some were lost
    Repeated,  // this number was heard
    Unknown,   // first of its source, or the source began anew
  };
  explicit SourceCounters(std::size_t sources) : last_(sources) {}
  // lost: how many numbers were left out, for Gap.
  [[nodiscard]] Order follow(const twin::event::Event& event, std::uint64_t& lost);

 private:
  struct Last {
    std::uint64_t seq = 0;
    twin::event::Tick at = 0;
    bool known = false;
  };
  std::vector<Last> last_;  // [source]
};

}  // namespace twins::fab::track
