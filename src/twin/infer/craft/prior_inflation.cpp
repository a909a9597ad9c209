#include "twin/infer/craft/prior_inflation.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/infer/ensemble/observed.hpp"
#include "twin/math/elementary.hpp"

namespace twin::infer {
namespace {

void check_range(double least, double most) {
  if (!(least > 0.0 && least <= most && std::isfinite(most))) {
    throw core::Error(fmt::format(
        "adaptive inflation between {} and {} (must be positive, the least first)", least, most));
  }
}

double log_posterior(const LambdaBelief& before, double lambda, double square, double prior,
                     double error, double gamma) {
  const double root = 1.0 + gamma * (std::sqrt(lambda) - 1.0);
  const double total = root * root * prior + error;
  const double off = (lambda - before.mean) / before.deviation;
  return -0.5 * (square / total + math::log(total) + off * off);
}

}  // namespace

LambdaBelief lambda_after(const LambdaBelief& before, double square, double prior, double error,
                          double gamma) {
  TWIN_EXPECT(prior > 0.0 && error > 0.0 && before.mean > 0.0, prior, error, before.mean);
  if (gamma <= 0.0) return before;
  const double spread = before.deviation * before.deviation;
  const double root = std::sqrt(before.mean);
  const double reach = 1.0 + gamma * (root - 1.0);
  const double total = reach * reach * prior + error;
  // The likelihood's relative slope at the old mean: l'/l = d(log l)/d lambda.
  const double slope = 0.5 * (square / total - 1.0) * prior * gamma * reach / (total * root);
  if (slope == 0.0) return before;
  // The mode of (1 + slope (lambda - mean)) exp(-(lambda - mean)^2 / (2 spread)): with u = lambda -
  // mean, slope u^2 + u - slope spread = 0, the root that is 0 without a slope.
  const double u = 2.0 * slope * spread / (1.0 + std::sqrt(1.0 + 4.0 * slope * slope * spread));
  LambdaBelief after = before;
  after.mean = std::max(before.mean + u, 1e-3 * before.mean);
  const double beside = after.mean + before.deviation;
  const double fall = log_posterior(before, after.mean, square, prior, error, gamma) -
                      log_posterior(before, beside, square, prior, error, gamma);
  if (fall > 0.0) after.deviation = std::min(std::sqrt(0.5 * spread / fall), before.deviation);
  return after;
}

void check_inflation(const MomentInflation& inflation) {
  check_range(inflation.least, inflation.most);
  if (!(inflation.variance > 0.0) || !std::isfinite(inflation.variance)) {
    throw core::Error(fmt::format("variance = {} of the inflation (must be positive and finite)",
                                  inflation.variance));
  }
}

void check_inflation(const SpatialInflation& inflation) {
  check_range(inflation.least, inflation.most);
  if (!(inflation.first_deviation > 0.0 && inflation.least_deviation > 0.0 &&
        inflation.least_deviation <= inflation.first_deviation)) {
    throw core::Error(fmt::format(
        "deviations {} and {} of the inflation (must be positive, the least not above the first)",
        inflation.first_deviation, inflation.least_deviation));
  }
  if (!(inflation.damping > 0.0 && inflation.damping <= 1.0)) {
    throw core::Error(
        fmt::format("damping = {} of the inflation (must lie in (0, 1])", inflation.damping));
  }
}

void MomentInflation::update(const Eigen::Ref<const Eigen::MatrixXd>& observed,
                             const Eigen::Ref<const Eigen::VectorXd>& y, const Noise& noise) {
  check_inflation(*this);
  const Observed seen = observe(observed, y, noise);
  const double trace = seen.anomalies.squaredNorm();  // of R^-1/2 HPH^T R^-1/2
  if (seen.size() == 0 || !(trace > 0.0)) return;
  const double count = static_cast<double>(seen.size());
  const double told = (seen.innovation.squaredNorm() - count) / trace;
  // Its sampling variance, were the innovations independent with their expected variance.
  const double relative = (lambda * trace + count) / trace;
  const double noise_of = 2.0 / count * relative * relative;
  lambda = (noise_of * lambda + variance * told) / (noise_of + variance);
  lambda = std::clamp(lambda, least, most);
}

void SpatialInflation::update(const std::vector<Reach>& reaches,
                              const Eigen::Ref<const Eigen::VectorXd>& y, const Noise& noise,
                              Eigen::Ref<Eigen::MatrixXd> observed, Eigen::Ref<Eigen::MatrixXd> x) {
  check_inflation(*this);
  if (!noise.is_diagonal()) {
    throw core::Error(
        "adaptive inflation with correlated observation errors (each observation needs an error of "
        "its own) give a diagonal covariance?");
  }
  const auto variables = static_cast<std::size_t>(x.rows());
  if (lambda.empty()) {
    lambda.assign(variables, 1.0);
    deviation.assign(variables, first_deviation);
  }
  if (lambda.size() != variables) {
    throw core::Error(fmt::format("adaptive inflation of {} variables for a state of {}",
                                  lambda.size(), variables));
  }
  if (!reaches.empty()) check_reaches(reaches, x.rows(), y.size());
  for (double& l : lambda) l = std::clamp(1.0 + damping * (l - 1.0), least, most);
  const Observed seen = observe(observed, y, noise);  // whitened: errors of variance 1
  const Eigen::MatrixXd centred = x.colwise() - x.rowwise().mean().eval();
  const Eigen::VectorXd norm = centred.rowwise().norm();
  const std::vector<double> used = lambda;
  Eigen::VectorXd shown = Eigen::VectorXd::Ones(seen.size());  // lambda of what each shows
  for (Eigen::Index k = 0; k < seen.size(); ++k) {
    const double prior = seen.anomalies.row(k).squaredNorm();
    const Reach* reach = reaches.empty() ? nullptr : &reaches[static_cast<std::size_t>(k)];
    const std::size_t count = reach ? reach->variables.size() : variables;
    double sum = 0.0, total = 0.0;
    for (std::size_t i = 0; i < count; ++i) {
      const Eigen::Index v = reach ? reach->variables[i] : static_cast<Eigen::Index>(i);
      const double weight = reach ? reach->weights[i] : 1.0;
      const auto at = static_cast<std::size_t>(v);
      if (!(prior > 0.0) || !(norm[v] > 0.0)) continue;
      const double r =
          std::abs(centred.row(v).dot(seen.anomalies.row(k))) / (norm[v] * std::sqrt(prior));
      const double gamma = weight * std::min(r, 1.0);
      sum += gamma * gamma * used[at];
      total += gamma * gamma;
      const LambdaBelief after = lambda_after(
          {lambda[at], deviation[at]}, seen.innovation[k] * seen.innovation[k], prior, 1.0, gamma);
      lambda[at] = std::clamp(after.mean, least, most);
      deviation[at] = std::max(after.deviation, least_deviation);
    }
    if (total > 0.0) shown[k] = sum / total;
  }
  inflate(shown, observed);
  inflate(Eigen::Map<const Eigen::VectorXd>(used.data(), x.rows()), x);
}

void inflate(const Eigen::Ref<const Eigen::VectorXd>& lambda, Eigen::Ref<Eigen::MatrixXd> x) {
  TWIN_EXPECT(lambda.size() == x.rows(), lambda.size(), x.rows());
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    if (lambda[i] == 1.0) continue;
    const double mean = x.row(i).mean();
    x.row(i) = (x.row(i).array() - mean) * std::sqrt(lambda[i]) + mean;
  }
}

}  // namespace twin::infer
