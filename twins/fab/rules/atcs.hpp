// Apparent tardiness cost with setups (Lee, Bhaskaran, Pinedo, IIE Transactions 29, 1997), its logarithm negated. Weighs
// setup itself, so the least-setup criterion of the data set is left out.
#pragma once
#include "twin/math/elementary.hpp"
#include "twins/fab/rules/rule.hpp"

namespace twins::fab {

struct Atcs : DynamicRule {
  static constexpr RuleName Name{"atcs", "apparent tardiness cost with setups"};
  static constexpr bool WeighsSetup = true;
  double k1 = 2.0, k2 = 0.5;  // [-] look-ahead of slack and of setup
  static constexpr std::array Parameters{RuleParameter<Atcs>{"k1", &Atcs::k1}, RuleParameter<Atcs>{"k2", &Atcs::k2}};
  double operator()(const Layout& m, const Lot& lot, const Look& look) const {
    const double p = std::max(process_ms(m, lot), 1.0);
    const double left = std::max(remaining_ms(m, lot), p);
    const double slack = std::max(static_cast<double>(lot.due - look.now) - left, 0.0);
    double log_index = twin::math::log(lot.weight / p) - slack / (k1 * look.mean_process_ms);
    if (look.setup_ms > 0.0) log_index -= look.setup_ms / (k2 * std::max(look.mean_setup_ms, 1.0));
    return -log_index;
  }
};

}  // namespace twins::fab
