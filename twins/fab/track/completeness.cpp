#include "twins/fab/track/completeness.hpp"

#include "twin/math/elementary.hpp"

namespace twins::fab::track {

std::string_view to_string(Heard heard) {
  switch (heard) {
    case Heard::Taken: return "taken";
    case Heard::NotAMove: return "moves nothing";
    case Heard::Late: return "late";
    case Heard::Repeated: return "repeated";
    case Heard::BadTime: return "impossible time";
    case Heard::BadValue: return "impossible value";
    case Heard::UnknownLot: return "unknown lot";
    case Heard::UnknownTool: return "unknown tool";
    case Heard::UnknownStep: return "unknown step";
    case Heard::OutOfOrder: return "out of order";
    case Heard::AfterEnd: return "after the lot's end";
  }
  return "";
}

void Losses::gap(std::uint64_t lost_together) {
  constexpr double Million = 13.815510557964274;  // ln 1e6
  const bool outage = -static_cast<double>(lost_together) * twin::math::log(share()) > Million;
  (outage ? in_outages : lost) += lost_together;
}

SourceCounters::Order SourceCounters::follow(const twin::event::Event& event, std::uint64_t& lost) {
  constexpr std::uint64_t GapMost = 1'000'000;  // more is another count, no gap
  lost = 0;
  if (event.source >= last_.size()) return Order::Unknown;
  Last& last = last_[event.source];
  const Last before = last;
  if (before.known && event.source_seq <= before.seq && event.at <= before.at)
    return Order::Repeated;
  last = {event.source_seq, event.at, true};
  if (!before.known || event.source_seq <= before.seq) return Order::Unknown;
  lost = event.source_seq - before.seq - 1;
  if (lost > GapMost) {
    lost = 0;
    return Order::Unknown;
  }
  return lost == 0 ? Order::Next : Order::Gap;
}

}  // namespace twins::fab::track
