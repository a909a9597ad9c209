#include "twin/infer/emulate/covariance_kernel.hpp"

#include <span>

#include "twin/core/expect.hpp"
#include "twin/math/batch.hpp"

namespace twin::infer {
namespace {

void exponentials_of(Eigen::MatrixXd& m) {
  math::exponentials(std::span(m.data(), static_cast<std::size_t>(m.size())));
}

}  // namespace

void correlations(CovarianceKernel kernel, const Eigen::MatrixXd& a, const Eigen::MatrixXd& b,
                  Eigen::MatrixXd& value, Eigen::MatrixXd* bend) {
  TWIN_EXPECT(a.cols() == b.cols(), a.cols(), b.cols());
  // By differences: the sum of squares less twice the product loses digits where points are close.
  value.setZero(a.rows(), b.rows());
  for (Eigen::Index p = 0; p < b.rows(); ++p)
    for (Eigen::Index j = 0; j < b.cols(); ++j)
      value.col(p).array() += (a.col(j).array() - b(p, j)).square();
  if (kernel == CovarianceKernel::SquaredExponential) {
    value *= -0.5;
    exponentials_of(value);
    if (bend != nullptr) *bend = value;
    return;
  }
  value = (5.0 * value.array()).sqrt();
  Eigen::MatrixXd falls = -value;
  exponentials_of(falls);
  if (bend != nullptr) *bend = 5.0 / 3 * (1 + value.array()) * falls.array();
  value = (1 + value.array() + value.array().square() / 3) * falls.array();
}

}  // namespace twin::infer
