// Advice: the best alternative of a menu for the fab as it is believed to be now, with how sure that is, what it is
// expected to bring, and how bad it may turn out.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "twin/decide/selection.hpp"
#include "twin/math/statistics.hpp"
#include "twin/uq/chance.hpp"
#include "twin/uq/tail_risk.hpp"
#include "twins/fab/decide/rollouts.hpp"

namespace twins::fab::decide {

enum class Objective : std::uint8_t { Tardiness, WeightedTardiness, HotTardiness, CycleTime };
std::string_view to_string(Objective objective);
double value_of(Objective objective, const Outcome& outcome);  // [h] less is better

enum class Procedure : std::uint8_t {
  Kn,   // promises the confidence
  Ocba  // states a probability, for menus too long for that
};

// What an alternative comes to if it stays (long_run.hpp), pair by pair.
struct Stay {
  twin::math::Interval benefit;      // [h] of the objective, against the standing policy
  twin::math::Interval cycle_share;  // [-] longer mean cycle time, of that under cycle_reference
  bool operator==(const Stay&) const = default;
};

struct AdviceAsked {
  Objective objective = Objective::Tardiness;
  Procedure procedure = Procedure::Kn;
  double confidence = 0.95;  // of the selection, and of the intervals
  double zone_share =
      0.005;  // differences below this share of the standing policy's objective do not matter
  double zone_least = 0.001;    // [h] nor do those below this
  std::uint64_t first = 10;     // replications before anything is judged
  std::uint64_t step = 2;       // KN: replications of each that are wanted at a time
  std::uint64_t budget = 3000;  // [runs] of the selection
  // The chosen one and the standing policy get at least so many replications, for its interval and its bad cases: from
  // 19 on what is likely is read from them without assuming a distribution.
  std::uint64_t of_best = 60;
  // An alternative that is shown to make the mean cycle time longer by more than this share of the horizon is out
  // of the race; one that seems to at the end is not proposed. A lot that loses so much of all the time that passes
  // comes out later by this share of its cycle time.
  double cycle_worse = 0.01;
  // The alternative that cycle times are held against: what stands, or a rule that was declared beforehand, so that
  // many small losses, each against what stood then, do not add up.
  std::size_t cycle_reference = 0;
  // [alternative] what it comes to if it stays; empty: that is not asked for, nothing: of this one it is not known. One
  // that then seems to break cycle_worse, or seems to be worse than what stands, is out: of two rules one at most may
  // follow the other, so that they do not take turns.
  std::vector<std::optional<Stay>> stays = {};
  // Where the race finds nothing better than what stands, the one that is shown to bring most if it stays is the best.
  bool best_by_stay = true;
  // A chance constraint: it may happen with at most this probability that within the horizon more than this share of
  // the queue-time windows is too late. An alternative that is shown to break it is out; one that is not shown to keep
  // it is not proposed, however good its mean. Where what stands does not keep it either, alternatives are held to
  // what stands: no larger mean share of windows too late, pair by pair. A share of 1: no constraint.
  double late_share = 1.0, late_risk = 0.05;
  double level = 0.95;     // of the downside's CVaR
  double too_good = 0.05;  // a benefit above this share is checked for being a fault of ours
};

// One alternative against the standing policy, pair by pair.
struct Weighed {
  std::size_t alternative = 0;
  std::uint64_t pairs = 0;
  twin::math::Interval benefit;  // [h] of the objective; positive: better than standing
  // One more member lies between with a probability of 0.9: where the benefit of the one fab that there is may be
  // looked for (twin::math::prediction_range). [h] Infinite below two pairs.
  double likely_low = 0.0, likely_high = 0.0;
  double benefit_share = 0.0;   // of the standing policy's objective
  twin::math::Interval cycle;   // [h] longer mean cycle time than cycle_reference
  double cycle_share = 0.0;     // of the horizon
  double worse = 0.0;           // share of members that did worse than standing
  twin::uq::TailRisk downside;  // [h] of -benefit: how much worse, in bad cases
  bool out = false;             // its cycle time forbids it, or its queue times
  twin::uq::Chance late;        // that more queue-time windows are too late than may be
  twin::math::Interval later;   // [-] more of the windows are too late than as it is
  bool late_out = false;        // its queue times forbid it
  std::optional<Stay> stay;     // what it comes to if it stays, where that was asked for
};

// Whether a benefit that is too good survives: with other luck, and with the data set's own theta; and whether the
// State was sound at the end of the run.
struct Validity {
  twin::math::Interval again;    // [h] benefit with another seed
  twin::math::Interval nominal;  // [h] with the data set's theta
  std::vector<std::string> broken;
  bool holds = false;  // both are above zero for sure, nothing is broken
};

struct Advice {
  std::size_t best = 0;      // 0: leave all as it is
  double probability = 0.0;  // that it is the best, or within the zone of it, of those not out
  bool promised = false;     // the procedure stopped by itself: the probability is the confidence
  bool by_stay =
      false;  // chosen for what it brings if it stays: the probability is that of its interval
  double zone = 0.0;  // [h]
  std::uint64_t runs = 0;
  std::vector<Weighed> weighed;  // [alternative] as the menu has them
  std::optional<Validity> validity;
};

// Of one rule's runs against another's, and against those of the rule that cycle times are held against: members that
// share their luck. As many of each.
Stay stay_of(Objective objective, std::span<const Outcome> standing, std::span<const Outcome> other,
             std::span<const Outcome> reference, double confidence);

// Told the runs so far between two batches; false: stop, and say what is known by then.
using Going = std::function<bool(std::uint64_t runs)>;

// Runs what it takes. The first of the menu is the standing policy. Bit-identical for any number of threads.
Advice advise(Rollouts& rollouts, const AdviceAsked& asked, unsigned threads,
              const Going& going = {});

// The alternative alone against the standing policy: pairs runs each.
Weighed weigh(Rollouts& rollouts, std::size_t alternative, std::uint64_t pairs,
              const AdviceAsked& asked, unsigned threads);

}  // namespace twins::fab::decide
