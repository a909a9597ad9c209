// See the header.
#include "twin/people/promises.hpp"

#include <algorithm>
#include <cmath>

#include "twin/core/expect.hpp"

namespace twin::people {

ShareBounds wilson(std::uint64_t count, std::uint64_t of) {
  TWIN_EXPECT(of > 0 && count <= of, count, of);
  constexpr double Z = 1.959963984540054;  // normal quantile of 0.975
  const auto n = static_cast<double>(of);
  const double p = static_cast<double>(count) / n;
  const double scale = 1.0 / (1.0 + Z * Z / n);
  const double centre = scale * (p + Z * Z / (2.0 * n));
  const double half = scale * Z * std::sqrt(p * (1.0 - p) / n + Z * Z / (4.0 * n * n));
  // At the ends the bound is the end itself, but for rounding.
  return {.low = count == 0 ? 0.0 : std::max(0.0, centre - half),
          .high = count == of ? 1.0 : std::min(1.0, centre + half)};
}

void Gains::add(double promised, double realised) {
  const double d = realised - promised;
  ++count_;
  excess_ += d;
  excess_squares_ += d * d;
  promised_squares_ += promised * promised;
  products_ += promised * d;
}

std::optional<Estimate> Gains::bias() const {
  if (count_ == 0) return {};
  const auto n = static_cast<double>(count_);
  Estimate e{.value = excess_ / n};
  if (count_ > 1) {
    const double variance = (excess_squares_ - excess_ * e.value) / (n - 1.0);
    e.error = std::sqrt(std::max(0.0, variance) / n);
  }
  return e;
}

// With realised = promised + d: slope = 1 + sum(promised d) / sum(promised^2), and the sum of squared residuals is
// sum(d^2) - sum(promised d)^2 / sum(promised^2).
std::optional<Estimate> Gains::slope() const {
  if (promised_squares_ <= 0.0) return {};
  Estimate e{.value = 1.0 + products_ / promised_squares_};
  if (count_ > 1) {
    const double rest = excess_squares_ - products_ * products_ / promised_squares_;
    const double variance = std::max(0.0, rest) / (static_cast<double>(count_) - 1.0);
    e.error = std::sqrt(variance / promised_squares_);
  }
  return e;
}

void Held::add(const Interval& promised, bool held) {
  ++count;
  if (held) ++inside;
  nominal += promised.share;
}

}  // namespace twin::people
