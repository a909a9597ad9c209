#include "twin/infer/sample/ensemble_inversion.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "twin/core/error.hpp"
#include "twin/core/parallel.hpp"
#include "twin/infer/ensemble/analysis.hpp"
#include "twin/infer/noise.hpp"
#include "twin/score/checked.hpp"

namespace twin::infer {
namespace {

using core::Error;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr std::size_t MembersAtOnce = 64;  // whatever the number of threads

void check_inverse(const InverseProblem& p, std::size_t numbers, std::size_t least,
                   const std::string& who) {
  if (p.dimensions == 0 || p.y.empty())
    throw Error(fmt::format("{}: {} dimensions and {} outputs (at least 1 of each)", who,
                            p.dimensions, p.y.size()));
  if (!p.forward) throw Error(who + ": no model");
  score::need_same_length(p.y.size(), "outputs", p.noise.size(), "deviations of their errors");
  score::need_finite(p.y, "y");
  for (const double s : p.noise) score::need_positive(s, "the deviation of an output's error");
  if (!p.centre.empty() || !p.deviation.empty()) {
    score::need_same_length(p.dimensions, "dimensions", p.centre.size(), "centres");
    score::need_same_length(p.dimensions, "dimensions", p.deviation.size(), "deviations of x");
    score::need_finite(p.centre, "centre");
    for (const double s : p.deviation) score::need_positive(s, "a deviation of x");
  }
  if (numbers % p.dimensions != 0 || numbers / p.dimensions < least)
    throw Error(fmt::format("{}: {} numbers for members of {} dimensions (at least {} members)",
                            who, numbers, p.dimensions, least));
}

MatrixXd start_of(const InverseProblem& p, const std::vector<double>& members) {
  score::need_finite(members, "members");
  const auto d = static_cast<Index>(p.dimensions);
  return Eigen::Map<const MatrixXd>(members.data(), d, static_cast<Index>(members.size()) / d);
}

// What is off, in deviations, the normal term's below the outputs': [output, dimension][member].
MatrixXd misfits_of(const InverseProblem& p, const MatrixXd& x, unsigned threads) {
  const auto m = static_cast<Index>(p.y.size()), d = x.rows();
  const auto members = static_cast<std::size_t>(x.cols());
  MatrixXd g(m, x.cols());
  core::for_each_member((members + MembersAtOnce - 1) / MembersAtOnce, threads, [&](std::size_t k) {
    const std::size_t first = k * MembersAtOnce, count = std::min(MembersAtOnce, members - first);
    p.forward(std::span(x.data() + first * p.dimensions, count * p.dimensions),
              std::span(g.data() + first * p.y.size(), count * p.y.size()));
  });
  MatrixXd off(p.centre.empty() ? m : m + d, x.cols());
  off.topRows(m) = (g.colwise() - Eigen::Map<const VectorXd>(p.y.data(), m)).array().colwise() /
                   Eigen::Map<const Eigen::ArrayXd>(p.noise.data(), m);
  if (!p.centre.empty())
    off.bottomRows(d) =
        (x.colwise() - Eigen::Map<const VectorXd>(p.centre.data(), d)).array().colwise() /
        Eigen::Map<const Eigen::ArrayXd>(p.deviation.data(), d);
  return off;
}

MatrixXd stacked(const MatrixXd& above, const MatrixXd& below) {
  MatrixXd all(above.rows() + below.rows(), above.cols());
  all << above, below;
  return all;
}

MatrixXd centred(const MatrixXd& x) { return x.colwise() - x.rowwise().mean().eval(); }

// Half the number of outputs over the mean misfit, or over its deviation where that is longer (Iglesias and Yang).
double time_step(const VectorXd& misfit, Index outputs) {
  const double half = 0.5 * static_cast<double>(outputs), mean = misfit.mean();
  const double variance =
      (misfit.array() - mean).square().sum() / static_cast<double>(misfit.size() - 1);
  return std::max(half / mean, std::sqrt(half / variance));
}

// x := x + A S' (S S' + I / h)^-1 e, with anomalies over the root of the number of members - 1, in the space of
// outputs or of members, whichever is smaller.
MatrixXd gained(const MatrixXd& a, const MatrixXd& s, double h, const MatrixXd& e) {
  if (s.rows() <= s.cols()) {
    MatrixXd all = s * s.transpose();
    all.diagonal().array() += 1 / h;
    return (a * s.transpose()) * all.llt().solve(e);
  }
  MatrixXd all = s.transpose() * s;
  all.diagonal().array() += 1 / h;
  return a * all.llt().solve(s.transpose() * e);
}

// A (I + h S' S)^-1/2
MatrixXd narrowed(const MatrixXd& a, const MatrixXd& s, double h) {
  if (s.rows() <= s.cols()) {
    const Eigen::SelfAdjointEigenSolver<MatrixXd> eigen(s * s.transpose());
    const Eigen::ArrayXd root = (1 + h * eigen.eigenvalues().array().max(0.0)).sqrt();
    const MatrixXd along = eigen.eigenvectors().transpose() * s;
    return a - (a * along.transpose()) * (h / (root * (root + 1))).matrix().asDiagonal() * along;
  }
  const Eigen::SelfAdjointEigenSolver<MatrixXd> eigen(s.transpose() * s);
  const Eigen::ArrayXd root = (1 + h * eigen.eigenvalues().array().max(0.0)).sqrt();
  return (a * eigen.eigenvectors()) * root.inverse().matrix().asDiagonal() *
         eigen.eigenvectors().transpose();
}

// Some root of the members' covariance that an affine map of the members maps too, so that their paths are mapped
// with them: the Cholesky factor, turned to where the first members are. The source's root, the anomalies
// themselves, takes as many normals for each member as there are members; its law is the same.
MatrixXd affine_root(const MatrixXd& anomalies) {
  const Index d = anomalies.rows();
  const MatrixXd covariance =
      anomalies * anomalies.transpose() / static_cast<double>(anomalies.cols());
  const Eigen::LLT<MatrixXd> factor(covariance);
  const MatrixXd lower = factor.matrixL();
  const double least = static_cast<double>(d) * std::numeric_limits<double>::epsilon();
  if (factor.info() != Eigen::Success ||
      !(lower.diagonal().array().square() > least * covariance.diagonal().array()).all())
    throw Error(fmt::format(
        "ensemble sampler: the members span fewer than {} dimensions; are some the same?", d));
  const Eigen::HouseholderQR<MatrixXd> turn(factor.matrixL().solve(anomalies.leftCols(d)));
  MatrixXd q = turn.householderQ();
  for (Index k = 0; k < d; ++k)
    if (turn.matrixQR()(k, k) < 0.0) q.col(k) *= -1.0;
  return lower * q;
}

// The members of the sampler on their way.
class Flow {
 public:
  Flow(const InverseProblem& problem, const LangevinOptions& o)
      : problem_(problem),
        o_(o),
        draw_{o.seed, 0},
        x_(start_of(problem, o.members)),
        off_(misfits_of(problem, x_, o.threads)),
        evaluations_(static_cast<std::uint64_t>(x_.cols())),
        good_(o.members.size() / problem.dimensions, 0) {
    if (off_.allFinite()) return;
    const Replaced r = replace_lost({.spread = 0.0}, stacked(x_, off_), MatrixXd(), draw_, 0);
    failed_ = r.lost.size();
    x_ = r.x.topRows(x_.rows());
    off_ = r.x.bottomRows(off_.rows());
  }

  void go_on(double time) {
    for (std::size_t k = 0; k < StepsToADraw; ++k)
      if (!((time -= step(time)) > 0.0)) return;
    throw Error(
        fmt::format("ensemble sampler: {} steps do not lead from one draw to the next (they "
                    "are too short) longer ones, or begin nearer?",
                    StepsToADraw));
  }
  [[nodiscard]] const MatrixXd& x() const { return x_; }
  [[nodiscard]] const MatrixXd& off() const { return off_; }
  [[nodiscard]] std::uint64_t evaluations() const { return evaluations_; }
  [[nodiscard]] std::uint64_t failed() const { return failed_; }
  // Share of a member's steps whose run did not fail.
  [[nodiscard]] double good(std::size_t member) const {
    return static_cast<double>(good_[member]) / steps_;
  }

 private:
  static constexpr std::size_t StepsToADraw = 10'000;

  // Answers the time that it took, at most as much as is left.
  double step(double left) {
    const auto n = static_cast<double>(x_.cols());
    const MatrixXd a = centred(x_), s = centred(off_), root = affine_root(a);
    // How strongly members pull at each other (A. Garbuno-Inigo et al., section 5.1): near the posterior about the
    // root of the number of dimensions.
    const double square =
        off_.rows() <= off_.cols()
            ? ((off_ * off_.transpose()).array() * (s * s.transpose()).array()).sum()
            : (s.transpose() * off_).squaredNorm();
    if (!std::isfinite(square))
      throw Error("ensemble sampler: a misfit beyond numbers; are the deviations of errors right?");
    const double pull = std::sqrt(std::max(0.0, square)) / n;
    // The exact step where the covariance is the posterior's, drift 1 - exp(-time) and noise 1 - exp(-2 time):
    // Euler's would leave a covariance that is too wide by half of it.
    const double longest = o_.step / std::max(1.0, pull);
    const double drift = std::min(longest, -std::expm1(-left));
    MatrixXd moved(x_.rows(), x_.cols());
    standard_normal(draw_, LangevinNoise, static_cast<std::uint32_t>(steps_), moved);
    moved = std::sqrt(drift * (2 - drift)) * (root * moved);
    moved += x_ - (drift / n) * ((a * s.transpose()) * off_) +
             (drift * static_cast<double>(x_.rows() + 1) / n) * a;
    const MatrixXd tried = misfits_of(problem_, moved, o_.threads);
    steps_ += 1.0;
    evaluations_ += static_cast<std::uint64_t>(x_.cols());
    for (Index j = 0; j < x_.cols(); ++j) {
      if (!tried.col(j).allFinite()) {
        ++failed_;
        continue;
      }
      ++good_[static_cast<std::size_t>(j)];
      x_.col(j) = moved.col(j);
      off_.col(j) = tried.col(j);
    }
    return drift < longest ? left : -std::log1p(-drift);
  }

  const InverseProblem& problem_;
  const LangevinOptions& o_;
  core::Draw draw_;
  MatrixXd x_, off_;  // [dimension][member], [output, dimension][member]
  std::uint64_t evaluations_ = 0, failed_ = 0;
  double steps_ = 0.0;
  std::vector<std::uint64_t> good_;  // [member] steps whose run did not fail
};

}  // namespace

std::vector<double> EnsembleInversion::mean() const {
  const auto d = static_cast<Index>(dimensions);
  const VectorXd m =
      Eigen::Map<const MatrixXd>(x.data(), d, static_cast<Index>(x.size()) / d).rowwise().mean();
  return {m.begin(), m.end()};
}

std::vector<double> EnsembleInversion::covariance() const {
  const auto d = static_cast<Index>(dimensions);
  const MatrixXd a =
      centred(Eigen::Map<const MatrixXd>(x.data(), d, static_cast<Index>(x.size()) / d));
  const MatrixXd c = a * a.transpose() / static_cast<double>(a.cols() - 1);
  return {c.data(), c.data() + c.size()};
}

EnsembleInversion ensemble_kalman_inversion(const InverseProblem& problem,
                                            const EnsembleInversionOptions& o) {
  check_inverse(problem, o.members.size(), 2, "ensemble inversion");
  score::need_positive(o.time, "time");
  check_lost(o.lost);
  if (o.lost.replacement == Replacement::Climatology)
    throw Error("ensemble inversion: no climatology to replace members from; resample?");
  MatrixXd x = start_of(problem, o.members);
  const core::Draw draw{o.seed, 0};
  EnsembleInversion result;
  result.dimensions = problem.dimensions;
  double time = 0.0;
  for (std::size_t k = 0; k < o.steps && !result.arrived; ++k) {
    const auto occasion = static_cast<std::uint32_t>(k);
    MatrixXd off = misfits_of(problem, x, o.threads);
    result.evaluations += static_cast<std::uint64_t>(x.cols());
    if (!off.allFinite()) {
      const Replaced r = replace_lost(o.lost, stacked(x, off), MatrixXd(), draw, occasion);
      result.failed += r.lost.size();
      x = r.x.topRows(x.rows());
      off = r.x.bottomRows(off.rows());
    }
    const VectorXd misfit = 0.5 * off.colwise().squaredNorm();
    result.misfits.push_back(misfit.mean());
    double h = time_step(misfit, off.rows());
    result.arrived = !(h < o.time - time);
    if (result.arrived) h = o.time - time;
    time = result.arrived ? o.time : time + h;
    result.times.push_back(time);
    const double root = std::sqrt(static_cast<double>(x.cols()) - 1);
    const MatrixXd a = centred(x) / root, s = centred(off) / root;
    if (o.update == EnsembleUpdate::SquareRoot) {
      const VectorXd mean = x.rowwise().mean() + gained(a, s, h, -off.rowwise().mean());
      x = (root * narrowed(a, s, h)).colwise() + mean;
      continue;
    }
    MatrixXd errors(off.rows(), off.cols());
    standard_normal(draw, PerturbationDraw, occasion, errors);
    // Their mean is taken out, so that the members' mean is moved without chance.
    const double fill = std::sqrt(static_cast<double>(x.cols())) / root;
    x += gained(a, s, h, fill / std::sqrt(h) * centred(errors) - off);
  }
  result.x.assign(x.data(), x.data() + x.size());
  return result;
}

Chains affine_invariant_langevin(const InverseProblem& problem, const LangevinOptions& o) {
  check_inverse(problem, o.members.size(), problem.dimensions + 2, "ensemble sampler");
  if (!(o.step > 0.0 && o.step <= 1.0) || o.draws == 0)
    throw Error(fmt::format("ensemble sampler: a step of {} (above 0, at most 1), {} draws", o.step,
                            o.draws));
  score::need_positive(o.warmup, "the ensemble sampler's warm-up");
  score::need_positive(o.interval, "the ensemble sampler's interval");
  Flow flow(problem, o);
  const std::size_t d = problem.dimensions, members = o.members.size() / d;
  Chains result;
  result.dimensions = d;
  result.draws = o.draws;
  result.x.assign(members, std::vector<double>(o.draws * d));
  result.density.assign(members, std::vector<double>(o.draws));
  for (std::size_t k = 0; k < o.draws; ++k) {
    flow.go_on(k == 0 ? o.warmup : o.interval);
    for (std::size_t j = 0; j < members; ++j) {
      const auto column = static_cast<Index>(j);
      std::copy_n(flow.x().col(column).data(), d,
                  result.x[j].begin() + static_cast<std::ptrdiff_t>(k * d));
      result.density[j][k] = -0.5 * flow.off().col(column).squaredNorm();
    }
  }
  for (std::size_t j = 0; j < members; ++j) result.accepted.push_back(flow.good(j));
  result.evaluations = flow.evaluations();
  result.failed = flow.failed();
  return result;
}

}  // namespace twin::infer
