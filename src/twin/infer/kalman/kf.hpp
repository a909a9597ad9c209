// The Kalman filter (Kalman, J. Basic Eng. 82, 1960), its update in Joseph's form (Bucy & Joseph,
// Filtering for Stochastic Processes, 1968), which keeps the covariance positive definite for any
// gain and forgives rounding.
#pragma once
#include "twin/infer/kalman/innovation.hpp"

namespace twin::infer::kalman {

namespace detail {

// m <- mean, P <- F P F' + Q.
template <int N>
void propagate(Gaussian<N>& belief, const Vector<N>& mean, const Matrix<N, N>& transition,
               const ProcessNoise<N>& noise) {
  const Matrix<N, N> half = transition * belief.covariance;
  Matrix<N, N> p = noise.covariance();
  p.noalias() += half * transition.transpose();
  belief.mean = mean;
  store_symmetric<N>(p, belief.covariance);
}

// P <- (I - K H) P (I - K H)' + K R K'.
template <int N, class Gain, class Operator, class Noise>
void store_joseph(Matrix<N, N>& covariance, const Gain& k, const Operator& h, const Noise& r) {
  Matrix<N, N> a = Matrix<N, N>::Identity(covariance.rows(), covariance.cols());
  a.noalias() -= k * h;
  const Matrix<N, N> half = a * covariance;
  const auto kr = (k * r).eval();
  Matrix<N, N> p = half * a.transpose();
  p.noalias() += kr * k.transpose();
  store_symmetric<N>(p, covariance);
}

// The update for an innovation already made: EKF and KF are the same from here.
template <int N, int M>
void correct(Gaussian<N>& belief, Innovation<M>& innovation, const Matrix<M, N>& op,
             const ObservationNoise<M>& noise, const Gate& gate) {
  with_present(innovation, [&](const auto& part) {
    const auto& h = part.rows(op);
    const auto& r = part.square(noise.covariance());
    const auto& d = part.rows(innovation.innovation);
    const auto cross = (belief.covariance * h.transpose()).eval();  // P H' [variable][observation]
    const auto llt = factored((h * cross + r).eval());
    const auto e = llt.matrixL().solve(d).eval();
    if (!judged(innovation, llt.matrixLLT(), e, gate)) return;
    const auto k = llt.solve(cross.transpose()).transpose().eval();
    belief.mean.noalias() += k * d;
    store_joseph<N>(belief.covariance, k, h, r);
  });
}

}  // namespace detail

// m <- F m, P <- F P F' + Q. Throws core::Error on a wrong shape.
template <int N>
void predict(Gaussian<N>& belief, const std::type_identity_t<Matrix<N, N>>& transition,
             const std::type_identity_t<ProcessNoise<N>>& noise) {
  require_shape("F", transition, belief.size(), belief.size());
  require_shape("Q", noise.covariance(), belief.size(), belief.size());
  detail::propagate<N>(belief, transition * belief.mean, transition, noise);
}

// The update with y = H x + noise. A NaN in y is left out and counted; a gated observation leaves
// the belief as it was. Throws core::Error on a wrong shape, an infinite observation, or a
// covariance S that is not positive definite.
template <int N, int M>
Innovation<M> update(Gaussian<N>& belief, const Vector<M>& y,
                     const std::type_identity_t<Matrix<M, N>>& op,
                     const std::type_identity_t<ObservationNoise<M>>& noise,
                     const Gate& gate = {}) {
  require_shape("H", op, y.size(), belief.size());
  require_shape("R", noise.covariance(), y.size(), y.size());
  Innovation<M> innovation = detail::compared(y, op * belief.mean);
  detail::correct(belief, innovation, op, noise, gate);
  return innovation;
}

}  // namespace twin::infer::kalman
