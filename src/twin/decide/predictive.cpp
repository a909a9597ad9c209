#include "twin/decide/predictive.hpp"

#include <algorithm>
#include <string>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/decide/quadratic_program.hpp"

namespace twin::decide {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

void need_size(const VectorXd& v, Index n, const char* what) {
  if (v.size() != n) {
    throw core::Error(std::string(what) + " has " + std::to_string(v.size()) +
                      " numbers (must be " + std::to_string(n) + ")");
  }
}

void need_numbers(const VectorXd& v, Index n, const char* what) {
  need_size(v, n, what);
  if (!v.allFinite())
    throw core::Error(std::string(what) + " (must be finite); was a missing value left in?");
}

void check_predictive(const LinearPlant& p, const PredictiveOptions& o) {
  const Index n = p.a.rows(), knobs = p.b.cols(), outputs = p.c.rows();
  if (n == 0 || knobs == 0 || outputs == 0 || p.a.cols() != n || p.b.rows() != n || p.c.cols() != n)
    throw core::Error("plant (shapes of A, B and C do not belong together)");
  if (!p.a.allFinite() || !p.b.allFinite() || !p.c.allFinite())
    throw core::Error("plant (must be finite); was a missing value left in?");
  if (o.horizon < 1 || o.moves < 1 || o.moves > o.horizon) {
    throw core::Error("horizon = " + std::to_string(o.horizon) + ", moves = " +
                      std::to_string(o.moves) + " (1 move at least, and no more than the horizon)");
  }
  need_numbers(o.output_weight, outputs, "output_weight");
  need_numbers(o.move_weight, knobs, "move_weight");
  need_size(o.low, knobs, "low");
  need_size(o.high, knobs, "high");
  need_size(o.most_change, knobs, "most_change");
  if (!(o.output_weight.minCoeff() >= 0.0))
    throw core::Error("output_weight (must not be negative)");
  if (!(o.move_weight.minCoeff() > 0.0)) {
    throw core::Error(
        "move_weight (must be positive); without it moves have no cost and no answer");
  }
  for (Index j = 0; j < knobs; ++j) {
    if (!(o.low[j] <= o.high[j]))
      throw core::Error("bounds of knob " + std::to_string(j) +
                        " (low must not be above high); are they swapped?");
    if (!(o.most_change[j] > 0.0))
      throw core::Error("most_change of knob " + std::to_string(j) + " (must be positive)");
  }
}

}  // namespace

PredictiveControl::PredictiveControl(const LinearPlant& plant, const PredictiveOptions& options)
    : plant_(plant), options_(options) {
  check_predictive(plant, options);
  const auto steps = static_cast<Index>(options.horizon), moves = static_cast<Index>(options.moves);
  const Index n = plant.a.rows(), knobs = plant.b.cols(), outputs = plant.c.rows();
  free_.resize(steps * outputs, n);
  forced_ = MatrixXd::Zero(steps * outputs, moves * knobs);
  MatrixXd power = MatrixXd::Identity(n, n);            // A^k
  MatrixXd reached = MatrixXd::Zero(n, moves * knobs);  // x_k by knobs
  for (Index k = 0; k < steps; ++k) {
    power = plant.a * power;
    reached = plant.a * reached;
    reached.middleCols(std::min(k, moves - 1) * knobs, knobs) += plant.b;
    free_.middleRows(k * outputs, outputs) = plant.c * power;
    forced_.middleRows(k * outputs, outputs) = plant.c * reached;
  }
  weight_ = options.output_weight.replicate(steps, 1);
  damping_ = options.move_weight.replicate(moves, 1);
  change_ = MatrixXd::Identity(moves * knobs, moves * knobs);
  for (Index i = knobs; i < moves * knobs; ++i) change_(i, i - knobs) = -1.0;
  hessian_ = forced_.transpose() * weight_.asDiagonal() * forced_ +
             change_.transpose() * damping_.asDiagonal() * change_;
}

std::optional<MovePlan> PredictiveControl::plan(const VectorXd& x, const VectorXd& last,
                                                const VectorXd& off, const VectorXd& target) const {
  const Index knobs = plant_.b.cols(), outputs = plant_.c.rows(), all = hessian_.rows();
  const Index steps = weight_.size() / outputs, moves = all / knobs;
  need_numbers(x, plant_.a.rows(), "x");
  need_numbers(last, knobs, "last");
  need_numbers(off, outputs, "off");
  need_numbers(target, outputs, "target");
  // Outputs without a move at all less the target; knobs enter as distances from the last ones, so that
  // large set-points cost no digits.
  const VectorXd rest = forced_ * last.replicate(moves, 1);
  const VectorXd without = free_ * x + off.replicate(steps, 1) + rest;
  const VectorXd error = without - target.replicate(steps, 1);
  QuadraticProgram p;
  p.hessian = hessian_;
  p.gradient = forced_.transpose() * weight_.asDiagonal() * error;
  p.rows.resize(2 * all, all);
  p.rows << MatrixXd::Identity(all, all), change_;
  p.low.resize(2 * all);
  p.high.resize(2 * all);
  p.low << (options_.low - last).replicate(moves, 1), (-options_.most_change).replicate(moves, 1);
  p.high << (options_.high - last).replicate(moves, 1), options_.most_change.replicate(moves, 1);
  const QuadraticSolution s = solve(p, options_.most_steps);
  if (s.solved != Solved::Yes) return std::nullopt;
  MovePlan plan;
  plan.knobs.resize(moves, knobs);
  plan.outputs.resize(steps, outputs);
  const VectorXd y = without + forced_ * s.x, change = change_ * s.x;
  for (Index k = 0; k < moves; ++k) {
    const VectorXd u = last + s.x.segment(k * knobs, knobs);
    // The solver keeps rows to its tolerance; a set-point keeps its bounds to the bit.
    plan.knobs.row(k) = u.cwiseMax(options_.low).cwiseMin(options_.high);
  }
  for (Index k = 0; k < steps; ++k) plan.outputs.row(k) = y.segment(k * outputs, outputs);
  const VectorXd missed = y - target.replicate(steps, 1);
  plan.cost = (weight_.array() * missed.array().square()).sum() +
              (damping_.array() * change.array().square()).sum();
  plan.steps = s.steps;
  return plan;
}

}  // namespace twin::decide
