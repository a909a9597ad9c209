// How one of the fab's numbers went over the windows of a log: did it step or drift, when, from what to what, and
// what it is now. A number that has not changed keeps the exact belief of the whole log.
#pragma once
#include <array>
#include <span>
#include <vector>

#include "twin/bayes/segments.hpp"
#include "twins/fab/calibrate/evidence.hpp"

namespace twins::fab::calibrate {

// The probabilities at which a belief is tabulated.
inline constexpr std::array<double, 23> Levels = {0.005, 0.025, 0.05, 0.1, 0.15, 0.2,   0.25, 0.3,
                                                  0.35,  0.4,   0.45, 0.5, 0.55, 0.6,   0.65, 0.7,
                                                  0.75,  0.8,   0.85, 0.9, 0.95, 0.975, 0.995};
using Quantiles = std::array<double, Levels.size()>;

// A change is reported as one, and counts for what is handed on, from these probabilities on. With the prior of
// SegmentPrior for 30 windows, Reported bounds false alarms by 2e-4 a parameter, 0.05 in a fab of 230.
inline constexpr double Reported = 0.99, Believed = 0.5;

struct Range {
  double low = 1.0, median = 1.0, high = 1.0;  // 90 % interval
};

struct Change {
  double probability = 0.0;  // that the number stepped or drifted within the log
  // What follows is given that there is one: the last, if there are several.
  bool drifts = false;       // still moving at the end, along a straight line; else a step
  Range day{0.0, 0.0, 0.0};  // [day] since the log began, to one window; a drift from before it: 0
  Range before;              // the value until then; a drift: at its beginning
  Range per_day{0.0, 0.0, 0.0};                 // [1/day] slope of a drift
  std::vector<twin::bayes::Segment> likeliest;  // the likeliest course as a whole, in windows
};

struct Now {
  Quantiles quantiles{};
  Change change;
};

// Of a process time's or transport's mean and spread. `courses` and `scales` by window [window].
struct Scale {
  std::span<const RatioSums* const> courses;
  std::span<const twin::bayes::UniformScale* const> scales;
  const twin::bayes::UniformScale* all = nullptr;  // of the whole log; must know enough
  double window_days = 1.0, until_day = 0.0;
};
struct MeanAndSpread {
  Now mean, spread;
};
MeanAndSpread now_of(const Scale& scale);

// Of a mean time and of a probability, by window. Expect a proper belief, an outcome, of the whole log.
Now now_of(std::span<const twin::bayes::ExponentialMean> windows, double window_days);
Now now_of(std::span<const twin::bayes::ScaledShare* const> windows, double window_days);

}  // namespace twins::fab::calibrate
