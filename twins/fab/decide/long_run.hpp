// What a rule comes to if it stays. A rollout of days sees what a change does at once, not what it makes of the fab:
// WIP takes as long to settle as a lot takes to come through. A rule that is good for three days may cost the quarter,
// and one that does nothing in three days may save it.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "twin/math/statistics.hpp"
#include "twins/fab/any_fab.hpp"
#include "twins/fab/calibrate/posterior.hpp"
#include "twins/fab/decide/advise.hpp"

namespace twins::fab::decide {

struct LongRunsAsked {
  Tick now = 0;  // [tick] the rule changes then; x.now or later
  std::string standing = "published";
  double settle_days =
      20.0;            // what leaves until then counts for nothing: most of it was made before
  double days = 60.0;  // from `now` to the end
  std::uint32_t members = 6;
  std::uint64_t seed = 1;
  unsigned threads = 1;
};

// [rule][member]. Of the lots that left between settling and the end, cycle times and tardiness, as an Outcome has
// them; lots inside and overdue at the end count as late as they are by then, so that a rule that leaves lots lying
// gains nothing by it. All rules of a member share its start, theta and luck. `x` is a mirror's State. Costs rules x
// members x days of simulated time; bit-identical for any number of threads. core::Error for a rule that make_fab does
// not take.
std::vector<std::vector<Outcome>> long_runs(const std::shared_ptr<const Layout>& layout,
                                            const State& x,
                                            std::span<const calibrate::Posterior> posterior,
                                            std::span<const std::string> rules,
                                            const LongRunsAsked& asked);

// AdviceAsked::stays of a menu: of what stands, and of the alternatives that are a rule and do nothing else. asked.now
// and asked.standing are those of the rollouts. Costs as much as long_runs of so many rules.
std::vector<std::optional<Stay>> stays_of(const std::shared_ptr<const Layout>& layout,
                                          const State& x,
                                          std::span<const calibrate::Posterior> posterior,
                                          std::span<const Alternative> menu,
                                          const AdviceAsked& advice, const LongRunsAsked& asked);

}  // namespace twins::fab::decide
