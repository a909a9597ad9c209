#include "twins/fab/track/audit.hpp"

#include <algorithm>

#include "twin/math/elementary.hpp"

namespace twins::fab::track {

namespace {

LotPlace place_of_audit(Phase phase) {
  switch (phase) {
    case Phase::Moving:
    case Phase::Deciding:
    case Phase::Done: return LotPlace::Moving;
    case Phase::Waiting: return LotPlace::Queued;
    case Phase::Held: return LotPlace::Held;
    case Phase::Left: return LotPlace::Finished;
    default: return LotPlace::Processing;
  }
}

bool place_is_right(const LotBelief& belief, const Lot& lot) {
  double right = 0.0, best = 0.0;
  for (const LotPlace place : {LotPlace::Moving, LotPlace::Queued, LotPlace::Processing,
                               LotPlace::Held, LotPlace::Finished}) {
    double share = 0.0;
    for (const Whereabouts& w : belief.places)
      if (place_of_audit(w.phase) == place && w.step == belief.steps.front().step)
        share += w.weight;
    best = std::max(best, share);
    if (place == lot.place) right = share;
  }
  return belief.steps.front().step == lot.step && right >= best;
}

}  // namespace

Audit& Audit::operator+=(const Audit& o) {
  lots += o.lots;
  unknown += o.unknown;
  covered += o.covered;
  exactly_covered += o.exactly_covered;
  set_steps += o.set_steps;
  single += o.single;
  right += o.right;
  right_expected += o.right_expected;
  right_variance += o.right_variance;
  unsure += o.unsure;
  unsure_covered += o.unsure_covered;
  unsure_exactly += o.unsure_exactly;
  unsure_right += o.unsure_right;
  last_right += o.last_right;
  next_right += o.next_right;
  place_right += o.place_right;
  log_score += o.log_score;
  believed += o.believed;
  gone += o.gone;
  gone_expected += o.gone_expected;
  audits += o.audits;
  return *this;
}

Audit audit(const State& truth, std::span<const LotBelief> beliefs, double share) {
  Audit a;
  a.audits = 1;
  std::vector<const Lot*> lots;
  for (const Lot& lot : truth.lots)
    if (lot.place != LotPlace::Free && lot.place != LotPlace::Finished) lots.push_back(&lot);
  std::ranges::sort(lots, {}, [](const Lot* lot) { return lot->id; });
  a.lots = lots.size();
  a.believed = beliefs.size();
  a.unknown = lots.size();
  for (const LotBelief& b : beliefs) {
    a.gone_expected += 1.0 - b.inside();
    const auto found =
        std::ranges::lower_bound(lots, b.last.lot, {}, [](const Lot* lot) { return lot->id; });
    if (found == lots.end() || (*found)->id != b.last.lot) {
      ++a.gone;
      continue;
    }
    --a.unknown;
    const Lot& lot = **found;
    const std::size_t size = b.credible(share);
    const StepShare& best = b.steps.front();
    const auto at = std::ranges::find(b.steps, lot.step, &StepShare::step);
    const bool covered = at < b.steps.begin() + static_cast<std::ptrdiff_t>(size);
    const bool right = best.step == lot.step;
    const double exactly = b.exactly_credible(share, lot.step);
    a.covered += covered;
    a.exactly_covered += exactly;
    a.set_steps += size;
    a.single += size == 1;
    a.right += right;
    a.right_expected += best.share;
    a.right_variance += best.share * (1.0 - best.share);
    if (best.share < 0.99) {
      ++a.unsure;
      a.unsure_covered += covered;
      a.unsure_exactly += exactly;
      a.unsure_right += right;
    }
    const bool done = b.last.phase == Phase::Done;
    a.last_right += b.last.step == lot.step;
    a.next_right += b.last.step + (done ? 1U : 0U) == lot.step;
    a.place_right += place_is_right(b, lot);
    const double probability = at == b.steps.end() ? 0.0 : at->share;
    a.log_score -= twin::math::log(std::max(probability, 1e-12));
  }
  return a;
}

}  // namespace twins::fab::track
