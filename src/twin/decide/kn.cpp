#include "twin/decide/kn.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/decide/correct_selection.hpp"
#include "twin/math/statistics.hpp"
#include "twin/score/checked.hpp"

namespace twin::decide {

KnConstants kn_constants(std::size_t alternatives, double confidence, std::uint64_t first) {
  TWIN_EXPECT(alternatives >= 2 && first >= 2, alternatives, first);
  const double each = 2.0 * (1.0 - confidence) / static_cast<double>(alternatives - 1);
  const auto degrees = static_cast<double>(first - 1);
  const double eta = 0.5 * std::expm1(-2.0 / degrees * std::log(each));
  return {.eta = eta, .h_squared = 2.0 * eta * degrees};
}

Kn::Kn(std::size_t alternatives, const KnOptions& options) : options_(options) {
  if (alternatives == 0)
    throw core::Error("no alternatives (needs at least one); was everything filtered out?");
  score::need_positive(options.indifference, "indifference");
  score::need_level(options.confidence, "confidence");
  if (options.first < 2 || options.step < 1) {
    throw core::Error("first = " + std::to_string(options.first) +
                      ", step = " + std::to_string(options.step) +
                      " (at least 2 first replications, then at least 1 at a time)");
  }
  if (!(options.confidence > 1.0 / static_cast<double>(alternatives)) && alternatives > 1) {
    throw core::Error("confidence = " + core::show_values(options.confidence) +
                      " (must be above what a blind choice of " + std::to_string(alternatives) +
                      " has)");
  }
  sums_.resize(alternatives);
  judged_.resize(alternatives);
  in_.assign(alternatives, 1);
  if (alternatives == 1) return;  // decided without a run
  expect_budget_for_first(options.budget, alternatives, options.first);
  stand_ = Stand::Open;
}

std::vector<Runs> Kn::wanted() const {
  std::vector<Runs> wanted;
  if (stand_ != Stand::Open) return wanted;
  const std::vector<std::size_t> still = left();
  std::uint64_t count = options_.first;
  if (stage_ > 0) count = std::min(options_.step, (options_.budget - spent_) / still.size());
  for (const std::size_t i : still) wanted.push_back({i, stage_, count});
  return wanted;
}

void Kn::take(std::span<const double> values) {
  const std::vector<Runs> wanted = this->wanted();
  TWIN_EXPECT(!wanted.empty() && values.size() == runs_in(wanted), values.size(), runs_in(wanted));
  score::need_finite(values, "results");
  const std::uint64_t count = wanted.front().count;
  const bool first = stage_ == 0;
  if (first) {
    const std::size_t k = in_.size();
    variances_.assign(k * k, 0.0);
    for (std::size_t i = 0; i < k; ++i) {
      for (std::size_t l = i + 1; l < k; ++l) {
        math::Moments difference;
        for (std::size_t j = 0; j < count; ++j)
          difference.add(values[i * count + j] - values[l * count + j]);
        variances_[i * k + l] = variances_[l * k + i] = difference.variance();
      }
    }
  }
  spent_ += values.size();
  for (std::uint64_t j = 0; j < count && stand_ == Stand::Open; ++j) {
    for (std::size_t w = 0; w < wanted.size(); ++w) {
      const std::size_t i = wanted[w].alternative;
      if (in_[i] == 0) continue;  // eliminated within this step: its other runs are not looked at
      sums_[i].add(values[w * count + j]);
      ++judged_[i];
    }
    ++stage_;
    if (stage_ >= options_.first) screen();
  }
  if (stand_ == Stand::Open && options_.budget - spent_ < left().size())
    stand_ = Stand::BudgetSpent;
}

// i stays if X_i <= X_l + W_il for all l that were in, W_il = max(0, delta / (2 r) (h^2 S_il^2 /
// delta^2 - r)). When r has passed the largest h^2 S^2 / delta^2 of those left, all W are 0 and only
// equals are left.
void Kn::screen() {
  const std::vector<std::size_t> old = left();
  const double h2 = kn_constants(in_.size(), options_.confidence, options_.first).h_squared;
  const double delta = options_.indifference;
  const auto r = static_cast<double>(stage_);
  double longest = 0.0;
  for (const std::size_t i : old) {
    const double mine = mean(i);
    for (const std::size_t l : old) {
      if (l == i) continue;
      const double width = delta / (2.0 * r) * (h2 * variance(i, l) / (delta * delta) - r);
      if (mine > mean(l) + std::max(0.0, width)) {
        in_[i] = 0;
        break;
      }
    }
  }
  const std::vector<std::size_t> still = left();
  for (const std::size_t i : still) {
    for (const std::size_t l : still) longest = std::max(longest, h2 * variance(i, l));
  }
  if (still.size() == 1 || r * (delta * delta) > longest) stand_ = Stand::Decided;
}

std::vector<std::size_t> Kn::left() const {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < in_.size(); ++i) {
    if (in_[i] != 0) out.push_back(i);
  }
  return out;
}

double Kn::mean(std::size_t alternative) const {
  const std::uint64_t n = judged(alternative);
  return n == 0 ? 0.0 : sums_[alternative].value() / static_cast<double>(n);
}

std::uint64_t Kn::judged(std::size_t alternative) const {
  TWIN_EXPECT(alternative < judged_.size(), alternative, judged_.size());
  return judged_[alternative];
}

std::size_t Kn::best() const {
  const std::vector<std::size_t> still = left();
  TWIN_EXPECT(!still.empty());
  std::vector<double> means;
  for (const std::size_t i : still) means.push_back(mean(i));
  return still[least_of(means)];
}

std::optional<std::uint64_t> Kn::most() const {
  if (variances_.empty()) return std::nullopt;
  if (stand_ != Stand::Open) return stage_;
  const double h2 = kn_constants(in_.size(), options_.confidence, options_.first).h_squared;
  double largest = 0.0;
  for (const std::size_t i : left()) {
    for (const std::size_t l : left()) largest = std::max(largest, variance(i, l));
  }
  const double n = std::floor(h2 * largest / (options_.indifference * options_.indifference)) + 1.0;
  if (!(n < 9e15)) return std::numeric_limits<std::uint64_t>::max();
  return std::max(stage_, static_cast<std::uint64_t>(n));
}

double Kn::probability() const {
  if (in_.size() < 2) return 1.0;
  if (stand_ == Stand::Decided) return options_.confidence;
  if (variances_.empty()) return 0.0;
  const std::vector<std::size_t> still = left();
  const std::size_t b = best();
  std::vector<Gap> gaps;
  for (const std::size_t i : still) {
    if (i == b) continue;
    gaps.push_back({.behind = mean(i) - mean(b),
                    .standard_error = std::sqrt(variance(i, b) / static_cast<double>(stage_)),
                    .degrees = static_cast<double>(options_.first - 1)});
  }
  const double used = (1.0 - options_.confidence) * static_cast<double>(in_.size() - still.size()) /
                      static_cast<double>(in_.size() - 1);
  return std::max(0.0, probability_of_selection(gaps, options_.indifference) - used);
}

}  // namespace twin::decide
