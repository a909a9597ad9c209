#include "twin/uq/value_of_information.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "twin/core/error.hpp"
#include "twin/math/statistics.hpp"
#include "twin/math/sums.hpp"
#include "twin/score/checked.hpp"
#include "twin/score/normal.hpp"

namespace twin::uq {
namespace {

using core::Error;
using Benefits = std::span<const std::vector<double>>;  // [decision][sample]

constexpr std::size_t Folds = 5, SamplesOfPiece = 20;

void check_benefits(Benefits benefits) {
  if (benefits.size() < 2)
    throw Error(
        fmt::format("{} decisions (at least 2: one alone needs no information)", benefits.size()));
  for (const auto& of : benefits)
    score::need_same_length(of.size(), "benefits of a decision", benefits[0].size(),
                            "of the first");
}

bool is_number(Benefits benefits, std::size_t sample) {
  return std::ranges::all_of(benefits, [&](const auto& of) { return std::isfinite(of[sample]); });
}

// Samples in which all are numbers, seen too if there is any.
std::vector<std::size_t> usable(Benefits benefits, std::span<const double> seen,
                                std::size_t at_least) {
  std::vector<std::size_t> kept;
  for (std::size_t s = 0; s < benefits[0].size(); ++s)
    if (is_number(benefits, s) && (seen.empty() || std::isfinite(seen[s]))) kept.push_back(s);
  if (kept.size() < at_least)
    throw Error(fmt::format("{} of {} samples have all numbers (at least {})", kept.size(),
                            benefits[0].size(), at_least));
  return kept;
}

std::size_t best_on_average(Benefits benefits, std::span<const std::size_t> samples) {
  std::vector<double> sums;
  for (const auto& of : benefits) {
    math::Sum sum;
    for (const std::size_t s : samples) sum.add(of[s]);
    sums.push_back(sum.value());
  }
  return static_cast<std::size_t>(std::ranges::max_element(sums) - sums.begin());
}

double error_of_mean(const math::Moments& m) {
  return m.deviation() / std::sqrt(static_cast<double>(m.count()));
}

// A straight line by least squares; level where x does not vary.
struct LineSums {
  double n = 0.0, x = 0.0, y = 0.0, xx = 0.0, xy = 0.0;
  void add(const LineSums& o, double sign) {
    n += sign * o.n;
    x += sign * o.x;
    y += sign * o.y;
    xx += sign * o.xx;
    xy += sign * o.xy;
  }
  [[nodiscard]] BenefitLine line() const {
    const double varied = xx - x * x / n;
    const double slope = varied > 1e-12 * xx ? (xy - x * y / n) / varied : 0.0;
    return {.intercept = (y - slope * x) / n, .slope = slope};
  }
};

struct Decided {
  std::size_t decision = 0;
  double benefit = 0.0;
};
Decided decided(std::span<const BenefitLine> lines, double x) {
  Decided best;
  for (std::size_t d = 0; d < lines.size(); ++d) {
    const double benefit = lines[d].intercept + lines[d].slope * x;
    if (d == 0 || benefit > best.benefit) best = {.decision = d, .benefit = benefit};
  }
  return best;
}

// low and high of the samples of a piece, in the order of what is seen.
void add_piece(Benefits benefits, std::span<const double> seen, std::size_t usual,
               std::span<const std::size_t> samples, math::Moments& low, math::Moments& high) {
  const std::size_t decisions = benefits.size();
  const double middle = seen[samples[samples.size() / 2]];  // so that little is lost in squares
  std::vector<BenefitLine> all(decisions);
  std::array<std::vector<BenefitLine>, Folds> others;
  others.fill(all);
  for (std::size_t d = 0; d < decisions; ++d) {
    std::array<LineSums, Folds> of{};
    LineSums whole;
    for (std::size_t k = 0; k < samples.size(); ++k) {
      const double x = seen[samples[k]] - middle, y = benefits[d][samples[k]];
      of[k % Folds].add({.n = 1, .x = x, .y = y, .xx = x * x, .xy = x * y}, 1);
    }
    for (const LineSums& fold : of) whole.add(fold, 1);
    all[d] = whole.line();
    for (std::size_t fold = 0; fold < Folds; ++fold) {
      LineSums without = whole;
      without.add(of[fold], -1);
      others[fold][d] = without.line();
    }
  }
  for (std::size_t k = 0; k < samples.size(); ++k) {
    const double x = seen[samples[k]] - middle;
    high.add(decided(all, x).benefit - all[usual].intercept - all[usual].slope * x);
    low.add(benefits[decided(others[k % Folds], x).decision][samples[k]] -
            benefits[usual][samples[k]]);
  }
}

}  // namespace

ValueOfInformation value_of_perfect_information(Benefits benefits) {
  check_benefits(benefits);
  const std::vector<std::size_t> samples = usable(benefits, {}, 2);
  const std::size_t usual = best_on_average(benefits, samples);
  math::Moments gain;
  for (const std::size_t s : samples) {
    double best = benefits[0][s];
    for (const auto& of : benefits) best = std::max(best, of[s]);
    gain.add(best - benefits[usual][s]);
  }
  return {.value = gain.mean(),
          .standard_error = error_of_mean(gain),
          .low = gain.mean(),
          .high = gain.mean(),
          .failed = benefits[0].size() - samples.size()};
}

ValueOfInformation value_of_knowing(Benefits benefits, std::span<const double> seen,
                                    std::size_t pieces) {
  check_benefits(benefits);
  score::need_same_length(seen.size(), "numbers seen", benefits[0].size(), "samples");
  if (pieces == 0) throw Error("samples in 0 pieces (at least 1)");
  std::vector<std::size_t> samples = usable(benefits, seen, SamplesOfPiece * pieces);
  const std::size_t usual = best_on_average(benefits, samples);
  std::ranges::stable_sort(samples, {}, [&](std::size_t s) { return seen[s]; });
  math::Moments low, high;
  for (std::size_t piece = 0; piece < pieces; ++piece) {
    const std::size_t from = piece * samples.size() / pieces,
                      to = (piece + 1) * samples.size() / pieces;
    add_piece(benefits, seen, usual, std::span(samples).subspan(from, to - from), low, high);
  }
  // Lines with an error of variance v make high too large by v / 2 times the density of a tie, and, of four fifths of
  // the samples, low too small by 5/4 of that.
  constexpr double More = static_cast<double>(Folds) / (Folds - 1);
  return {.value = (low.mean() + More * high.mean()) / (1 + More),
          .standard_error = error_of_mean(low),
          .low = low.mean(),
          .high = high.mean(),
          .failed = seen.size() - samples.size()};
}

ValueOfInformation value_of_knowing_nested(Benefits benefits, std::size_t inner) {
  check_benefits(benefits);
  const std::size_t decisions = benefits.size(), all = benefits[0].size();
  if (inner < 2 || inner % 2 != 0 || all == 0 || all % inner != 0)
    throw Error(
        fmt::format("{} benefits of {} draws each (an even number, whole times)", all, inner));
  ValueOfInformation result;
  std::array<std::vector<std::vector<double>>, 2> halves;  // [half][n][decision]
  std::vector<double> sums(decisions, 0.0);
  for (std::size_t from = 0; from < all; from += inner) {
    std::array<std::vector<double>, 2> mean;
    mean.fill(std::vector<double>(decisions, 0.0));
    std::array<std::size_t, 2> count{};
    for (std::size_t m = 0; m < inner; ++m) {
      if (!is_number(benefits, from + m)) {
        ++result.failed;
        continue;
      }
      const std::size_t half = 2 * m / inner;
      ++count[half];
      for (std::size_t d = 0; d < decisions; ++d) mean[half][d] += benefits[d][from + m];
    }
    if (count[0] == 0 || count[1] == 0) continue;
    for (std::size_t half = 0; half < 2; ++half) {
      for (double& x : mean[half]) x /= static_cast<double>(count[half]);
      for (std::size_t d = 0; d < decisions; ++d) sums[d] += mean[half][d];
      halves[half].push_back(std::move(mean[half]));
    }
  }
  if (halves[0].size() < 2)
    throw Error(fmt::format("{} of {} have numbers in both halves (at least 2)", halves[0].size(),
                            all / inner));
  const auto largest = [](const std::vector<double>& x) {
    return static_cast<std::size_t>(std::ranges::max_element(x) - x.begin());
  };
  const std::size_t usual = largest(sums);
  math::Moments low, high, value;
  std::vector<double> mean(decisions);
  for (std::size_t n = 0; n < halves[0].size(); ++n) {
    const std::vector<double>&a = halves[0][n], &b = halves[1][n];
    for (std::size_t d = 0; d < decisions; ++d) mean[d] = 0.5 * (a[d] + b[d]);
    high.add(mean[largest(mean)] - mean[usual]);
    const double others = 0.5 * (b[largest(a)] + a[largest(b)]) - mean[usual];
    low.add(others);
    // A half's mean has twice the variance of the whole's, see above.
    value.add((others + 2 * (mean[largest(mean)] - mean[usual])) / 3);
  }
  result.value = value.mean();
  result.standard_error = error_of_mean(value);
  result.low = low.mean();
  result.high = high.mean();
  return result;
}

double value_of_normal_experiment(std::span<const BenefitLine> decisions,
                                  const NormalExperiment& e) {
  if (decisions.size() < 2)
    throw Error(
        fmt::format("{} decisions (at least 2: one alone needs no information)", decisions.size()));
  score::need_finite(e.mean, "mean");
  score::need_positive(e.deviation, "deviation");
  score::need_finite(e.error, "error");
  if (e.error < 0.0 || e.observations == 0)
    throw Error(fmt::format("{} observations with an error of {} (at least 1, and 0)",
                            e.observations, e.error));
  const double moved =
      e.deviation /
      std::hypot(1.0, e.error / e.deviation / std::sqrt(static_cast<double>(e.observations)));
  std::vector<BenefitLine> lines;  // of a standard normal number
  for (const BenefitLine& d : decisions) {
    score::need_finite(d.intercept, "intercept");
    score::need_finite(d.slope, "slope");
    lines.push_back({.intercept = d.intercept + d.slope * e.mean, .slope = d.slope * moved});
  }
  std::ranges::sort(lines, [](const BenefitLine& a, const BenefitLine& b) {
    return a.slope < b.slope || (a.slope == b.slope && a.intercept < b.intercept);
  });
  const auto corner = [](const BenefitLine& a, const BenefitLine& b) {
    return (a.intercept - b.intercept) / (b.slope - a.slope);
  };
  std::vector<BenefitLine> hull;
  for (const BenefitLine& line : lines) {
    if (!hull.empty() && hull.back().slope == line.slope) hull.pop_back();
    while (hull.size() >= 2 &&
           corner(hull.back(), line) <= corner(hull[hull.size() - 2], hull.back()))
      hull.pop_back();
    hull.push_back(line);
  }
  double value = 0.0;
  for (std::size_t k = 1; k < hull.size(); ++k) {
    const double z = -std::abs(corner(hull[k - 1], hull[k]));
    value += (hull[k].slope - hull[k - 1].slope) * std::max(0.0, score::normal_area_below(z));
  }
  return value;
}

}  // namespace twin::uq
