#include "twin/infer/ensemble/filters.hpp"

#include <cmath>
#include <numbers>

#include "twin/core/expect.hpp"
#include "twin/math/elementary.hpp"

namespace twin::infer {
namespace {

double root_of(Eigen::Index members) { return std::sqrt(static_cast<double>(members) - 1.0); }

// C + I = L L^T, which all filters without a square root need only.
struct Solved {
  Eigen::LLT<Eigen::MatrixXd> cholesky;
  Eigen::VectorXd gain;  // (I + C)^-1 b
  Innovation innovation;
};

Solved solve(const Gram& gram) {
  Solved s;
  s.cholesky.compute(gram.c + Eigen::MatrixXd::Identity(gram.c.rows(), gram.c.cols()));
  TWIN_ENSURE(s.cholesky.info() == Eigen::Success, gram.c.norm());
  s.gain = s.cholesky.solve(gram.b);
  s.innovation.observations = gram.observations;
  s.innovation.chi_square = gram.square - gram.b.dot(s.gain);
  const double log_determinant =
      2.0 * s.cholesky.matrixLLT().diagonal().array().log().sum() + gram.log_determinant;
  s.innovation.log_likelihood =
      -0.5 * (s.innovation.chi_square + log_determinant +
              static_cast<double>(gram.observations) * std::log(2.0 * std::numbers::pi));
  return s;
}

// The symmetric root: w = V (1 + l)^-1 V^T b / sqrt(N - 1), T = V (1 + l)^-1/2 V^T.
Transform symmetric_root(const Spectrum& spectrum, double root) {
  const Eigen::ArrayXd weight = 1.0 / (1.0 + spectrum.values.array());
  const Eigen::MatrixXd& v = spectrum.vectors;
  Transform t;
  t.mean = v * (weight * spectrum.projected.array()).matrix() / root;
  t.anomalies.noalias() = v * weight.sqrt().matrix().asDiagonal() * v.transpose();
  return t;
}

// Coefficients of the hyperprior, e/l^2 + c log l^2 for the prior inflation l, after the correction
// of its mode by the weight that the prior keeps, mean of (I + C)^-1.
struct Hyperprior {
  double e, c;
};

Hyperprior hyperprior(const Spectrum& spectrum, double certainty) {
  const double n = static_cast<double>(spectrum.values.size());
  double e = (n + 1.0) / n;  // the mean is not known either
  double c = n / (n - 1.0);
  const double mode = e / c;
  const double prior_weight = (1.0 / (1.0 + spectrum.values.array())).mean();
  // The house's own exp and log, so that the inflation is the same to the bit on every machine.
  const double correction = math::exp(0.5 * prior_weight * math::log(mode));
  e *= certainty / correction;
  c *= certainty * correction;
  return {e, c};
}

}  // namespace

Transform perturbed_enkf(const Observed& observed) {
  TWIN_EXPECT(observed.perturbations.rows() == observed.size(), observed.perturbations.rows());
  const double root = root_of(observed.members());
  const Solved solved = solve(gram_of(observed));
  Transform t;
  t.innovation = solved.innovation;
  t.mean = solved.gain / root;
  t.anomalies.noalias() = observed.anomalies.transpose() * observed.perturbations / root;
  t.anomalies.diagonal().array() += 1.0;
  solved.cholesky.solveInPlace(t.anomalies);
  return t;
}

Transform etkf(const Observed& observed) {
  const Gram gram = gram_of(observed);
  const Spectrum spectrum = spectrum_of(gram.c, gram.b);
  Transform t = symmetric_root(spectrum, root_of(observed.members()));
  t.innovation = innovation_of(gram, spectrum);
  return t;
}

Transform denkf(const Observed& observed) {
  const Solved solved = solve(gram_of(observed));
  Transform t;
  t.innovation = solved.innovation;
  t.mean = solved.gain / root_of(observed.members());
  t.anomalies.setIdentity(observed.members(), observed.members());
  solved.cholesky.solveInPlace(t.anomalies);
  t.anomalies *= 0.5;
  t.anomalies.diagonal().array() += 0.5;
  return t;
}

Transform estkf(const Observed& observed) {
  const Gram gram = gram_of(observed);
  const Eigen::MatrixXd basis = subspace_basis(observed.members());
  const Spectrum spectrum =
      spectrum_of(basis.transpose() * gram.c * basis, basis.transpose() * gram.b);
  const Transform inner = symmetric_root(spectrum, root_of(observed.members()));
  Transform t;
  t.innovation = innovation_of(gram, spectrum);
  t.mean = basis * inner.mean;
  t.anomalies.noalias() = basis * inner.anomalies * basis.transpose();
  t.anomalies.array() += 1.0 / static_cast<double>(observed.members());  // T 1 = 1
  return t;
}

Transform serial_ensrf(const Observed& observed) {
  Transform t = identity_transform(observed.members());
  Eigen::VectorXd mean = t.mean;  // sqrt(N - 1) w
  Eigen::VectorXd s(observed.members()), back(observed.members());
  Innovation& innovation = t.innovation;
  innovation.observations = observed.size();
  double log_determinant = observed.log_determinant;
  for (Eigen::Index j = 0; j < observed.size(); ++j) {
    const auto row = observed.anomalies.row(j);
    s.noalias() = t.anomalies.transpose() * row.transpose();  // as the earlier ones left it
    const double d = observed.innovation[j] - row.dot(mean);
    const double variance = 1.0 + s.squaredNorm();
    back.noalias() = t.anomalies * s;
    mean += back * (d / variance);
    t.anomalies.noalias() -= back * s.transpose() / (variance * (1.0 + std::sqrt(1.0 / variance)));
    innovation.chi_square += d * d / variance;
    log_determinant += std::log(variance);
  }
  innovation.log_likelihood =
      -0.5 * (innovation.chi_square + log_determinant +
              static_cast<double>(observed.size()) * std::log(2.0 * std::numbers::pi));
  t.mean = mean / root_of(observed.members());
  return t;
}

double finite_size_cost(const Spectrum& spectrum, double certainty, double u) {
  const auto [e, c] = hyperprior(spectrum, certainty);
  const double n1 = static_cast<double>(spectrum.values.size()) - 1.0;
  // d^T (I + u S S^T)^-1 d but for what does not depend on u: -u b^T (I + u C)^-1 b
  const double data =
      -u * (spectrum.projected.array().square() / (1.0 + u * spectrum.values.array())).sum();
  return data / n1 + e / u + c * std::log(u);
}

double finite_size_inflation(const Spectrum& spectrum, double certainty) {
  const auto [e, c] = hyperprior(spectrum, certainty);
  const double n1 = static_cast<double>(spectrum.values.size()) - 1.0;
  const Eigen::ArrayXd square = spectrum.projected.array().square() / n1;
  // The derivative vanishes where u = g(u); g increases, so that the iteration from e / c below
  // every zero climbs to the least one, which is a minimum. Newton's step where it stays below.
  double u = e / c;
  for (int i = 0; i < 200; ++i) {
    const Eigen::ArrayXd kept = u / (1.0 + u * spectrum.values.array());
    const double g = (e + (square * kept.square()).sum()) / c;
    const double slope =
        2.0 * (square * kept / (1.0 + u * spectrum.values.array()).square()).sum() / c;
    double next = g;
    if (slope < 1.0) {
      const double newton = u + (g - u) / (1.0 - slope);
      const Eigen::ArrayXd there = newton / (1.0 + newton * spectrum.values.array());
      if ((e + (square * there.square()).sum()) / c >= newton) next = newton;
    }
    if (std::abs(next - u) <= 1e-14 * u) return next;
    u = next;
  }
  return u;
}

double finite_size_inflation(const Spectrum& spectrum, double certainty, double square) {
  const auto [e, c] = hyperprior(spectrum, certainty);
  return (e + square) / c;
}

Transform finite_size_enkf(const Observed& observed, double certainty) {
  TWIN_EXPECT(certainty > 0.0, certainty);
  const Gram gram = gram_of(observed);
  Spectrum spectrum = spectrum_of(gram.c, gram.b);
  const Innovation innovation = innovation_of(gram, spectrum);
  const double u = finite_size_inflation(spectrum, certainty);
  // An ETKF of anomalies multiplied by sqrt(u), written for the anomalies as they are.
  spectrum.values *= u;
  Transform t = symmetric_root(spectrum, root_of(observed.members()));
  t.mean *= u;
  t.anomalies *= std::sqrt(u);
  t.prior_inflation = std::sqrt(u);
  t.innovation = innovation;
  return t;
}

Eigen::MatrixXd subspace_basis(Eigen::Index members) {
  const double n = static_cast<double>(members);
  const double beside = -1.0 / n / (1.0 / std::sqrt(n) + 1.0);
  Eigen::MatrixXd basis = Eigen::MatrixXd::Constant(members, members - 1, beside);
  basis.diagonal().array() += 1.0;
  basis.row(members - 1).setConstant(-1.0 / std::sqrt(n));
  return basis;
}

Eigen::MatrixXd subspace_rotation(Eigen::Index members, const core::Draw& draw, std::uint32_t what,
                                  std::uint32_t occasion) {
  const Eigen::Index n = members - 1;
  Eigen::MatrixXd normal(n * (n + 1) / 2, 1);
  standard_normal(draw, what, occasion, normal);
  // A uniform first column, and behind it a uniform matrix of one size less: each reflection takes
  // the unit vector to the direction of k normal numbers.
  Eigen::MatrixXd q = Eigen::MatrixXd::Identity(n, n);
  Eigen::RowVectorXd share(n);
  Eigen::VectorXd u(n);
  if (normal(0, 0) < 0.0) q(n - 1, n - 1) = -1.0;
  Eigen::Index next = 1;
  for (Eigen::Index k = 2; k <= n; ++k) {
    auto rest = q.bottomRightCorner(k, k);
    u.head(k) = normal.col(0).segment(next, k);
    next += k;
    const double sign = u[0] < 0.0 ? -1.0 : 1.0;
    u[0] += sign * u.head(k).norm();
    share.head(k).noalias() = u.head(k).transpose() * rest;
    share.head(k) *= 2.0 / u.head(k).squaredNorm();
    rest.noalias() -= u.head(k) * share.head(k);
    rest *= -sign;
  }
  return q;
}

Eigen::MatrixXd mean_preserving_rotation(Eigen::Index members, const core::Draw& draw,
                                         std::uint32_t what, std::uint32_t occasion) {
  const Eigen::MatrixXd basis = subspace_basis(members);
  Eigen::MatrixXd rotation =
      basis * subspace_rotation(members, draw, what, occasion) * basis.transpose();
  rotation.array() += 1.0 / static_cast<double>(members);
  return rotation;
}

}  // namespace twin::infer
