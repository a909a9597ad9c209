#include "twin/infer/ensemble/observed.hpp"

#include <fmt/core.h>

#include <cmath>
#include <numbers>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"

namespace twin::infer {

void check_observed(const Eigen::Ref<const Eigen::MatrixXd>& observed,
                    const Eigen::Ref<const Eigen::VectorXd>& y, const Noise& noise) {
  if (observed.cols() < 2) {
    throw core::Error(fmt::format("the ensemble has {} member{} (its covariance needs at least 2)",
                                  observed.cols(), observed.cols() == 1 ? "" : "s"));
  }
  if (observed.rows() != y.size()) {
    throw core::Error(
        fmt::format("{} observations for an observed ensemble of {} (must be as many)", y.size(),
                    observed.rows()));
  }
  if (noise.size() != y.size()) {
    throw core::Error(
        fmt::format("{} observations with an error covariance of {} (must be as many)", y.size(),
                    noise.size()));
  }
  for (Eigen::Index i = 0; i < y.size(); ++i) {
    if (!std::isfinite(y[i])) {
      throw core::Error(fmt::format(
          "observation {} is {} (must be finite) leave it out where it is missing?", i, y[i]));
    }
  }
  for (Eigen::Index j = 0; j < observed.cols(); ++j) {
    if (!observed.col(j).allFinite()) {
      throw core::Error(fmt::format(
          "observed member {} is not finite (it is lost) replace it before the analysis?", j));
    }
  }
}

Observed observe(const Eigen::Ref<const Eigen::MatrixXd>& observed,
                 const Eigen::Ref<const Eigen::VectorXd>& y, const Noise& noise) {
  check_observed(observed, y, noise);
  const double members = static_cast<double>(observed.cols());
  Observed result;
  const Eigen::VectorXd mean = observed.rowwise().mean();
  result.innovation = y - mean;
  result.anomalies = (observed.colwise() - mean) / std::sqrt(members - 1.0);
  noise.whiten(result.innovation);
  noise.whiten(result.anomalies);
  result.log_determinant = noise.log_determinant();
  return result;
}

void perturb(Observed& observed, const core::Draw& draw, std::uint32_t what,
             std::uint32_t occasion) {
  const double members = static_cast<double>(observed.members());
  Eigen::MatrixXd& e = observed.perturbations;
  e.resize(observed.size(), observed.members());
  standard_normal(draw, what, occasion, e);
  e.colwise() -= e.rowwise().mean().eval();
  e *= std::sqrt(members / (members - 1.0));
}

Gram gram_of(const Observed& observed) {
  const Eigen::MatrixXd& s = observed.anomalies;
  Gram gram;
  gram.c.noalias() = s.transpose() * s;
  gram.b.noalias() = s.transpose() * observed.innovation;
  gram.square = observed.innovation.squaredNorm();
  gram.log_determinant = observed.log_determinant;
  gram.observations = observed.size();
  return gram;
}

Spectrum spectrum_of(const Eigen::MatrixXd& c, const Eigen::VectorXd& b) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(c);
  TWIN_ENSURE(solver.info() == Eigen::Success, c.rows(), c.norm());
  return {.values = solver.eigenvalues().cwiseMax(0.0),
          .vectors = solver.eigenvectors(),
          .projected = solver.eigenvectors().transpose() * b};
}

Innovation innovation_of(const Gram& gram, const Spectrum& spectrum) {
  const auto values = spectrum.values.array();
  Innovation result;
  result.observations = gram.observations;
  result.chi_square = gram.square - (spectrum.projected.array().square() / (1.0 + values)).sum();
  const double log_determinant = values.log1p().sum() + gram.log_determinant;
  result.log_likelihood =
      -0.5 * (result.chi_square + log_determinant +
              static_cast<double>(gram.observations) * std::log(2.0 * std::numbers::pi));
  return result;
}

}  // namespace twin::infer
