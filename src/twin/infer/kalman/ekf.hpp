// The Kalman filter on a tangent: extended (Jazwinski, Stochastic Processes and Filtering Theory,
// 1970) and iterated, which is Gauss-Newton on the same posterior (Bell & Cathey,
// "The iterated Kalman filter update as a Gauss-Newton method", IEEE Trans. Automatic Control
// 38(2), 1993).
//
// f: x -> x and h: x -> y are called with a Vector<N>; their Jacobians give [row of f][variable].
#pragma once
#include <cmath>
#include <utility>

#include "twin/infer/kalman/kf.hpp"

namespace twin::infer::kalman {

// m <- f(m), P <- F P F' + Q with F the Jacobian at the old m.
template <int N, class Function, class Jacobian>
void predict_extended(Gaussian<N>& belief, Function&& f, Jacobian&& jacobian,
                      const std::type_identity_t<ProcessNoise<N>>& noise) {
  const Matrix<N, N> transition = jacobian(std::as_const(belief.mean));
  const Vector<N> mean = f(std::as_const(belief.mean));
  require_shape("Jacobian of f", transition, belief.size(), belief.size());
  require_shape("f(x)", mean, belief.size(), 1);
  require_shape("Q", noise.covariance(), belief.size(), belief.size());
  detail::propagate<N>(belief, mean, transition, noise);
}

namespace detail {

template <int N, int M, class Jacobian>
Matrix<M, N> tangent(Jacobian&& jacobian, const Vector<N>& at, Eigen::Index rows) {
  const Matrix<M, N> op = jacobian(at);
  require_shape("Jacobian of h", op, rows, at.size());
  return op;
}

template <int N, int M, class Function>
Vector<M> value(Function&& h, const Vector<N>& at, Eigen::Index rows) {
  const Vector<M> predicted = h(at);
  require_shape("h(x)", predicted, rows, 1);
  return predicted;
}

}  // namespace detail

// As update() of kf.hpp, with h and its Jacobian at the mean.
template <int N, int M, class Function, class Jacobian>
Innovation<M> update_extended(Gaussian<N>& belief, const Vector<M>& y, Function&& h,
                              Jacobian&& jacobian,
                              const std::type_identity_t<ObservationNoise<M>>& noise,
                              const Gate& gate = {}) {
  require_shape("R", noise.covariance(), y.size(), y.size());
  const Matrix<M, N> op = detail::tangent<N, M>(jacobian, belief.mean, y.size());
  Innovation<M> innovation = detail::compared(y, detail::value<N, M>(h, belief.mean, y.size()));
  detail::correct(belief, innovation, op, noise, gate);
  return innovation;
}

struct Iteration {
  int most = 20;            // Gauss-Newton steps at most
  double tolerance = 1e-9;  // converged: no variable moves by more [its prior standard deviations]
};

template <int M>
struct IteratedInnovation {
  Innovation<M> first;  // at the prior mean, as the extended filter says it; the gate looks at this
  int steps = 0;        // Gauss-Newton steps done
  bool converged = true;
};

// x_0 = m, x_{i+1} = m + K_i (y - h(x_i) - H_i (m - x_i)) (Bell & Cathey 1993). Where this
// does not converge within the most steps, the last x_i is taken and `converged` is false. P comes
// from the Jacobian at the last x. Not a line search: an h far from linear can make it wander.
template <int N, int M, class Function, class Jacobian>
IteratedInnovation<M> update_iterated(Gaussian<N>& belief, const Vector<M>& y, Function&& h,
                                      Jacobian&& jacobian,
                                      const std::type_identity_t<ObservationNoise<M>>& noise,
                                      const Iteration& iteration = {}, const Gate& gate = {}) {
  Gaussian<N> posterior = belief;
  IteratedInnovation<M> out;
  out.first = update_extended(posterior, y, h, jacobian, noise, gate);
  if (out.first.fate != Fate::Used) return out;
  const Vector<N> deviation = belief.covariance.diagonal().cwiseSqrt();
  out.steps = 1;
  out.converged = false;
  while (!out.converged && out.steps < iteration.most) {
    const Vector<N> x = posterior.mean;
    const Matrix<M, N> op = detail::tangent<N, M>(jacobian, x, y.size());
    // The tangent at x, seen from the prior mean.
    const Vector<M> predicted = detail::value<N, M>(h, x, y.size()) + op * (belief.mean - x);
    posterior = belief;
    Innovation<M> innovation = detail::compared(y, predicted);
    detail::correct(posterior, innovation, op, noise, {});
    const Vector<N> moved = posterior.mean - x;
    out.converged = ((moved.array().abs() <= iteration.tolerance * deviation.array()).all());
    ++out.steps;
  }
  // P at the tangent of the point reached.
  const Vector<N> mean = posterior.mean;
  posterior = belief;
  const Matrix<M, N> op = detail::tangent<N, M>(jacobian, mean, y.size());
  Innovation<M> innovation = out.first;
  detail::correct(posterior, innovation, op, noise, {});
  posterior.mean = mean;
  belief = posterior;
  return out;
}

}  // namespace twin::infer::kalman
