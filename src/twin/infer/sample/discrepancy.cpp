#include "twin/infer/sample/discrepancy.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numbers>

#include "twin/core/error.hpp"
#include "twin/score/checked.hpp"

namespace twin::infer {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

MatrixXd places_of(std::span<const double> places, std::size_t coordinates) {
  if (places.empty() || places.size() % coordinates != 0)
    throw core::Error(fmt::format("discrepancy: {} numbers for places of {} coordinates",
                                  places.size(), coordinates));
  score::need_finite(places, "places");
  return Eigen::Map<const MatrixXd>(places.data(), static_cast<Index>(coordinates),
                                    static_cast<Index>(places.size() / coordinates))
      .transpose();
}

void check_discrepancy_law(const DiscrepancyLaw& law) {
  if (!(law.amplitude >= 0.0) || !std::isfinite(law.amplitude))
    throw core::Error(
        fmt::format("discrepancy: an amplitude of {} (finite, at least 0)", law.amplitude));
  score::need_positive(law.length, "the discrepancy's length");
}

// What does not depend on parameters.
struct ObservedPlaces {
  explicit ObservedPlaces(const DiscrepancyProblem& problem) : p(problem) {
    if (p.parameters == 0 || p.coordinates == 0 || !p.model)
      throw core::Error(
          fmt::format("discrepancy: {} parameters, places of {} coordinates, {} model",
                      p.parameters, p.coordinates, p.model ? "a" : "no"));
    places = places_of(p.places, p.coordinates);
    score::need_same_length(p.y.size(), "observations", static_cast<std::size_t>(places.rows()),
                            "places");
    score::need_same_length(p.y.size(), "observations", p.noise.size(),
                            "deviations of their errors");
    score::need_finite(p.y, "y");
    for (const double s : p.noise) score::need_positive(s, "the deviation of an error");
    y = Eigen::Map<const VectorXd>(p.y.data(), static_cast<Index>(p.y.size()));
    variance = Eigen::Map<const VectorXd>(p.noise.data(), y.size()).array().square();
  }
  // Correlations of delta; bend: their slopes by the logarithm of the length.
  void correlate(double length, MatrixXd& correlation, MatrixXd* bend) const {
    const MatrixXd scaled = places / length;
    correlations(p.kernel, scaled, scaled, correlation, bend);
    if (bend == nullptr) return;
    for (Index k = 0; k < scaled.rows(); ++k)
      bend->col(k).array() *= (scaled.rowwise() - scaled.row(k)).rowwise().squaredNorm().array();
  }

  DiscrepancyProblem p;
  MatrixXd places;  // [observation][coordinate]
  VectorXd y, variance;
};

// A covariance of the observations, factored. Pivots as small beside their variances as what rounding leaves of zero
// are none.
struct Factored {
  explicit Factored(const MatrixXd& covariance) : llt(covariance) {
    const Eigen::ArrayXd pivots = llt.matrixLLT().diagonal();
    const double least =
        static_cast<double>(pivots.size()) * std::numeric_limits<double>::epsilon();
    good = llt.info() == Eigen::Success &&
           (pivots.square() > least * covariance.diagonal().array()).all();
    constant = -0.5 * static_cast<double>(pivots.size()) * std::log(2 * std::numbers::pi) -
               (good ? pivots.log().sum() : 0.0);
  }
  Eigen::LLT<MatrixXd> llt;
  double constant = 0.0;  // of the normal density's logarithm
  bool good = false;
};

MatrixXd covariance_of_observations(const ObservedPlaces& o, double amplitude,
                                    const MatrixXd& correlation) {
  MatrixXd covariance = amplitude * amplitude * correlation;
  covariance.diagonal() += o.variance;
  return covariance;
}

Factored factored(const ObservedPlaces& o, const DiscrepancyLaw& law) {
  MatrixXd correlation;
  o.correlate(law.length, correlation, nullptr);
  Factored factor(covariance_of_observations(o, law.amplitude, correlation));
  if (!factor.good)
    throw core::Error(
        fmt::format("discrepancy: an amplitude of {} (rounding makes its covariance "
                    "indefinite beside errors so small)",
                    law.amplitude));
  return factor;
}

// G and, where they are wanted, its slopes, of points whose first numbers are theta.
struct ModelOutputs {
  ModelOutputs(const ObservedPlaces& o, std::span<const double> x, std::size_t wide, bool slopes)
      : parameters(o.p.parameters), n(o.p.y.size()) {
    const std::size_t points = x.size() / wide;
    std::vector<double> theta(points * parameters);
    for (std::size_t k = 0; k < points; ++k)
      for (std::size_t i = 0; i < parameters; ++i) theta[k * parameters + i] = x[k * wide + i];
    g.resize(points * n);
    slope.resize(slopes ? points * n * parameters : 0);
    if (slopes)
      o.p.model_and_slopes(theta, g, slope);
    else
      o.p.model(theta, g);
  }
  [[nodiscard]] VectorXd off(const ObservedPlaces& o, std::size_t point) const {
    return o.y - Eigen::Map<const VectorXd>(g.data() + point * n, static_cast<Index>(n));
  }
  // The density's slopes by theta, from those by G.
  void add_slopes(std::size_t point, const VectorXd& by_output, std::span<double> out) const {
    for (std::size_t i = 0; i < parameters; ++i) {
      double sum = 0.0;
      for (std::size_t k = 0; k < n; ++k)
        sum += slope[(point * n + k) * parameters + i] * by_output[static_cast<Index>(k)];
      out[i] = sum;
    }
  }
  std::size_t parameters, n;
  std::vector<double> g, slope;
};

void known_law(const ObservedPlaces& o, const Factored& factor, std::span<const double> x,
               std::span<double> value, std::span<double> slope) {
  const ModelOutputs model(o, x, o.p.parameters, !slope.empty());
  for (std::size_t k = 0; k < value.size(); ++k) {
    const VectorXd off = model.off(o, k), pulled = factor.llt.solve(off);
    value[k] = factor.constant - 0.5 * off.dot(pulled);
    if (!slope.empty())
      model.add_slopes(k, pulled, slope.subspan(k * o.p.parameters, o.p.parameters));
  }
}

void any_law(const ObservedPlaces& o, std::span<const double> x, std::span<double> value,
             std::span<double> slope) {
  const std::size_t parameters = o.p.parameters, wide = parameters + 2;
  const ModelOutputs model(o, x, wide, !slope.empty());
  MatrixXd correlation, bend;
  for (std::size_t k = 0; k < value.size(); ++k) {
    const double amplitude = x[k * wide + parameters], length = x[k * wide + parameters + 1];
    const auto own = slope.empty() ? slope : slope.subspan(k * wide, wide);
    std::ranges::fill(own, 0.0);
    if (!(amplitude > 0.0 && length > 0.0) || std::isinf(amplitude) || std::isinf(length)) {
      value[k] = -std::numeric_limits<double>::infinity();
      continue;
    }
    o.correlate(length, correlation, slope.empty() ? nullptr : &bend);
    const Factored factor(covariance_of_observations(o, amplitude, correlation));
    if (!factor.good) {
      value[k] = std::numeric_limits<double>::quiet_NaN();
      continue;
    }
    const VectorXd off = model.off(o, k), pulled = factor.llt.solve(off);
    value[k] = factor.constant - 0.5 * off.dot(pulled);
    if (slope.empty()) continue;
    model.add_slopes(k, pulled, own);
    // Half of pulled' K' pulled - tr(covariance^-1 K'), K' the slope of the covariance.
    const MatrixXd inverse = factor.llt.solve(MatrixXd::Identity(off.size(), off.size()));
    const MatrixXd weight = pulled * pulled.transpose() - inverse;
    own[parameters] = amplitude * (weight.array() * correlation.array()).sum();
    own[parameters + 1] =
        0.5 * amplitude * amplitude / length * (weight.array() * bend.array()).sum();
  }
}

// f: (x, value, slope), slope empty where none is wanted
template <class F>
Target target_of_both(std::size_t dimensions, bool slopes, F f) {
  Target t{.dimensions = dimensions};
  t.log_density = [f](std::span<const double> x, std::span<double> value) { f(x, value, {}); };
  if (slopes) t.log_density_and_slopes = f;
  return t;
}

}  // namespace

Target discrepancy_likelihood(const DiscrepancyProblem& problem) {
  const auto o = std::make_shared<const ObservedPlaces>(problem);
  return target_of_both(problem.parameters + 2, static_cast<bool>(problem.model_and_slopes),
                        [o](std::span<const double> x, std::span<double> value,
                            std::span<double> slope) { any_law(*o, x, value, slope); });
}

Target discrepancy_likelihood(const DiscrepancyProblem& problem, const DiscrepancyLaw& law) {
  check_discrepancy_law(law);
  const auto o = std::make_shared<const ObservedPlaces>(problem);
  const auto factor = std::make_shared<const Factored>(factored(*o, law));
  return target_of_both(
      problem.parameters, static_cast<bool>(problem.model_and_slopes),
      [o, factor](std::span<const double> x, std::span<double> value, std::span<double> slope) {
        known_law(*o, *factor, x, value, slope);
      });
}

DiscrepancyAt discrepancy_at(const DiscrepancyProblem& problem, const DiscrepancyLaw& law,
                             std::span<const double> theta, std::span<const double> places) {
  check_discrepancy_law(law);
  const ObservedPlaces o(problem);
  score::need_same_length(theta.size(), "numbers of theta", problem.parameters, "parameters");
  const MatrixXd at = places_of(places, problem.coordinates) / law.length;
  MatrixXd across;
  correlations(problem.kernel, o.places / law.length, at, across);
  across *= law.amplitude * law.amplitude;
  const Factored factor = factored(o, law);
  const ModelOutputs model(o, theta, problem.parameters, false);
  const VectorXd mean = across.transpose() * factor.llt.solve(model.off(o, 0));
  const MatrixXd told = factor.llt.matrixL().solve(across);
  const VectorXd taken = told.colwise().squaredNorm();
  const VectorXd variance = (law.amplitude * law.amplitude - taken.array()).max(0.0).matrix();
  return {.mean = {mean.begin(), mean.end()}, .variance = {variance.begin(), variance.end()}};
}

}  // namespace twin::infer
