#include "twin/infer/particle/kernel.hpp"

#include <cmath>
#include <numeric>

#include "twin/core/expect.hpp"
#include "twin/infer/noise.hpp"
#include "twin/math/elementary.hpp"

namespace twin::infer::particle {
namespace {

// L with L L' = c, zero columns where a pivot is none: c may be singular.
Eigen::MatrixXd semidefinite_root(const Eigen::MatrixXd& c) {
  const Eigen::Index n = c.rows();
  Eigen::MatrixXd l = Eigen::MatrixXd::Zero(n, n);
  for (Eigen::Index j = 0; j < n; ++j) {
    const double pivot = c(j, j) - l.row(j).head(j).squaredNorm();
    if (!(pivot > 1e-14 * c(j, j))) continue;  // what rounding leaves of zero
    l(j, j) = std::sqrt(pivot);
    for (Eigen::Index i = j + 1; i < n; ++i) {
      l(i, j) = (c(i, j) - l.row(i).head(j).dot(l.row(j).head(j))) / l(j, j);
    }
  }
  return l;
}

}  // namespace

Spread spread_of(const Eigen::Ref<const Eigen::MatrixXd>& x, std::span<const double> weights) {
  const Eigen::Index members = x.cols();
  TWIN_EXPECT(members == static_cast<Eigen::Index>(weights.size()), members, weights.size());
  Eigen::VectorXd w = Eigen::Map<const Eigen::VectorXd>(weights.data(), members);
  w /= w.sum();
  if (w.maxCoeff() > 1.0 - 1e-10) w.setConstant(1.0 / static_cast<double>(members));
  Spread out;
  // A member without weight may be no number.
  const auto counts = [&](Eigen::Index i) { return w[i] > 0.0; };
  out.mean = Eigen::VectorXd::Zero(x.rows());
  for (Eigen::Index i = 0; i < members; ++i) {
    if (counts(i)) out.mean += w[i] * x.col(i);
  }
  const double rest = 1.0 - w.squaredNorm();
  if (!(rest > 0.0)) {  // a single member
    out.root = Eigen::MatrixXd::Zero(x.rows(), 1);
    return out;
  }
  Eigen::MatrixXd anomalies = Eigen::MatrixXd::Zero(x.rows(), members);
  for (Eigen::Index i = 0; i < members; ++i) {
    if (counts(i)) anomalies.col(i) = std::sqrt(w[i] / rest) * (x.col(i) - out.mean);
  }
  if (members <= 2 * x.rows()) {
    out.root = std::move(anomalies);
  } else {
    Eigen::MatrixXd c = Eigen::MatrixXd::Zero(x.rows(), x.rows());
    c.selfadjointView<Eigen::Lower>().rankUpdate(anomalies);
    out.root = semidefinite_root(c);
  }
  return out;
}

double rule_of_thumb(std::size_t members, Eigen::Index variables) {
  return math::exp(-math::log(static_cast<double>(members)) / static_cast<double>(variables + 4));
}

void kernel_deviate(const Spread& spread, double scale, const core::Draw& draw, std::uint32_t what,
                    std::uint32_t occasion, Eigen::Ref<Eigen::VectorXd> out) {
  Eigen::MatrixXd z(spread.root.cols(), 1);
  standard_normal(draw, what, occasion, z);
  out.noalias() = scale * (spread.root * z.col(0));
}

}  // namespace twin::infer::particle
