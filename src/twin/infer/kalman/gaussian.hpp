// What a Kalman filter believes, and the noises it is told of. N and M are sizes known when
// compiled, or Eigen::Dynamic: one template serves both, and a fixed size makes small filters fast.
//
// Notation of all files here: x state [variable], m and P its mean and covariance, F transition,
// Q process noise, y observation [observation], H its operator [observation][variable], R its
// noise, d innovation, S its covariance, K gain [variable][observation].
#pragma once
#include "twin/infer/kalman/covariance.hpp"

namespace twin::infer::kalman {

// A regular value: a copy is a snapshot. The steps of this folder leave the covariance symmetric to
// the bit, and leave the belief as it was when they throw.
template <int N>
struct Gaussian {
  Vector<N> mean;           // [variable]
  Matrix<N, N> covariance;  // [variable][variable], positive definite

  [[nodiscard]] Eigen::Index size() const { return mean.size(); }
};

// A belief from outside. Throws core::Error when the covariance does not fit the mean or is not
// positive definite ("P ..."), or the mean is not finite.
template <int N>
Gaussian<N> gaussian(const Vector<N>& mean, const std::type_identity_t<Matrix<N, N>>& covariance);

// R: how an observation errs. Positive definite, checked when made.
template <int M>
class ObservationNoise {
 public:
  explicit ObservationNoise(const Matrix<M, M>& covariance)
      : factor_(positive_definite_factor(covariance, "R")), covariance_(covariance) {}
  [[nodiscard]] const Matrix<M, M>& covariance() const { return covariance_; }
  [[nodiscard]] const Matrix<M, M>& factor() const { return factor_; }  // lower: factor factor' = R
  [[nodiscard]] Eigen::Index size() const { return covariance_.rows(); }

 private:
  Matrix<M, M> factor_;      // [observation][observation]
  Matrix<M, M> covariance_;  // [observation][observation]
};

// Q: what a step adds. Positive semidefinite, checked when made; zero is a perfect model.
template <int N>
class ProcessNoise {
 public:
  explicit ProcessNoise(const Matrix<N, N>& covariance)
      : factor_(semidefinite_factor(covariance, "Q")), covariance_(covariance) {}
  [[nodiscard]] const Matrix<N, N>& covariance() const { return covariance_; }
  [[nodiscard]] const Matrix<N, N>& factor() const { return factor_; }  // factor factor' = Q
  [[nodiscard]] Eigen::Index size() const { return covariance_.rows(); }

 private:
  Matrix<N, N> factor_;      // [variable][variable]
  Matrix<N, N> covariance_;  // [variable][variable]
};

namespace detail {

void require_finite(const Eigen::Ref<const Eigen::VectorXd>& values, std::string_view name);

// Rounding leaves X and X' a little apart; what is stored is their mean.
template <int N>
void store_symmetric(const Matrix<N, N>& x, Matrix<N, N>& out) {
  out = 0.5 * (x + x.transpose());
}

}  // namespace detail

template <int N>
Gaussian<N> gaussian(const Vector<N>& mean, const std::type_identity_t<Matrix<N, N>>& covariance) {
  require_shape("P", covariance, mean.size(), mean.size());
  detail::require_finite(mean, "mean");
  static_cast<void>(positive_definite_factor(covariance, "P"));
  return {.mean = mean, .covariance = covariance};
}

}  // namespace twin::infer::kalman
