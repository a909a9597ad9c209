#include "twins/fab/live/replay.hpp"

#include <variant>

namespace twins::fab::live {

using twin::core::Correction;
using twin::core::Entry;
using twin::core::Observation;

namespace {

std::int64_t arrival_of(const Entry& entry) {
  if (const auto* o = std::get_if<Observation>(&entry)) return o->arrived;
  if (const auto* c = std::get_if<Correction>(&entry)) return c->now.arrived;
  return std::numeric_limits<std::int64_t>::min();
}

template <class Take>
std::uint64_t read(Live& live, const NextEntry& next, const ReplayUntil& until, const Take& take) {
  Entry entry;
  std::uint64_t n = 0;
  while (live.ledger.entries < until.entries && next(entry)) {
    if (arrival_of(entry) > until.arrived_ms) break;
    take(entry);
    ++n;
  }
  return n;
}

}  // namespace

std::uint64_t replay(Follower& follower, Live& live, const NextEntry& next,
                     const ReplayUntil& until) {
  const std::uint64_t n =
      read(live, next, until, [&](const Entry& entry) { follower.absorb(live, entry); });
  follower.settle(live);
  return n;
}

std::uint64_t refold(Follower& follower, Live& live, const NextEntry& next,
                     const ReplayUntil& until) {
  const std::uint64_t n =
      read(live, next, until, [&](const Entry& entry) { follower.file(live, entry); });
  follower.settle(live);
  return n;
}

}  // namespace twins::fab::live
