#include "twin/infer/craft/serial.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <optional>

#include "twin/core/error.hpp"
#include "twin/infer/craft/correlation.hpp"

namespace twin::infer {
namespace {

std::vector<Eigen::Index> order_of(const SerialScheme& scheme, Eigen::Index count,
                                   const core::Draw& draw, std::uint32_t occasion) {
  std::vector<Eigen::Index> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), Eigen::Index{0});
  if (scheme.order == Order::AsGiven) return order;
  std::vector<double> key;
  for (const Eigen::Index k : order) {
    key.push_back(draw.uniform(OrderDraw, static_cast<std::uint32_t>(k), occasion));
  }
  std::ranges::stable_sort(order, {},
                           [&](Eigen::Index k) { return key[static_cast<std::size_t>(k)]; });
  return order;
}

// The factor that a sample's correlation is worth.
class Belief {
 public:
  Belief(const SerialScheme& scheme, Eigen::Index members, Eigen::Index variables)
      : adaptive_(scheme.adaptive), threshold_(scheme.threshold) {
    if (adaptive_ == Adaptive::SamplingError) table_.emplace(members);
    if (adaptive_ == Adaptive::Threshold && threshold_ == 0.0) {
      threshold_ = universal_threshold(members, std::max<Eigen::Index>(variables, 2));
      if (threshold_ >= 1.0) {
        throw core::Error(fmt::format(
            "the universal threshold of {} correlations from {} members is {:.2f} (must "
            "be below 1) more members, or a threshold of your own?",
            variables, members, threshold_));
      }
    }
  }
  [[nodiscard]] bool asks() const { return adaptive_ != Adaptive::None; }
  [[nodiscard]] double operator()(double r) const {
    return adaptive_ == Adaptive::SamplingError ? table_->factor(r)
                                                : correlation_taper(r, threshold_);
  }

 private:
  Adaptive adaptive_;
  double threshold_;
  std::optional<SamplingError> table_;
};

// Rows that follow one observed row by regression. Members are the outer loop: x lies by columns.
class Regression {
 public:
  explicit Regression(const Belief& belief) : belief_(belief) {}

  // s: anomalies of the observed row; square: their sum of squares; move: what each member's observed
  // number moves by. rows and weights: what is reached.
  void operator()(const Eigen::VectorXd& s, double square, const Eigen::VectorXd& move,
                  std::span<const Eigen::Index> rows, std::span<const double> weights,
                  Eigen::Ref<Eigen::MatrixXd> x) {
    slope_.assign(rows.size(), 0.0);
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
      for (std::size_t i = 0; i < rows.size(); ++i) {
        slope_[i] += s[j] * (x(rows[i], j) - x(rows[i], 0));
      }
    }
    if (belief_.asks()) correct(square, rows, x);
    for (std::size_t i = 0; i < rows.size(); ++i) slope_[i] *= weights[i] / square;
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
      for (std::size_t i = 0; i < rows.size(); ++i) x(rows[i], j) += slope_[i] * move[j];
    }
  }

 private:
  void correct(double square, std::span<const Eigen::Index> rows,
               const Eigen::Ref<Eigen::MatrixXd>& x) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto row = x.row(rows[i]).array();
      const double own = (row - row.mean()).square().sum();
      if (own > 0.0) slope_[i] *= belief_(slope_[i] / std::sqrt(own * square));
    }
  }

  const Belief& belief_;
  std::vector<double> slope_;  // [row reached]
};

// Every row, with weight 1.
Reach everything(Eigen::Index variables, Eigen::Index observations) {
  Reach reach;
  reach.variables.resize(static_cast<std::size_t>(variables));
  std::iota(reach.variables.begin(), reach.variables.end(), Eigen::Index{0});
  reach.weights.assign(reach.variables.size(), 1.0);
  reach.observations.resize(static_cast<std::size_t>(observations));
  std::iota(reach.observations.begin(), reach.observations.end(), Eigen::Index{0});
  reach.observation_weights.assign(reach.observations.size(), 1.0);
  return reach;
}

// Rotation, RTPP, RTPS and the factor, in the order of apply(): before: the forecast anomalies, empty
// where neither relaxation asks for them.
void finish(const SerialScheme& scheme, const Eigen::MatrixXd& before, const core::Draw& draw,
            std::uint32_t occasion, Eigen::Ref<Eigen::MatrixXd> x) {
  const bool rotated = scheme.rotation == Rotation::Random;
  if (!rotated && before.size() == 0 && scheme.inflation.factor == 1.0) return;
  Eigen::MatrixXd rotation;
  if (rotated) rotation = mean_preserving_rotation(x.cols(), draw, RotationDraw, occasion);
  const auto& i = scheme.inflation;
  for (Eigen::Index v = 0; v < x.rows(); ++v) {
    const double mean = x.row(v).mean();
    Eigen::RowVectorXd after = x.row(v).array() - mean;
    if (rotated) after = (after * rotation).eval();
    double scale = i.factor;
    if (before.size() > 0) {
      after = (1.0 - i.rtpp) * after + i.rtpp * before.row(v);
      const double spread = after.norm();
      if (spread > 0.0) scale *= 1.0 + i.rtps * (before.row(v).norm() - spread) / spread;
    }
    x.row(v) = (scale * after).array() + mean;
  }
}

// From densities of whitened readings to those of readings; a censored one has a probability.
double density_unit(const SerialObservations& o, const Noise& noise, double log_determinant) {
  if (o.readings.empty()) return -0.5 * log_determinant;
  Eigen::MatrixXd whitened = Eigen::MatrixXd::Ones(o.y.size(), 1);
  noise.whiten(whitened);
  double sum = 0.0;
  for (Eigen::Index k = 0; k < o.y.size(); ++k) {
    if (o.readings[static_cast<std::size_t>(k)] == Reading::Value) sum += std::log(whitened(k, 0));
  }
  return sum;
}

void check_serial(const SerialScheme& scheme, const std::vector<Reach>& reaches,
                  const SerialObservations& o, const Noise& noise,
                  const Eigen::Ref<const Eigen::MatrixXd>& x) {
  check_scheme(scheme);
  if (x.cols() != o.observed.cols()) {
    throw core::Error(fmt::format("{} members of the state and {} observed ones (must be as many)",
                                  x.cols(), o.observed.cols()));
  }
  if (!o.readings.empty() && static_cast<Eigen::Index>(o.readings.size()) != o.y.size()) {
    throw core::Error(fmt::format("{} observations with {} kinds of reading (must be as many)",
                                  o.y.size(), o.readings.size()));
  }
  const bool censored =
      std::ranges::any_of(o.readings, [](Reading r) { return r != Reading::Value; });
  if (!noise.is_diagonal() && (!reaches.empty() || censored)) {
    throw core::Error(fmt::format(
        "{} with correlated observation errors (each observation needs {} of its own) give a "
        "diagonal covariance?",
        reaches.empty() ? "censored readings" : "localisation",
        reaches.empty() ? "an error" : "a weight"));
  }
  if (!reaches.empty()) check_reaches(reaches, x.rows(), o.y.size());
}

}  // namespace

void check_scheme(const SerialScheme& scheme) {
  check_inflation(scheme.inflation);
  if (!(scheme.threshold >= 0.0 && scheme.threshold < 1.0)) {
    throw core::Error(fmt::format("threshold = {} (must lie in [0, 1))", scheme.threshold));
  }
}

Innovation analyse_serially(const SerialScheme& scheme, const std::vector<Reach>& reaches,
                            const SerialObservations& observations, const Noise& noise,
                            const core::Draw& draw, std::uint32_t occasion,
                            Eigen::Ref<Eigen::MatrixXd> x) {
  check_serial(scheme, reaches, observations, noise, x);
  // Whitened: S, d and E, where every error has variance 1.
  Observed seen = observe(observations.observed, observations.y, noise);
  if (seen.size() == 0) return {};
  const bool perturbed = scheme.filter == SerialFilter::Perturbed;
  if (perturbed) perturb(seen, draw, PerturbationDraw, occasion);
  const Eigen::Index members = x.cols();
  const double degrees = static_cast<double>(members) - 1.0;
  // What each member shows less what was read, in standard errors; 0 is the reading or its limit.
  Eigen::MatrixXd shown = std::sqrt(degrees) * seen.anomalies;
  shown.colwise() -= seen.innovation;
  Eigen::MatrixXd before;
  if (scheme.inflation.rtpp > 0.0 || scheme.inflation.rtps > 0.0) {
    before = x.colwise() - x.rowwise().mean().eval();
  }
  const Belief belief(scheme, members, x.rows());
  Regression follow(belief);
  const Reach all = reaches.empty() ? everything(x.rows(), seen.size()) : Reach{};
  Innovation innovation;
  Eigen::VectorXd s(members), move(members);
  for (const Eigen::Index k : order_of(scheme, seen.size(), draw, occasion)) {
    const auto at = static_cast<std::size_t>(k);
    const Reading reading =
        observations.readings.empty() ? Reading::Value : observations.readings[at];
    const double mean = shown.row(k).mean();
    s = (shown.row(k).array() - mean).matrix().transpose();
    const double square = s.squaredNorm();
    const Normal prior{.mean = mean, .variance = square / degrees};
    const ScalarPosterior posterior = posterior_of(prior, reading, 0.0, 1.0);
    innovation.log_likelihood += posterior.log_likelihood;
    if (reading == Reading::Value) {
      ++innovation.observations;
      innovation.chi_square += mean * mean / (1.0 + prior.variance);
    }
    if (square == 0.0) continue;  // no member differs: nothing can be learnt
    if (perturbed) {
      // Each member moves by the gain of its own error and reading; a censored one is met with a
      // reading that may have been (Matheron's rule makes the members right if all is normal).
      const double gain = prior.variance / (1.0 + prior.variance);
      for (Eigen::Index j = 0; j < members; ++j) {
        core::Draw own = draw;
        own.member += static_cast<std::uint32_t>(j);
        const double u =
            reading == Reading::Value
                ? 0.5
                : own.uniform(VirtualReadingDraw, static_cast<std::uint32_t>(k), occasion);
        const double read =
            virtual_reading({.mean = mean, .variance = 1.0 + prior.variance}, reading, 0.0, u);
        move[j] = gain * (read + seen.perturbations(k, j) - shown(k, j));
      }
    } else {
      const double contraction = std::sqrt(posterior.belief.variance / prior.variance) - 1.0;
      move = (contraction * s).array() + (posterior.belief.mean - mean);
    }
    const Reach& reach = reaches.empty() ? all : reaches[at];
    follow(s, square, move, reach.variables, reach.weights, x);
    follow(s, square, move, reach.observations, reach.observation_weights, shown);
  }
  innovation.log_likelihood += density_unit(observations, noise, seen.log_determinant);
  finish(scheme, before, draw, occasion, x);
  return innovation;
}

}  // namespace twin::infer
