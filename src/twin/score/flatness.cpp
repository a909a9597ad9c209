#include "twin/score/flatness.hpp"

#include <cmath>

#include "twin/core/expect.hpp"

namespace twin::score {

std::optional<Flatness> flatness(std::span<const std::uint64_t> counts) {
  TWIN_EXPECT(counts.size() >= 2, counts.size());
  const auto classes = static_cast<double>(counts.size());
  double total = 0.0;
  for (const std::uint64_t n : counts) total += static_cast<double>(n);
  if (total == 0.0) return std::nullopt;
  Flatness f;
  f.expected = total / classes;
  // Orthogonal polynomials on the classes: t = class - middle, and t^2 - mean of t^2.
  const double middle = 0.5 * (classes - 1.0);
  const double mean_square = (classes * classes - 1.0) / 12.0;
  double slope_norm = 0.0, bowl_norm = 0.0;
  double all = 0.0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double t = static_cast<double>(i) - middle;
    const double bowl = t * t - mean_square;
    const double off = (static_cast<double>(counts[i]) - f.expected) / std::sqrt(f.expected);
    all += off * off;
    f.tilt += off * t;
    f.curve += off * bowl;
    slope_norm += t * t;
    bowl_norm += bowl * bowl;
  }
  f.all = test_above(all, classes - 1.0);
  f.slope = test_above(f.tilt * f.tilt / slope_norm, 1.0);
  f.bowl = test_above(bowl_norm > 0.0 ? f.curve * f.curve / bowl_norm : 0.0, 1.0);
  return f;
}

}  // namespace twin::score
