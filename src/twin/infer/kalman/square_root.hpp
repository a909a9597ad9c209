// The Kalman filter on a factor of its covariance, which cannot lose positive definiteness and
// works with twice the digits (Kaminski, Bryson & Schmidt, "Discrete square root filtering", IEEE
// Trans. Automatic Control 16(6), 1971; in array form Morf & Kailath, same journal 20(4), 1975).
// One orthogonal transformation does a whole step: no covariance is ever formed.
#pragma once
#include "twin/infer/kalman/innovation.hpp"

namespace twin::infer::kalman {

template <int N>
struct SquareRoot {
  Vector<N> mean;       // [variable]
  Matrix<N, N> factor;  // lower triangular with positive diagonal, P = factor factor'

  [[nodiscard]] Eigen::Index size() const { return mean.size(); }
};

// Throws core::Error when P is not positive definite.
template <int N>
SquareRoot<N> square_root_of(const Gaussian<N>& belief) {
  require_shape("P", belief.covariance, belief.size(), belief.size());
  return {.mean = belief.mean, .factor = positive_definite_factor(belief.covariance, "P")};
}

template <int N>
Gaussian<N> gaussian_of(const SquareRoot<N>& belief) {
  return {.mean = belief.mean, .covariance = belief.factor * belief.factor.transpose()};
}

namespace detail {

// Upper triangular U with U' U = A' A and a diagonal that is not negative, for A with at least as
// many rows as columns; A is overwritten.
template <class Array>
auto triangular(Array& a) {
  const Eigen::HouseholderQR<Eigen::Ref<Array>> qr(a);
  const Eigen::Index n = a.cols();
  Eigen::Matrix<double, Array::ColsAtCompileTime, Array::ColsAtCompileTime, 0,
                Array::MaxColsAtCompileTime, Array::MaxColsAtCompileTime>
      u = a.topRows(n).template triangularView<Eigen::Upper>();
  for (Eigen::Index i = 0; i < n; ++i) {
    if (u(i, i) < 0.0) u.row(i) = -u.row(i);
  }
  return u;
}

constexpr int sum_of_sizes(int a, int b) {
  return a == Eigen::Dynamic || b == Eigen::Dynamic ? Eigen::Dynamic : a + b;
}

}  // namespace detail

// m <- F m; the factor of F P F' + Q from (F L, A)', Q = A A' (Kaminski et al. 1971).
template <int N>
void predict(SquareRoot<N>& belief, const std::type_identity_t<Matrix<N, N>>& transition,
             const std::type_identity_t<ProcessNoise<N>>& noise) {
  const Eigen::Index n = belief.size();
  require_shape("F", transition, n, n);
  require_shape("Q", noise.covariance(), n, n);
  Matrix<detail::sum_of_sizes(N, N), N> array(2 * n, n);
  array.topRows(n).noalias() = (transition * belief.factor).transpose();
  array.bottomRows(n) = noise.factor().transpose();
  belief.mean = (transition * belief.mean).eval();
  belief.factor = detail::triangular(array).transpose();
}

// As update() of kf.hpp: the array ( B 0 ; H L L ), R = B B', becomes ( S^1/2 0 ; W L+ ), and
// m <- m + W S^-1/2 d.
template <int N, int M>
Innovation<M> update(SquareRoot<N>& belief, const Vector<M>& y,
                     const std::type_identity_t<Matrix<M, N>>& op,
                     const std::type_identity_t<ObservationNoise<M>>& noise,
                     const Gate& gate = {}) {
  const Eigen::Index n = belief.size();
  require_shape("H", op, y.size(), n);
  require_shape("R", noise.covariance(), y.size(), y.size());
  Innovation<M> innovation = detail::compared(y, op * belief.mean);
  detail::with_present(innovation, [&](const auto& part) {
    const auto& h = part.rows(op);
    const auto& d = part.rows(innovation.innovation);
    // The rows of R's factor that are present span the part of R that is present.
    const auto& b = part.rows(noise.factor());
    const Eigen::Index m = h.rows();
    const Eigen::Index all = b.cols();
    constexpr bool Fixed = std::remove_cvref_t<decltype(h)>::RowsAtCompileTime != Eigen::Dynamic;
    constexpr int Most = detail::sum_of_sizes(M, N);
    Eigen::Matrix<double, Most, Fixed ? Most : Eigen::Dynamic, 0, Most, Most> array(all + n, m + n);
    array.setZero();
    array.topLeftCorner(all, m) = b.transpose();
    array.bottomLeftCorner(n, m).noalias() = (h * belief.factor).transpose();
    array.bottomRightCorner(n, n) = belief.factor.transpose();
    const auto u = detail::triangular(array);
    const auto root = u.topLeftCorner(m, m).transpose().eval();  // S^1/2, lower
    const auto e = root.template triangularView<Eigen::Lower>().solve(d).eval();
    if (!detail::judged(innovation, root, e, gate)) return;
    belief.mean.noalias() += u.topRightCorner(m, n).transpose() * e;
    belief.factor = u.bottomRightCorner(n, n).transpose();
  });
  return innovation;
}

}  // namespace twin::infer::kalman
