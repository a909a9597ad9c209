#include "twin/infer/emulate/generalised_least_squares.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "twin/core/expect.hpp"
#include "twin/math/elementary.hpp"

namespace twin::infer {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index BlockWidth = 48;

double log_of_diagonal(const MatrixXd& m) {
  double sum = 0.0;
  for (Index i = 0; i < m.cols(); ++i) sum += math::log(std::abs(m(i, i)));
  return sum;
}

// L^-1, by columns that begin where they are not zero: a third of the work of a whole right side.
MatrixXd inverse_root(const MatrixXd& root) {
  const Index n = root.rows();
  MatrixXd inverse = MatrixXd::Zero(n, n);
  for (Index j = 0; j < n; j += BlockWidth) {
    const Index wide = std::min(BlockWidth, n - j), high = n - j;
    inverse.block(j, j, wide, wide).setIdentity();
    auto part = inverse.block(j, j, high, wide);
    root.bottomRightCorner(high, high).triangularView<Eigen::Lower>().solveInPlace(part);
  }
  return inverse;
}

// A pivot that is no more than what rounding may have left of it.
double least_pivot(Index runs, double largest) {
  return 4 * static_cast<double>(runs) * std::numeric_limits<double>::epsilon() * largest;
}

}  // namespace

std::optional<GeneralisedLeastSquares> GeneralisedLeastSquares::of(MatrixXd covariance,
                                                                   const MatrixXd& trend,
                                                                   const VectorXd& y) {
  const Index n = covariance.rows();
  TWIN_EXPECT(trend.rows() == n && y.size() == n, n, trend.rows(), y.size());
  if (n == 0 || n < trend.cols()) return std::nullopt;
  GeneralisedLeastSquares g;
  g.largest_ = covariance.diagonal().maxCoeff();
  {
    const Eigen::LLT<Eigen::Ref<MatrixXd>> in_place(covariance);
    if (in_place.info() != Eigen::Success) return std::nullopt;
  }
  covariance.triangularView<Eigen::StrictlyUpper>().setZero();
  g.root_ = std::move(covariance);
  const double pivot = g.root_.diagonal().minCoeff();
  if (!(pivot * pivot > least_pivot(n, g.largest_))) return std::nullopt;
  g.trend_ = trend;
  g.reduced_ = g.root_.triangularView<Eigen::Lower>().solve(trend);
  g.reduced_y_ = g.root_.triangularView<Eigen::Lower>().solve(y);
  g.solve();
  // Beside its own column, as columns may be of any size.
  for (Index k = 0; k < trend.cols(); ++k)
    if (!(std::abs(g.upper_(k, k)) > 1e-10 * g.reduced_.col(k).norm())) return std::nullopt;
  return g;
}

void GeneralisedLeastSquares::solve() {
  const Index n = runs(), q = regressors();
  const Eigen::HouseholderQR<MatrixXd> qr(reduced_);
  upper_ = qr.matrixQR().topRows(q).triangularView<Eigen::Upper>();
  across_ = qr.householderQ() * MatrixXd::Identity(n, q);
  const VectorXd along = across_.transpose() * reduced_y_;
  coefficients_ = upper_.triangularView<Eigen::Upper>().solve(along);
  weights_ = reduced_y_ - across_ * along;
  square_ = weights_.squaredNorm();
  root_.triangularView<Eigen::Lower>().transpose().solveInPlace(weights_);
  const Eigen::HouseholderQR<MatrixXd> plain(trend_);
  log_determinant_ =
      2 * (log_of_diagonal(root_) + log_of_diagonal(upper_) - log_of_diagonal(plain.matrixQR()));
}

double GeneralisedLeastSquares::log_likelihood(double scale) const {
  const auto contrasts = static_cast<double>(runs() - regressors());
  return -0.5 *
         (square_ / scale + log_determinant_ + contrasts * math::log(2 * std::numbers::pi * scale));
}

MatrixXd GeneralisedLeastSquares::precision() const {
  const Index n = runs();
  const MatrixXd inverse = inverse_root(root_);
  MatrixXd p(n, n);
  for (Index i = 0; i < n; i += BlockWidth) {
    const Index high = std::min(BlockWidth, n - i), wide = i + high;
    p.block(i, 0, high, wide).noalias() =
        inverse.block(i, i, n - i, high).transpose() * inverse.block(i, 0, n - i, wide);
  }
  const MatrixXd of_trend = inverse.triangularView<Eigen::Lower>().transpose() * across_;
  p.selfadjointView<Eigen::Lower>().rankUpdate(of_trend, -1.0);
  return p;
}

VectorXd GeneralisedLeastSquares::precision_diagonal() const {
  const MatrixXd inverse = inverse_root(root_);
  const MatrixXd of_trend = inverse.triangularView<Eigen::Lower>().transpose() * across_;
  const VectorXd whole = inverse.colwise().squaredNorm().transpose();
  const VectorXd left = whole - of_trend.rowwise().squaredNorm();
  return (left.array() > 1e-12 * whole.array()).select(left, 0.0);
}

void GeneralisedLeastSquares::reduce(MatrixXd& covariance, const MatrixXd& trend, VectorXd& of_runs,
                                     VectorXd& of_trend) const {
  root_.triangularView<Eigen::Lower>().solveInPlace(covariance);
  of_runs = covariance.colwise().squaredNorm().transpose();
  MatrixXd missed = trend.transpose();
  missed.noalias() -= reduced_.transpose() * covariance;
  upper_.triangularView<Eigen::Upper>().transpose().solveInPlace(missed);
  of_trend = missed.colwise().squaredNorm().transpose();
}

VectorXd GeneralisedLeastSquares::trend_variances(const MatrixXd& trend) const {
  const MatrixXd reduced =
      upper_.triangularView<Eigen::Upper>().transpose().solve(trend.transpose());
  return reduced.colwise().squaredNorm().transpose();
}

bool GeneralisedLeastSquares::append(const VectorXd& covariance, double own, const VectorXd& trend,
                                     double y) {
  const Index n = runs();
  TWIN_EXPECT(covariance.size() == n && trend.size() == regressors());
  const VectorXd row = root_.triangularView<Eigen::Lower>().solve(covariance);
  const double square = own - row.squaredNorm();
  if (!(square > least_pivot(n + 1, std::max(own, largest_)))) return false;
  largest_ = std::max(own, largest_);
  const double pivot = std::sqrt(square);
  root_.conservativeResize(n + 1, n + 1);
  root_.col(n).setZero();
  root_.row(n).head(n) = row.transpose();
  root_(n, n) = pivot;
  trend_.conservativeResize(n + 1, Eigen::NoChange);
  trend_.row(n) = trend.transpose();
  reduced_.conservativeResize(n + 1, Eigen::NoChange);
  reduced_.row(n) = (trend.transpose() - row.transpose() * reduced_.topRows(n)) / pivot;
  reduced_y_.conservativeResize(n + 1);
  reduced_y_[n] = (y - row.dot(reduced_y_.head(n))) / pivot;
  solve();
  return true;
}

}  // namespace twin::infer
