#include "twin/uq/chaos_fit.hpp"

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
#include "twin/uq/permutation.hpp"
#include "twin/uq/sparse_regression.hpp"

namespace twin::uq {
namespace {

using core::Error;

constexpr std::size_t ChaosRunsLeast = 10;
constexpr std::uint32_t ChaosFoldsWhat = 0;
// Functions that are even, or odd, gain by every second degree.
constexpr std::uint32_t DegreesLeast = 3, DegreesInVain = 2;

struct RunColumns {  // Points of runs
  explicit RunColumns(const ChaosRuns& runs) {
    for (const auto& column : runs.u) columns.push_back(column.data());
    points = {columns, runs.y.size()};
  }
  std::vector<const double*> columns;
  Points points;
};

double run_variance(std::span<const double> y) {
  math::Moments m;
  for (const double v : y) m.add(v);
  return m.variance();
}

// What the runs speak for, of all degrees and norms.
MultiIndices learnt_terms(const ChaosOptions& o, std::span<const PolynomialFamily> families,
                          const ChaosRuns& runs) {
  const std::size_t n = runs.y.size();
  MultiIndices best;
  best.add({});
  if (!(run_variance(runs.y) > 0.0)) return best;
  const RunColumns at(runs);
  double least = std::numeric_limits<double>::infinity();
  for (const double norm : o.norms) {
    const TruncatedIndices all = truncated_indices({.inputs = families.size(),
                                                    .degree = o.degree,
                                                    .norm = norm,
                                                    .interaction = o.interaction,
                                                    .terms_most = o.candidates});
    const PolynomialTerms terms(families, all.terms);
    std::vector<double> columns;
    double least_of_norm = std::numeric_limits<double>::infinity();
    std::uint32_t in_vain = 0;
    for (std::uint32_t degree = 1; degree < all.upto.size() && in_vain < DegreesInVain; ++degree) {
      const std::size_t known = columns.size() / n, upto = all.upto[degree];
      columns.resize(upto * n);
      terms.fill(at.points, known, upto, std::span(columns).subspan(known * n));
      const SparseColumns sparse = sparse_columns(columns, runs.y);
      if (sparse.error < least) {
        least = sparse.error;
        best = {};
        for (const std::size_t j : sparse.columns) best.add(all.terms[j]);
      }
      if (least <= ErrorLeast) return best;
      in_vain = sparse.error < least_of_norm || degree < DegreesLeast ? 0 : in_vain + 1;
      least_of_norm = std::min(least_of_norm, sparse.error);
    }
  }
  return best;
}

// The runs whose fold is this one, or all others.
enum class FoldPart : std::uint8_t { Fold, Others };
ChaosRuns runs_of(const ChaosRuns& runs, std::span<const std::size_t> fold_of, std::size_t fold,
                  FoldPart of) {
  ChaosRuns part;
  part.u.resize(runs.u.size());
  for (std::size_t k = 0; k < runs.y.size(); ++k) {
    if ((fold_of[k] == fold) != (of == FoldPart::Fold)) continue;
    for (std::size_t i = 0; i < runs.u.size(); ++i) part.u[i].push_back(runs.u[i][k]);
    part.y.push_back(runs.y[k]);
  }
  return part;
}

struct FittedTerms {
  ChaosFit fit;
  std::vector<double> squares;  // [run] of what it would be missed by, had it been left out
};

FittedTerms fitted_terms(std::span<const PolynomialFamily> families, const MultiIndices& indices,
                         const ChaosRuns& runs) {
  const std::size_t n = runs.y.size();
  TWIN_EXPECT(runs.u.size() == families.size() && n > indices.size(), runs.u.size(), n);
  FittedTerms result;
  ChaosFit& next = result.fit;
  next.families.assign(families.begin(), families.end());
  next.runs = n;
  next.failed = runs.failed;
  const RunColumns at(runs);
  const PolynomialTerms terms(families, indices);
  std::vector<double> columns(indices.size() * n), residual(runs.y);
  terms.fill(at.points, 0, indices.size(), columns);
  GrowingQr qr(n);
  for (std::size_t k = 0; k < indices.size(); ++k) {
    if (!qr.add(std::span(columns).subspan(k * n, n))) continue;
    next.terms.add(indices[k]);
    const double* q = qr.q(qr.size() - 1).data();
    const double part = lane_product(q, residual.data(), n);
    for (std::size_t i = 0; i < n; ++i) residual[i] -= part * q[i];
    next.coefficients.push_back(part);
  }
  next.factor.assign(qr.r().begin(), qr.r().end());
  solve_upper(next.factor, next.coefficients);
  next.leverage_most = std::ranges::max(qr.leverages());
  next.variance = run_variance(runs.y);
  if (next.variance > 0.0)
    next.leave_one_out = corrected_leave_one_out(qr, residual, next.variance);
  // A run that alone tells a coefficient has no residual, and none of it without the run either.
  left_out(qr, residual);
  for (const double r : residual) result.squares.push_back(r * r);
  std::vector<double> weighed(n);
  for (std::size_t k = 0; k < qr.size(); ++k) {
    for (std::size_t i = 0; i < n; ++i) weighed[i] = qr.q(k)[i] * result.squares[i];
    for (std::size_t j = 0; j <= k; ++j)
      next.missed.push_back(lane_product(qr.q(j).data(), weighed.data(), n));
  }
  for (const auto& u : runs.u) {
    const auto [low, high] = std::ranges::minmax(u);
    next.low.push_back(low);
    next.high.push_back(high);
  }
  return result;
}

// By the means of the folds' squares of what is missed, and by those of leaving out each run, which terms were
// chosen by: wide enough for both. Squares are far from normal, so that intervals are of their means' logarithms.
ChaosError chaos_error(std::span<const double> folds, const ChaosFit& fit,
                       std::span<const double> ones, double confidence) {
  ChaosError e{.confidence = confidence};
  const math::Interval fold = math::interval_of(folds, confidence),
                       one = math::interval_of(ones, confidence);
  if (!(fit.variance > 0.0) || !(fold.mean > 0.0) || !(one.mean > 0.0)) return e;
  const double by_folds = std::exp(fold.half_width / fold.mean),
               by_ones = std::exp(one.half_width / one.mean);
  e.value = fold.mean / fit.variance;
  e.low = std::min(e.value / by_folds, one.mean / fit.variance / by_ones);
  e.high = std::max(e.value * by_folds, fit.leave_one_out * by_ones);
  return e;
}

std::vector<PolynomialFamily> chaos_families(const ChaosOptions& o, std::size_t inputs) {
  if (o.families.empty()) return std::vector<PolynomialFamily>(inputs);
  if (o.families.size() != inputs)
    throw Error(fmt::format("{} families of polynomials for {} inputs", o.families.size(), inputs));
  return o.families;
}

void check_chaos(const ChaosOptions& o, const ChaosRuns& runs) {
  if (o.norms.empty()) throw Error("no norms to truncate by");
  if (o.degree > OrthonormalPolynomials::DegreeMax)
    throw Error(fmt::format("polynomials of degree {} (at most {})", o.degree,
                            OrthonormalPolynomials::DegreeMax));
  for (const double norm : o.norms)
    check_truncation({.inputs = runs.u.size(),
                      .degree = o.degree,
                      .norm = norm,
                      .interaction = o.interaction,
                      .terms_most = o.candidates});
  score::need_level(o.confidence, "confidence");
  if (o.folds < 2) throw Error(fmt::format("{} folds (at least 2)", o.folds));
  const std::size_t least = std::max(ChaosRunsLeast, 2 * o.folds);
  if (runs.y.size() < least)
    throw Error(fmt::format("{} runs gave a number, {} did not (at least {} must)", runs.y.size(),
                            runs.failed, least));
}

}  // namespace

void ChaosRuns::add(std::span<const PolynomialFamily> families, const Points& points,
                    std::span<const double> results) {
  if (points.columns.size() != families.size())
    throw Error(
        fmt::format("runs with {} inputs (not {})", points.columns.size(), families.size()));
  if (results.size() != points.count)
    throw Error(fmt::format("{} results of {} runs", results.size(), points.count));
  for (std::size_t i = 0; i < families.size(); ++i) {
    for (std::size_t k = 0; k < points.count; ++k) {
      double x = points.at(i, k);
      germs(families[i], {&x, 1});
      if (!std::isfinite(x))
        throw Error(fmt::format("run {} has input {} at {} ({})", k, i, points.at(i, k),
                                families[i] == PolynomialFamily::Legendre ? "0 to 1"
                                : families[i] == PolynomialFamily::Hermite
                                    ? "between 0 and 1 for Hermite polynomials"
                                    : "0 to below 1 for Laguerre polynomials"));
    }
  }
  u.resize(families.size());
  for (std::size_t k = 0; k < points.count; ++k) {
    if (!std::isfinite(results[k])) {
      ++failed;
      continue;
    }
    for (std::size_t i = 0; i < families.size(); ++i) u[i].push_back(points.at(i, k));
    y.push_back(results[k]);
  }
}

PolynomialChaos fit_terms(std::span<const PolynomialFamily> families, const MultiIndices& terms,
                          const ChaosRuns& runs) {
  return PolynomialChaos(fitted_terms(families, terms, runs).fit);
}

PolynomialChaos fit_chaos(const ChaosOptions& o, const ChaosRuns& runs) {
  check_chaos(o, runs);
  const std::size_t n = runs.y.size();
  const std::vector<PolynomialFamily> families = chaos_families(o, runs.u.size());
  const std::vector<std::size_t> order = permutation(n, core::Draw{o.seed}, ChaosFoldsWhat);
  std::vector<std::size_t> fold_of(n);
  for (std::size_t k = 0; k < n; ++k) fold_of[order[k]] = k % o.folds;
  const auto learnt = [&](const ChaosRuns& from) {
    return fitted_terms(families, learnt_terms(o, families, from), from);
  };
  FittedTerms all;
  std::vector<double> folds(o.folds);
  // That from all runs is the longest work, so it comes first.
  core::for_each_member(o.folds + 1, o.threads, [&](std::size_t member) {
    if (member == 0) {
      all = learnt(runs);
      return;
    }
    const std::size_t fold = member - 1;
    const PolynomialChaos others(learnt(runs_of(runs, fold_of, fold, FoldPart::Others)).fit);
    const ChaosRuns held = runs_of(runs, fold_of, fold, FoldPart::Fold);
    std::vector<double> missed(held.y.size());
    others.value(RunColumns(held).points, missed);
    for (std::size_t k = 0; k < missed.size(); ++k) missed[k] -= held.y[k];
    folds[fold] = lane_product(missed.data(), missed.data(), missed.size()) /
                  static_cast<double>(missed.size());
  });
  all.fit.error = chaos_error(folds, all.fit, all.squares, o.confidence);
  return PolynomialChaos(std::move(all.fit));
}

PolynomialChaos fit_chaos(const ChaosOptions& o, const Points& points, std::span<const double> y) {
  ChaosRuns runs;
  runs.add(chaos_families(o, points.columns.size()), points, y);
  return fit_chaos(o, runs);
}

}  // namespace twin::uq
