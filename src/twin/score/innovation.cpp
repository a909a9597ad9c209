#include "twin/score/innovation.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/score/checked.hpp"

namespace twin::score {

double innovation_square(std::span<const double> d, std::span<const double> s) {
  const std::size_t m = d.size();
  need_same_length(s.size(), "covariances", m * m, "pairs of innovations");
  need_finite(d, "innovation");
  need_finite(s, "covariance");
  std::vector<double> l(s.begin(), s.end());  // becomes L of S = L L' in its lower half
  double sum = 0.0;
  std::vector<double> z(d.begin(), d.end());  // becomes L^-1 d
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double x = l[i * m + j];
      for (std::size_t k = 0; k < j; ++k) x -= l[i * m + k] * l[j * m + k];
      if (j < i) {
        l[i * m + j] = x / l[j * m + j];
      } else if (x > 0.0) {
        l[i * m + i] = std::sqrt(x);
      } else {
        throw core::Error("covariance of innovations is not positive definite (pivot " +
                          std::to_string(i) + " is " + core::show_values(x) +
                          "); is an observation there twice without error?");
      }
    }
    for (std::size_t k = 0; k < i; ++k) z[i] -= l[i * m + k] * z[k];
    z[i] /= l[i * m + i];
    sum += z[i] * z[i];
  }
  return sum;
}

double innovation_square_diagonal(std::span<const double> d, std::span<const double> variances) {
  need_same_length(variances.size(), "variances", d.size(), "innovations");
  need_finite(d, "innovation");
  double sum = 0.0;
  for (std::size_t i = 0; i < d.size(); ++i) {
    need_positive(variances[i], "variance");
    sum += d[i] * d[i] / variances[i];
  }
  return sum;
}

void InnovationCheck::add(double square, std::size_t observations) {
  need_finite(square, "square of innovations");
  TWIN_EXPECT(square >= 0.0, square);
  TWIN_EXPECT(observations > 0 || square == 0.0, square);
  sum_.add(square);
  observations_ += observations;
}

void InnovationCheck::merge(const InnovationCheck& other) {
  sum_.add(other.sum_.value());
  observations_ += other.observations_;
}

std::optional<InnovationAnswer> InnovationCheck::answer(double level) const {
  need_level(level, "level");
  if (observations_ == 0) return std::nullopt;
  const auto m = static_cast<double>(observations_);
  return InnovationAnswer{.ratio = sum_.value() / m,
                          .test = test_both_sides(sum_.value(), m),
                          .ratio_low = chi_square_quantile(0.5 * (1.0 - level), m) / m,
                          .ratio_high = chi_square_quantile(0.5 * (1.0 + level), m) / m};
}

}  // namespace twin::score
