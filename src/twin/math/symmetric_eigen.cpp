#include "twin/math/symmetric_eigen.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "twin/core/expect.hpp"

namespace twin::math {
namespace {

struct Rotation {
  double t;    // tangent
  double s;    // sine
  double tau;  // s / (1 + cosine)
};

// The smaller angle that makes a_pq zero (eq. 8.5.2).
Rotation rotation(double app, double aqq, double apq) {
  const double theta = (aqq - app) / (2.0 * apq);
  double t = 1.0 / (std::abs(theta) + std::sqrt(theta * theta + 1.0));
  if (theta < 0.0) t = -t;
  const double c = 1.0 / std::sqrt(t * t + 1.0), s = t * c;
  return {t, s, s / (1.0 + c)};
}

void turn(double& x, double& y, const Rotation& r) {
  const double old_x = x, old_y = y;
  x = old_x - r.s * (old_y + r.tau * old_x);
  y = old_y + r.s * (old_x - r.tau * old_y);
}

}  // namespace

SymmetricEigen symmetric_eigen(std::span<const double> a, std::size_t n) {
  TWIN_EXPECT(a.size() == n * n, a.size(), n);
  std::vector<double> m(a.begin(), a.end());  // its upper triangle is kept up to date
  std::vector<double> v(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) v[i * n + i] = 1.0;
  constexpr double Eps = std::numeric_limits<double>::epsilon();
  bool small = false;
  for (int sweep = 0; sweep < 60 && !small; ++sweep) {
    small = true;
    for (std::size_t p = 0; p + 1 < n; ++p) {
      for (std::size_t q = p + 1; q < n; ++q) {
        const double apq = m[p * n + q], app = m[p * n + p], aqq = m[q * n + q];
        // Relative to what it couples: for positive definite matrices small eigenvalues come out to
        // nearly full relative accuracy (J. Demmel and K. Veselic, SIAM J. Matrix Anal. 13, 1992).
        if (std::abs(apq) <= 0.25 * Eps * std::sqrt(std::abs(app)) * std::sqrt(std::abs(aqq)))
          continue;
        if (std::abs(apq) < std::numeric_limits<double>::min()) continue;
        small = false;
        const Rotation r = rotation(app, aqq, apq);
        m[p * n + p] = app - r.t * apq;
        m[q * n + q] = aqq + r.t * apq;
        m[p * n + q] = 0.0;
        for (std::size_t j = 0; j < p; ++j) turn(m[j * n + p], m[j * n + q], r);
        for (std::size_t j = p + 1; j < q; ++j) turn(m[p * n + j], m[j * n + q], r);
        for (std::size_t j = q + 1; j < n; ++j) turn(m[p * n + j], m[q * n + j], r);
        for (std::size_t j = 0; j < n; ++j) turn(v[p * n + j], v[q * n + j], r);
      }
    }
  }
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return m[i * n + i]; });
  SymmetricEigen out{std::vector<double>(n), std::vector<double>(n * n), small};
  for (std::size_t k = 0; k < n; ++k) {
    out.values[k] = m[order[k] * n + order[k]];
    std::copy_n(v.begin() + static_cast<std::ptrdiff_t>(order[k] * n), n,
                out.vectors.begin() + static_cast<std::ptrdiff_t>(k * n));
  }
  return out;
}

}  // namespace twin::math
