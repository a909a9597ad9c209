// What one observation says about the number it shows when prior and error are normal: a value, or
// only that it lies beyond a limit of detection. The latter is exact in its first two moments (those
// of the truncated normal: Johnson, Kotz, Balakrishnan, Continuous Univariate Distributions 1, 1994).
#pragma once
#include <cstdint>
#include <span>

namespace twin::infer {

enum class Reading : std::uint8_t {
  Value,  // y is what was read
  Below,  // the reading would lie below y, its limit; no more is known
  Above   // the reading would lie above y
};

struct Normal {
  double mean = 0.0;
  double variance = 0.0;
};

struct ScalarPosterior {
  Normal belief;                // of the quantity, mean and variance exact
  double log_likelihood = 0.0;  // of the reading under the prior
};

// y = quantity + error of this variance, both normal. Expects variances that are not negative and a
// positive error.
ScalarPosterior posterior_of(const Normal& prior, Reading reading, double y, double error_variance);

// A reading as it may have been: from its predictive normal, given that it lies where it is known to
// lie. u in (0, 1) is its place in that distribution. Value gives y.
double virtual_reading(const Normal& predictive, Reading reading, double y, double u);

// (1 - P(Z <= x)) / density(x) of a standard normal, to 1e-13 relative for x >= 0; the same bits on
// every machine.
double mills_ratio(double x);

// density(a) / P(Z <= a), for any a.
double inverse_mills(double a);

// log P(Z <= a), without loss in the tails.
double log_normal_below(double a);

}  // namespace twin::infer
