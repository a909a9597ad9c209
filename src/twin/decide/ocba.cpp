#include "twin/decide/ocba.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/math/sums.hpp"
#include "twin/score/checked.hpp"

namespace twin::decide {
namespace {

void normalise(std::vector<double>& weight) {
  const double total = math::compensated_sum(weight);
  if (!(total > 0.0)) {
    std::ranges::fill(weight, 1.0 / static_cast<double>(weight.size()));
    return;
  }
  for (double& w : weight) w /= total;
}

// (sigma_i / delta_i)^2 for all but the best, whose entry is 0. Scaled by the largest, so that
// no square leaves the range of doubles.
std::vector<double> rivals(std::span<const double> behind, std::span<const double> deviation,
                           std::size_t best, double least) {
  TWIN_EXPECT(behind.size() == deviation.size() && best < behind.size() && least > 0.0,
              behind.size(), deviation.size(), best, least);
  std::vector<double> ratio(behind.size(), 0.0);
  double largest = 0.0;
  for (std::size_t i = 0; i < behind.size(); ++i) {
    if (i == best) continue;
    TWIN_EXPECT(behind[i] >= 0.0 && deviation[i] >= 0.0, i, behind[i], deviation[i]);
    ratio[i] = deviation[i] / std::max(behind[i], least);
    largest = std::max(largest, ratio[i]);
  }
  if (largest > 0.0) {
    for (double& r : ratio) r = (r / largest) * (r / largest);
  }
  return ratio;
}

}  // namespace

std::vector<double> ocba_shares(std::span<const double> behind, std::span<const double> deviation,
                                std::size_t best, double least) {
  std::vector<double> n = rivals(behind, deviation, best, least);
  double squares = 0.0;  // of N_i / sigma_i
  for (std::size_t i = 0; i < n.size(); ++i) {
    if (n[i] > 0.0) squares += (n[i] / deviation[i]) * (n[i] / deviation[i]);
  }
  n[best] = deviation[best] * std::sqrt(squares);
  // The best alone varies: everything to it. The other way round N_b = 0 is right too.
  if (squares == 0.0 && deviation[best] > 0.0) n[best] = 1.0;
  normalise(n);
  return n;
}

std::vector<double> ocba_paired_shares(std::span<const double> behind,
                                       std::span<const double> deviation_of_difference,
                                       std::size_t best, double least) {
  std::vector<double> n = rivals(behind, deviation_of_difference, best, least);
  n[best] = *std::ranges::max_element(n);
  normalise(n);
  return n;
}

std::vector<std::uint64_t> next_runs(std::span<const double> shares,
                                     std::span<const std::uint64_t> have, std::uint64_t more) {
  TWIN_EXPECT(shares.size() == have.size() && !shares.empty(), shares.size(), have.size());
  const std::size_t k = shares.size();
  std::vector<std::uint8_t> gets(k, 1);
  std::vector<double> wants(k, 0.0);
  double total = 0.0;
  for (bool again = true; again;) {  // at most k times: each time somebody falls out
    again = false;
    double share = 0.0;
    total = static_cast<double>(more);
    for (std::size_t i = 0; i < k; ++i) {
      if (gets[i] != 0) share += shares[i], total += static_cast<double>(have[i]);
    }
    for (std::size_t i = 0; i < k; ++i) {
      if (gets[i] == 0) continue;
      wants[i] = (share > 0.0 ? total * (shares[i] / share) : 0.0) - static_cast<double>(have[i]);
      if (wants[i] > 0.0) continue;
      wants[i] = 0.0;
      gets[i] = 0;
      again = true;
    }
  }
  double wanted = math::compensated_sum(wants);
  if (!(wanted > 0.0)) {  // rounding left nobody: all as they should be
    std::ranges::copy(shares, wants.begin());
    wanted = math::compensated_sum(wants);
  }
  std::vector<std::uint64_t> runs(k, 0);
  std::vector<double> rest(k, 0.0);
  std::uint64_t given = 0;
  for (std::size_t i = 0; i < k; ++i) {
    const double exact = static_cast<double>(more) * (wants[i] / wanted);
    const double whole = std::min(std::floor(exact), static_cast<double>(more - given));
    runs[i] = static_cast<std::uint64_t>(whole);
    rest[i] = exact - whole;
    given += runs[i];
  }
  std::vector<std::size_t> order(k);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return rest[a] > rest[b]; });
  for (std::size_t j = 0; given < more; ++j, ++given) ++runs[order[j % k]];
  return runs;
}

Ocba::Ocba(std::size_t alternatives, const OcbaOptions& options) : options_(options) {
  if (alternatives == 0)
    throw core::Error("no alternatives (needs at least one); was everything filtered out?");
  if (!(options.confidence > 0.0 && options.confidence <= 1.0)) {
    throw core::Error("confidence = " + core::show_values(options.confidence) +
                      " (must lie above 0, at most 1); is it in percent?");
  }
  score::need_finite(options.indifference, "indifference");
  if (options.indifference < 0.0) {
    throw core::Error("indifference = " + core::show_values(options.indifference) +
                      " (must not be negative)");
  }
  if (options.first < 2 || options.step < 1) {
    throw core::Error("first = " + std::to_string(options.first) +
                      ", step = " + std::to_string(options.step) +
                      " (at least 2 first replications, then at least 1 run at a time)");
  }
  results_.resize(alternatives);
  alone_.resize(alternatives);
  against_.resize(alternatives);
  if (alternatives == 1) return;  // decided without a run
  expect_budget_for_first(options.budget, alternatives, options.first);
  stand_ = Stand::Open;
  for (std::size_t i = 0; i < alternatives; ++i) wanted_.push_back({i, 0, options.first});
}

// A floor for gaps: the indifference, or a thousandth of the best's nearest standard error where that
// is 0, which is too small to show in any share unless there are equals.
std::vector<double> Ocba::shares() const {
  const std::size_t k = results_.size();
  std::vector<double> behind(k, 0.0), deviation(k, 0.0);
  double smallest = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < k; ++i) {
    const bool pairs = options_.randomness == Randomness::Common && i != best_;
    const math::Moments& m = pairs ? against_[i] : alone_[i];
    const double gap = pairs ? m.mean() : m.mean() - alone_[best_].mean();
    behind[i] = std::max(0.0, gap) + options_.indifference;
    deviation[i] = m.deviation();
    if (deviation[i] > 0.0)
      smallest = std::min(smallest, deviation[i] / std::sqrt(static_cast<double>(m.count())));
  }
  const double least = std::isfinite(smallest) ? std::max(1e-3 * smallest, 1e-300) : 1.0;
  return options_.randomness == Randomness::Common
             ? ocba_paired_shares(behind, deviation, best_, least)
             : ocba_shares(behind, deviation, best_, least);
}

std::vector<Runs> Ocba::next() const {
  std::vector<std::uint64_t> have;
  for (const auto& r : results_) have.push_back(r.size());
  const std::vector<std::uint64_t> runs =
      next_runs(shares(), have, std::min(options_.step, options_.budget - spent_));
  std::vector<Runs> wanted;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (runs[i] > 0) wanted.push_back({i, have[i], runs[i]});
  }
  return wanted;
}

void Ocba::take(std::span<const double> values) {
  TWIN_EXPECT(!wanted_.empty() && values.size() == runs_in(wanted_), values.size(),
              runs_in(wanted_));
  score::need_finite(values, "results");
  spent_ += values.size();
  for (const Runs& w : wanted_) {
    for (const double x : values.first(w.count)) {
      results_[w.alternative].push_back(x);
      alone_[w.alternative].add(x);
    }
    values = values.subspan(w.count);
  }
  std::size_t best = 0;
  for (std::size_t i = 1; i < alone_.size(); ++i) {
    if (alone_[i].mean() < alone_[best].mean()) best = i;
  }
  if (best != best_) against_.assign(alone_.size(), {});
  best_ = best;
  if (options_.randomness == Randomness::Common) {
    for (std::size_t i = 0; i < results_.size(); ++i) {
      if (i == best_) continue;
      const std::size_t both = std::min(results_[i].size(), results_[best_].size());
      for (auto r = static_cast<std::size_t>(against_[i].count()); r < both; ++r)
        against_[i].add(results_[i][r] - results_[best_][r]);
    }
  }
  if (options_.confidence < 1.0 && probability() >= options_.confidence) {
    stand_ = Stand::Decided;
  } else if (spent_ >= options_.budget) {
    stand_ = Stand::BudgetSpent;
  }
  wanted_ = stand_ == Stand::Open ? next() : std::vector<Runs>{};
}

std::span<const double> Ocba::results(std::size_t alternative) const {
  TWIN_EXPECT(alternative < results_.size(), alternative, results_.size());
  return results_[alternative];
}

double Ocba::probability() const {
  if (results_.size() < 2) return 1.0;
  if (spent_ == 0) return 0.0;
  const bool common = options_.randomness == Randomness::Common;
  std::vector<Gap> gaps;
  for (std::size_t i = 0; i < results_.size(); ++i) {
    if (i == best_) continue;
    gaps.push_back(common ? gap_paired(against_[i]) : gap_apart(alone_[best_], alone_[i]));
  }
  return probability_of_selection(gaps, options_.indifference,
                                  common ? Bound::Bonferroni : Bound::Slepian);
}

}  // namespace twin::decide
