#include "twin/infer/emulate/descent.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <utility>
#include <vector>

#include "twin/core/expect.hpp"

namespace twin::infer {
namespace {

using Eigen::VectorXd;

constexpr std::size_t StepsKept = 8;

struct KeptStep {
  VectorXd step, turn;  // [variable] of x and of the slope
  double weight;        // 1 / their product
};

// Minus the inverse of the curvature that was seen, times the slope.
VectorXd quasi_newton(const std::deque<KeptStep>& kept, VectorXd d) {
  std::vector<double> share(kept.size());
  for (std::size_t k = kept.size(); k-- > 0;) {
    share[k] = kept[k].weight * kept[k].step.dot(d);
    d -= share[k] * kept[k].turn;
  }
  if (!kept.empty()) d *= 1 / (kept.back().weight * kept.back().turn.squaredNorm());
  for (std::size_t k = 0; k < kept.size(); ++k)
    d += (share[k] - kept[k].weight * kept[k].turn.dot(d)) * kept[k].step;
  return -d;
}

}  // namespace

Descent descend(const ValueAndSlope& f, const VectorXd& start, const DescentOptions& o) {
  const Eigen::Index n = start.size();
  TWIN_EXPECT(o.low.size() == n && o.high.size() == n, n, o.low.size(), o.high.size());
  TWIN_EXPECT((o.low.array() <= o.high.array()).all());
  Descent best{.x = start.cwiseMax(o.low).cwiseMin(o.high)};
  VectorXd slope(n), next(n), next_slope(n);
  best.value = f(best.x, slope);
  best.evaluations = 1;
  if (!std::isfinite(best.value) || !slope.allFinite()) return best;
  std::deque<KeptStep> kept;
  for (std::uint32_t step = 0; step < o.steps; ++step) {
    const auto held = [&](Eigen::Index i) {
      return (best.x[i] <= o.low[i] && slope[i] > 0.0) ||
             (best.x[i] >= o.high[i] && slope[i] < 0.0);
    };
    VectorXd free = slope;
    for (Eigen::Index i = 0; i < n; ++i)
      if (held(i)) free[i] = 0.0;
    if (free.cwiseAbs().maxCoeff() <= o.tolerance) {
      best.converged = true;
      break;
    }
    VectorXd d = quasi_newton(kept, free);
    for (Eigen::Index i = 0; i < n; ++i)
      if (held(i)) d[i] = 0.0;
    if (!(d.dot(free) < 0.0)) {  // what was kept does not help
      kept.clear();
      d = -free;
    }
    double share = std::min(1.0, o.reach / d.cwiseAbs().maxCoeff());
    if (kept.empty()) share = std::min(share, 1 / d.norm());
    double then = 0.0;
    bool lower = false;
    for (int halvings = 0; halvings < 30 && !lower; ++halvings, share *= 0.5) {
      next = (best.x + share * d).cwiseMax(o.low).cwiseMin(o.high);
      then = f(next, next_slope);
      ++best.evaluations;
      // Armijo's rule along the bent path; false where it is no number.
      lower = std::isfinite(then) && next_slope.allFinite() &&
              then <= best.value + 1e-4 * slope.dot(next - best.x);
    }
    if (!lower) break;
    KeptStep pair{.step = next - best.x, .turn = next_slope - slope, .weight = 0.0};
    const double curved = pair.step.dot(pair.turn);
    if (curved > 1e-12 * pair.turn.squaredNorm()) {
      pair.weight = 1 / curved;
      kept.push_back(std::move(pair));
      if (kept.size() > StepsKept) kept.pop_front();
    }
    best.x = next;
    best.value = then;
    slope = next_slope;
  }
  return best;
}

}  // namespace twin::infer
