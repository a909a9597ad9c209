// What all observations, also the later ones, say about each moment: the fixed-interval smoother
// (Rauch, Tung & Striebel, "Maximum likelihood estimates of linear dynamic systems", AIAA J. 3(8),
// 1965).
#pragma once
#include <span>
#include <utility>
#include <vector>

#include "twin/infer/kalman/innovation.hpp"

namespace twin::infer::kalman {

// What the filter must keep of one moment. F is the Jacobian at the filtered mean for an extended
// filter.
template <int N>
struct Passed {
  Gaussian<N> predicted;    // before the observation
  Gaussian<N> filtered;     // after it
  Matrix<N, N> transition;  // F that led here from the moment before; not read at the first moment
};

// One step back. filtered: at k; next: predicted at k+1 and the F that led there; later: smoothed
// at k+1. Gain G = P F' Pp^-1, then m + G (later - predicted) and P + G (Pl - Pp) G' (Rauch et al.
// 1965). Throws core::Error when the predicted covariance is not positive definite.
template <int N>
Gaussian<N> smoothed(const Gaussian<N>& filtered, const Passed<N>& next, const Gaussian<N>& later) {
  require_shape("F", next.transition, next.predicted.size(), filtered.size());
  require_shape("P", later.covariance, next.predicted.size(), next.predicted.size());
  const Eigen::LLT<Matrix<N, N>> llt(next.predicted.covariance);
  if (llt.info() != Eigen::Success) detail::not_positive_definite("the predicted covariance");
  const Matrix<N, N> gain =
      llt.solve(next.transition * filtered.covariance).transpose();  // P is symmetric
  const Matrix<N, N> change = later.covariance - next.predicted.covariance;
  Matrix<N, N> p = filtered.covariance;
  p.noalias() += gain * change * gain.transpose();
  Gaussian<N> out{.mean = filtered.mean, .covariance = filtered.covariance};
  out.mean.noalias() += gain * (later.mean - next.predicted.mean);
  detail::store_symmetric<N>(p, out.covariance);
  return out;
}

// All moments, in order of time as given. An empty record gives an empty answer.
template <int N>
std::vector<Gaussian<N>> smooth(std::span<const Passed<N>> record) {
  std::vector<Gaussian<N>> out(record.size());
  if (record.empty()) return out;
  out.back() = record.back().filtered;
  for (std::size_t k = record.size() - 1; k-- > 0;)
    out[k] = smoothed(record[k].filtered, record[k + 1], out[k + 1]);
  return out;
}

}  // namespace twin::infer::kalman
