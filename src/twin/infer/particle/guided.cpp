#include "twin/infer/particle/guided.hpp"

#include <fmt/core.h>

#include <numbers>

#include "twin/core/error.hpp"
#include "twin/infer/kalman/covariance.hpp"

namespace twin::infer::particle {

LinearGuide::LinearGuide(const Eigen::MatrixXd& q, Eigen::MatrixXd h, const Noise& noise)
    : h_(std::move(h)), root_q_(kalman::semidefinite_factor(q, "Q")) {
  kalman::require_shape("H", h_, noise.size(), q.rows());
  const Eigen::MatrixXd r = noise.covariance();
  const Eigen::MatrixXd hq = h_ * q;
  s_.compute(hq * h_.transpose() + r);
  TWIN_ENSURE(s_.info() == Eigen::Success, r.norm());  // R is positive definite
  log_determinant_ = 2.0 * s_.matrixLLT().diagonal().array().log().sum();
  gain_ = s_.solve(hq).transpose();
  // Joseph's form, which stays positive semidefinite.
  const Eigen::MatrixXd a = Eigen::MatrixXd::Identity(q.rows(), q.rows()) - gain_ * h_;
  const Eigen::MatrixXd p = a * q * a.transpose() + gain_ * r * gain_.transpose();
  root_posterior_ = kalman::semidefinite_factor(0.5 * (p + p.transpose()), "P");
}

double LinearGuide::log_likelihood(const Eigen::Ref<const Eigen::VectorXd>& f,
                                   const Eigen::Ref<const Eigen::VectorXd>& y) const {
  const Eigen::VectorXd e = s_.matrixL().solve(y - h_ * f);
  return -0.5 * (e.squaredNorm() + log_determinant_ +
                 static_cast<double>(y.size()) * std::log(2.0 * std::numbers::pi));
}

void LinearGuide::draw_posterior(const Eigen::Ref<const Eigen::VectorXd>& y,
                                 const Eigen::Ref<const Eigen::VectorXd>& z,
                                 Eigen::Ref<Eigen::VectorXd> f) const {
  const Eigen::VectorXd d = y - h_ * f;
  f += gain_ * d + root_posterior_ * z;
}

void LinearGuide::draw_prior(const Eigen::Ref<const Eigen::VectorXd>& z,
                             Eigen::Ref<Eigen::VectorXd> f) const {
  f += root_q_ * z;
}

}  // namespace twin::infer::particle
