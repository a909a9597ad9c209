#include "twin/record/entry_view.hpp"

#include <string>

#include "twin/core/expect.hpp"

namespace twin::record {
namespace {

std::vector<double> copy(const Doubles& values) {
  std::vector<double> all(values.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = values[i];
  return all;
}

core::Observation observation(const EntryView& v) {
  return {.at = v.at,
          .arrived = v.arrived,
          .clock = v.clock,
          .sensor = v.sensor,
          .epoch = v.epoch,
          .sensor_seq = v.sensor_seq,
          .values = copy(v.values),
          .event = {v.event.begin(), v.event.end()},
          .raw = {v.raw.begin(), v.raw.end()}};
}

}  // namespace

core::Entry EntryView::entry() const {
  switch (kind) {
    case EntryKind::Advance: return core::Advance{at};
    case EntryKind::Observation: return observation(*this);
    case EntryKind::Action:
      return core::Action{.at = at, .kind = action_kind, .on = action_on, .values = copy(values)};
    case EntryKind::Correction:
      return core::Correction{.amends = amends, .now = observation(*this)};
    case EntryKind::Note:
      return core::Note{.at = at, .kind = std::string(note_kind), .text = std::string(note_text)};
  }
  TWIN_EXPECT(false, static_cast<int>(kind));
  return {};
}

}  // namespace twin::record
