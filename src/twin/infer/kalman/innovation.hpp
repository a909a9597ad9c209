// What every update says about its observation, whichever filter made it, and the part that all
// filters share: which components are there, and how likely they were.
#pragma once
#include <cmath>
#include <cstdint>

#include "twin/infer/kalman/gate.hpp"
#include "twin/infer/kalman/gaussian.hpp"
#include "twin/math/elementary.hpp"

namespace twin::infer::kalman {

// What became of an observation.
enum class Fate : std::uint8_t {
  Used,
  Gated,   // a gross error: the belief is as it was
  Missing  // every component was NaN: the belief is as it was
};

// A component that is NaN is missing: it is left out, with its row of H and its row and column of R,
// and counted. An infinite one is an error.
template <int M>
struct Innovation {
  Vector<M> innovation;          // d, observed minus predicted [observation]; NaN where missing
  Eigen::Index present = 0;      // components used, or gated
  Eigen::Index missing = 0;      // components left out
  double log_determinant = 0.0;  // log det S of the components present
  double nis = 0.0;              // d' S^-1 d, chi-square with `present` degrees when all is well
  double log_likelihood = 0.0;   // log N(d; 0, S), also when gated; 0 when nothing is present
  Fate fate = Fate::Missing;
};

namespace detail {

[[noreturn]] void not_finite(std::string_view what, Eigen::Index component, double value);
[[noreturn]] void not_positive_definite(std::string_view what);
// log(2 pi)
inline constexpr double LogTwoPi = 1.8378770664093454836;

// d and the counts.
template <int M, class Predicted>
Innovation<M> compared(const Vector<M>& y, const Predicted& predicted) {
  Innovation<M> out;
  out.innovation = y - predicted;
  for (Eigen::Index i = 0; i < y.size(); ++i) {
    if (std::isnan(y[i])) {
      ++out.missing;
      continue;
    }
    if (!std::isfinite(y[i])) not_finite("observation", i, y[i]);
    if (!std::isfinite(out.innovation[i]))
      not_finite("predicted observation", i, y[i] - out.innovation[i]);
  }
  out.present = y.size() - out.missing;
  return out;
}

// All components are there: nothing is copied, sizes stay fixed.
struct Whole {
  template <class T>
  const T& rows(const T& x) const {
    return x;
  }
  template <class T>
  const T& square(const T& x) const {
    return x;
  }
};

// Some components are missing. At most M rows, so that fixed sizes take nothing from the heap.
template <int M>
struct Part {
  template <int C>
  using Rows = Eigen::Matrix<double, Eigen::Dynamic, C,
                             M == 1 && C != 1 ? Eigen::RowMajor : Eigen::ColMajor, M, C>;
  Eigen::Matrix<Eigen::Index, Eigen::Dynamic, 1, 0, M, 1> index;  // components present

  explicit Part(const Innovation<M>& innovation) : index(innovation.present) {
    Eigen::Index next = 0;
    for (Eigen::Index i = 0; i < innovation.innovation.size(); ++i) {
      if (!std::isnan(innovation.innovation[i])) index[next++] = i;
    }
  }
  template <int C>
  Rows<C> rows(const Matrix<M, C>& x) const {
    Rows<C> out(index.size(), x.cols());
    for (Eigen::Index i = 0; i < index.size(); ++i) out.row(i) = x.row(index[i]);
    return out;
  }
  auto square(const Matrix<M, M>& x) const {
    Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, 0, M, M> out(index.size(), index.size());
    for (Eigen::Index i = 0; i < index.size(); ++i) {
      for (Eigen::Index j = 0; j < index.size(); ++j) out(i, j) = x(index[i], index[j]);
    }
    return out;
  }
};

// step(part): the update with the components present; not called when there are none.
template <int M, class Step>
void with_present(const Innovation<M>& innovation, Step&& step) {
  if (innovation.present == 0) return;
  if constexpr (M != 1) {
    if (innovation.missing > 0) return step(Part<M>(innovation));
  }
  step(Whole{});
}

// Fills in what the factor L of S (lower, S = L L') and e = L^-1 d say; false: gated.
template <int M, class Lower, class Whitened>
bool judged(Innovation<M>& innovation, const Eigen::MatrixBase<Lower>& l,
            const Eigen::MatrixBase<Whitened>& e, const Gate& gate) {
  double log_half = 0.0;  // of det S
  for (Eigen::Index i = 0; i < l.rows(); ++i) {
    if (!(std::abs(l(i, i)) > 0.0)) not_positive_definite("the innovation's covariance");
    log_half += math::log(std::abs(l(i, i)));
  }
  const double nis = e.squaredNorm();
  const double log_determinant = 2.0 * log_half;
  if (!std::isfinite(nis) || !std::isfinite(log_determinant))
    not_positive_definite("the innovation's covariance");
  innovation.nis = nis;
  innovation.log_determinant = log_determinant;
  innovation.log_likelihood =
      -0.5 * (nis + log_determinant + static_cast<double>(innovation.present) * LogTwoPi);
  innovation.fate = gate.lets_in(nis, innovation.present) ? Fate::Used : Fate::Gated;
  return innovation.fate == Fate::Used;
}

// The Cholesky factor of S; throws when there is none.
template <class Derived>
auto factored(const Eigen::MatrixBase<Derived>& s) {
  Eigen::LLT<typename Derived::PlainObject> llt(s);
  if (llt.info() != Eigen::Success) not_positive_definite("the innovation's covariance");
  return llt;
}

}  // namespace detail
}  // namespace twin::infer::kalman
