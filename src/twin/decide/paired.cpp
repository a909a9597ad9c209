#include "twin/decide/paired.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/score/checked.hpp"

namespace twin::decide {
namespace {

constexpr double Infinity = std::numeric_limits<double>::infinity();
constexpr double Most = 9e15;  // a count of pairs that a double still tells from its neighbours

std::uint64_t as_count(double n) {
  return static_cast<std::uint64_t>(std::min(std::max(2.0, std::ceil(n)), Most));
}

}  // namespace

void Paired::add(double a, double b) {
  score::need_finite(a, "a");
  score::need_finite(b, "b");
  score::need_finite(a - b, "a - b");
  a_.add(a);
  b_.add(b);
  difference_.add(a - b);
}

void Paired::merge(const Paired& other) {
  a_.merge(other.a_);
  b_.merge(other.b_);
  difference_.merge(other.difference_);
}

math::Interval Paired::interval(double confidence) const {
  score::need_level(confidence, "confidence");
  return math::interval_of(difference_, confidence);
}

// Where sigma is known the squared width at n is (n + g) (L + ln(1 + n / g)) / n^2 with L = 2 ln(1 / (1 -
// confidence)): least where n / g = L + ln(1 + n / g). Any g > 0 is valid, so four steps are enough.
math::Interval Paired::anytime_interval(double confidence, std::uint64_t best_at) const {
  score::need_level(confidence, "confidence");
  TWIN_EXPECT(best_at >= 2, best_at);
  const double l = -2.0 * std::log(1.0 - confidence);
  double ratio = l;
  for (int i = 0; i < 4; ++i) ratio = l + std::log1p(ratio);
  const double g = static_cast<double>(best_at) / ratio;
  return {.mean = difference_.mean(),
          .half_width = count() < 2
                            ? Infinity
                            : difference_.deviation() * anytime_half_width(count(), confidence, g),
          .confidence = confidence,
          .count = count()};
}

double anytime_half_width(std::uint64_t n, double confidence, double g) {
  TWIN_EXPECT(n >= 2 && confidence > 0.0 && confidence < 1.0 && g > 0.0, n, confidence, g);
  const auto m = static_cast<double>(n);
  // E < 1/alpha <=> (1 + u) / (1 + r u) < R with u = t^2/(n-1), r = g/(n+g), R = (alpha^2 r)^(-1/n).
  const double r = g / (m + g);
  const double log_big = -(2.0 * std::log(1.0 - confidence) + std::log(r)) / m;
  const double open = 1.0 - r * std::exp(log_big);
  if (!(open > 0.0)) return Infinity;
  const double u = std::expm1(log_big) / open;
  return std::sqrt(u * (m - 1.0) / m);
}

std::optional<double> Paired::variance_ratio() const {
  const double apart = a_.variance() + b_.variance();
  if (count() < 2 || !(apart > 0.0)) return std::nullopt;
  return apart / difference_.variance();
}

std::optional<double> Paired::correlation() const {
  const double scale = a_.deviation() * b_.deviation();
  if (count() < 2 || !(scale > 0.0)) return std::nullopt;
  const double covariance = 0.5 * (a_.variance() + b_.variance() - difference_.variance());
  return std::clamp(covariance / scale, -1.0, 1.0);
}

std::uint64_t pairs_for(double half_width, double deviation, double confidence) {
  score::need_positive(half_width, "half_width");
  score::need_finite(deviation, "deviation");
  score::need_level(confidence, "confidence");
  TWIN_EXPECT(deviation >= 0.0, deviation);
  if (deviation == 0.0) return 2;
  const double p = 0.5 * (1.0 + confidence);
  const auto enough = [&](std::uint64_t n) {
    const auto m = static_cast<double>(n);
    return math::student_t_quantile(p, m - 1.0) * deviation <= half_width * std::sqrt(m);
  };
  // t is never below its limit, the normal's quantile; doubling then finds an n that is enough.
  const double z = math::student_t_quantile(p, 1e12);
  const double ratio = z * deviation / half_width;
  std::uint64_t low = as_count(ratio * ratio);
  if (low >= static_cast<std::uint64_t>(Most) || enough(low)) return low;
  std::uint64_t step = 1;
  while (!enough(low + step)) low += step, step *= 2;
  std::uint64_t high = low + step;  // low is not enough, high is
  while (high - low > 1) {
    const std::uint64_t middle = low + (high - low) / 2;
    (enough(middle) ? high : low) = middle;
  }
  return high;
}

std::uint64_t pairs_for_stein(double half_width, const math::Moments& first, double confidence) {
  score::need_positive(half_width, "half_width");
  score::need_level(confidence, "confidence");
  TWIN_EXPECT(first.count() >= 2, first.count());
  const auto n = static_cast<double>(first.count());
  const double ratio =
      math::student_t_quantile(0.5 * (1.0 + confidence), n - 1.0) * first.deviation() / half_width;
  return std::max(first.count(), as_count(ratio * ratio));
}

Finding finding(const math::Interval& difference, double margin) {
  TWIN_EXPECT(margin >= 0.0, margin);
  if (difference.low() >= -margin && difference.high() <= margin && difference.count >= 2)
    return Finding::Alike;
  if (difference.high() < 0.0) return Finding::Less;
  if (difference.low() > 0.0) return Finding::Greater;
  return Finding::Open;
}

}  // namespace twin::decide
