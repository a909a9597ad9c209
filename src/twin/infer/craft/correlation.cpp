#include "twin/infer/craft/correlation.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/infer/ensemble/taper.hpp"
#include "twin/math/elementary.hpp"

namespace twin::infer {
namespace {

constexpr std::size_t Places = 101;  // of the table: the factor is smooth in |r|

// Gauss's 2F1(1/2, 1/2; c; z), 0 <= z <= 1, c > 2: all terms positive and falling.
double hypergeometric(double c, double z) {
  double term = 1.0, sum = 1.0;
  for (double k = 0.0; k < 2000.0 && term > 1e-12 * sum; ++k) {
    term *= (k + 0.5) * (k + 0.5) / ((c + k) * (k + 1.0)) * z;
    sum += term;
  }
  return sum;
}

}  // namespace

double SamplingError::expected(double r, Eigen::Index members) {
  TWIN_EXPECT(members >= 4 && r > -1.0 && r < 1.0, members, r);
  const double n = static_cast<double>(members);
  // Over t = artanh(rho), about artanh(r): there the density is near a normal of variance
  // 1/(N - 3), with tails that fall as exp(-(N + 1)|t|), and the trapezium rule is exact to rounding.
  const double centre = 0.5 * (math::log1p(r) - math::log1p(-r));
  const double range = std::min(15.0, 40.0 / std::sqrt(n - 3.0));
  const double step = 0.2 / std::sqrt(n);
  const auto count = static_cast<int>(std::ceil(range / step));
  double sum = 0.0, weighted = 0.0, top = 0.0;
  for (int pass = 0; pass < 2; ++pass) {  // first the highest logarithm, then the sums
    for (int i = -count; i <= count; ++i) {
      const double t = centre + step * i;
      const double e = math::exp(-2.0 * std::abs(t));
      const double rho = std::copysign((1.0 - e) / (1.0 + e), t);
      const double log_cosh = std::abs(t) + math::log1p(e) - math::log(2.0);
      const double density = -(n + 1.0) * log_cosh - (n - 1.5) * math::log1p(-rho * r) +
                             math::log(hypergeometric(n - 0.5, 0.5 * (1.0 + rho * r)));
      if (pass == 0) {
        top = i == -count ? density : std::max(top, density);
      } else {
        const double weight = math::exp(density - top);
        sum += weight;
        weighted += weight * rho;
      }
    }
  }
  return weighted / sum;
}

SamplingError::SamplingError(Eigen::Index members) : factor_(Places) {
  if (members < 4) {
    throw core::Error(fmt::format(
        "sampling error correction of {} members (its density of correlations needs at least 4)",
        members));
  }
  for (std::size_t i = 1; i + 1 < Places; ++i) {
    const double r = static_cast<double>(i) / static_cast<double>(Places - 1);
    factor_[i] = std::clamp(expected(r, members) / r, 0.0, 1.0);
  }
  factor_[0] = factor_[1];
  factor_[Places - 1] = 1.0;
}

double SamplingError::factor(double r) const {
  const double place = std::min(std::abs(r), 1.0) * static_cast<double>(Places - 1);
  const auto i = std::min(static_cast<std::size_t>(place), Places - 2);
  const double share = place - static_cast<double>(i);
  return (1.0 - share) * factor_[i] + share * factor_[i + 1];
}

double universal_threshold(Eigen::Index members, Eigen::Index count) {
  TWIN_EXPECT(members > 0 && count > 0, members, count);
  return std::sqrt(2.0 * math::log(static_cast<double>(count)) / static_cast<double>(members));
}

double correlation_taper(double r, double threshold) {
  TWIN_EXPECT(threshold >= 0.0 && threshold < 1.0, threshold);
  return gaspari_cohn(1.0 - std::min(std::abs(r), 1.0), 1.0 - threshold);
}

}  // namespace twin::infer
