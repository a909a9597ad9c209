#include "twin/uq/tail_fit.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/math/sums.hpp"
#include "twin/score/checked.hpp"

namespace twin::uq {
namespace {

constexpr double TailFitInfinity = std::numeric_limits<double>::infinity();

// Ascending; core::Error unless all are finite and positive.
std::vector<double> checked(std::span<const double> excesses) {
  score::need_finite(excesses, "excesses");
  std::vector<double> x(excesses.begin(), excesses.end());
  std::ranges::sort(x);
  if (!(x.front() > 0.0)) {
    throw core::Error("excess = " + core::show_values(x.front()) +
                      " (must be positive); is the threshold still in it?");
  }
  return x;
}

double log_likelihood(const Gpd& law, std::span<const double> x) {
  math::Sum sum;
  for (const double v : x) sum.add(law.log_density(v));
  return sum.value();
}

// shape(theta) = mean of ln(1 + theta x), the shape that is best for a given theta = shape / scale.
struct Profile {
  std::span<const double> x;  // ascending
  double mean = 0.0;

  // theta x_max > -1 for every t.
  [[nodiscard]] double theta(double t) const { return std::expm1(t) / x.back(); }
  [[nodiscard]] double shape(double t) const {
    const double th = theta(t);
    math::Sum sum;
    for (const double v : x) sum.add(std::log1p(th * v));
    return sum.value() / static_cast<double>(x.size());
  }
  [[nodiscard]] Gpd law(double t) const {
    const double th = theta(t), xi = shape(t);
    // scale = shape / theta -> mean as theta -> 0.
    return {.shape = xi, .scale = std::abs(th * mean) < 1e-12 ? mean : xi / th};
  }
  // -(log-likelihood) / n - 1 = ln(scale) + shape; infinite where shape <= -1, where it has no bound.
  [[nodiscard]] double cost(double t) const {
    const Gpd g = law(t);
    return g.shape > -1.0 ? std::log(g.scale) + g.shape : TailFitInfinity;
  }
};

// (-2 ln(1 + a) + 2 a / (1 + a) + a^2 / (1 + a)^2) / a^3; its series near 0.
double third(double a) {
  if (std::abs(a) < 1e-3) return -2.0 / 3.0 + a * (1.5 - 2.4 * a);
  const double b = a / (1.0 + a);
  return (-2.0 * std::log1p(a) + 2.0 * b + b * b) / (a * a * a);
}

// Inverse of the negative second derivatives of the log-likelihood by scale and shape; of their
// expectation (R. L. Smith, 1984) where these have no inverse.
std::array<double, 3> likelihood_covariance(const Gpd& law, std::span<const double> x) {
  const auto n = static_cast<double>(x.size());
  const double xi = law.shape, s = law.scale;
  double aa = -n, ab = 0.0, bb = 0.0;
  for (const double v : x) {
    const double z = v / s, a = xi * z, u = z / (1.0 + a);
    aa += (1.0 + xi) * z * (2.0 + a) / ((1.0 + a) * (1.0 + a));
    ab -= z * (1.0 - z) / ((1.0 + a) * (1.0 + a));
    bb -= z * z * z * third(a) + u * u;
  }
  aa /= s * s;
  ab /= s;
  const double det = aa * bb - ab * ab;
  if (aa > 0.0 && det > 1e-12 * aa * bb) return {bb / det, -ab / det, aa / det};
  const double w = (1.0 + xi) / n;
  return {2.0 * s * s * w, -s * w, (1.0 + xi) * w};
}

// Least x in [low, high] by golden section: a cost that has one minimum there.
double golden(double low, double high, const std::function<double(double)>& cost) {
  constexpr double Ratio = 0.6180339887498949;
  double a = high - Ratio * (high - low), b = low + Ratio * (high - low);
  double fa = cost(a), fb = cost(b);
  for (int i = 0; i < 60; ++i) {  // 0.618^60: 3e-13 of the interval
    if (fa <= fb) {
      high = b, b = a, fb = fa;
      a = high - Ratio * (high - low), fa = cost(a);
    } else {
      low = a, a = b, fa = fb;
      b = low + Ratio * (high - low), fb = cost(b);
    }
  }
  return 0.5 * (low + high);
}

std::vector<double> descending(std::span<const double> losses, std::uint64_t needed) {
  score::need_finite(losses, "losses");
  if (needed > losses.size()) {
    throw core::Error(std::to_string(losses.size()) + " losses (needs at least " +
                      std::to_string(needed) + " for so many of the greatest)");
  }
  std::vector<double> x(losses.begin(), losses.end());
  std::ranges::sort(x, std::greater<>());
  return x;
}

}  // namespace

std::optional<GpdFit> fit_by_moments(std::span<const double> excesses) {
  const std::vector<double> x = checked(excesses);
  const auto n = static_cast<double>(x.size());
  if (x.size() < 2 || x.front() == x.back()) return std::nullopt;
  math::Sum plain, upper;  // a_0 = E[X], a_1 = E[X (1 - F)] without bias
  for (std::size_t j = 0; j < x.size(); ++j) {
    plain.add(x[j] / n);
    upper.add(x[j] / n * ((n - 1.0 - static_cast<double>(j)) / (n - 1.0)));
  }
  const double a0 = plain.value(), a1 = upper.value();
  const double apart = a0 - 2.0 * a1;  // half of the mean difference of two: positive
  if (!(apart > 0.0)) return std::nullopt;
  const double k = a0 / apart - 2.0;
  GpdFit fit;
  fit.law = {.shape = -k, .scale = 2.0 * a0 * a1 / apart};
  fit.log_likelihood = log_likelihood(fit.law, x);
  if (k <= -0.5) {
    fit.covariance = {TailFitInfinity, 0.0, TailFitInfinity};
    return fit;
  }
  const double s = fit.law.scale, d = n * (1.0 + 2.0 * k) * (3.0 + 2.0 * k);
  fit.covariance = {s * s * (7.0 + k * (18.0 + k * (11.0 + 2.0 * k))) / d,
                    -s * (2.0 + k) * (2.0 + k * (6.0 + k * (7.0 + 2.0 * k))) / d,
                    (1.0 + k) * (2.0 + k) * (2.0 + k) * (1.0 + k + 2.0 * k * k) / d};
  return fit;
}

std::optional<GpdFit> fit_by_likelihood(std::span<const double> excesses) {
  const std::vector<double> x = checked(excesses);
  if (x.size() < 2 || x.front() == x.back()) return std::nullopt;
  const Profile profile{.x = x, .mean = math::compensated_sum(x) / static_cast<double>(x.size())};
  // The cost can have a lesser local minimum, so the whole range is looked at: theta x_max + 1 from
  // e^-20 to e^20.
  constexpr double Step = 0.5, Edge = 20.0;
  double best = TailFitInfinity, at = 0.0;
  for (double t = -Edge; t <= Edge; t += Step) {
    const double c = profile.cost(t);
    if (c < best) best = c, at = t;
  }
  if (!std::isfinite(best) || at <= -Edge || at >= Edge) return std::nullopt;
  const double t = golden(at - Step, at + Step, [&](double v) { return profile.cost(v); });
  GpdFit fit;
  fit.law = profile.law(t);
  // A minimum at the edge of what is allowed is none: the likelihood only grows towards shape -1.
  if (!(fit.law.shape > -1.0 + 1e-6 && fit.law.scale > 0.0)) return std::nullopt;
  fit.log_likelihood = log_likelihood(fit.law, x);
  fit.covariance = likelihood_covariance(fit.law, x);
  return fit;
}

std::optional<TailFit> fit_tail(std::span<const double> losses, std::uint64_t peaks) {
  const std::vector<double> x = descending(losses, peaks + 1);
  const double threshold = x[peaks];
  std::vector<double> excesses;
  for (std::size_t i = 0; i < peaks && x[i] > threshold; ++i) excesses.push_back(x[i] - threshold);
  if (excesses.size() < 2) return std::nullopt;
  std::optional<GpdFit> fit = fit_by_likelihood(excesses);
  if (!fit) fit = fit_by_moments(excesses);
  if (!fit) return std::nullopt;
  const auto n = static_cast<double>(x.size());
  const double share = static_cast<double>(excesses.size()) / n;
  return TailFit{.tail = {.threshold = threshold, .share = share, .excess = fit->law},
                 .error = {.law = fit->covariance, .share = share * (1.0 - share) / n},
                 .peaks = excesses.size(),
                 .log_likelihood = fit->log_likelihood};
}

std::optional<double> hill(std::span<const double> losses, std::uint64_t k) {
  TWIN_EXPECT(k >= 1, k);
  const std::vector<double> x = descending(losses, k + 1);
  if (!(x[k] > 0.0)) return std::nullopt;
  math::Sum sum;
  for (std::size_t i = 0; i < k; ++i) sum.add(std::log(x[i] / x[k]));
  return sum.value() / static_cast<double>(k);
}

std::optional<double> pickands(std::span<const double> losses, std::uint64_t k) {
  TWIN_EXPECT(k >= 1, k);
  const std::vector<double> x = descending(losses, 4 * k);
  const double near = x[k - 1] - x[2 * k - 1], far = x[2 * k - 1] - x[4 * k - 1];
  if (!(near > 0.0 && far > 0.0)) return std::nullopt;
  return std::log2(near / far);
}

}  // namespace twin::uq
