// The error of observations: a covariance R, diagonal or full, and what filters do with it. A filter
// works on whitened observations, where R is the identity, and so never sees which kind it was.
#pragma once
#include <Eigen/Dense>
#include <cstdint>

#include "twin/core/draw.hpp"

namespace twin::infer {

class Noise {
 public:
  // Independent errors. variances: [observation], [unit of the observation, squared]; may be empty.
  // Error unless each is positive and finite.
  static Noise diagonal(const Eigen::VectorXd& variances);
  // `count` independent errors of one variance.
  static Noise equal(Eigen::Index count, double variance);
  // Correlated errors. covariance: [observation][observation]. Error unless it is square, finite,
  // symmetric and positive definite (pivots of its Cholesky factor above round-off).
  static Noise full(const Eigen::MatrixXd& covariance);

  // The same errors with the covariance multiplied by `factor`, positive [the caller's duty].
  [[nodiscard]] Noise scaled(double factor) const;

  [[nodiscard]] Eigen::Index size() const { return deviation_.size(); }
  [[nodiscard]] bool is_diagonal() const { return factor_.size() == 0; }
  [[nodiscard]] Eigen::MatrixXd covariance() const;  // [observation][observation]
  [[nodiscard]] double log_determinant() const { return log_determinant_; }

  // y := L^-1 y with R = L L^T: errors of R become independent ones of variance 1.
  // y: [observation][column].
  void whiten(Eigen::Ref<Eigen::MatrixXd> y) const;
  // y := L^-T y, the adjoint of whiten. y: [observation][column].
  void whiten_transposed(Eigen::Ref<Eigen::MatrixXd> y) const;
  // z := L z: independent errors of variance 1 become errors of R. z: [observation][column].
  void colour(Eigen::Ref<Eigen::MatrixXd> z) const;
  // Errors of R. y: [observation][member]; the numbers that name them are those of standard_normal.
  void draw(const core::Draw& draw, std::uint32_t what, std::uint32_t occasion,
            Eigen::Ref<Eigen::MatrixXd> y) const;

 private:
  Noise() = default;

  Eigen::VectorXd deviation_;     // [observation] sqrt of the variance
  Eigen::MatrixXd factor_;        // L, lower triangle, [observation][observation]; empty: diagonal
  double log_determinant_ = 0.0;  // log det R
};

// Independent standard normals. z: [who][member]; column j is of member draw.member + j, so that the
// same member gets the same numbers in ensembles of any size.
void standard_normal(const core::Draw& draw, std::uint32_t what, std::uint32_t occasion,
                     Eigen::Ref<Eigen::MatrixXd> z);

}  // namespace twin::infer
