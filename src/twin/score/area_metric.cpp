#include "twin/score/area_metric.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "twin/math/distributions.hpp"
#include "twin/score/checked.hpp"
#include "twin/score/normal.hpp"
#include "twin/score/weights.hpp"

namespace twin::score {
namespace {

std::vector<double> sorted_of(std::span<const double> x) {
  std::vector<double> sorted(x.begin(), x.end());
  std::ranges::sort(sorted);
  return sorted;
}

// Area between two step functions. value_a(i), ascending, and share_a(i): of all up to and with i.
template <class ValueA, class ShareA, class ValueB, class ShareB>
double area_of_steps(std::size_t n, ValueA value_a, ShareA share_a, std::size_t m, ValueB value_b,
                     ShareB share_b) {
  std::size_t i = 0, j = 0;
  double a = 0.0, b = 0.0, area = 0.0;
  double at = std::min(value_a(0), value_b(0));
  while (i < n || j < m) {
    const bool next_is_a = j == m || (i < n && value_a(i) <= value_b(j));
    const double next = next_is_a ? value_a(i) : value_b(j);
    area += std::abs(a - b) * (next - at);
    at = next;
    if (next_is_a) {
      a = share_a(i++);
    } else {
      b = share_b(j++);
    }
  }
  return area;
}

auto equal_shares(std::size_t n) {
  return [n](std::size_t i) { return static_cast<double>(i + 1) / static_cast<double>(n); };
}

auto values_of(const std::vector<double>& x) {
  return [&x](std::size_t i) { return x[i]; };
}

// Integral of |F - share| from a to b for a continuous, growing F that reaches the share at
// `crossing`. area(x): integral of F up to x.
template <class Area>
double area_beside_step(Area area, double a, double b, double share, double crossing) {
  const auto above = [&](double from, double to) {
    return area(to) - area(from) - share * (to - from);
  };
  const double middle = std::clamp(crossing, a, b);
  return std::max(-above(a, middle), 0.0) + std::max(above(middle, b), 0.0);
}

}  // namespace

double area_metric(std::span<const double> predicted, std::span<const double> measured) {
  need_finite(predicted, "prediction");
  need_finite(measured, "measurement");
  const std::vector<double> a = sorted_of(predicted), b = sorted_of(measured);
  return area_of_steps(a.size(), values_of(a), equal_shares(a.size()), b.size(), values_of(b),
                       equal_shares(b.size()));
}

double weighted_area_metric(std::span<const double> values, std::span<const double> weights,
                            std::span<const double> measured) {
  need_finite(measured, "measurement");
  const std::vector<Weighted> a = sorted_shares(values, weights);
  const std::vector<double> b = sorted_of(measured);
  return area_of_steps(
      a.size(), [&](std::size_t i) { return a[i].value; },
      [&](std::size_t i) { return a[i].share_up_to; }, b.size(), values_of(b),
      equal_shares(b.size()));
}

double normal_area_metric(double mean, double deviation, std::span<const double> measured) {
  need_finite(mean, "mean");
  need_positive(deviation, "deviation");
  need_finite(measured, "measurement");
  std::vector<double> z;
  for (const double y : measured) z.push_back((y - mean) / deviation);
  std::ranges::sort(z);
  // Below all measurements F is too high by itself, above all by its complement.
  double sum = normal_area_below(z.front()) + normal_area_below(-z.back());
  const auto n = static_cast<double>(z.size());
  for (std::size_t i = 0; i + 1 < z.size(); ++i) {
    const double share = static_cast<double>(i + 1) / n;
    sum += area_beside_step(normal_area_below, z[i], z[i + 1], share, math::normal(share));
  }
  return deviation * sum;
}

double pooled_area_metric(std::span<const double> pits) {
  need_finite(pits, "PIT");
  for (const double pit : pits) need_probability(pit, "PIT");
  const std::vector<double> u = sorted_of(pits);
  const auto area = [](double x) { return 0.5 * x * x; };
  double sum = area(u.front()) + area(1.0 - u.back());
  const auto n = static_cast<double>(u.size());
  for (std::size_t i = 0; i + 1 < u.size(); ++i) {
    const double share = static_cast<double>(i + 1) / n;
    sum += area_beside_step(area, u[i], u[i + 1], share, share);
  }
  return sum;
}

}  // namespace twin::score
