#include "twin/decide/steering.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/math/sums.hpp"
#include "twin/score/checked.hpp"
#include "twin/score/normal.hpp"
#include "twin/uq/linear_design.hpp"

namespace twin::decide {
namespace {

using Rows = std::vector<std::vector<double>>;

double along_steering(std::span<const double> a, std::span<const double> b) {
  double sum = 0.0;
  for (std::size_t j = 0; j < a.size(); ++j) sum += a[j] * b[j];
  return sum;
}

// What is left of rows when all questions are answered: without their part along the questions' rows,
// which are made orthonormal on the way (twice, W. Kahan: then they are).
Rows without(Rows rows, Rows questions) {
  std::vector<std::vector<double>> basis;
  for (auto& q : questions) {
    const double before = along_steering(q, q);
    for (int twice = 0; twice < 2; ++twice) {
      for (const auto& b : basis) {
        const double c = along_steering(q, b);
        for (std::size_t j = 0; j < q.size(); ++j) q[j] -= c * b[j];
      }
    }
    const double left = along_steering(q, q);
    if (!(left > 1e-24 * before)) continue;  // it follows from the others
    const double length = std::sqrt(left);
    for (double& x : q) x /= length;
    basis.push_back(q);
  }
  for (auto& row : rows) {
    for (const auto& b : basis) {
      const double c = along_steering(row, b);
      for (std::size_t j = 0; j < row.size(); ++j) row[j] -= c * b[j];
    }
  }
  return rows;
}

// I(questions; y_i | taken) = H(y_i | taken) - H(y_i | taken, questions).
struct OnAsked {
  uq::LinearDesign all, known;  // known: given the answers
  [[nodiscard]] std::size_t size() const { return all.size(); }
  [[nodiscard]] double gain(std::size_t i) const {
    return std::max(0.0, all.information(i) - known.information(i));
  }
  void take(std::size_t i) {
    all.take(i);
    known.take(i);
  }
};

struct ForDecision {
  uq::LinearDesign design;
  double mean = 0.0;   // of the difference
  double prior = 0.0;  // its variance at first
  [[nodiscard]] std::size_t size() const { return design.size(); }
  [[nodiscard]] double moved() const { return std::max(0.0, prior - design.variance(0)); }
  [[nodiscard]] double gain(std::size_t i) const {
    const double now = worth_of_learning(mean, std::sqrt(moved()));
    const double then = worth_of_learning(mean, std::sqrt(moved() + design.variance_removed(i)));
    return std::max(0.0, then - now);
  }
  void take(std::size_t i) { design.take(i); }
};

void check_steering(const Steering& s, Aim aim, double budget, std::span<const std::size_t> fixed) {
  if (s.seen.empty()) throw core::Error("no candidates (needs at least one to measure)");
  if (s.seen.front().size() < 2)
    throw core::Error(std::to_string(s.seen.front().size()) +
                      " members (needs at least 2 to vary)");
  if (!s.cost.empty()) score::need_same_length(s.seen.size(), "candidates", s.cost.size(), "costs");
  if (!s.weight.empty())
    score::need_same_length(s.asked.size(), "questions", s.weight.size(), "weights");
  for (const double w : s.weight) score::need_positive(w, "weight");
  score::need_finite(budget, "budget");
  if (aim == Aim::Decision ? s.asked.size() != 1 : aim != Aim::Information && s.asked.empty()) {
    throw core::Error(
        std::to_string(s.asked.size()) +
        " questions (a decision hangs on one difference, other aims on at least one)");
  }
  if (aim == Aim::Decision && !s.weight.empty())
    throw core::Error("a weight (a decision has one question, in its own unit)");
  for (const std::size_t i : fixed) TWIN_EXPECT(i < s.seen.size(), i, s.seen.size());
}

// The greedy choice among those that are not fixed.
template <class Criterion>
uq::Picked picked_by(Criterion criterion, const Steering& s, double budget,
                     std::span<const std::size_t> fixed, uq::Gains gains) {
  for (const std::size_t i : fixed) criterion.take(i);
  // What is fixed would not be picked again but with fresh noise, so it is made too dear to be.
  std::vector<double> costs = s.cost.empty() ? std::vector<double>(s.seen.size(), 1.0) : s.cost;
  const double dear = 2.0 * std::abs(budget) + 1.0;
  for (const std::size_t i : fixed) costs[i] = dear;
  if (s.cost.empty()) {  // all alike: the plain greedy choice, whose bound is the better one
    struct Left {
      Criterion criterion;
      std::vector<std::size_t> which;
      [[nodiscard]] std::size_t size() const { return which.size(); }
      [[nodiscard]] double gain(std::size_t i) const { return criterion.gain(which[i]); }
      void take(std::size_t i) { criterion.take(which[i]); }
    };
    Left left{std::move(criterion), {}};
    for (std::size_t i = 0; i < costs.size(); ++i) {
      if (costs[i] < dear) left.which.push_back(i);
    }
    const std::vector<std::size_t> which = left.which;
    const double most = std::clamp(std::floor(budget), 0.0, static_cast<double>(which.size()));
    uq::Picked picked = uq::greedy(std::move(left), static_cast<std::size_t>(most), gains);
    for (std::size_t& i : picked.order) i = which[i];
    return picked;
  }
  return uq::greedy_within(criterion, costs, budget, gains);
}

}  // namespace

double worth_of_learning(double mean, double moved) {
  if (!(moved > 0.0)) return 0.0;
  return moved * score::normal_area_below(-std::abs(mean) / moved);
}

SteeringPlan steer(const Steering& s, Aim aim, double budget, std::span<const std::size_t> fixed) {
  check_steering(s, aim, budget, fixed);
  Rows asked = s.asked;
  // Constructed first: it checks all rows. Weights go with the square root into the rows.
  for (std::size_t q = 0; q < asked.size() && !s.weight.empty(); ++q) {
    for (double& x : asked[q]) x *= std::sqrt(s.weight[q]);
  }
  const uq::LinearDesign design = uq::LinearDesign::of_members(s.seen, s.noise, asked);
  uq::Picked picked;
  SteeringPlan plan;
  const double bound = s.cost.empty() ? uq::GreedyBound : uq::GreedyBudgetBound;
  switch (aim) {
    case Aim::Information:
      picked = picked_by(uq::MostInformation{design}, s, budget, fixed, uq::Gains::Diminishing);
      plan.bound = bound;
      break;
    case Aim::InformationOnAsked: {
      Rows seen = s.seen;
      uq::to_anomalies(seen);
      uq::to_anomalies(asked);
      const uq::LinearDesign known(without(seen, asked), s.noise, {});
      picked = picked_by(OnAsked{design, known}, s, budget, fixed, uq::Gains::Any);
      break;
    }
    case Aim::Variance:
      picked = picked_by(uq::LeastVariance{design}, s, budget, fixed, uq::Gains::Any);
      break;
    case Aim::Decision: {
      const auto n = static_cast<double>(asked[0].size());
      const double mean = math::compensated_sum(asked[0]) / n;
      picked = picked_by(ForDecision{design, mean, design.variance(0)}, s, budget, fixed,
                         uq::Gains::Any);
    }
  }
  uq::LinearDesign after = design;
  for (const std::size_t i : fixed) after.take(i);
  plan.variance_before = after.variance_left();
  for (const std::size_t i : picked.order) after.take(i);
  plan.variance_after = after.variance_left();
  plan.order = std::move(picked.order);
  plan.gains = std::move(picked.gains);
  plan.value = picked.value;
  plan.cost = picked.cost;
  return plan;
}

}  // namespace twin::decide
