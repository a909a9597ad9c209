#include "twin/uq/gev.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/score/checked.hpp"

namespace twin::uq {
namespace {

using Three = std::array<double, 3>;  // location, log scale, shape

constexpr double GevEnd = std::numeric_limits<double>::infinity();

// -ln of P(X <= x), from y = (x - location) / scale: (1 + shape y)^(-1 / shape).
double rarity(double y, double shape) {
  if (std::abs(shape) < 1e-9) return std::exp(-y * (1 - 0.5 * shape * y));
  const double t = 1 + shape * y;
  if (t <= 0.0) return shape > 0.0 ? GevEnd : 0.0;
  return std::exp(-std::log(t) / shape);
}

double cost(std::span<const double> x, const Three& p) {
  const Gev law{.location = p[0], .scale = std::exp(p[1]), .shape = p[2]};
  double sum = 0.0;
  for (const double v : x) sum -= law.log_density(v);
  return sum;
}

struct Bend {
  Three slope{};
  std::array<Three, 3> second{};
};

// Central differences, as a share of each parameter's own size.
template <class F>
Bend bend_of(const F& f, const Three& p, const Three& step) {
  Bend b;
  const double here = f(p);
  const auto at = [&](std::size_t i, double a, std::size_t j, double c) {
    Three q = p;
    q[i] += a * step[i];
    q[j] += c * step[j];
    return f(q);
  };
  for (std::size_t i = 0; i < 3; ++i) {
    const double up = at(i, 1, i, 0), down = at(i, -1, i, 0);
    b.slope[i] = (up - down) / (2 * step[i]);
    b.second[i][i] = (up - 2 * here + down) / (step[i] * step[i]);
    for (std::size_t j = 0; j < i; ++j)
      b.second[i][j] = b.second[j][i] =
          (at(i, 1, j, 1) - at(i, 1, j, -1) - at(i, -1, j, 1) + at(i, -1, j, -1)) /
          (4 * step[i] * step[j]);
  }
  return b;
}

// Inverse of a symmetric matrix by cofactors; nothing unless it is positive definite.
std::optional<std::array<Three, 3>> inverse_of_three(const std::array<Three, 3>& m) {
  const auto cofactor = [&](std::size_t i, std::size_t j) {
    const std::size_t a = (i + 1) % 3, b = (i + 2) % 3, c = (j + 1) % 3, d = (j + 2) % 3;
    return m[a][c] * m[b][d] - m[a][d] * m[b][c];
  };
  const double det = m[0][0] * cofactor(0, 0) + m[0][1] * cofactor(0, 1) + m[0][2] * cofactor(0, 2);
  if (!(m[0][0] > 0.0 && cofactor(2, 2) > 0.0 && det > 0.0)) return std::nullopt;
  std::array<Three, 3> inverse{};
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) inverse[i][j] = cofactor(j, i) / det;
  return inverse;
}

// Hosking, Wallis and Wood, eq. 14 and 15.
Three by_weighted_moments(std::vector<double> x) {
  std::ranges::sort(x);
  const auto n = static_cast<double>(x.size());
  double b0 = 0.0, b1 = 0.0, b2 = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto k = static_cast<double>(i);
    b0 += x[i] / n;
    b1 += x[i] * k / (n - 1) / n;
    b2 += x[i] * k * (k - 1) / ((n - 1) * (n - 2)) / n;
  }
  const double c = (2 * b1 - b0) / (3 * b2 - b0) - std::numbers::ln2 / std::log(3.0);
  double k = std::clamp(7.8590 * c + 2.9554 * c * c, -0.4, 0.4);
  if (std::abs(k) < 1e-3) k = 1e-3;
  const double g = std::tgamma(1 + k);
  const double scale = (2 * b1 - b0) * k / (g * (1 - std::pow(2.0, -k)));
  return {b0 + scale * (g - 1) / k, std::log(scale), -k};
}

}  // namespace

double Gev::below(double x) const { return std::exp(-rarity((x - location) / scale, shape)); }

double Gev::log_density(double x) const {
  const double y = (x - location) / scale, r = rarity(y, shape);
  if (!(r > 0.0) || !std::isfinite(r)) return -GevEnd;
  return -std::log(scale) + (1 + shape) * std::log(r) - r;
}

double Gev::return_level(double blocks) const {
  TWIN_EXPECT(blocks > 1.0, blocks);
  const double r = -std::log1p(-1 / blocks);
  if (std::abs(shape) < 1e-9) return location - scale * std::log(r);
  return location + scale * std::expm1(-shape * std::log(r)) / shape;
}

double GevFit::return_level_error(double blocks) const {
  const double log_r = std::log(-std::log1p(-1 / blocks)), xi = law.shape;
  // Slopes by location, scale and shape.
  Three slope{1.0, 0.0, 0.0};
  if (std::abs(xi) < 1e-6) {
    slope[1] = -log_r;
    slope[2] = 0.5 * law.scale * log_r * log_r;
  } else {
    const double power = std::exp(-xi * log_r);
    slope[1] = (power - 1) / xi;
    slope[2] = law.scale * (-log_r * power * xi - (power - 1)) / (xi * xi);
  }
  double variance = 0.0;
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) variance += slope[i] * covariance[i][j] * slope[j];
  return std::sqrt(variance);
}

std::optional<GevFit> fit_gev(std::span<const double> maxima) {
  score::need_finite(maxima, "maxima");
  if (maxima.size() < 10) throw core::Error(fmt::format("{} maxima (at least 10)", maxima.size()));
  const auto [least, most] = std::ranges::minmax(maxima);
  if (!(most > least)) throw core::Error("maxima that do not vary");
  const auto f = [&](const Three& p) { return cost(maxima, p); };
  Three p = by_weighted_moments({maxima.begin(), maxima.end()});
  // The law must hold all that was seen.
  for (int k = 0; k < 60 && !std::isfinite(f(p)); ++k) p[2] *= 0.8, p[1] += 0.05;
  if (!std::isfinite(f(p))) return std::nullopt;
  double damping = 1e-3, now = f(p);
  for (int k = 0; k < 200; ++k) {
    const double scale = std::exp(p[1]);
    const Three step = {1e-4 * scale, 1e-4, 1e-4};
    const Bend b = bend_of(f, p, step);
    std::array<Three, 3> m = b.second;
    for (std::size_t i = 0; i < 3; ++i) m[i][i] += damping * std::max(std::abs(m[i][i]), 1e-6);
    const auto inverse = inverse_of_three(m);
    Three next = p;
    if (inverse)
      for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 3; ++j) next[i] -= (*inverse)[i][j] * b.slope[j];
    const double then = inverse ? f(next) : GevEnd;
    if (!(then <= now)) {
      damping *= 10;
      if (damping > 1e12) break;
      continue;
    }
    const double moved =
        std::abs(next[0] - p[0]) / scale + std::abs(next[1] - p[1]) + std::abs(next[2] - p[2]);
    p = next;
    now = then;
    damping = std::max(damping / 10, 1e-12);
    if (moved < 1e-10) break;
  }
  const double scale = std::exp(p[1]);
  if (!(p[2] > -0.5 && p[2] < 1.0)) return std::nullopt;
  const auto by_scale = [&](const Three& q) {
    return q[1] > 0.0 ? cost(maxima, {q[0], std::log(q[1]), q[2]}) : GevEnd;
  };
  const Bend b = bend_of(by_scale, {p[0], scale, p[2]}, {1e-4 * scale, 1e-4 * scale, 1e-4});
  const auto covariance = inverse_of_three(b.second);
  if (!covariance) return std::nullopt;
  return GevFit{.law = {.location = p[0], .scale = scale, .shape = p[2]},
                .log_likelihood = -now,
                .covariance = *covariance};
}

}  // namespace twin::uq
