// Distributions by inversion: one uniform in (0, 1) gives one variate, increasing in it, the same
// bits on every machine. So a policy that asks earlier or later gets the same number, and common
// random numbers stay common. Parameters are the caller's duty; they are checked where a file is
// read.
#pragma once
#include <array>
#include <cmath>
#include <cstddef>

#include "twin/math/elementary.hpp"

namespace twin::math {

constexpr double uniform(double u, double low, double high) { return low + (high - low) * u; }

constexpr double exponential(double u, double mean) { return -mean * log1p(-u); }

// Mode anywhere in [low, high].
inline double triangular(double u, double low, double mode, double high) {
  const double width = high - low;
  if (u * width < mode - low) return low + std::sqrt(u * width * (mode - low));
  return high - std::sqrt((1.0 - u) * width * (high - mode));
}

// scale * (-log(1 - u))^(1 / shape)
constexpr double weibull(double u, double shape, double scale) {
  return scale * exp(log(-log1p(-u)) / shape);
}

namespace detail {

// Numerators and denominators of the three rational approximations of AS 241, lowest power first.
using Coefficients = std::array<double, 8>;
inline constexpr Coefficients CentreAbove = {3.3871328727963666080e0,  1.3314166789178437745e+2,
                                             1.9715909503065514427e+3, 1.3731693765509461125e+4,
                                             4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                             3.3430575583588128105e+4, 2.5090809287301226727e+3};
inline constexpr Coefficients CentreBelow = {1.0,
                                             4.2313330701600911252e+1,
                                             6.8718700749205790830e+2,
                                             5.3941960214247511077e+3,
                                             2.1213794301586595867e+4,
                                             3.9307895800092710610e+4,
                                             2.8729085735721942674e+4,
                                             5.2264952788528545610e+3};
inline constexpr Coefficients FlankAbove = {1.42343711074968357734e0,  4.63033784615654529590e0,
                                            5.76949722146069140550e0,  3.64784832476320460504e0,
                                            1.27045825245236838258e0,  2.41780725177450611770e-1,
                                            2.27238449892691845833e-2, 7.74545014278341407640e-4};
inline constexpr Coefficients FlankBelow = {1.0,
                                            2.05319162663775882187e0,
                                            1.67638483018380384940e0,
                                            6.89767334985100004550e-1,
                                            1.48103976427480074590e-1,
                                            1.51986665636164571966e-2,
                                            5.47593808499534494600e-4,
                                            1.05075007164441684324e-9};
inline constexpr Coefficients TailAbove = {6.65790464350110377720e0,  5.46378491116411436990e0,
                                           1.78482653991729133580e0,  2.96560571828504891230e-1,
                                           2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                           2.71155556874348757815e-5, 2.01033439929228813265e-7};
inline constexpr Coefficients TailBelow = {1.0,
                                           5.99832206555887937690e-1,
                                           1.36929880922735805310e-1,
                                           1.48753612908506148525e-2,
                                           7.86869131145613259100e-4,
                                           1.84631831751005468180e-5,
                                           1.42151175831644588870e-7,
                                           2.04426310338993978564e-15};

}  // namespace detail

// Inverse of the standard normal distribution function, relative error below 1e-15 (M. J. Wichura,
// "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics 37,
// 1988, routine PPND16).
inline double normal(double u) {
  using namespace detail;
  const double q = u - 0.5;
  if (magnitude(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * polynomial(CentreAbove, r) / polynomial(CentreBelow, r);
  }
  const double r = std::sqrt(-log(q < 0.0 ? u : 1.0 - u));
  const double x = r <= 5.0 ? polynomial(FlankAbove, r - 1.6) / polynomial(FlankBelow, r - 1.6)
                            : polynomial(TailAbove, r - 5.0) / polynomial(TailBelow, r - 5.0);
  return q < 0.0 ? -x : x;
}

inline double normal(double u, double mean, double deviation) {
  return mean + deviation * normal(u);
}

// log of it is normal with this mean and deviation.
inline double lognormal(double u, double log_mean, double log_deviation) {
  return exp(normal(u, log_mean, log_deviation));
}

}  // namespace twin::math
