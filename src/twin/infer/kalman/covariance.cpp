#include "twin/infer/kalman/covariance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "twin/core/error.hpp"
#include "twin/math/elementary.hpp"

namespace twin::infer::kalman {
namespace {

using Eigen::Index;

constexpr double Epsilon = std::numeric_limits<double>::epsilon();
constexpr double Symmetry = 1e-12;  // of sqrt(variance * variance)

void require_entries(const Eigen::Ref<const Eigen::MatrixXd>& c, std::string_view name) {
  require_shape(name, c.rows(), c.cols(), c.rows(), c.rows());
  if (c.rows() == 0) throw core::Error(fmt::format("{} has no rows (must have one)", name));
  for (Index i = 0; i < c.rows(); ++i) {
    for (Index j = 0; j < c.cols(); ++j) {
      if (!std::isfinite(c(i, j)))
        throw core::Error(fmt::format("{}({}, {}) = {} (must be finite)", name, i, j, c(i, j)));
    }
  }
  for (Index i = 0; i < c.rows(); ++i) {
    for (Index j = 0; j < i; ++j) {
      const double scale = std::sqrt(std::abs(c(i, i) * c(j, j)));
      if (std::abs(c(i, j) - c(j, i)) > Symmetry * scale)
        throw core::Error(fmt::format("{}({}, {}) = {} and {}({}, {}) = {} (must be symmetric)",
                                      name, i, j, c(i, j), name, j, i, c(j, i)));
    }
  }
}

}  // namespace

void require_shape(std::string_view name, Index rows, Index columns, Index rows_expected,
                   Index columns_expected) {
  if (rows == rows_expected && columns == columns_expected) return;
  throw core::Error(fmt::format("{} is {} x {} (must be {} x {})", name, rows, columns,
                                rows_expected, columns_expected));
}

Eigen::MatrixXd positive_definite_factor(const Eigen::Ref<const Eigen::MatrixXd>& covariance,
                                         std::string_view name) {
  require_entries(covariance, name);
  const Index n = covariance.rows();
  for (Index i = 0; i < n; ++i) {
    if (!(covariance(i, i) > 0.0))
      throw core::Error(fmt::format("{}({}, {}) = {} (a variance must be positive)", name, i, i,
                                    covariance(i, i)));
  }
  const Eigen::LLT<Eigen::MatrixXd> llt(covariance);
  Eigen::MatrixXd l = llt.matrixL();
  for (Index i = 0; i < n; ++i) {
    const double least = static_cast<double>(n) * Epsilon * covariance(i, i);
    if (llt.info() != Eigen::Success || !(l(i, i) * l(i, i) > least))
      throw core::Error(
          fmt::format("{} is not positive definite (some combination of its "
                      "variables has no variance) are two of them the same?",
                      name));
  }
  return l;
}

Eigen::MatrixXd semidefinite_factor(const Eigen::Ref<const Eigen::MatrixXd>& covariance,
                                    std::string_view name) {
  require_entries(covariance, name);
  const Index n = covariance.rows();
  for (Index i = 0; i < n; ++i) {
    if (covariance(i, i) < 0.0)
      throw core::Error(fmt::format("{}({}, {}) = {} (a variance must not be negative)", name, i, i,
                                    covariance(i, i)));
  }
  // Factored as correlations, so that the tolerance below does not depend on the variables' units.
  const Eigen::VectorXd deviation = covariance.diagonal().cwiseSqrt();
  Eigen::VectorXd inverse = deviation;
  for (double& x : inverse) x = x > 0.0 ? 1.0 / x : 1.0;
  const Eigen::MatrixXd correlation = inverse.asDiagonal() * covariance * inverse.asDiagonal();
  const Eigen::LDLT<Eigen::MatrixXd> ldlt(correlation);
  Eigen::MatrixXd factor = Eigen::MatrixXd(ldlt.matrixL());
  factor = factor * ldlt.vectorD().cwiseMax(0.0).cwiseSqrt().asDiagonal();
  factor = ldlt.transpositionsP().transpose() * factor;
  const double worst = (factor * factor.transpose() - correlation).cwiseAbs().maxCoeff();
  if (!(worst <= 16.0 * static_cast<double>(n) * Epsilon + Symmetry))
    throw core::Error(
        fmt::format("{} is not positive semidefinite (some combination of its "
                    "variables has a negative variance)",
                    name));
  return deviation.asDiagonal() * factor;
}

double log_determinant_of_square(const Eigen::Ref<const Eigen::VectorXd>& diagonal) {
  double sum = 0.0;
  for (const double x : diagonal) sum += math::log(std::abs(x));
  return 2.0 * sum;
}

}  // namespace twin::infer::kalman
