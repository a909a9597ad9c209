// Apparent tardiness cost with setups (Lee, Bhaskaran, Pinedo, IIE Transactions 29, 1997), its logarithm negated, with
// the operation due date in the slack (Vepsalainen, Morton, Management Science 33, 1987). It weighs setups itself, so
// the least-setup criterion of the data set is left out.
#pragma once
#include "twin/math/elementary.hpp"
#include "twins/fab/rules/rule.hpp"

namespace twins::fab {

struct Atcs : DynamicRule {
  static constexpr RuleName Name{"atcs", "apparent tardiness cost with setups"};
  static constexpr bool WeighsSetup = true;
  double k1 = 2.0, k2 = 0.5;  // [-] look-ahead of slack and of setup
  static constexpr std::array Parameters{RuleParameter<Atcs>{"k1", &Atcs::k1},
                                         RuleParameter<Atcs>{"k2", &Atcs::k2}};

  // The same for a lot and for a batch. slack_ms: until the (earliest) operation due date, process time taken off [ms].
  [[nodiscard]] double cost(double weight, double process, double slack_ms,
                            const Look& look) const {
    double log_index =
        twin::math::log(weight / process) - std::max(slack_ms, 0.0) / (k1 * look.mean_process_ms);
    if (look.setup_ms > 0.0 && look.mean_setup_ms > 0.0)
      log_index -= look.setup_ms / (k2 * look.mean_setup_ms);
    return -log_index;
  }

  double operator()(const Layout& m, const Lot& lot, const Look& look) const {
    const double p = std::max(process_ms(m, lot), 1.0);
    return cost(lot.weight, p, operation_due(m, lot) - static_cast<double>(look.now) - p, look);
  }
};

}  // namespace twins::fab
