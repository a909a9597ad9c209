// The evidence of a segment of windows in closed form, from running sums: of means with normal
// errors, and of counts or sums of exponential durations. Both are about a multiplier near 1.
#pragma once
#include <cstdint>
#include <vector>

#include "twin/bayes/segments.hpp"

namespace twin::bayes {

// Each window tells a value with a known precision at a time. Prior of a segment: its value at the
// middle of its windows N(1, 0.3^2), the slope of a line N(0, 0.01^2) per unit of time.
class NormalSeries {
 public:
  static constexpr double ValueDeviation = 0.3, SlopeDeviation = 0.01;

  // A window without anything to tell has the precision 0. Times should rise.
  void add(double time, double value, double precision);

  struct Fit {                                  // of a normal law each
    double value = 1.0, value_deviation = 0.0;  // at the time asked for
    double slope = 0.0, slope_deviation = 0.0;  // 0 for a constant
  };
  [[nodiscard]] double log_evidence(const Segment& s) const;
  [[nodiscard]] Fit fit(const Segment& s, double at) const;
  [[nodiscard]] std::uint32_t windows() const {
    return static_cast<std::uint32_t>(sums_.size() - 1);
  }

 private:
  struct Sums {
    double p = 0.0, py = 0.0, pt = 0.0, ptt = 0.0, pty = 0.0;  // y = value - 1
    double first = 0.0;                                        // time of this window
  };
  struct Normal {  // the posterior of (value at the middle, slope), its precisions and right side
    double middle = 0.0, a = 0.0, b = 0.0, c = 0.0, u = 0.0, v = 0.0;
  };
  [[nodiscard]] Normal normal(const Segment& s) const;

  std::vector<Sums> sums_{Sums{}};  // before each window, and after the last
};

// Each window tells a count and the exposure that led to it, of a rate to which both belong
// (ExponentialMean: the inverse of the mean). Prior of the rate: Gamma(4, 4). No lines.
class RateSeries {
 public:
  static constexpr double Weight = 4.0;

  void add(double count, double exposure);

  [[nodiscard]] double log_evidence(const Segment& s) const;  // expects a constant
  [[nodiscard]] std::uint32_t windows() const {
    return static_cast<std::uint32_t>(sums_.size() - 1);
  }

 private:
  struct Sums {
    double count = 0.0, exposure = 0.0;
  };
  std::vector<Sums> sums_{Sums{}};
};

}  // namespace twin::bayes
