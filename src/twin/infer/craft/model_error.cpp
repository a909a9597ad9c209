#include "twin/infer/craft/model_error.hpp"

#include <fmt/core.h>

#include <cmath>

#include "twin/core/error.hpp"
#include "twin/infer/kalman/covariance.hpp"
#include "twin/infer/noise.hpp"

namespace twin::infer {

ModelError ModelError::diagonal(const Eigen::VectorXd& variances) {
  for (Eigen::Index i = 0; i < variances.size(); ++i) {
    if (!(variances[i] >= 0.0) || !std::isfinite(variances[i])) {
      throw core::Error(fmt::format(
          "the model error's variance of variable {} is {} (must be finite and not negative)", i,
          variances[i]));
    }
  }
  ModelError out;
  out.factor_ = variances.cwiseSqrt();
  return out;
}

ModelError ModelError::full(const Eigen::MatrixXd& covariance) {
  ModelError out;
  out.factor_ = kalman::semidefinite_factor(covariance, "Q");
  out.diagonal_ = false;
  return out;
}

void ModelError::add(double ticks, const core::Draw& draw, std::uint32_t occasion,
                     Eigen::Ref<Eigen::MatrixXd> x) const {
  if (x.rows() != size()) {
    throw core::Error(
        fmt::format("model error of {} variables for a state of {}", size(), x.rows()));
  }
  if (!(ticks >= 0.0) || !std::isfinite(ticks)) {
    throw core::Error(fmt::format("model error of {} ticks (must be finite, at least 0)", ticks));
  }
  if (ticks == 0.0 || x.cols() < 2) return;
  Eigen::MatrixXd z(x.rows(), x.cols());
  standard_normal(draw, ModelErrorDrawn, occasion, z);
  z.colwise() -= z.rowwise().mean().eval();
  const double n = static_cast<double>(x.cols());
  z *= std::sqrt(ticks * n / (n - 1.0));
  if (diagonal_) {
    x.array() += z.array().colwise() * factor_.col(0).array();
  } else {
    x += factor_ * z;
  }
}

}  // namespace twin::infer
