// The unscented Kalman filter: 2n + 1 chosen points carry the belief through f and h as they are
// (Julier & Uhlmann, "Unscented filtering and nonlinear estimation", Proc. IEEE 92(3), 2004; scaled
// points and weights after van der Merwe, Sigma-Point Kalman Filters, thesis, 2004).
// Noises are additive, and points are drawn anew before an update.
//
// Sums run over differences from the point in the middle: with D_i = Y_i - Y_0 and
// delta = sum_i W_i D_i, i = 1..2n, the usual weighted mean and covariance are Y_0 + delta and
// sum_i W_i D_i D_i' + (beta - alpha^2) delta delta'. That is the same algebra without the huge
// weights of opposite sign that a small alpha brings. The mean still loses eps |y| / alpha^2.
#pragma once
#include <cmath>
#include <utility>

#include "twin/infer/kalman/innovation.hpp"

namespace twin::infer::kalman {

// The spread of the points (van der Merwe 2004). The defaults suit a Gaussian belief and
// put the points sqrt(n) standard deviations out. With beta >= alpha^2 no covariance can become
// indefinite.
struct Scaling {
  double alpha = 1.0;  // points lie alpha sqrt(n + kappa) deviations out, > 0
  double beta = 2.0;   // 2 is best for a Gaussian belief
  double kappa = 0.0;  // > -n
};

namespace detail {

// Throws core::Error on a scaling out of range; returns alpha sqrt(n + kappa).
double checked_reach(const Scaling& scaling, Eigen::Index size);

constexpr int twice(int n) { return n == Eigen::Dynamic ? Eigen::Dynamic : 2 * n; }

// The image of the points under a function: what is known of g(x), x ~ belief.
template <int N, int M>
struct Unscented {
  Matrix<N, N> factor;      // L of the belief [variable][variable]
  Vector<M> mean;           // of g(x)
  Matrix<M, twice(N)> off;  // W^1/2 D_i: first m + reach L_i, then m - reach L_i
  Vector<M> middle;         // |beta - alpha^2|^1/2 delta
  double sign;              // of beta - alpha^2
  double weight;            // W = 1 / (2 reach^2)

  Unscented(const Gaussian<N>& belief, const Scaling& scaling, Eigen::Index rows)
      : off(rows, 2 * belief.size()) {
    reach_ = checked_reach(scaling, belief.size());
    weight = 0.5 / (reach_ * reach_);
    const double rest = scaling.beta - scaling.alpha * scaling.alpha;
    sign = rest < 0.0 ? -1.0 : 1.0;
    rest_ = std::sqrt(std::abs(rest));
    const Eigen::LLT<Matrix<N, N>> llt(belief.covariance);
    if (llt.info() != Eigen::Success) not_positive_definite("P");
    factor = llt.matrixL();
  }

  template <class Function>
  void carry(const Gaussian<N>& belief, Function&& g, std::string_view name) {
    const Eigen::Index n = belief.size();
    mean = g(std::as_const(belief.mean));
    require_shape(name, mean, off.rows(), 1);
    Vector<M> delta = Vector<M>::Zero(off.rows());
    for (Eigen::Index i = 0; i < n; ++i) {
      const Vector<N> step = reach_ * factor.col(i);
      const Vector<M> above = g(Vector<N>(belief.mean + step));
      const Vector<M> below = g(Vector<N>(belief.mean - step));
      require_shape(name, above, off.rows(), 1);
      require_shape(name, below, off.rows(), 1);
      off.col(i) = above - mean;
      off.col(n + i) = below - mean;
      delta += off.col(i) + off.col(n + i);
    }
    delta *= weight;
    off *= std::sqrt(weight);
    mean += delta;
    middle = rest_ * delta;
  }

 private:
  double reach_ = 0.0;
  double rest_ = 0.0;
};

}  // namespace detail

// m, P <- those of f(x) + noise. Throws core::Error on a wrong shape, a scaling out of range, or a P
// that is not positive definite.
template <int N, class Function>
void predict_unscented(Gaussian<N>& belief, Function&& f,
                       const std::type_identity_t<ProcessNoise<N>>& noise,
                       const Scaling& scaling = {}) {
  require_shape("Q", noise.covariance(), belief.size(), belief.size());
  detail::Unscented<N, N> points(belief, scaling, belief.size());
  points.carry(belief, f, "f(x)");
  Matrix<N, N> p = noise.covariance();
  p.noalias() += points.off * points.off.transpose();
  p.noalias() += points.sign * points.middle * points.middle.transpose();
  belief.mean = points.mean;
  detail::store_symmetric<N>(p, belief.covariance);
}

// As update() of kf.hpp, with y = h(x) + noise.
template <int N, int M, class Function>
Innovation<M> update_unscented(Gaussian<N>& belief, const Vector<M>& y, Function&& h,
                               const std::type_identity_t<ObservationNoise<M>>& noise,
                               const Scaling& scaling = {}, const Gate& gate = {}) {
  require_shape("R", noise.covariance(), y.size(), y.size());
  const Eigen::Index n = belief.size();
  detail::Unscented<N, M> points(belief, scaling, y.size());
  points.carry(belief, h, "h(x)");
  Innovation<M> innovation = detail::compared(y, points.mean);
  detail::with_present(innovation, [&](const auto& part) {
    const auto& off = part.rows(points.off);
    const auto& middle = part.rows(points.middle);
    const auto& d = part.rows(innovation.innovation);
    auto s = part.square(noise.covariance());
    s.noalias() += off * off.transpose();
    s.noalias() += points.sign * middle * middle.transpose();
    const auto llt = detail::factored(s);
    const auto e = llt.matrixL().solve(d).eval();
    if (!detail::judged(innovation, llt.matrixLLT(), e, gate)) return;
    // Cross-covariance C = sum_i W_i (X_i - m) D_i' = L A / sqrt(2), A_i = (D_i+ - D_i-)' weighted.
    const auto a = (off.leftCols(n) - off.rightCols(n)).eval();  // [observation][variable]
    const auto cross = (a * (points.factor.transpose() * std::sqrt(0.5))).eval();  // C'
    const auto w = llt.matrixL().solve(cross).eval();                              // S^-1/2 C'
    belief.mean.noalias() += w.transpose() * e;
    const Matrix<N, N> p = belief.covariance - w.transpose() * w;  // P - K S K'
    detail::store_symmetric<N>(p, belief.covariance);
  });
  return innovation;
}

}  // namespace twin::infer::kalman
