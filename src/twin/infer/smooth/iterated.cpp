#include "twin/infer/smooth/iterated.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "twin/core/error.hpp"
#include "twin/infer/ensemble/filters.hpp"

namespace twin::infer::smooth {
namespace {

constexpr Inflation None = {};

// The members that a set of weights makes of the prior.
Eigen::MatrixXd members_of(const Eigen::MatrixXd& prior, const Eigen::VectorXd& mean,
                           const Eigen::MatrixXd& anomalies) {
  Eigen::MatrixXd x = prior;
  apply({.mean = mean, .anomalies = anomalies, .innovation = {}}, None, x);
  return x;
}

// Where the iteration stands. The weights of the mean are in prior standard deviations:
// v = sqrt(N - 1) w.
class Search {
 public:
  Search(const Iteration& iteration, Eigen::Index members)
      : iteration_(iteration),
        root_(std::sqrt(static_cast<double>(members) - 1.0)),
        v_(Eigen::VectorXd::Zero(members)),
        transform_(Eigen::MatrixXd::Identity(members, members)),
        inverse_(transform_) {}

  [[nodiscard]] Eigen::VectorXd weights() const { return v_ / root_; }
  [[nodiscard]] const Eigen::MatrixXd& transform() const { return transform_; }
  [[nodiscard]] const Eigen::VectorXd& step() const { return step_; }

  // The anomalies' map with which the model is run: T, or a small multiple of I.
  [[nodiscard]] Eigen::MatrixXd running() const {
    if (iteration_.linearisation == Linearisation::Transform) return transform_;
    return iteration_.bundle * Eigen::MatrixXd::Identity(v_.size(), v_.size());
  }
  // Undoes that map: anomalies [row][member] become those of the prior, as seen from here.
  [[nodiscard]] Eigen::MatrixXd restored(const Eigen::MatrixXd& anomalies) const {
    if (iteration_.linearisation == Linearisation::Transform) return anomalies * inverse_;
    return anomalies / iteration_.bundle;
  }

  // One Gauss-Newton step: gradient zeta v - b, Hessian zeta I + C.
  void move(const Observed& observed, Smoothed& out) {
    Observed seen = observed;
    seen.anomalies = restored(observed.anomalies);
    const Gram gram = gram_of(seen);
    const Spectrum spectrum = spectrum_of(gram.c, gram.b);
    if (out.runs == 0) out.innovation = innovation_of(gram, spectrum);
    double zeta = 1.0;  // the prior's inverse inflation^2
    if (iteration_.certainty) {
      // Re-estimated in each step from the weights so far, which blends the primal and the dual of
      // the EnKF-N (Bocquet, Sakov 2012).
      const double u =
          finite_size_inflation(spectrum, *iteration_.certainty, weights().squaredNorm());
      zeta = 1.0 / u;
      out.prior_inflation = std::sqrt(u);
    }
    out.cost.push_back(0.5 * (gram.square + zeta * v_.squaredNorm()));
    const Eigen::ArrayXd hessian = zeta + spectrum.values.array();
    const Eigen::MatrixXd& modes = spectrum.vectors;
    const Eigen::VectorXd gradient = gram.b - zeta * v_;
    step_ = modes * ((modes.transpose() * gradient).array() / hessian).matrix();
    v_ += step_;
    const Eigen::MatrixXd before = transform_;
    transform_.noalias() = modes * hessian.rsqrt().matrix().asDiagonal() * modes.transpose();
    inverse_.noalias() = modes * hessian.sqrt().matrix().asDiagonal() * modes.transpose();
    // Weights may rest for a step while the spread, and with it the slope, still moves.
    const double moved = std::max(step_.norm(), (transform_ - before).norm());
    out.last_step = moved / std::sqrt(static_cast<double>(step_.size()));
    step_ /= root_;
    ++out.runs;
  }

 private:
  const Iteration& iteration_;
  double root_;
  Eigen::VectorXd v_;          // [member]
  Eigen::VectorXd step_;       // the last one, in w: [member]
  Eigen::MatrixXd transform_;  // T: [member][member], symmetric
  Eigen::MatrixXd inverse_;    // of T
};

void check_passage(const Passage& passage, Eigen::Index members) {
  if (passage.observed.cols() == members &&
      (passage.end.size() == 0 || passage.end.cols() == members))
    return;
  throw core::Error(fmt::format(
      "the run of {} members shows {} observed ones and {} at its end (must be as many)", members,
      passage.observed.cols(), passage.end.cols()));
}

}  // namespace

void check_iteration(const Iteration& iteration) {
  check_inflation(iteration.inflation);
  if (iteration.most < 1) {
    throw core::Error(fmt::format("{} iterations (must be at least 1)", iteration.most));
  }
  const auto positive = [](const char* name, double value) {
    if (!(value > 0.0) || !std::isfinite(value)) {
      throw core::Error(fmt::format("{} = {} (must be positive and finite)", name, value));
    }
  };
  if (!(iteration.tolerance >= 0.0)) {
    throw core::Error(fmt::format("tolerance = {} (must not be negative)", iteration.tolerance));
  }
  positive("bundle", iteration.bundle);
  if (iteration.certainty) positive("certainty", *iteration.certainty);
}

Smoothed iterate(const Iteration& iteration, const Forward& forward,
                 const Eigen::Ref<const Eigen::VectorXd>& y, const Noise& noise,
                 const core::Draw& draw, std::uint32_t occasion, Eigen::Ref<Eigen::MatrixXd> x) {
  check_iteration(iteration);
  if (x.cols() < 2) {
    throw core::Error(fmt::format("the ensemble has {} member{} (its covariance needs at least 2)",
                                  x.cols(), x.cols() == 1 ? "" : "s"));
  }
  Smoothed out;
  if (y.size() == 0) {
    out.end = forward(x).end;
    out.outcome = Outcome::Converged;
    return out;
  }
  const Eigen::MatrixXd prior = x;
  Search search(iteration, prior.cols());
  Passage passage;
  while (out.runs < iteration.most && out.outcome != Outcome::Converged) {
    // The first run is that of a filter in either linearisation: T is I, and a bundle has its own.
    passage = forward(members_of(prior, search.weights(), search.running()));
    check_passage(passage, prior.cols());
    if (!passage.observed.allFinite() || !passage.end.allFinite()) {
      out.outcome = Outcome::Lost;
      out.end.resize(0, 0);
      return out;
    }
    if (passage.end.size() > 0) {
      // Before the step, whose inverse of T is another.
      out.end = passage.end;
      const Eigen::VectorXd centre = passage.end.rowwise().mean();
      out.end = search.restored(out.end.colwise() - centre).colwise() + centre;
    }
    search.move(observe(passage.observed, y, noise), out);
    out.outcome = out.last_step <= iteration.tolerance ? Outcome::Converged : Outcome::Stopped;
  }
  const Transform found{
      .mean = search.weights(), .anomalies = search.transform(), .innovation = {}};
  if (out.end.size() > 0) {
    apply({.mean = search.step(), .anomalies = found.anomalies, .innovation = {}}, None, out.end);
  }
  Transform kept = found;
  if (iteration.rotation == Rotation::Random) {
    kept.anomalies *= mean_preserving_rotation(x.cols(), draw, RotationDraw, occasion);
  }
  apply(kept, iteration.inflation, x);
  return out;
}

}  // namespace twin::infer::smooth
