#include "twin/infer/variational/minimise.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "twin/core/error.hpp"

namespace twin::infer::variational {
namespace {

using Eigen::Index;

void check_minimise(const Cost& cost, const Minimisation& how) {
  if (cost.background.variables() != cost.first.size()) {
    throw core::Error(fmt::format("B has {} variables for a first guess of {} (must be as many)",
                                  cost.background.variables(), cost.first.size()));
  }
  if (cost.noise.size() != cost.y.size()) {
    throw core::Error(
        fmt::format("{} observations with an error covariance of {} (must be as many)",
                    cost.y.size(), cost.noise.size()));
  }
  for (Index i = 0; i < cost.y.size(); ++i) {
    if (!std::isfinite(cost.y[i])) {
      throw core::Error(fmt::format(
          "observation {} is {} (must be finite) leave it out where it is missing?", i, cost.y[i]));
    }
  }
  for (Index i = 0; i < cost.first.size(); ++i) {
    if (!std::isfinite(cost.first[i])) {
      throw core::Error(
          fmt::format("variable {} of the first guess is {} (must be finite)", i, cost.first[i]));
    }
  }
  if (how.outer < 1 || how.inner < 1) {
    throw core::Error(
        fmt::format("{} outer and {} inner loops (must be at least 1)", how.outer, how.inner));
  }
  if (!(how.gradient >= 0.0) || !(how.residual >= 0.0)) {
    throw core::Error(
        fmt::format("tolerances of gradient and residual = {} and {} (must not be "
                    "negative)",
                    how.gradient, how.residual));
  }
}

// The cost and its derivatives about one control.
struct Here {
  Eigen::VectorXd v;
  Linearised seen;
  Eigen::VectorXd missed;  // R^-1/2 (y - g): [observation]
  OuterLoop loop;

  [[nodiscard]] bool finite() const { return std::isfinite(loop.cost()); }
};

Here look_minimise(const Cost& cost, const Eigen::VectorXd& v) {
  Here here;
  here.v = v;
  here.seen = cost.observed(cost.first + cost.background.correction(v));
  if (here.seen.value.size() != cost.y.size()) {
    throw core::Error(fmt::format("{} observations for an operator that shows {} (must be as many)",
                                  cost.y.size(), here.seen.value.size()));
  }
  here.missed = cost.y - here.seen.value;
  cost.noise.whiten(here.missed);
  here.loop.background = 0.5 * v.squaredNorm();
  here.loop.observations = 0.5 * here.missed.squaredNorm();
  return here;
}

// R^-1/2 G U dv and its adjoint.
Eigen::VectorXd forward(const Cost& cost, const Here& here, const Eigen::VectorXd& dv) {
  Eigen::VectorXd dy = here.seen.tangent(cost.background.correction(dv));
  cost.noise.whiten(dy);
  return dy;
}
Eigen::VectorXd back(const Cost& cost, const Here& here, Eigen::VectorXd dy) {
  cost.noise.whiten_transposed(dy);
  return cost.background.adjoint(here.seen.adjoint(dy));
}

// Conjugate gradients (Hestenes, Stiefel 1952) for (I + A'A) x = b from x = 0. The curvature is at
// least 1 in every direction, so nothing can break down; p' H p is had from A p alone.
struct MinimiseSolved {
  Eigen::VectorXd x;
  int iterations = 0;
};
MinimiseSolved conjugate_gradients(const Cost& cost, const Here& here, const Eigen::VectorXd& b,
                                   const Minimisation& how) {
  MinimiseSolved s{.x = Eigen::VectorXd::Zero(b.size())};
  Eigen::VectorXd r = b, p = b;
  double square = r.squaredNorm();
  const double enough = how.residual * how.residual * square;
  while (s.iterations < how.inner && square > enough) {
    const Eigen::VectorXd ap = forward(cost, here, p);
    const double curvature = p.squaredNorm() + ap.squaredNorm();
    if (!(curvature > 0.0) || !std::isfinite(curvature)) break;
    const double alpha = square / curvature;
    s.x += alpha * p;
    r -= alpha * (p + back(cost, here, ap));
    const double next = r.squaredNorm();
    p = r + (next / square) * p;
    square = next;
    ++s.iterations;
  }
  return s;
}

// The next point along the direction, or nothing. share: of the step that was taken.
std::optional<Here> next_point(const Cost& cost, const Here& here, const Eigen::VectorXd& direction,
                               double slope, const Minimisation& how, double& share) {
  constexpr int Halvings = 30;
  constexpr double Armijo = 1e-4;
  share = 1.0;
  if (how.search == Search::FullStep) {
    Here there = look_minimise(cost, here.v + direction);
    return there.finite() ? std::optional<Here>(std::move(there)) : std::nullopt;
  }
  for (int i = 0; i < Halvings; ++i, share *= 0.5) {
    Here there = look_minimise(cost, here.v + share * direction);
    if (there.finite() && there.loop.cost() <= here.loop.cost() + Armijo * share * slope) {
      return there;
    }
  }
  return std::nullopt;
}

}  // namespace

Minimum minimise(const Cost& cost, const Minimisation& how) {
  check_minimise(cost, how);
  Minimum out;
  Here here = look_minimise(cost, Eigen::VectorXd::Zero(cost.background.controls()));
  double first_gradient = 0.0;
  for (int loop = 0;; ++loop) {
    if (!here.finite()) {
      out.end = End::Lost;
      break;
    }
    const Eigen::VectorXd gradient = here.v - back(cost, here, here.missed);
    here.loop.gradient = gradient.norm();
    if (loop == 0) first_gradient = here.loop.gradient;
    out.loops.push_back(here.loop);
    if (here.loop.gradient <= how.gradient * first_gradient) {
      out.end = End::Converged;
      break;
    }
    if (loop == how.outer) {
      out.end = End::Stopped;
      break;
    }
    const MinimiseSolved solved = conjugate_gradients(cost, here, -gradient, how);
    out.loops.back().inner = solved.iterations;
    const double slope = gradient.dot(solved.x);
    double share = 0.0;
    std::optional<Here> next = next_point(cost, here, solved.x, slope, how, share);
    if (!next) {
      // A fall that the digits of J cannot show is no fall: this is the minimum.
      out.end = std::abs(slope) <= 1e-12 * (1.0 + here.loop.cost()) ? End::Converged : End::Stuck;
      break;
    }
    out.loops.back().step = share;
    here = std::move(*next);
  }
  out.v = here.v;
  out.x = cost.first + cost.background.correction(out.v);
  return out;
}

Eigen::MatrixXd posterior_covariance(const Cost& cost, const Eigen::VectorXd& x) {
  check_minimise(cost, {});
  const Index controls = cost.background.controls();
  const Linearised seen = cost.observed(x);
  Eigen::MatrixXd u(x.size(), controls), a(cost.y.size(), controls);
  for (Index j = 0; j < controls; ++j) {
    u.col(j) = cost.background.correction(Eigen::VectorXd::Unit(controls, j));
    a.col(j) = seen.tangent(u.col(j));
  }
  cost.noise.whiten(a);
  Eigen::MatrixXd hessian = a.transpose() * a;
  hessian.diagonal().array() += 1.0;
  return u * hessian.llt().solve(u.transpose());
}

}  // namespace twin::infer::variational
