// ATCS for batches (after Mason, Fowler, Carlyle, J. Scheduling 5, 2002): a batch counts by the mean weight and the
// least slack of its lots and by how full it is; single lots rank as under ATCS.
#pragma once
#include "twins/fab/rules/atcs.hpp"

namespace twins::fab {

struct Batcs : DynamicRule {
  static constexpr RuleName Name{"batcs",
                                 "apparent tardiness cost with setups, batches by fullness too"};
  static constexpr bool WeighsSetup = true, ScoresBatch = true;
  double k1 = 2.0, k2 = 0.5;  // [-] as in ATCS
  static constexpr std::array Parameters{RuleParameter<Batcs>{"k1", &Batcs::k1},
                                         RuleParameter<Batcs>{"k2", &Batcs::k2}};

  [[nodiscard]] Atcs atcs() const {
    Atcs rule;
    rule.k1 = k1;
    rule.k2 = k2;
    return rule;
  }
  double operator()(const Layout& m, const Lot& lot, const Look& look) const {
    return atcs()(m, lot, look);
  }

  // process_ms: of the batch; least_due: earliest operation due date [tick]; fill: wafers over the maximum.
  [[nodiscard]] double batch_value(double mean_weight, double process, double least_due,
                                   double fill, const Look& look) const {
    const double p = std::max(process, 1.0);
    return atcs().cost(mean_weight, p, least_due - static_cast<double>(look.now) - p, look) -
           twin::math::log(fill);
  }
};

}  // namespace twins::fab
