#include "twin/decide/quadratic_program.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/score/checked.hpp"

namespace twin::decide {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double QuadraticProgramInfinity = std::numeric_limits<double>::infinity();
constexpr double Tolerance = 1e-9;  // a row is kept if it is broken by less, in its own scale

void check_quadratic_program(const QuadraticProgram& p) {
  const Index n = p.gradient.size(), m = p.rows.rows();
  if (p.hessian.rows() != n || p.hessian.cols() != n || (m > 0 && p.rows.cols() != n) ||
      p.low.size() != m || p.high.size() != m || n == 0) {
    throw core::Error("quadratic program of " + std::to_string(n) + " variables and " +
                      std::to_string(m) + " rows (shapes do not belong together)");
  }
  if (!p.hessian.allFinite() || !p.gradient.allFinite() || !p.rows.allFinite())
    throw core::Error("quadratic program (must be finite); was a missing value left in?");
  for (Index i = 0; i < m; ++i) {
    if (!(p.low[i] <= p.high[i]) || p.low[i] == QuadraticProgramInfinity ||
        p.high[i] == -QuadraticProgramInfinity) {
      throw core::Error("row " + std::to_string(i) + ": " + core::show_values(p.low[i]) + " to " +
                        core::show_values(p.high[i]) +
                        " (low must not be above high); are they swapped?");
    }
  }
}

// One end of one row as n' x >= b.
struct End {
  Index row = -1;
  double sign = 1.0;  // n = sign * A_row
};

class DualActiveSet {
 public:
  DualActiveSet(const QuadraticProgram& p, std::uint64_t most_steps) : p_(p), most_(most_steps) {
    const Eigen::LLT<MatrixXd> llt(p.hessian);
    if (llt.info() != Eigen::Success || !(llt.matrixLLT().diagonal().minCoeff() > 0.0))
      throw core::Error("hessian (must be positive definite); does every variable have a cost?");
    inverse_rows_.resize(p.rows.cols(), p.rows.rows());
    // Eigen binds a reference to the first of no elements.
    if (p.rows.rows() != 0) inverse_rows_ = llt.solve(p.rows.transpose());
    x_ = llt.solve(-p.gradient);
    scale_.resize(p.rows.rows());
    for (Index i = 0; i < p.rows.rows(); ++i) {
      const double ends = std::max(std::isfinite(p.low[i]) ? std::abs(p.low[i]) : 0.0,
                                   std::isfinite(p.high[i]) ? std::abs(p.high[i]) : 0.0);
      scale_[i] = 1e-300 + ends + p.rows.row(i).norm();
    }
  }

  QuadraticSolution run() {
    QuadraticSolution s;
    for (End next = most_broken(); next.row >= 0; next = most_broken()) {
      s.solved = add(next, s.steps);
      if (s.solved != Solved::Yes) break;
    }
    s.x = x_;
    s.multiplier = VectorXd::Zero(p_.rows.rows());
    for (std::size_t j = 0; j < active_.size(); ++j)
      s.multiplier[active_[j].row] += active_[j].sign * pull_[j];
    return s;
  }

 private:
  [[nodiscard]] bool is_active(Index row) const {
    return std::ranges::any_of(active_, [&](const End& e) { return e.row == row; });
  }
  // n' x - b: below 0 if broken.
  [[nodiscard]] double slack(const End& e) const {
    const double at = p_.rows.row(e.row).dot(x_);
    return e.sign > 0.0 ? at - p_.low[e.row] : p_.high[e.row] - at;
  }

  [[nodiscard]] End most_broken() const {
    End worst;
    double least = -Tolerance;
    for (Index i = 0; i < p_.rows.rows(); ++i) {
      if (is_active(i)) continue;
      for (const double sign : {1.0, -1.0}) {
        if (!std::isfinite(sign > 0.0 ? p_.low[i] : p_.high[i])) continue;
        const double s = slack({i, sign}) / scale_[i];
        if (s < least) least = s, worst = {i, sign};
      }
    }
    return worst;
  }

  // Step 2 of the paper, until the row is kept. z: the way in x, r: the change of the multipliers.
  Solved add(const End& next, std::uint64_t& steps) {
    double own = 0.0;
    for (;;) {
      if (++steps > most_) return Solved::BudgetSpent;
      const auto q = static_cast<Index>(active_.size());
      VectorXd z = next.sign * inverse_rows_.col(next.row);
      const double free = next.sign * p_.rows.row(next.row).dot(z);
      VectorXd r = VectorXd::Zero(q);
      if (q > 0) {
        MatrixXd system(q, q), back(z.size(), q);
        VectorXd right(q);
        for (Index j = 0; j < q; ++j) {
          const End& e = active_[static_cast<std::size_t>(j)];
          back.col(j) = e.sign * inverse_rows_.col(e.row);
          right[j] = e.sign * p_.rows.row(e.row).dot(z);
        }
        for (Index j = 0; j < q; ++j) {
          const End& e = active_[static_cast<std::size_t>(j)];
          system.row(j) = e.sign * p_.rows.row(e.row) * back;
        }
        r = system.ldlt().solve(right);
        z -= back * r;
      }
      const double curvature = next.sign * p_.rows.row(next.row).dot(z);
      const bool dependent = !(curvature > 1e-11 * free);
      double most = QuadraticProgramInfinity;
      std::size_t drop = active_.size();
      for (std::size_t j = 0; j < active_.size(); ++j) {
        const Index row = active_[j].row;
        const double rate = r[static_cast<Index>(j)];
        if (p_.low[row] == p_.high[row] || !(rate > 1e-13))
          continue;  // equations may pull both ways
        if (pull_[j] / rate < most) most = pull_[j] / rate, drop = j;
      }
      const double full = dependent ? QuadraticProgramInfinity : -slack(next) / curvature;
      const double t = std::min(most, full);
      if (std::isinf(t)) return Solved::Infeasible;
      if (!dependent) x_ += t * z;
      for (std::size_t j = 0; j < active_.size(); ++j) pull_[j] -= t * r[static_cast<Index>(j)];
      own += t;
      if (full <= most) {
        active_.push_back(next);
        pull_.push_back(own);
        return Solved::Yes;
      }
      active_.erase(active_.begin() + static_cast<std::ptrdiff_t>(drop));
      pull_.erase(pull_.begin() + static_cast<std::ptrdiff_t>(drop));
    }
  }

  const QuadraticProgram& p_;
  std::uint64_t most_;
  MatrixXd inverse_rows_;  // H^-1 A' [variable][row]
  VectorXd scale_;         // [row]
  VectorXd x_;
  std::vector<End> active_;
  std::vector<double> pull_;  // [active] multiplier
};

}  // namespace

QuadraticSolution solve(const QuadraticProgram& program, std::uint64_t most_steps) {
  check_quadratic_program(program);
  return DualActiveSet(program, most_steps).run();
}

}  // namespace twin::decide
