// The standard normal's density, distribution function and their integrals, which closed forms of
// scores are made of. For people: to a few units of the last place, not to the bit.
#pragma once
#include <cmath>
#include <numbers>

namespace twin::score {

inline constexpr double InverseSqrt2Pi = 0.5 * std::numbers::sqrt2 * std::numbers::inv_sqrtpi;

inline double normal_density(double z) { return InverseSqrt2Pi * std::exp(-0.5 * z * z); }

// P(Z <= z), without loss in the lower tail.
inline double normal_below(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

// Integral of normal_below from minus infinity to z: z P(Z <= z) + density. By parts.
inline double normal_area_below(double z) { return z * normal_below(z) + normal_density(z); }

}  // namespace twin::score
