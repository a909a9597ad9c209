// What an act brought, told when its time has passed. The fab that there is has lived one of two lives; how the other
// would have gone is told by members that begin at the moment of the decision and live both, and of which those count
// most whose one life was like the one that was lived: J. Pearl's abduction, action and prediction (Causality, 2nd ed.,
// 2009, section 7.1.3), with a linear regression for the abduction.
#pragma once
#include <cstddef>
#include <cstdint>

#include "twins/fab/decide/advise.hpp"

namespace twins::fab::decide {

struct RealisedAsked {
  std::size_t lived = 1, other = 0;  // of the menu
  Objective objective = Objective::Tardiness;
  double share = 0.9;        // of the interval
  std::uint64_t pairs = 60;  // members that live both lives; at least 12
};

struct Realised {
  // [h] of the objective: the other life's less the lived one's, so that positive is better. The interval is of the one
  // difference of the one fab, not of a mean.
  double mean = 0.0, low = 0.0, high = 0.0;
  double explained =
      0.0;  // share of the benefit's variance among members that the lived life tells of
  // Probability that a member's life lies further from the others' than the one that was lived; near 0: the twin could
  // not have lived it, and a line is drawn beyond what was seen. Below 0.001 the interval holds what members gained
  // whatever they lived, too.
  double likeness = 0.0;
  std::uint64_t members = 0;
};

// came: outcome_of the fab as it was mirrored at both ends, with the outlook of `rollouts`. Bit-identical for any
// number of threads.
Realised realised(Rollouts& rollouts, const Outcome& came, const RealisedAsked& asked,
                  unsigned threads);

}  // namespace twins::fab::decide
