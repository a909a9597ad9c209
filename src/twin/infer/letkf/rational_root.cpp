#include "twin/infer/letkf/rational_root.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "twin/core/expect.hpp"
#include "twin/math/elementary.hpp"

namespace twin::infer::letkf {
namespace {

// pi / (2 K(k)) for the complementary modulus k': the arithmetic-geometric mean of 1 and k'.
double mean_of(double complement) {
  double a = 1.0, b = complement;
  while (std::abs(a - b) > 1e-16 * a) {
    const double next = 0.5 * (a + b);
    b = std::sqrt(a * b);
    if (next == a) break;
    a = next;
  }
  return a;
}

// The Jacobi function sc = sn / cn with modulus k' at `share` of the quarter period K', in (0, 1).
// By Jacobi's imaginary transformation it is sn(i u | k) / i, whose theta series (with the small
// nome of k) need exp only: the house's own, so that all machines have the same nodes.
double sc(double k, double share) {
  // Beyond the middle the series cancel: sc(K' - u) = 1 / (k sc(u)).
  if (share > 0.5) return 1.0 / (k * sc(k, 1.0 - share));
  const double complement = std::sqrt((1.0 - k) * (1.0 + k));
  const double ratio = mean_of(complement) / mean_of(k);  // K' / K
  const double log_nome = -std::numbers::pi * ratio;
  const double angle = 0.5 * std::numbers::pi * share * ratio;
  double above = 0.0, below = 1.0, theta2 = 0.0, theta3 = 1.0;
  // From the fifth on the terms are below round-off: |k| <= 1/sqrt(2), where the nome is 0.043.
  for (int n = 0; n < 6; ++n) {
    const double sign = n % 2 == 0 ? 1.0 : -1.0;
    const double odd = log_nome * (n + 0.5) * (n + 0.5);
    const double up = (2 * n + 1) * angle;
    above += sign * (math::exp(odd + up) - math::exp(odd - up));
    theta2 += 2.0 * math::exp(odd);
    if (n == 0) continue;
    const double even = log_nome * n * n;
    below += sign * (math::exp(even + 2 * n * angle) + math::exp(even - 2 * n * angle));
    theta3 += 2.0 * math::exp(even);
  }
  return theta3 / theta2 * above / below;
}

}  // namespace

Poles poles_of(double condition, std::size_t terms) {
  TWIN_EXPECT(condition >= 2.0 && terms > 0, condition, terms);
  const double k = 1.0 / std::sqrt(condition);
  const double quarter = 0.5 * std::numbers::pi / mean_of(k);  // K'
  const double count = static_cast<double>(terms);
  Poles poles;
  for (std::size_t i = 0; i < terms; ++i) {
    const double ratio = sc(k, (static_cast<double>(i) + 0.5) / count);
    const double s = ratio * ratio;
    poles.shifts.push_back(s);
    // dn / cn^2
    const double slope = std::sqrt((1.0 + k * k * s) * (1.0 + s));
    poles.weights.push_back(2.0 * quarter / (std::numbers::pi * count) * slope);
  }
  return poles;
}

double value_of(const Poles& poles, double z) {
  double sum = 0.0;
  for (std::size_t i = 0; i < poles.shifts.size(); ++i) {
    sum += poles.weights[i] / (z + poles.shifts[i]);
  }
  return sum;
}

RationalRoot::RationalRoot() {
  std::vector<Poles> all(1);
  double condition = 1.0;
  for (std::size_t level = 1; level <= Levels; ++level) {
    condition *= 2.0;
    std::size_t terms = std::max<std::size_t>(all.back().shifts.size(), 1);
    // The error has the same size at both ends and at its extremes between (Zolotarev).
    Poles poles = poles_of(condition, terms);
    while (std::abs(value_of(poles, 1.0) - 1.0) > Tolerance) poles = poles_of(condition, ++terms);
    all.push_back(poles);
  }
  terms_ = all.back().shifts.size();
  shifts_.assign((Levels + 1) * terms_, 0.0);
  weights_.assign((Levels + 1) * terms_, 0.0);
  counts_.assign(Levels + 1, 0);
  for (std::size_t level = 1; level <= Levels; ++level) {
    const auto at = static_cast<std::ptrdiff_t>(level * terms_);
    std::ranges::copy(all[level].shifts, shifts_.begin() + at);
    std::ranges::copy(all[level].weights, weights_.begin() + at);
    counts_[level] = static_cast<std::uint32_t>(all[level].shifts.size());
  }
}

RootNodes RationalRoot::nodes() const {
  return {.shifts = shifts_.data(),
          .weights = weights_.data(),
          .counts = counts_.data(),
          .terms = terms_,
          .levels = Levels};
}

}  // namespace twin::infer::letkf
