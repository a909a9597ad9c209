// From counts to shares.
#include "twin/people/learning_json.hpp"

#include <algorithm>
#include <cmath>

namespace twin::people {
namespace {

std::optional<double> finite(std::optional<double> x) {
  return x && std::isfinite(*x) ? x : std::nullopt;  // JSON has no other numbers
}

MeasureView view_of(const Measure& measure) {
  MeasureView v{
      .objective = measure.objective, .unit = measure.unit, .count = measure.gains.count()};
  if (const auto bias = measure.gains.bias()) {
    v.bias = finite(bias->value);
    v.bias_error = finite(bias->error);
  }
  if (const auto slope = measure.gains.slope()) {
    v.slope = finite(slope->value);
    v.slope_error = finite(slope->error);
  }
  return v;
}

Portion share_of_decided(const Reliance& reliance, Response response, Effect effect) {
  return portion(reliance.of(response, effect), reliance.of(Response::Followed, effect) +
                                                    reliance.of(Response::Overruled, effect));
}

}  // namespace

Portion portion(std::uint64_t count, std::uint64_t of) {
  Portion p{.count = count, .of = of};
  if (of == 0) return p;
  const ShareBounds bounds = wilson(count, of);
  p.share = static_cast<double>(count) / static_cast<double>(of);
  p.low = bounds.low;
  p.high = bounds.high;
  return p;
}

TallyView view_of(const Tally& tally, const std::optional<std::string>& kind) {
  TallyView v{.kind = kind,
              .proposed = tally.at(Stage::Proposed),
              .edited = tally.at(Stage::Edited),
              .approved = tally.at(Stage::Approved),
              .unvetoed = tally.unvetoed,
              .rejected = tally.at(Stage::Rejected),
              .expired = tally.at(Stage::Expired),
              .sent = tally.at(Stage::Sent),
              .acknowledged = tally.at(Stage::Acknowledged),
              .verified = tally.at(Stage::Verified),
              .failed = tally.at(Stage::Failed),
              .undone = tally.at(Stage::Undone),
              .accepted = portion(tally.accepted, tally.waits.total()),
              .wait_median_ms = tally.waits.quantile(0.5),
              .wait_p90_ms = tally.waits.quantile(0.9),
              .held = portion(tally.held.inside, tally.held.count)};
  for (const auto& [why, count] : tally.reasons)
    v.reasons.push_back({.step = why.first, .reason = why.second, .count = count});
  if (tally.held.count > 0)
    v.nominal = std::min(1.0, tally.held.nominal / static_cast<double>(tally.held.count));
  for (const Measure& measure : tally.measures) v.measures.push_back(view_of(measure));
  for (std::size_t k = 0; k < ResponseWords.size(); ++k) {
    const auto response = static_cast<Response>(k);
    v.reliance.push_back({.response = response,
                          .helped = tally.reliance.of(response, Effect::Helped),
                          .harmed = tally.reliance.of(response, Effect::Harmed),
                          .unclear = tally.reliance.of(response, Effect::Unclear)});
  }
  v.over_reliance = share_of_decided(tally.reliance, Response::Followed, Effect::Harmed);
  v.under_reliance = share_of_decided(tally.reliance, Response::Overruled, Effect::Helped);
  return v;
}

LearningView view_of(const Learning& learning) {
  LearningView v{.all = view_of(learning.all())};
  for (const auto& [kind, tally] : learning.classes()) v.classes.push_back(view_of(tally, kind));
  return v;
}

std::string learning_json(const Learning& learning) { return to_json(view_of(learning)); }

}  // namespace twin::people
