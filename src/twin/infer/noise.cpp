#include "twin/infer/noise.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/math/batch.hpp"

namespace twin::infer {
namespace {

void check_symmetric(const Eigen::MatrixXd& r) {
  for (Eigen::Index j = 0; j < r.cols(); ++j) {
    for (Eigen::Index i = 0; i <= j; ++i) {
      if (!std::isfinite(r(i, j)) || !std::isfinite(r(j, i))) {
        throw core::Error(fmt::format(
            "the covariance of observations {} and {} is {} (must be finite)", i, j, r(i, j)));
      }
      const double scale = std::sqrt(std::abs(r(i, i) * r(j, j)));
      if (std::abs(r(i, j) - r(j, i)) > 1e-12 * scale) {
        throw core::Error(fmt::format(
            "the covariance of observations {} and {} is {} one way and {} the other (must be "
            "symmetric)",
            i, j, r(i, j), r(j, i)));
      }
    }
  }
}

}  // namespace

Noise Noise::diagonal(const Eigen::VectorXd& variances) {
  for (Eigen::Index i = 0; i < variances.size(); ++i) {
    if (!(variances[i] > 0.0) || !std::isfinite(variances[i])) {
      throw core::Error(
          fmt::format("the error variance of observation {} is {} (must be positive and finite)", i,
                      variances[i]));
    }
  }
  Noise noise;
  noise.deviation_ = variances.cwiseSqrt();
  noise.log_determinant_ = variances.array().log().sum();
  return noise;
}

Noise Noise::equal(Eigen::Index count, double variance) {
  return diagonal(Eigen::VectorXd::Constant(count, variance));
}

Noise Noise::full(const Eigen::MatrixXd& covariance) {
  const Eigen::Index n = covariance.rows();
  if (n != covariance.cols()) {
    throw core::Error(fmt::format(
        "the error covariance has {} rows and {} columns (must be square)", n, covariance.cols()));
  }
  check_symmetric(covariance);
  const Eigen::LLT<Eigen::MatrixXd> cholesky(covariance);
  Noise noise;
  noise.factor_ = cholesky.matrixL();
  noise.deviation_ = covariance.diagonal().cwiseAbs().cwiseSqrt();
  // A pivot this far below its variance is what round-off leaves of zero.
  const double least = static_cast<double>(n) * std::numeric_limits<double>::epsilon();
  const auto pivots = noise.factor_.diagonal().array();
  if (cholesky.info() != Eigen::Success ||
      (pivots.square() <= least * covariance.diagonal().array()).any()) {
    throw core::Error(
        fmt::format("the error covariance of {} observations is not positive definite (it must "
                    "have an inverse) "
                    "is one of them a combination of the others?",
                    n));
  }
  noise.log_determinant_ = 2.0 * pivots.log().sum();
  return noise;
}

Noise Noise::scaled(double factor) const {
  TWIN_EXPECT(factor > 0.0 && std::isfinite(factor), factor);
  Noise noise = *this;
  noise.deviation_ *= std::sqrt(factor);
  noise.factor_ *= std::sqrt(factor);
  noise.log_determinant_ += static_cast<double>(size()) * std::log(factor);
  return noise;
}

Eigen::MatrixXd Noise::covariance() const {
  if (is_diagonal()) return deviation_.cwiseAbs2().asDiagonal();
  return factor_ * factor_.transpose();
}

void Noise::whiten(Eigen::Ref<Eigen::MatrixXd> y) const {
  TWIN_EXPECT(y.rows() == size(), y.rows(), size());
  if (is_diagonal()) {
    y.array().colwise() /= deviation_.array();
  } else {
    factor_.triangularView<Eigen::Lower>().solveInPlace(y);
  }
}

void Noise::whiten_transposed(Eigen::Ref<Eigen::MatrixXd> y) const {
  TWIN_EXPECT(y.rows() == size(), y.rows(), size());
  if (is_diagonal()) {
    y.array().colwise() /= deviation_.array();
  } else {
    factor_.triangularView<Eigen::Lower>().transpose().solveInPlace(y);
  }
}

void Noise::colour(Eigen::Ref<Eigen::MatrixXd> z) const {
  TWIN_EXPECT(z.rows() == size(), z.rows(), size());
  if (is_diagonal()) {
    z.array().colwise() *= deviation_.array();
  } else {
    z = factor_.triangularView<Eigen::Lower>() * Eigen::MatrixXd(z);
  }
}

void Noise::draw(const core::Draw& draw, std::uint32_t what, std::uint32_t occasion,
                 Eigen::Ref<Eigen::MatrixXd> y) const {
  standard_normal(draw, what, occasion, y);
  colour(y);
}

void standard_normal(const core::Draw& draw, std::uint32_t what, std::uint32_t occasion,
                     Eigen::Ref<Eigen::MatrixXd> z) {
  std::vector<double> run(static_cast<std::size_t>(std::max(z.rows(), z.cols())));
  const std::span all(run);
  // The longer side at once, whichever it is: the numbers are the same.
  if (z.cols() >= z.rows()) {
    const auto members = all.first(static_cast<std::size_t>(z.cols()));
    for (Eigen::Index i = 0; i < z.rows(); ++i) {
      math::normals(draw, what, static_cast<std::uint32_t>(i), occasion, members);
      z.row(i) = Eigen::Map<const Eigen::RowVectorXd>(members.data(), z.cols());
    }
    return;
  }
  for (Eigen::Index j = 0; j < z.cols(); ++j) {
    core::Draw member = draw;
    member.member += static_cast<std::uint32_t>(j);
    const auto things = all.first(static_cast<std::size_t>(z.rows()));
    math::uniforms_of_things(member, what, 0, occasion, things);
    math::normals_of_uniforms(things);
    z.col(j) = Eigen::Map<const Eigen::VectorXd>(things.data(), z.rows());
  }
}

}  // namespace twin::infer
