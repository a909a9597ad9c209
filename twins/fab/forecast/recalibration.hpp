// Intervals set right by past scores: each end of each central interval lies a learnt factor times as far from the
// median as the ensemble says, and the factor follows how often reality lay beyond it.
#pragma once
#include <array>
#include <cstddef>
#include <span>

#include "twins/fab/forecast/forecast.hpp"

namespace twins::fab::forecast {

inline constexpr std::array<double, 4> Intervals = {0.5, 0.8, 0.9, 0.95};  // central
inline constexpr std::size_t Ninety = 2;  // index of the one that is promised

// Each time a window has been scored, c <- c + Step (share beyond - (1 - level) / 2) for each end: the quantile tracker
// of A. N. Angelopoulos, E. J. Candes and R. J. Tibshirani, "Conformal PID control for time series prediction" (2023),
// eq. 3, on the scale of the end's own distance from the median; it is the adaptive conformal inference of I. Gibbs and
// E. Candes (2021) for an end that may leave the ensemble. Since c sums what the shares beyond differ from the nominal
// one by, after T windows their mean does so by at most (largest c - 1) / (Step T), whatever reality does, as long as c
// stays above 0. A bias is met by the middle, which moves likewise by half the quartiles' distance times `shift`.
// Step: one half moves an end by a tenth of its distance when a fifth more than should lie beyond it.
class Recalibration {
 public:
  static constexpr double Step = 0.5, ShiftStep = 0.25;

  // Moves ascending members by the factors, which are interpolated between the ends; they stay ascending.
  void apply(std::span<float> sorted) const;
  // Shares of a window's scores that lay below and above each of the recalibrated intervals [interval], and above minus
  // below the recalibrated median.
  // weight: 1 for a window that shares no time with the last one, its share of new time otherwise, so that what comes
  // late is not answered many times over.
  void learn(const std::array<double, Intervals.size()>& below,
             const std::array<double, Intervals.size()>& above, double off, double weight);

  [[nodiscard]] double lower(std::size_t interval) const { return lower_[interval]; }
  [[nodiscard]] double upper(std::size_t interval) const { return upper_[interval]; }
  [[nodiscard]] double shift() const { return shift_; }
  bool operator==(const Recalibration&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("lower", self.lower_);
    a("upper", self.upper_);
    a("shift", self.shift_);
  }

 private:
  std::array<double, Intervals.size()> lower_{1.0, 1.0, 1.0, 1.0};  // [interval] factor
  std::array<double, Intervals.size()> upper_{1.0, 1.0, 1.0, 1.0};
  double shift_ = 0.0;  // [half the quartiles' distance]
};

}  // namespace twins::fab::forecast
