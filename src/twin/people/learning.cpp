// See the header.
#include "twin/people/learning.hpp"

#include <algorithm>

#include "twin/core/expect.hpp"

namespace twin::people {
namespace {

bool is_undecided(Stage stage) { return stage == Stage::Proposed || stage == Stage::Edited; }

}  // namespace

Response response_of(const Case& one, const Sequel& sequel) {
  if (one.stage == Stage::Expired) return Response::Lapsed;
  if (one.stage == Stage::Rejected) {
    const bool judged =
        sequel.rejected != Reason::Superseded && sequel.rejected != Reason::Withdrawn;
    return judged ? Response::Overruled : Response::Lapsed;
  }
  return std::ranges::count(one.approvals, Capacity::Twin, &Approval::capacity) != 0
             ? Response::Unvetoed
             : Response::Followed;
}

Effect effect_of(const Interval& realised) {
  if (realised.low > 0.0) return Effect::Helped;
  if (realised.high < 0.0) return Effect::Harmed;
  return Effect::Unclear;
}

void Tally::decided(const Turn& turn) {
  const DecisionEntry& e = turn.entry;
  const Stage stage = turn.now.stage;
  const bool moved = turn.before == nullptr || turn.before->stage != stage;
  if (e.reason != Reason::None) ++reasons[{e.step, e.reason}];
  if (!moved) return;  // a second edit, the first of two approvals
  ++reached[static_cast<std::size_t>(stage)];
  if (turn.before == nullptr || !is_undecided(turn.before->stage)) return;
  const bool approved = stage == Stage::Approved;
  if (approved && e.capacity == Capacity::Twin) {
    ++unvetoed;
  } else if (approved || stage == Stage::Rejected) {
    waits.add(e.at - turn.proposed);
    if (approved) ++accepted;
  }
}

void Tally::came(Response response, const OutcomeEntry& outcome) {
  held.add(outcome.promised, outcome.inside);
  ++reliance.cases[static_cast<std::size_t>(response)]
                  [static_cast<std::size_t>(effect_of(outcome.realised))];
  auto at = std::ranges::find_if(measures, [&](const Measure& m) {
    return m.objective == outcome.objective && m.unit == outcome.unit;
  });
  if (at == measures.end()) {
    if (measures.size() >= MeasuresMax) return;
    at = measures.insert(at, {.objective = outcome.objective, .unit = outcome.unit});
  }
  at->gains.add(outcome.promised.mean, outcome.realised.mean);
}

Tally* Learning::find(const std::string& kind) {
  const auto at = classes_.find(kind);
  if (at != classes_.end()) return &at->second;
  return classes_.size() < ClassesMax ? &classes_[kind] : nullptr;
}

void Learning::decided(const Turn& turn) {
  all_.decided(turn);
  if (Tally* tally = find(turn.now.content.act.kind)) tally->decided(turn);
}

void Learning::came(const Case& one, const Sequel& sequel) {
  TWIN_EXPECT(sequel.outcome.has_value());
  const Response response = response_of(one, sequel);
  all_.came(response, *sequel.outcome);
  if (Tally* tally = find(one.content.act.kind)) tally->came(response, *sequel.outcome);
}

}  // namespace twin::people
