// An observation that arrives after a newer one was used, at most one step late: the exact update,
// algorithm A1 of Bar-Shalom, "Update with out-of-sequence measurements in tracking: exact
// solution", IEEE Trans. Aerospace and Electronic Systems 38(3), 2002.
//
// Times: k-1 < t < k, now is k. The belief at k has used the observation of k; y was made at t.
#pragma once
#include "twin/infer/kalman/kf.hpp"

namespace twin::infer::kalman {

// What the last update must leave behind for a straggler.
template <int N>
struct Retained {
  Matrix<N, N> predicted;    // P before the update of k [variable][variable]
  Matrix<N, N> information;  // H' S^-1 H [variable][variable]
  Vector<N> score;           // H' S^-1 d [variable]
};

// From the belief before the update of k and what that update returned. An observation that was
// gated or missing leaves no information.
template <int N, int M>
Retained<N> retained(const Gaussian<N>& before, const Innovation<M>& innovation,
                     const std::type_identity_t<Matrix<M, N>>& op,
                     const std::type_identity_t<ObservationNoise<M>>& noise) {
  const Eigen::Index n = before.size();
  require_shape("H", op, innovation.innovation.size(), n);
  Retained<N> out{.predicted = before.covariance,
                  .information = Matrix<N, N>::Zero(n, n),
                  .score = Vector<N>::Zero(n)};
  if (innovation.fate != Fate::Used) return out;
  detail::with_present(innovation, [&](const auto& part) {
    const auto& h = part.rows(op);
    const auto& d = part.rows(innovation.innovation);
    const auto& r = part.square(noise.covariance());
    const auto llt = detail::factored((h * before.covariance * h.transpose() + r).eval());
    out.information.noalias() = h.transpose() * llt.solve(h);
    out.score.noalias() = h.transpose() * llt.solve(d);
  });
  return out;
}

namespace detail {

[[noreturn]] void not_invertible(std::string_view name);

// What now and then have to do with each other, given all up to k (Bar-Shalom 2002).
template <int N>
struct LookBack {
  Vector<N> mean;           // of x at t
  Matrix<N, N> covariance;  // of x at t
  Matrix<N, N> cross;       // of x at k with x at t

  LookBack(const Gaussian<N>& now, const Retained<N>& last, const Matrix<N, N>& transition,
           const Matrix<N, N>& q) {
    const Eigen::FullPivLU<Matrix<N, N>> lu(transition);
    if (!lu.isInvertible()) not_invertible("F from the observation's time to now");
    mean = lu.solve(now.mean - q * last.score);
    const Matrix<N, N> vv = q - q * last.information * q;               // v over (t, k] itself
    const Matrix<N, N> xv = q - last.predicted * last.information * q;  // x at k with v
    const Matrix<N, N> inside = now.covariance + vv - xv - xv.transpose();
    const Matrix<N, N> half = lu.solve(inside);
    store_symmetric<N>(lu.solve(half.transpose()), covariance);
    cross = lu.solve((now.covariance - xv).transpose()).transpose();
  }
};

}  // namespace detail

// transition and process: F and Q from t to k. Afterwards `now` is what it would be had y come in
// order; `last` no longer describes it, so a second straggler of the same step is not exact. Throws
// core::Error on a wrong shape, an F that cannot be inverted, or an infinite observation.
template <int N, int M>
Innovation<M> update_delayed(Gaussian<N>& now, const std::type_identity_t<Retained<N>>& last,
                             const std::type_identity_t<Matrix<N, N>>& transition,
                             const std::type_identity_t<ProcessNoise<N>>& process,
                             const Vector<M>& y, const std::type_identity_t<Matrix<M, N>>& op,
                             const std::type_identity_t<ObservationNoise<M>>& noise,
                             const Gate& gate = {}) {
  const Eigen::Index n = now.size();
  require_shape("F", transition, n, n);
  require_shape("Q", process.covariance(), n, n);
  require_shape("H", op, y.size(), n);
  require_shape("R", noise.covariance(), y.size(), y.size());
  const detail::LookBack<N> then(now, last, transition, process.covariance());
  Innovation<M> innovation = detail::compared(y, op * then.mean);
  detail::with_present(innovation, [&](const auto& part) {
    const auto& h = part.rows(op);
    const auto& r = part.square(noise.covariance());
    const auto& d = part.rows(innovation.innovation);
    const auto llt = detail::factored((h * then.covariance * h.transpose() + r).eval());
    const auto e = llt.matrixL().solve(d).eval();
    if (!detail::judged(innovation, llt.matrixLLT(), e, gate)) return;
    const auto w = llt.matrixL().solve(h * then.cross.transpose()).eval();
    now.mean.noalias() += w.transpose() * e;
    const Matrix<N, N> p = now.covariance - w.transpose() * w;
    detail::store_symmetric<N>(p, now.covariance);
  });
  return innovation;
}

}  // namespace twin::infer::kalman
