#include "twin/bayes/exponential_mean.hpp"

#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <string>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"

namespace twin::bayes {

namespace {

void expect_duration(double value) {
  if (std::isfinite(value) && value >= 0.0) return;
  throw core::Error("duration = " + std::to_string(value) + " (must be finite and not negative)");
}

}  // namespace

ExponentialMean ExponentialMean::around(double mean, double weight) {
  if (!(mean > 0.0) || !std::isfinite(mean))
    throw core::Error("mean = " + std::to_string(mean) + " (must be finite and above 0)");
  if (!(weight > 0.0) || !std::isfinite(weight))
    throw core::Error("weight = " + std::to_string(weight) + " (must be finite and above 0)");
  // The mean is inverse gamma: its expectation is exposure / (shape - 1).
  return {weight + 1.0, weight * mean};
}

void ExponentialMean::ended(double duration) {
  expect_duration(duration);
  shape += 1.0;
  exposure += duration;
}

void ExponentialMean::under_way(double lasted) {
  expect_duration(lasted);
  exposure += lasted;
}

double ExponentialMean::quantile(double p) const {
  TWIN_EXPECT(proper() && p > 0.0 && p < 1.0, shape, exposure, p);
  // The mean is below m where the rate is above 1 / m.
  return exposure / boost::math::gamma_q_inv(shape, p);
}

}  // namespace twin::bayes
