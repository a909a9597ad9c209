#include "twins/fab/forecast/recalibration.hpp"

#include <algorithm>

namespace twins::fab::forecast {

namespace {

constexpr double FactorMax = 100.0;  // far beyond all use; keeps numbers finite

// The factor at probability p of one side, p measured from that side's end: constant outside of the ends.
double factor_at(const std::array<double, Intervals.size()>& of, double p) {
  const auto tail = [](std::size_t i) { return 0.5 * (1.0 - Intervals[i]); };
  if (p >= tail(0)) return of[0];
  for (std::size_t i = 1; i < Intervals.size(); ++i)
    if (p >= tail(i)) {
      const double share = (p - tail(i)) / (tail(i - 1) - tail(i));
      return of[i] + share * (of[i - 1] - of[i]);
    }
  return of.back();
}

}  // namespace

void Recalibration::apply(std::span<float> sorted) const {
  const auto n = static_cast<double>(sorted.size());
  const float median = quantile_of_sorted(sorted, 0.5);
  if (median == Beyond) return;
  const auto middle = static_cast<double>(median);
  const float third = quantile_of_sorted(sorted, 0.75);
  const double half =
      third == Beyond ? 0.0 : 0.5 * static_cast<double>(third - quantile_of_sorted(sorted, 0.25));
  const double moved = middle + shift_ * half;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (sorted[i] == Beyond) break;
    const double p = static_cast<double>(i + 1) / (n + 1.0);
    const double c = sorted[i] < median ? factor_at(lower_, p) : factor_at(upper_, 1.0 - p);
    sorted[i] = static_cast<float>(moved + c * (static_cast<double>(sorted[i]) - middle));
  }
  std::sort(sorted.begin(), sorted.end());  // factors may cross
}

void Recalibration::learn(const std::array<double, Intervals.size()>& below,
                          const std::array<double, Intervals.size()>& above, double off,
                          double weight) {
  for (std::size_t i = 0; i < Intervals.size(); ++i) {
    const double tail = 0.5 * (1.0 - Intervals[i]);
    lower_[i] = std::clamp(lower_[i] + weight * Step * (below[i] - tail), 0.0, FactorMax);
    upper_[i] = std::clamp(upper_[i] + weight * Step * (above[i] - tail), 0.0, FactorMax);
  }
  shift_ = std::clamp(shift_ + weight * ShiftStep * off, -FactorMax, FactorMax);
}

}  // namespace twins::fab::forecast
