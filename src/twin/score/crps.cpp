#include "twin/score/crps.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "twin/core/error.hpp"
#include "twin/score/checked.hpp"
#include "twin/score/normal.hpp"
#include "twin/score/weights.hpp"

namespace twin::score {
namespace {

std::vector<double> sorted_of_crps(std::span<const double> ensemble) {
  std::vector<double> x(ensemble.begin(), ensemble.end());
  std::ranges::sort(x);
  return x;
}

// Sum over gaps [a, b] between neighbours, F = p there: p^2 for the part below y, (1 - p)^2 above.
// value(i): ascending; share(i): of all up to and with value i.
template <class Value, class Share>
double integral(std::size_t n, Value value, Share share, double y) {
  double sum = std::max(value(0) - y, 0.0) + std::max(y - value(n - 1), 0.0);
  for (std::size_t i = 0; i + 1 < n; ++i) {
    const double a = value(i);
    const double b = value(i + 1);
    const double middle = std::clamp(y, a, b);
    const double p = share(i);
    sum += p * p * (middle - a) + (1.0 - p) * (1.0 - p) * (b - middle);
  }
  return sum;
}

void need_forecast(std::span<const double> ensemble, double y) {
  need_finite(ensemble, "ensemble");
  need_finite(y, "observation");
}

void need_two(std::size_t members) {
  if (members < 2)
    throw core::Error("fair CRPS of one member (needs two or more); is the plain CRPS meant?");
}

}  // namespace

double crps_of_sorted(std::span<const double> sorted, double y) {
  need_forecast(sorted, y);
  const auto n = static_cast<double>(sorted.size());
  return integral(
      sorted.size(), [&](std::size_t i) { return sorted[i]; },
      [&](std::size_t i) { return static_cast<double>(i + 1) / n; }, y);
}

double fair_crps_of_sorted(std::span<const double> sorted, double y) {
  need_forecast(sorted, y);
  need_two(sorted.size());
  const auto n = static_cast<double>(sorted.size());
  double apart = 0.0;  // sum over pairs i < j of x[j] - x[i]
  for (std::size_t i = 0; i + 1 < sorted.size(); ++i) {
    const auto below = static_cast<double>(i + 1);
    apart += below * (n - below) * (sorted[i + 1] - sorted[i]);
  }
  // Plain: minus apart / N^2; fair: minus apart / (N (N - 1)).
  return crps_of_sorted(sorted, y) - apart / (n * n * (n - 1.0));
}

double crps(std::span<const double> ensemble, double y) {
  need_forecast(ensemble, y);
  return crps_of_sorted(sorted_of_crps(ensemble), y);
}

double fair_crps(std::span<const double> ensemble, double y) {
  need_forecast(ensemble, y);
  return fair_crps_of_sorted(sorted_of_crps(ensemble), y);
}

double weighted_crps(std::span<const double> values, std::span<const double> weights, double y) {
  need_finite(y, "observation");
  const std::vector<Weighted> x = sorted_shares(values, weights);
  return integral(
      x.size(), [&](std::size_t i) { return x[i].value; },
      [&](std::size_t i) { return x[i].share_up_to; }, y);
}

double normal_crps(double mean, double deviation, double y) {
  need_finite(mean, "mean");
  need_positive(deviation, "deviation");
  need_finite(y, "observation");
  const double z = (y - mean) / deviation;
  return deviation * (z * std::erf(z / std::numbers::sqrt2) + 2.0 * normal_density(z) -
                      std::numbers::inv_sqrtpi);
}

}  // namespace twin::score
