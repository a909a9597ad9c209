#include "twin/bayes/series.hpp"

#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

#include "twin/core/expect.hpp"

namespace twin::bayes {

void NormalSeries::add(double time, double value, double precision) {
  TWIN_EXPECT(std::isfinite(time) && std::isfinite(value) && precision >= 0.0, time, value,
              precision);
  sums_.back().first = time;
  Sums s = sums_.back();
  const double y = value - 1.0;
  s.p += precision;
  s.py += precision * y;
  s.pt += precision * time;
  s.ptt += precision * time * time;
  s.pty += precision * time * y;
  sums_.push_back(s);
}

NormalSeries::Normal NormalSeries::normal(const Segment& s) const {
  TWIN_EXPECT(s.first < s.last && s.last <= windows(), s.first, s.last, windows());
  const Sums &from = sums_[s.first], &to = sums_[s.last];
  Normal n;
  n.middle = 0.5 * (from.first + sums_[s.last - 1].first);
  const double p = to.p - from.p, py = to.py - from.py, pt = to.pt - from.pt;
  n.a = p + 1.0 / (ValueDeviation * ValueDeviation);
  n.u = py;
  if (s.shape == Shape::Constant) {
    n.c = 1.0;
    return n;
  }
  n.b = pt - n.middle * p;
  n.c = to.ptt - from.ptt - 2.0 * n.middle * pt + n.middle * n.middle * p +
        1.0 / (SlopeDeviation * SlopeDeviation);
  n.v = to.pty - from.pty - n.middle * py;
  return n;
}

// The integral of exp(u x + v w - (a x^2 + 2 b x w + c w^2) / 2) over value and slope, times what
// makes the prior a density.
double NormalSeries::log_evidence(const Segment& s) const {
  const Normal n = normal(s);
  if (s.shape == Shape::Constant)
    return -std::log(ValueDeviation) - 0.5 * std::log(n.a) + 0.5 * n.u * n.u / n.a;
  const double rest = n.c - n.b * n.b / n.a, v = n.v - n.b * n.u / n.a;
  return -std::log(ValueDeviation * SlopeDeviation) - 0.5 * std::log(n.a) - 0.5 * std::log(rest) +
         0.5 * n.u * n.u / n.a + 0.5 * v * v / rest;
}

NormalSeries::Fit NormalSeries::fit(const Segment& s, double at) const {
  const Normal n = normal(s);
  if (s.shape == Shape::Constant) return {1.0 + n.u / n.a, std::sqrt(1.0 / n.a), 0.0, 0.0};
  const double determinant = n.a * n.c - n.b * n.b, dt = at - n.middle;
  const double value = (n.c * n.u - n.b * n.v) / determinant;
  const double slope = (n.a * n.v - n.b * n.u) / determinant;
  const double variance = (n.c - 2.0 * dt * n.b + dt * dt * n.a) / determinant;
  return {1.0 + value + slope * dt, std::sqrt(variance), slope, std::sqrt(n.a / determinant)};
}

void RateSeries::add(double count, double exposure) {
  TWIN_EXPECT(count >= 0.0 && exposure >= 0.0, count, exposure);
  sums_.push_back({sums_.back().count + count, sums_.back().exposure + exposure});
}

double RateSeries::log_evidence(const Segment& s) const {
  TWIN_EXPECT(s.first < s.last && s.last <= windows() && s.shape == Shape::Constant, s.first,
              s.last);
  const double count = Weight + sums_[s.last].count - sums_[s.first].count;
  const double exposure = Weight + sums_[s.last].exposure - sums_[s.first].exposure;
  return Weight * std::log(Weight) - boost::math::lgamma(Weight) + boost::math::lgamma(count) -
         count * std::log(exposure);
}

}  // namespace twin::bayes
