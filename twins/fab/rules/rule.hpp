// What a dispatching rule is: a value for each waiting lot; the smallest goes first, after priority and (unless
// the rule weighs setups itself) least setup. Static rules are asked once, at arrival; dynamic ones at every decision.
#pragma once
#include <algorithm>
#include <array>
#include <string_view>

#include "twin/core/draw.hpp"
#include "twins/fab/layout.hpp"
#include "twins/fab/state.hpp"

namespace twins::fab {

// What a rule may look at besides the lot and the layout.
struct Look {
  Tick now = 0;
  double setup_ms = 0.0;         // [ms] that this lot would need on this tool
  double mean_process_ms = 1.0;  // [ms] over the lots waiting for this tool
  double mean_setup_ms = 1.0;    // [ms] the same
  twin::core::Draw draw{};       // the run's, for rules that draw at every decision
};

struct RuleName {
  std::string_view name, text;
};

template <class Rule>
struct RuleParameter {  // set by name: "atcs:k1=2,k2=0.5"
  std::string_view name;
  double Rule::*value;
};

// Dynamic: asked at every decision. SeesMeans: Look's means are taken for it. WeighsSetup: takes the place of the
// least-setup criterion, and sees the means. ScoresBatch: chooses among full-enough batches by `batch_value` rather
// than by their best lots. What holds for any rule, when batches start and whether setups rank, is in dispatching.hpp.
struct StaticRule {
  static constexpr bool Dynamic = false, SeesMeans = false, WeighsSetup = false,
                        ScoresBatch = false;
};

struct DynamicRule {
  static constexpr bool Dynamic = true, SeesMeans = false, WeighsSetup = false, ScoresBatch = false;
};

// Expected time of the lot at its step: load, process, unload [ms].
inline double expected_step_ms(const Layout& m, const Lot& lot) {
  const StepInfo& s = m.steps[lot.step];
  return s.step_fixed_ms + s.step_wafer_ms * lot.wafers;
}

// Expected work from its step to the end, sampling-weighted [ms] (reference 2.10).
inline double remaining_ms(const Layout& m, const Lot& lot) {
  const StepInfo& s = m.steps[lot.step];
  return s.remaining_fixed_ms + s.remaining_wafer_ms * lot.wafers;
}

// Operation due date: the lot's allowance spread over its route in proportion to the work, through its step [tick]
// (Kanet, Hayya, Management Science 28, 1982: total work content).
inline double operation_due(const Layout& m, const Lot& lot) {
  const StepInfo& s = m.steps[lot.step];
  const StepInfo& first = m.steps[m.routes[s.route].first_step];
  const double total = first.remaining_fixed_ms + first.remaining_wafer_ms * lot.wafers;
  const double after = std::max(remaining_ms(m, lot) - s.sampling * expected_step_ms(m, lot), 0.0);
  const double share = total > 0.0 ? 1.0 - after / total : 1.0;
  return static_cast<double>(lot.release) + static_cast<double>(lot.due - lot.release) * share;
}

// Mean process time of the lot at its step [ms].
inline double process_ms(const Layout& m, const Lot& lot) {
  const StepInfo& s = m.steps[lot.step];
  return s.per == Step::Per::Piece ? s.process_ms * lot.wafers : s.process_ms;
}

}  // namespace twins::fab
