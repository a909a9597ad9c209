// What a dispatching rule is: a value for each waiting lot; the smallest goes first, after priority and (unless the rule
// weighs setups itself) least setup. Static rules are asked once, at arrival; dynamic ones at every decision.
#pragma once
#include <algorithm>
#include <array>
#include <string_view>

#include "twins/fab/layout.hpp"
#include "twins/fab/state.hpp"

namespace twins::fab {

// What a rule may look at besides the lot and the layout.
struct Look {
  Tick now = 0;
  double setup_ms = 0.0;         // [ms] that this lot would need on this tool
  double mean_process_ms = 1.0;  // [ms] over the lots waiting for this tool
  double mean_setup_ms = 1.0;    // [ms] the same
};

struct RuleName {
  std::string_view name, text;
};

template <class Rule>
struct RuleParameter {  // set by name: "atcs:k1=2,k2=0.5"
  std::string_view name;
  double Rule::*value;
};

struct StaticRule {
  static constexpr bool Dynamic = false, WeighsSetup = false;
};

struct DynamicRule {
  static constexpr bool Dynamic = true, WeighsSetup = false;
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

// Mean process time of the lot at its step [ms].
inline double process_ms(const Layout& m, const Lot& lot) {
  const StepInfo& s = m.steps[lot.step];
  return s.per == Step::Per::Piece ? s.process_ms * lot.wafers : s.process_ms;
}

}  // namespace twins::fab
