// The law of extreme losses from a sample: peaks over a threshold, fitted by likelihood or by moments,
// and two old estimates of the shape to hold the fit against.
#pragma once
#include <cstdint>
#include <optional>
#include <span>

#include "twin/uq/gpd.hpp"

namespace twin::uq {

struct GpdFit {
  Gpd law;
  double log_likelihood = 0.0;
  std::array<double, 3> covariance{};  // Var scale, Cov(scale, shape), Var shape
};

// excesses: all positive, their order is of no matter. Nothing if they do not tell a law: fewer than
// two, all equal, or (likelihood) no maximum with shape > -1.
//
// Probability-weighted moments (J. R. M. Hosking and J. R. Wallis, Technometrics 29, 1987): robust for
// few values; for shapes below 1/2. Covariance after their eq. for PWM, infinite for shape >= 1/2.
std::optional<GpdFit> fit_by_moments(std::span<const double> excesses);
// Maximum likelihood by the profile over shape / scale (S. D. Grimshaw, Technometrics 35, 1993): the
// best for a hundred values or more and shape > -1/2. Covariance from the observed information.
std::optional<GpdFit> fit_by_likelihood(std::span<const double> excesses);

struct TailFit {
  Tail tail;
  TailError error;
  std::uint64_t peaks = 0;  // losses beyond the threshold
  double log_likelihood = 0.0;
};
// The tail of losses from their `peaks` greatest: the threshold is the next one. Ties at the threshold
// leave fewer. By likelihood, by moments where that has none. Nothing if no law can be told.
// core::Error for losses that are none or not finite.
std::optional<TailFit> fit_tail(std::span<const double> losses, std::uint64_t peaks);

// Shape from the k + 1 greatest alone: mean of ln(x_i / x_(k+1)) (B. M. Hill, Annals of Statistics 3,
// 1975): for heavy tails, shape > 0. Nothing if x_(k+1) <= 0.
std::optional<double> hill(std::span<const double> losses, std::uint64_t k);
// Shape from three order statistics, log2((x_k - x_2k) / (x_2k - x_4k)), x_1 the greatest (Pickands
// 1975): for any shape, but rough: its asymptotic deviation at shape 0 is 1.80 / sqrt(k). Nothing where
// two of them are equal.
std::optional<double> pickands(std::span<const double> losses, std::uint64_t k);

}  // namespace twin::uq
