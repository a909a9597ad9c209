// What an outcome must be to be believed, and to be this case's.
#include "twin/people/outcome.hpp"

#include <fmt/format.h>

#include <cmath>

namespace twin::people {
namespace {

bool lies_within(double x, const Interval& in) { return in.low <= x && x <= in.high; }

// What must have become of it, seen from where it stands; nothing: both may be, or neither yet.
std::optional<Became> known_from(Stage stage) {
  switch (stage) {
    case Stage::Rejected:
    case Stage::Expired: return Became::NotCarriedOut;
    case Stage::Acknowledged:
    case Stage::Verified:
    case Stage::Undone: return Became::CarriedOut;
    case Stage::Failed:  // refused by the guard, or done and found otherwise by the read-back
    case Stage::Proposed:
    case Stage::Edited:
    case Stage::Approved:
    case Stage::Sent: break;
  }
  return {};
}

}  // namespace

std::string OutcomeEntry::wrong() const {
  for (const double x : {promised.mean, realised.mean}) {
    if (std::abs(x) > GainMax) return "has a gain beyond all measure";
  }
  if (until <= from) return "replays no time";
  if (until > at) return "replays what has not been yet";
  if (inside != lies_within(realised.mean, promised))
    return inside ? "says inside, but its realised mean is not within the promised interval"
                  : "says outside, but its realised mean is within the promised interval";
  return {};
}

OutcomeEntry outcome_of(const Case& one, const Replayed& replayed, core::Tick at) {
  const Benefit& benefit = one.content.benefit;
  return {.at = at,
          .id = one.content.id,
          .became = replayed.became,
          .from = replayed.from,
          .until = replayed.until,
          .objective = benefit.objective,
          .unit = benefit.unit,
          .promised = benefit.gain,
          .realised = replayed.realised,
          .method = replayed.method,
          .inside = lies_within(replayed.realised.mean, benefit.gain)};
}

std::string refusal(const Case* one, const Sequel* sequel, const OutcomeEntry& entry) {
  if (one == nullptr || sequel == nullptr)
    return fmt::format("there is no recommendation '{}'", entry.id);
  if (sequel->outcome) return fmt::format("what came of '{}' is known already", entry.id);
  if (!has_ended(one->stage) && one->stage != Stage::Acknowledged)
    return fmt::format("'{}' is {}: nothing has come of it yet", entry.id, word(one->stage));
  const auto known = known_from(one->stage);
  if (known && *known != entry.became)
    return fmt::format("'{}' is {}, which is not {}", entry.id, word(one->stage),
                       word(entry.became));
  if (entry.until <= sequel->proposed)
    return fmt::format("'{}' was proposed at {}, after all that is replayed", entry.id,
                       sequel->proposed);
  const Benefit& benefit = one->content.benefit;
  if (entry.objective != benefit.objective || entry.unit != benefit.unit ||
      entry.promised != benefit.gain)
    return fmt::format("'{}' has promised something else", entry.id);
  return {};
}

}  // namespace twin::people
