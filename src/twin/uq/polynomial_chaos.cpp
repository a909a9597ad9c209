#include "twin/uq/polynomial_chaos.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/core/parallel.hpp"
#include "twin/math/statistics.hpp"
#include "twin/score/checked.hpp"
#include "twin/uq/growing_qr.hpp"

namespace twin::uq {
namespace {

using core::Error;

constexpr std::size_t ChaosPiece = 4'096;  // points that a thread works on

enum class InGroup : std::uint8_t { None, Some, All };  // of a term's inputs that are in a group

InGroup in_group(std::span<const PolynomialFactor> term, std::span<const std::size_t> group) {
  std::size_t within = 0;
  for (const PolynomialFactor& f : term)
    within += std::ranges::find(group, std::size_t{f.input}) != group.end() ? 1U : 0U;
  if (within == 0) return InGroup::None;
  return within == term.size() ? InGroup::All : InGroup::Some;
}

// Standard error of what has this gradient by the coefficients: g' R^-1 M R'^-1 g, without the inverse.
double coefficients_error(const ChaosFit& fit, std::vector<double> gradient) {
  solve_upper_transposed(fit.factor, gradient);
  double sum = 0.0;
  for (std::size_t k = 0; k < gradient.size(); ++k) {
    const double* column = fit.missed.data() + upper_at(0, k);
    sum += gradient[k] * (2.0 * lane_product(column, gradient.data(), k) + column[k] * gradient[k]);
  }
  return std::sqrt(std::max(0.0, sum));
}

void check_index_groups(std::span<const std::vector<std::size_t>> groups, std::size_t inputs) {
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (groups[g].empty()) throw Error(fmt::format("group {} has no inputs", g));
    for (const std::size_t i : groups[g])
      if (i >= inputs)
        throw Error(fmt::format("group {} has input {} (there are {}, from 0)", g, i, inputs));
  }
}

}  // namespace

PolynomialChaos::PolynomialChaos(ChaosFit fit)
    : fit_(std::move(fit)), terms_(fit_.families, fit_.terms) {}

void PolynomialChaos::loaded() {
  const std::size_t k = fit_.terms.size(), triangle = upper_at(0, k);
  bool whole = fit_.terms.whole(fit_.families.size(), OrthonormalPolynomials::DegreeMax) &&
               fit_.coefficients.size() == k && fit_.factor.size() == triangle &&
               fit_.missed.size() == triangle && fit_.low.size() == fit_.families.size() &&
               fit_.high.size() == fit_.low.size();
  for (const PolynomialFamily f : fit_.families) whole = whole && f <= PolynomialFamily::Laguerre;
  if (!whole)
    throw Error(
        "a polynomial chaos expansion whose parts do not belong "
        "together; is it damaged?");
  terms_ = PolynomialTerms(fit_.families, fit_.terms);
}

void PolynomialChaos::value(const Points& points, std::span<double> y, unsigned threads) const {
  TWIN_EXPECT(y.size() == points.count && points.columns.size() == fit_.families.size(), y.size(),
              points.count, points.columns.size());
  core::for_each_member((y.size() + ChaosPiece - 1) / ChaosPiece, threads, [&](std::size_t piece) {
    const std::size_t from = piece * ChaosPiece;
    terms_.sum(points, from, fit_.coefficients,
               y.subspan(from, std::min(ChaosPiece, y.size() - from)));
  });
}

double PolynomialChaos::value(std::span<const double> u) const {
  TWIN_EXPECT(u.size() == fit_.families.size(), u.size(), fit_.families.size());
  return terms_.sum(u, fit_.coefficients);
}

double PolynomialChaos::leverage(std::span<const double> u) const {
  TWIN_EXPECT(u.size() == fit_.families.size(), u.size(), fit_.families.size());
  std::vector<double> terms(terms_.size());
  terms_.fill(u, terms);
  solve_upper_transposed(fit_.factor, terms);
  return lane_product(terms.data(), terms.data(), terms.size());
}

bool PolynomialChaos::refuses(std::span<const double> u) const {
  TWIN_EXPECT(u.size() == fit_.families.size(), u.size(), fit_.families.size());
  for (std::size_t i = 0; i < u.size(); ++i) {
    const double out = BoxGrown * (fit_.high[i] - fit_.low[i]);
    const double low = std::max(0.0, fit_.low[i] - out), high = std::min(1.0, fit_.high[i] + out);
    if (!(u[i] >= low && u[i] <= high)) return true;
  }
  return !(leverage(u) <= LeverageGrown * fit_.leverage_most);
}

double PolynomialChaos::mean() const {
  return fit_.coefficients.empty() ? 0.0 : fit_.coefficients.front();
}

double PolynomialChaos::variance() const {
  double sum = 0.0;
  for (std::size_t k = 1; k < fit_.coefficients.size(); ++k)
    sum += fit_.coefficients[k] * fit_.coefficients[k];
  return sum;
}

SobolIndices PolynomialChaos::indices(std::vector<std::vector<std::size_t>> groups,
                                      double confidence) const {
  const std::size_t inputs = fit_.families.size(), k = fit_.coefficients.size();
  if (groups.empty())
    for (std::size_t i = 0; i < inputs; ++i) groups.push_back({i});
  check_index_groups(groups, inputs);
  score::need_level(confidence, "confidence");
  SobolIndices result;
  result.evaluations = fit_.runs + fit_.failed;
  result.failed = fit_.failed;
  const double t = fit_.runs > k ? math::student_t_quantile(0.5 + confidence / 2,
                                                            static_cast<double>(fit_.runs - k))
                                 : std::numeric_limits<double>::infinity();
  // Terms were chosen by what the runs leave over, which is too little therefore.
  const double wider = std::sqrt(
      std::max(1.0, fit_.leave_one_out > 0.0 ? fit_.error.value / fit_.leave_one_out : 1.0));
  const auto interval = [&](double value, std::vector<double> gradient, double besides) {
    return math::Interval{
        .mean = value,
        .half_width = t * wider * coefficients_error(fit_, std::move(gradient)) + besides,
        .confidence = confidence,
        .count = fit_.runs};
  };
  const double all = variance();
  std::vector<double> gradient(k, 0.0);
  if (k > 0) gradient[0] = 1.0;
  result.mean = interval(mean(), gradient, 0.0);
  for (std::size_t j = 0; j < k; ++j) gradient[j] = j == 0 ? 0.0 : 2.0 * fit_.coefficients[j];
  result.variance = interval(all, gradient, fit_.error.value * fit_.variance);
  // Of the terms in which at least so much of their inputs is in the group.
  const auto index = [&](const std::vector<std::size_t>& group, InGroup least) {
    // What does not vary has nobody to blame.
    if (!(all > 0.0)) return interval(0.0, std::vector<double>(k, 0.0), 0.0);
    std::vector<double> counts(k, 0.0);
    double part = 0.0;
    for (std::size_t j = 1; j < k; ++j) {
      counts[j] = in_group(fit_.terms[j], group) >= least ? 1.0 : 0.0;
      part += counts[j] * fit_.coefficients[j] * fit_.coefficients[j];
    }
    part /= all;
    for (std::size_t j = 0; j < k; ++j)
      gradient[j] = j == 0 ? 0.0 : 2.0 * fit_.coefficients[j] * (counts[j] - part) / all;
    return interval(part, gradient, fit_.error.value);
  };
  for (const auto& group : groups) {
    result.first.push_back(index(group, InGroup::All));
    result.total.push_back(index(group, InGroup::Some));
  }
  return result;
}

}  // namespace twin::uq
