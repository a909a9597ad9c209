#include "twin/infer/emulate/learning.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "twin/core/draw.hpp"
#include "twin/core/error.hpp"
#include "twin/core/parallel.hpp"
#include "twin/infer/emulate/descent.hpp"
#include "twin/math/elementary.hpp"

namespace twin::infer {
namespace {

using core::Error;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

enum StartDraw : std::uint32_t { StartLength, StartNugget };

// Sum over pairs of runs of w x (distance along j)^2: [input]. w: lower half.
VectorXd sums_along(const MatrixXd& scaled, const MatrixXd& w) {
  VectorXd sums = VectorXd::Zero(scaled.cols());
  for (Index k = 0; k + 1 < scaled.rows(); ++k) {
    const Index below = scaled.rows() - k - 1;
    const auto column = w.col(k).tail(below).array();
    for (Index j = 0; j < scaled.cols(); ++j)
      sums[j] += (column * (scaled.col(j).tail(below).array() - scaled(k, j)).square()).sum();
  }
  return sums;
}

// With scale: the covariance is the likeliest multiple, at least least_scale, of the one that the hyper-parameters
// give, which is told; slopes are then those at that scale, and of the variance's there is none.
struct FreeScale {
  double least = 0.0;
  double* scale = nullptr;
};

double scaled_likelihood(CovarianceKernel kernel, const KrigedRuns& data,
                         const Hyperparameters& hyper, const FreeScale& free, VectorXd* slopes) {
  const Index n = data.x.rows(), d = data.x.cols();
  const Eigen::Map<const Eigen::RowVectorXd> lengths(hyper.lengths.data(), d);
  const MatrixXd scaled = data.x.array().rowwise() / lengths.array();
  MatrixXd k, bend;
  correlations(kernel, scaled, scaled, k, slopes != nullptr ? &bend : nullptr);
  k *= hyper.variance;
  k.diagonal().array() += hyper.nugget + data.noise.array();
  const auto solved = GeneralisedLeastSquares::of(std::move(k), data.trend, data.y);
  if (!solved) return -std::numeric_limits<double>::infinity();
  const auto contrasts = static_cast<double>(n - solved->regressors());
  double scale = 1.0;
  if (free.scale != nullptr)
    *free.scale = scale = std::max(solved->square() / contrasts, free.least);
  if (slopes != nullptr) {
    // d/dt = tr((u u' / scale - P) dK/dt) / 2 with u = P y.
    MatrixXd m = -solved->precision();
    m.selfadjointView<Eigen::Lower>().rankUpdate(solved->weights(), 1 / scale);
    const VectorXd diagonal = m.diagonal();
    slopes->resize(d + 2);
    m.array() *= bend.array();
    slopes->head(d) = hyper.variance * sums_along(scaled, m);
    const double by_nugget = 0.5 * hyper.nugget * diagonal.sum();
    // tr(m K) is known; K without nugget and noise is what goes with the variance.
    (*slopes)[d] =
        0.5 * (solved->square() / scale - contrasts - diagonal.dot(data.noise)) - by_nugget;
    (*slopes)[d + 1] = by_nugget;
  }
  return solved->log_likelihood(scale);
}

// A place of the search: logarithms of lengths over ranges, of the nugget over the variance where it is learnt,
// and of the variance over that of the outputs where errors are known; else the likeliest variance of the place is
// taken.
class LikelihoodSearch {
 public:
  LikelihoodSearch(CovarianceKernel kernel, const KrigedRuns& data, const LearningOptions& o)
      : kernel_(kernel), data_(data), o_(o) {
    const Index d = data.x.cols();
    ranges_ = (data.x.colwise().maxCoeff() - data.x.colwise().minCoeff()).transpose();
    spread_ =
        (data.y.array() - data.y.mean()).square().sum() / static_cast<double>(data.y.size() - 1);
    errors_known_ = (data.noise.array() > 0.0).any();
    const Index size = d + (o.nugget ? 1 : 0) + (errors_known_ ? 1 : 0);
    box_.steps = o.steps;
    box_.low.setConstant(size, math::log(o.least_length));
    box_.high.setConstant(size, math::log(o.greatest_length));
    if (o.nugget) {
      box_.low[d] = math::log(o.least_nugget);
      box_.high[d] = math::log(100.0);
    }
    if (errors_known_) {
      box_.low[size - 1] = math::log(1e-6);
      box_.high[size - 1] = math::log(1e6);
    }
  }

  [[nodiscard]] const VectorXd& ranges() const { return ranges_; }
  [[nodiscard]] double spread() const { return spread_; }
  [[nodiscard]] const DescentOptions& box() const { return box_; }

  [[nodiscard]] Hyperparameters at(const VectorXd& place) const {
    const Index d = ranges_.size();
    Hyperparameters h;
    for (Index j = 0; j < d; ++j) h.lengths.push_back(ranges_[j] * math::exp(place[j]));
    if (errors_known_) h.variance = spread_ * math::exp(place[place.size() - 1]);
    h.nugget = h.variance * (o_.nugget ? math::exp(place[d]) : o_.least_nugget);
    return h;
  }
  // With the variance that goes with the place.
  [[nodiscard]] Hyperparameters whole_at(const VectorXd& place) const {
    Hyperparameters h = at(place);
    if (errors_known_) return h;
    double scale = 1.0;
    (void)scaled_likelihood(kernel_, data_, h, {.least = 1e-12 * spread_, .scale = &scale},
                            nullptr);
    h.variance *= scale;
    h.nugget *= scale;
    return h;
  }

  double operator()(const VectorXd& place, VectorXd* slope) const {
    const Index d = ranges_.size();
    double scale = 1.0;
    FreeScale free{.least = 1e-12 * spread_, .scale = &scale};
    if (errors_known_) free.scale = nullptr;
    VectorXd slopes;
    const double value =
        scaled_likelihood(kernel_, data_, at(place), free, slope != nullptr ? &slopes : nullptr);
    if (slope != nullptr && std::isfinite(value)) {
      slope->head(d) = slopes.head(d);
      if (o_.nugget) (*slope)[d] = slopes[d + 1];
      if (errors_known_) (*slope)[place.size() - 1] = slopes[d] + slopes[d + 1];
    }
    return value;
  }

  [[nodiscard]] VectorXd start(std::uint32_t number) const {
    const core::Draw draw{o_.seed, number};
    const auto within = [&](Index i, double least, double most, double u) {
      const double low = math::log(least), high = math::log(most);
      return std::clamp(low + (high - low) * u, box_.low[i], box_.high[i]);
    };
    const Index d = ranges_.size();
    VectorXd place = VectorXd::Zero(box_.low.size());
    for (Index j = 0; j < d; ++j)
      place[j] = within(j, 0.1, 5.0, draw.uniform(StartLength, static_cast<std::uint32_t>(j), 0));
    if (o_.nugget) place[d] = within(d, 1e-6, 0.1, draw.uniform(StartNugget, 0, 0));
    return place;
  }

 private:
  CovarianceKernel kernel_;    // of the process
  const KrigedRuns& data_;     // all runs
  const LearningOptions& o_;   // as given
  VectorXd ranges_;            // [input] of the runs
  double spread_ = 0.0;        // variance of the outputs
  bool errors_known_ = false;  // of some run: the variance is then searched too
  DescentOptions box_;         // [place]
};

void check_learning(const KrigedRuns& data, const LearningOptions& o) {
  const Index least = data.trend.cols() + 2;
  if (data.y.size() < least)
    throw Error(fmt::format("{} runs with a value (at least {}: regressors and two more)",
                            data.y.size(), least));
  check_regressors(data.trend);
  if (o.searches == 0 || o.tries == 0)
    throw Error(fmt::format("{} searches of {} tries (at least 1)", o.searches, o.tries));
  if (!(o.least_nugget > 0.0 && o.least_nugget < 1.0))
    throw Error(fmt::format("a least nugget of {} (above 0, below 1)", o.least_nugget));
  if (!(o.least_length > 0.0 && o.least_length <= o.greatest_length) ||
      !std::isfinite(o.greatest_length))
    throw Error(fmt::format("lengths from {} to {} of the ranges (above 0, ascending)",
                            o.least_length, o.greatest_length));
}

}  // namespace

double restricted_likelihood(CovarianceKernel kernel, const KrigedRuns& data,
                             const Hyperparameters& hyper, VectorXd* slopes) {
  return scaled_likelihood(kernel, data, hyper, {}, slopes);
}

Learnt learn(CovarianceKernel kernel, const KrigedRuns& data, const LearningOptions& o) {
  check_learning(data, o);
  const LikelihoodSearch search(kernel, data, o);
  for (Index j = 0; j < search.ranges().size(); ++j)
    if (!(search.ranges()[j] > 0.0))
      throw Error(
          fmt::format("input {} is {} in all runs (must vary) leave it out?", j, data.x(0, j)));
  if (!(search.spread() > 0.0))
    throw Error(fmt::format("all outputs are {} (must vary)", data.y[0]));

  const std::size_t places = o.searches * o.tries;
  std::vector<double> likely(places);
  core::for_each_member(places, o.threads, [&](std::size_t p) {
    likely[p] = search(search.start(static_cast<std::uint32_t>(p)), nullptr);
  });
  std::vector<Descent> ends(o.searches);
  core::for_each_member(o.searches, o.threads, [&](std::size_t s) {
    const auto first = likely.begin() + static_cast<std::ptrdiff_t>(s * o.tries);
    const auto best = std::max_element(first, first + static_cast<std::ptrdiff_t>(o.tries));
    const auto place = static_cast<std::uint32_t>(best - likely.begin());
    ends[s] = descend(
        [&](const VectorXd& x, VectorXd& slope) {
          const double value = search(x, &slope);
          slope = -slope;
          return -value;
        },
        search.start(place), search.box());
  });
  Learnt learnt;
  learnt.log_likelihood = -std::numeric_limits<double>::infinity();
  learnt.evaluations = places;
  const Descent* best = nullptr;
  for (const Descent& end : ends) {
    learnt.evaluations += end.evaluations;
    if (!(-end.value > learnt.log_likelihood)) continue;
    learnt.log_likelihood = -end.value;
    best = &end;
  }
  if (best == nullptr)
    throw Error(
        "no lengths give the runs a likelihood (two runs in one place?) a larger least nugget?");
  learnt.converged = best->converged;
  learnt.hyper = search.whole_at(best->x);
  return learnt;
}

}  // namespace twin::infer
