// Whether what a process holds stays as it is while it goes on: for soaks, where a leak of a few
// bytes a message would show as a slope. Blocks of samples stand for one, so that neighbours which
// resemble each other do not make the slope look surer than it is.
#pragma once
#include <cmath>
#include <cstddef>
#include <span>

namespace apps::fabtwin {

struct Slope {
  double per_hour = 0.0;  // [unit of the values / h] by least squares
  double error = 0.0;     // its standard error
  // Flat: no steeper than `most` [1/h], as far as two standard errors tell.
  [[nodiscard]] bool flat(double most) const { return per_hour - 2.0 * error <= most; }
};

// values: means of equal blocks, `block_hours` each, in order; fewer than three have no slope.
inline Slope slope_of(std::span<const double> values, double block_hours) {
  const std::size_t n = values.size();
  if (n < 3) return {};
  const auto count = static_cast<double>(n);
  const double middle = (count - 1.0) / 2.0;
  double mean = 0.0;
  for (const double v : values) mean += v / count;
  double covariance = 0.0, spread = 0.0;
  for (std::size_t k = 0; k < n; ++k) {
    const double t = static_cast<double>(k) - middle;
    covariance += t * (values[k] - mean);
    spread += t * t;
  }
  const double slope = covariance / spread;
  double rest = 0.0;
  for (std::size_t k = 0; k < n; ++k) {
    const double left = values[k] - mean - slope * (static_cast<double>(k) - middle);
    rest += left * left;
  }
  const double error = std::sqrt(rest / (count - 2.0) / spread);
  return {.per_hour = slope / block_hours, .error = error / block_hours};
}

}  // namespace apps::fabtwin
