// Apparent tardiness cost, w/p exp(-max(d_op - t - p, 0) / (k p_mean)), its logarithm negated (Vepsalainen, Morton,
// Management Science 33, 1987), with the operation due date in the slack. Setups: atcs.
#pragma once
#include "twin/math/elementary.hpp"
#include "twins/fab/rules/rule.hpp"

namespace twins::fab {

struct Atc : DynamicRule {
  static constexpr RuleName Name{"atc", "apparent tardiness cost"};
  static constexpr bool SeesMeans = true;
  double k = 2.0;  // [-] look-ahead
  static constexpr std::array Parameters{RuleParameter<Atc>{"k", &Atc::k}};

  double operator()(const Layout& m, const Lot& lot, const Look& look) const {
    const double p = std::max(process_ms(m, lot), 1.0);
    const double slack = operation_due(m, lot) - static_cast<double>(look.now) - p;
    return std::max(slack, 0.0) / (k * look.mean_process_ms) - twin::math::log(lot.weight / p);
  }
};

}  // namespace twins::fab
