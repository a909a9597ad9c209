// Small linear-Gaussian problems that the tests of the ensemble filters share, and their answer by
// the Kalman filter in its plainest form.
#pragma once
#include <Eigen/Dense>
#include <cmath>
#include <numbers>

#include "twin/infer/ensemble/filters.hpp"
#include "twin/infer/noise.hpp"

namespace twin::infer {

struct Example {
  Eigen::MatrixXd x;  // [variable][member]
  Eigen::MatrixXd h;  // [observation][variable]
  Eigen::VectorXd y;  // [observation]
  Eigen::MatrixXd r;  // [observation][observation]

  [[nodiscard]] Eigen::MatrixXd hx() const { return h * x; }
};

inline Eigen::MatrixXd covariance_of(const Eigen::MatrixXd& x) {
  const Eigen::MatrixXd a = x.colwise() - x.rowwise().mean().eval();
  return a * a.transpose() / static_cast<double>(x.cols() - 1);
}

// Random matrices of these sizes; members are independent, R is diagonal.
inline Example random_example(Eigen::Index variables, Eigen::Index observations,
                              Eigen::Index members, std::uint64_t seed) {
  Example e;
  const core::Draw draw{.seed = seed, .member = 0};
  e.x.resize(variables, members);
  e.h.resize(observations, variables);
  e.y.resize(observations);
  standard_normal(draw, 1, 0, e.x);
  standard_normal(draw, 2, 0, e.h);
  Eigen::MatrixXd y(observations, 1);
  standard_normal(draw, 3, 0, y);
  e.y = 2.0 * y;
  Eigen::VectorXd variances(observations);
  for (Eigen::Index i = 0; i < observations; ++i) variances[i] = 0.5 + 0.1 * static_cast<double>(i);
  e.r = variances.asDiagonal();
  return e;
}

// Members whose sample mean and covariance are exactly these.
inline Eigen::MatrixXd with_moments(const Eigen::VectorXd& mean, const Eigen::MatrixXd& covariance,
                                    Eigen::Index members) {
  const Eigen::MatrixXd root = covariance.llt().matrixL();
  const Eigen::MatrixXd spread = subspace_basis(members).leftCols(mean.size()).transpose();
  return (std::sqrt(static_cast<double>(members - 1)) * root * spread).colwise() + mean;
}

struct KalmanAnswer {
  Eigen::VectorXd mean;
  Eigen::MatrixXd covariance, gain;
  double chi_square = 0.0, log_likelihood = 0.0;
};

// Kalman (1960) with the sample moments of e.x as prior, every matrix written out.
inline KalmanAnswer kalman_answer(const Example& e) {
  const Eigen::VectorXd mean = e.x.rowwise().mean();
  const Eigen::MatrixXd p = covariance_of(e.x);
  const Eigen::MatrixXd total = e.h * p * e.h.transpose() + e.r;
  const Eigen::VectorXd d = e.y - e.h * mean;
  KalmanAnswer k;
  k.gain = p * e.h.transpose() * total.inverse();
  k.mean = mean + k.gain * d;
  k.covariance = p - k.gain * e.h * p;
  k.chi_square = d.dot(total.inverse() * d);
  k.log_likelihood = -0.5 * (k.chi_square + std::log(total.determinant()) +
                             static_cast<double>(d.size()) * std::log(2.0 * std::numbers::pi));
  return k;
}

}  // namespace twin::infer
