#include "twin/uq/chaos_learner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "twin/core/error.hpp"
#include "twin/uq/sparse_regression.hpp"

namespace twin::uq {

ChaosLearner::ChaosLearner(ChaosOptions options, const Points& points, std::span<const double> y,
                           ChaosRenewal renewal)
    : options_(std::move(options)), renewal_(renewal) {
  if (!(renewal_.growth > 1.0))
    throw core::Error(
        fmt::format("terms chosen anew for {} times as many runs (above 1)", renewal_.growth));
  if (options_.families.empty()) options_.families.resize(points.columns.size());
  runs_.add(options_.families, points, y);
  choose();
}

void ChaosLearner::choose() {
  chaos_ = fit_chaos(options_, runs_);
  chosen_by_ = runs_.y.size();
  since_ = 0;
  missed_ = 0.0;
}

ChaosNews ChaosLearner::add(const Points& points, std::span<const double> y) {
  ChaosNews news{.added = runs_.y.size(), .failed = runs_.failed};
  runs_.add(options_.families, points, y);
  news.added = runs_.y.size() - news.added;
  news.failed = runs_.failed - news.failed;
  std::vector<double> told(points.count);
  chaos_.value(points, told, options_.threads);
  double missed = 0.0;
  for (std::size_t k = 0; k < told.size(); ++k)
    if (std::isfinite(y[k])) missed += (told[k] - y[k]) * (told[k] - y[k]);
  since_ += news.added;
  missed_ += missed;
  const ChaosFit& fit = chaos_.fit();
  if (news.added > 0 && fit.variance > 0.0)
    news.error = missed / fit.variance / static_cast<double>(news.added);
  const double most = std::max(fit.error.high, ErrorLeast) * fit.variance;
  const auto runs = static_cast<double>(runs_.y.size());
  news.anew = runs >= renewal_.growth * static_cast<double>(chosen_by_) ||
              (since_ >= renewal_.judges && missed_ > most * static_cast<double>(since_));
  if (news.anew) {
    choose();
  } else {
    ChaosFit next = fit_terms(options_.families, fit.terms, runs_).fit();
    next.error = fit.error;
    chaos_ = PolynomialChaos(std::move(next));
  }
  return news;
}

}  // namespace twin::uq
