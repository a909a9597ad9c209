#include "twin/infer/craft/noise_estimate.hpp"

#include <fmt/core.h>

#include <Eigen/Eigenvalues>
#include <cmath>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"

namespace twin::infer {
namespace {

void check(const LinearFilter& f) {
  const Eigen::Index n = f.transition.rows(), p = f.op.rows();
  if (f.transition.cols() != n || f.entrance.rows() != n || f.op.cols() != n ||
      f.gain.rows() != n || f.gain.cols() != p) {
    throw core::Error(
        fmt::format("F is {} x {}, G {} x {}, H {} x {}, K {} x {} (do not fit together)", n,
                    f.transition.cols(), f.entrance.rows(), f.entrance.cols(), p, f.op.cols(),
                    f.gain.rows(), f.gain.cols()));
  }
}

// F (I - K H), by which errors of the prediction go on.
Eigen::MatrixXd error_transition(const LinearFilter& f) {
  return f.transition - f.transition * f.gain * f.op;
}

// P = A P A^T + Q by doubling: P_{2k} = P_k + A^k P_k A^k^T.
Eigen::MatrixXd stationary(Eigen::MatrixXd a, Eigen::MatrixXd p) {
  for (int i = 0; i < 64 && a.norm() > 1e-18; ++i) {
    p += a * p * a.transpose();
    a = a * a;
  }
  return p;
}

Eigen::VectorXd flat(const std::vector<Eigen::MatrixXd>& lags) {
  const Eigen::Index size = lags.front().size();
  Eigen::VectorXd all(size * static_cast<Eigen::Index>(lags.size()));
  for (std::size_t i = 0; i < lags.size(); ++i) {
    all.segment(static_cast<Eigen::Index>(i) * size, size) =
        Eigen::Map<const Eigen::VectorXd>(lags[i].data(), size);
  }
  return all;
}

// Least squares with unknowns at least 0: those that come out negative are fixed at 0, the worst first.
Eigen::VectorXd fit(const Eigen::MatrixXd& design, const Eigen::VectorXd& seen) {
  std::vector<Eigen::Index> free;
  for (Eigen::Index i = 0; i < design.cols(); ++i) free.push_back(i);
  Eigen::VectorXd out = Eigen::VectorXd::Zero(design.cols());
  while (!free.empty()) {
    Eigen::MatrixXd some(design.rows(), static_cast<Eigen::Index>(free.size()));
    for (std::size_t i = 0; i < free.size(); ++i) {
      some.col(static_cast<Eigen::Index>(i)) = design.col(free[i]);
    }
    const Eigen::VectorXd solved = some.colPivHouseholderQr().solve(seen);
    Eigen::Index worst = 0;
    const double least = solved.minCoeff(&worst);
    out.setZero();
    if (least >= 0.0) {
      for (std::size_t i = 0; i < free.size(); ++i)
        out[free[i]] = solved[static_cast<Eigen::Index>(i)];
      break;
    }
    free.erase(free.begin() + worst);
  }
  return out;
}

}  // namespace

std::vector<Eigen::MatrixXd> autocovariances(const LinearFilter& f, const Eigen::VectorXd& process,
                                             const Eigen::VectorXd& observation,
                                             Eigen::Index lags) {
  TWIN_EXPECT(process.size() == f.entrance.cols() && observation.size() == f.op.rows(),
              process.size(), observation.size());
  const Eigen::MatrixXd a = error_transition(f);
  const Eigen::MatrixXd fk = f.transition * f.gain;
  const Eigen::MatrixXd r = observation.asDiagonal();
  const Eigen::MatrixXd q = f.entrance * process.asDiagonal() * f.entrance.transpose();
  const Eigen::MatrixXd p = stationary(a, q + fk * r * fk.transpose());
  std::vector<Eigen::MatrixXd> out = {f.op * p * f.op.transpose() + r};
  Eigen::MatrixXd carried = a * p * f.op.transpose() - fk * r;  // of the next error with d_k
  for (Eigen::Index lag = 1; lag < lags; ++lag) {
    out.emplace_back(f.op * carried);
    carried = a * carried;
  }
  return out;
}

NoiseVariances estimate_noise(const LinearFilter& f, const Eigen::MatrixXd& innovations,
                              Eigen::Index lags) {
  check(f);
  TWIN_EXPECT(lags >= 1, lags);
  const Eigen::Index unknowns = f.entrance.cols() + f.op.rows(), times = innovations.cols();
  if (innovations.rows() != f.op.rows()) {
    throw core::Error(fmt::format("innovations of {} observations for an H of {}",
                                  innovations.rows(), f.op.rows()));
  }
  if (!innovations.allFinite()) throw core::Error("an innovation is not finite");
  const double radius = error_transition(f).eigenvalues().cwiseAbs().maxCoeff();
  if (!(radius < 1.0)) {
    throw core::Error(fmt::format(
        "the filter is not stable (spectral radius of F (I - K H) is {:.3f}, must be below 1)",
        radius));
  }
  if (times < 10 * unknowns + lags) {
    throw core::Error(fmt::format("{} innovations for {} unknown variances and {} lags (needs {})",
                                  times, unknowns, lags, 10 * unknowns + lags));
  }
  std::vector<Eigen::MatrixXd> seen;
  for (Eigen::Index lag = 0; lag < lags; ++lag) {
    const Eigen::Index count = times - lag;
    seen.emplace_back(innovations.rightCols(count) * innovations.leftCols(count).transpose() /
                      static_cast<double>(count));
  }
  const Eigen::VectorXd target = flat(seen);
  Eigen::MatrixXd design(target.size(), unknowns);
  for (Eigen::Index i = 0; i < unknowns; ++i) {
    Eigen::VectorXd unit = Eigen::VectorXd::Unit(unknowns, i);
    design.col(i) =
        flat(autocovariances(f, unit.head(f.entrance.cols()), unit.tail(f.op.rows()), lags));
  }
  if (design.colPivHouseholderQr().rank() < unknowns) {
    throw core::Error(fmt::format(
        "{} unknown variances are not told apart by {} lags of {} observations (fewer unknowns, or "
        "more lags?)",
        unknowns, lags, f.op.rows()));
  }
  const Eigen::VectorXd found = fit(design, target);
  const double size = static_cast<double>(target.size());
  return {.process = found.head(f.entrance.cols()),
          .observation = found.tail(f.op.rows()),
          .residual = (design * found - target).norm() / std::sqrt(size)};
}

}  // namespace twin::infer
