// The loop closed, in one process: a plant with hidden numbers tells its events; a mirror follows, theta is learnt;
// once a shift the twin is asked for advice on the dispatching rule, a scripted operator approves what is sure
// enough, and the plant obeys. Beside it the same plant, with the same luck, under one rule for ever.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cases/calibration/hidden.hpp"
#include "twins/fab/decide/advise.hpp"

namespace cases {

struct LoopOptions {
  double days = 90.0;
  double learn_days =
      10.0;  // theta is learnt, nothing is advised; what is measured begins afterwards
  double shift_hours = 12.0;
  double horizon_hours = 72.0;    // of a rollout
  std::string standing = "fifo";  // at first; cycle times are held against it all the time
  std::vector<std::string> rules = {"fifo", "cr", "odd", "edd"};
  std::uint64_t first = 6, of_best = 20, budget = 200;
  double outlook_every_days =
      5.0;  // from outlook to outlook; theta is learnt anew each time, as a living twin does
  double stay_every_days =
      20.0;              // from look to look at what each rule comes to if it stays; 0: never
  unsigned threads = 1;  // results do not depend on it
  HiddenOptions hidden;
  // The twin believes that the process times of all groups are so many times what they are, and learns nothing.
  double mistaken = 1.0;
};

// What came of a fab between the end of the learning and the end.
struct LoopFigures {
  double tardy_hours = 0.0;  // [h] mean over the lots finished
  double cycle_days = 0.0;   // [day] the same
  double finished = 0.0;     // [lots]
  double on_time = 0.0;      // share
};

struct Promise {  // of one approved advice [h]
  double day = 0.0;
  std::string rule;
  double benefit = 0.0, low = 0.0, high = 0.0;  // expected, and the interval of nine in ten
  bool by_stay = false;                         // approved for what it brings if it stays
  double downside =
      0.0;  // how much worse in the worst of twenty, on average (CVaR); below 0: better even then
  double realised = 0.0;  // what the plant came to with it and without, by its own numbers and luck
};

struct Loop {
  std::uint32_t seed = 0;
  LoopFigures advised;
  std::vector<Promise> promises;
  std::uint64_t decisions = 0, runs = 0;
  std::vector<std::uint64_t> shifts_of;  // [rule of options.rules]
};

Loop closed_loop(const std::shared_ptr<const twins::fab::Layout>& layout, std::uint32_t seed,
                 const LoopOptions& options);
// The same plant under one rule.
LoopFigures one_rule(const std::shared_ptr<const twins::fab::Layout>& layout, std::uint32_t seed,
                     const std::string& rule, const LoopOptions& options);

}  // namespace cases
