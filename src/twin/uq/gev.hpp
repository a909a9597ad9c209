// The law of the greatest of a block (a year, a shift): the generalised extreme value law, its fit, and what it
// says of the greatest that is to be expected in a hundred blocks.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace twin::uq {

// P(X <= x) = exp(-(1 + shape (x - location) / scale)^(-1 / shape)); exp(-exp(-(x - location) / scale)) for shape 0
// (A. F. Jenkinson, Quarterly J. Royal Meteorological Society 81, 1955). Shape above 0: heavy; below 0: ends above.
struct Gev {
  double location = 0.0;  // [the maxima's unit]
  double scale = 1.0;     // > 0, likewise
  double shape = 0.0;     // xi

  [[nodiscard]] double below(double x) const;
  [[nodiscard]] double log_density(double x) const;  // -infinity where X cannot be
  // What one block in so many is expected to exceed: P(X > x) = 1 / blocks, blocks > 1 (S. Coles, An Introduction to
  // Statistical Modeling of Extreme Values, 2001, eq. 3.4).
  [[nodiscard]] double return_level(double blocks) const;
  bool operator==(const Gev&) const = default;
};

struct GevFit {
  Gev law;
  double log_likelihood = 0.0;
  std::array<std::array<double, 3>, 3>
      covariance{};  // of location, scale, shape, by the observed information
  // By the delta method (Coles, eq. 3.11): for the middle; far out the true interval is wider above than below.
  [[nodiscard]] double return_level_error(double blocks) const;
};

// Maximum likelihood from probability-weighted moments on (J. R. M. Hosking, J. R. Wallis and E. F. Wood,
// Technometrics 27, 1985). Nothing where no maximum with shape between -1/2 and 1 is found, where the likelihood
// is not regular (R. L. Smith, Biometrika 72, 1985). core::Error for fewer than 10 maxima, what is not finite or
// does not vary.
std::optional<GevFit> fit_gev(std::span<const double> maxima);

}  // namespace twin::uq
