// Each waiting lot is as likely as any other to be next, at each decision anew: a floor under every other rule (Conway,
// Maxwell, Miller, Theory of Scheduling, 1967). Named by lot and instant, so that pauses and threads do not show.
#pragma once
#include "twins/fab/occasions.hpp"
#include "twins/fab/rules/rule.hpp"

namespace twins::fab {

struct Random : DynamicRule {
  static constexpr RuleName Name{"random", "any waiting lot, each as likely as another"};
  double operator()(const Layout&, const Lot& lot, const Look& look) const {
    // The occasion is the instant, which comes round again after 49.7 days: the same lot would have
    // to wait at the very millisecond.
    return look.draw.uniform(static_cast<std::uint32_t>(What::RandomRank), lot.serial,
                             static_cast<std::uint32_t>(look.now));
  }
};

}  // namespace twins::fab
