#include "twin/uq/design_problem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/math/elementary.hpp"
#include "twin/math/symmetric_eigen.hpp"
#include "twin/score/checked.hpp"

namespace twin::uq {
namespace {

using core::Error;
using detail::along_columns;
using detail::Rounding;

// A = L L' of a symmetric one: the lower half becomes L. False: it is singular.
bool to_lower_root(std::vector<double>& a, std::size_t p) {
  for (std::size_t i = 0; i < p; ++i) {
    const double diagonal = a[i * p + i];
    for (std::size_t j = 0; j <= i; ++j) {
      double x = a[i * p + j];
      for (std::size_t k = 0; k < j; ++k) x -= a[i * p + k] * a[j * p + k];
      if (j < i) {
        a[i * p + j] = x / a[j * p + j];
      } else {
        if (!(x > Rounding * diagonal)) return false;
        a[i * p + i] = std::sqrt(x);
      }
    }
  }
  return true;
}

// x := L^-1 x
void solve_lower(const std::vector<double>& l, std::size_t p, double* x) {
  for (std::size_t i = 0; i < p; ++i) {
    for (std::size_t k = 0; k < i; ++k) x[i] -= l[i * p + k] * x[k];
    x[i] /= l[i * p + i];
  }
}

// a := L^-1 a L^-T for a symmetric one
void change_coordinates(const std::vector<double>& l, std::size_t p, std::vector<double>& a) {
  for (int twice = 0; twice < 2; ++twice) {
    for (std::size_t i = 0; i < p; ++i) solve_lower(l, p, &a[i * p]);
    for (std::size_t i = 0; i < p; ++i)
      for (std::size_t j = 0; j < i; ++j) std::swap(a[i * p + j], a[j * p + i]);
  }
}

// [column][column] of what is given, or zeros.
std::vector<double> covariance_like(const std::vector<std::vector<double>>& given, std::size_t p,
                                    const std::string& what) {
  std::vector<double> a(p * p, 0.0);
  if (given.empty()) return a;
  double largest = 0.0;
  if (given.size() != p)
    throw Error(fmt::format("{} has {} rows for {} columns", what, given.size(), p));
  for (std::size_t i = 0; i < p; ++i) {
    if (given[i].size() != p)
      throw Error(fmt::format("{}[{}] has {} numbers for {} columns", what, i, given[i].size(), p));
    score::need_finite(given[i], fmt::format("{}[{}]", what, i));
    for (std::size_t j = 0; j < p; ++j) {
      a[i * p + j] = given[i][j];
      largest = std::max(largest, std::abs(given[i][j]));
    }
  }
  for (std::size_t i = 0; i < p; ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (std::abs(a[i * p + j] - a[j * p + i]) > Rounding * largest)
        throw Error(
            fmt::format("{} is not symmetric ({} and {})", what, a[i * p + j], a[j * p + i]));
  const double least = math::symmetric_eigen(a, p).values.front();
  if (least < -Rounding * largest * static_cast<double>(p))
    throw Error(fmt::format("{} has an eigenvalue of {} (none below 0)", what, least));
  return a;
}

}  // namespace

std::vector<std::vector<double>> moment_matrix(std::span<const std::vector<double>> points) {
  if (points.empty()) throw Error("moments of no points");
  const std::size_t p = points.front().size();
  std::vector<std::vector<double>> m(p, std::vector<double>(p, 0.0));
  for (const std::vector<double>& f : points) {
    score::need_finite(f, "point");
    score::need_same_length(f.size(), "columns of a point", p, "columns of the first");
    for (std::size_t j = 0; j < p; ++j)
      for (std::size_t k = 0; k < p; ++k)
        m[j][k] += f[j] * f[k] / static_cast<double>(points.size());
  }
  return m;
}

double design_efficiency(const DesignProblem& problem, double value, double best) {
  if (problem.optimality != Optimality::D) return best / value;
  TWIN_EXPECT(!problem.candidates.empty());
  return math::exp((value - best) / static_cast<double>(problem.candidates.front().size()));
}

namespace detail {

WhiteProblem whitened(const DesignProblem& problem) {
  if (problem.candidates.empty() || problem.candidates.front().empty())
    throw Error("no candidates (needs at least one, with a column); was everything filtered out?");
  WhiteProblem c{.candidates = problem.candidates.size(),
                 .p = problem.candidates.front().size(),
                 .traces = problem.optimality != Optimality::D};
  const std::size_t p = c.p;
  c.f.reserve(c.candidates * p);
  std::vector<double> all(p * p, 0.0);
  for (std::size_t i = 0; i < c.candidates; ++i) {
    const std::vector<double>& f = problem.candidates[i];
    if (f.size() != p)
      throw Error(fmt::format("candidate {} has {} columns (others have {})", i, f.size(), p));
    score::need_finite(f, fmt::format("candidate {}", i));
    c.f.insert(c.f.end(), f.begin(), f.end());
    for (std::size_t j = 0; j < p; ++j)
      for (std::size_t k = 0; k < p; ++k)
        all[j * p + k] += f[j] * f[k] / static_cast<double>(c.candidates);
  }
  if (problem.optimality == Optimality::I) {
    c.moments = problem.moments.empty() ? all : covariance_like(problem.moments, p, "moments");
  } else if (problem.optimality == Optimality::A) {
    c.moments.assign(p * p, 0.0);
    for (std::size_t j = 0; j < p; ++j) c.moments[j * p + j] = 1.0;
  }
  c.prior = covariance_like(problem.precision, p, "precision");
  for (std::size_t j = 0; j < p * p; ++j) all[j] += c.prior[j];
  if (!to_lower_root(all, p))
    throw Error(fmt::format("{} columns of which some depend on the others, at all candidates", p));
  for (std::size_t i = 0; i < c.candidates; ++i) solve_lower(all, p, &c.f[i * p]);
  change_coordinates(all, p, c.prior);
  if (c.traces) change_coordinates(all, p, c.moments);
  for (std::size_t j = 0; j < p; ++j) c.log_determinant += 2 * math::log(all[j * p + j]);
  return c;
}

DesignState::DesignState(const WhiteProblem& c)
    : c_(c),
      v_(c.p * c.p),
      w_(c.traces ? c.p * c.p : 0),
      root_(c.p * c.p),
      v_in_(c.p),
      v_out_(c.p),
      w_in_(c.p),
      w_out_(c.p) {}

bool DesignState::set(std::span<const double> runs) {
  const std::size_t p = c_.p;
  root_ = c_.prior;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (runs[i] == 0.0) continue;
    const double* f = c_.row(i);
    for (std::size_t j = 0; j < p; ++j)
      for (std::size_t k = 0; k <= j; ++k) root_[j * p + k] += runs[i] * f[j] * f[k];
  }
  if (!to_lower_root(root_, p)) return false;
  log_determinant_ = 0.0;
  for (std::size_t j = 0; j < p; ++j) {
    log_determinant_ += 2 * math::log(root_[j * p + j]);
    double* x = &v_[j * p];  // L L' x is a unit vector
    std::fill(x, x + p, 0.0);
    x[j] = 1.0;
    solve_lower(root_, p, x);
    for (std::size_t i = p; i-- > 0;) {
      for (std::size_t k = i + 1; k < p; ++k) x[i] -= root_[k * p + i] * x[k];
      x[i] /= root_[i * p + i];
    }
  }
  if (!c_.traces) return true;
  trace_ = along_columns(v_.data(), c_.moments.data(), p * p);
  for (std::size_t i = 0; i < p; ++i) {
    times(c_.moments, &v_[i * p], v_in_.data());
    times(v_, v_in_.data(), &w_[i * p]);
  }
  return true;
}

void DesignState::look_at(std::size_t i, Seen& seen) const {
  seen.d[i] = form(v_, i);
  if (c_.traces) seen.a[i] = form(w_, i);
}

double DesignState::of_prior() const {
  const std::vector<double>& a = c_.traces ? w_ : v_;
  return along_columns(a.data(), c_.prior.data(), a.size());
}

void DesignState::leave(std::size_t out) {
  times(v_, c_.row(out), v_out_.data());
  if (c_.traces) times(w_, c_.row(out), w_out_.data());
}

double DesignState::best_step(const Shift& s, double most) const {
  const double towards = c_.traces ? s.a_in - s.a_out : s.d_in - s.d_out;
  if (!(towards > 0.0)) return 0.0;
  const double curved = s.d_in * s.d_out - s.d_both * s.d_both;
  double steep = 2 * curved;
  if (c_.traces) {
    const double b = s.against();
    const double square = b * b + towards * (b * (s.d_in - s.d_out) - towards * curved);
    steep = b + std::sqrt(std::max(0.0, square));
  }
  return steep * most > towards ? towards / steep : most;
}

void DesignState::move(std::size_t in, const Shift& s, double step) {
  const std::size_t p = c_.p;
  times(v_, c_.row(in), v_in_.data());
  if (c_.traces) times(w_, c_.row(in), w_in_.data());
  const double ratio = s.determinant(step), square = step * step;
  ii_ = (step - square * s.d_out) / ratio;
  io_ = square * s.d_both / ratio;
  oo_ = -(step + square * s.d_in) / ratio;
  if (c_.traces) trace_ -= s.fall(step);
  for (std::size_t i = 0; i < p; ++i) {
    const auto [qi, qo] = weighed(v_in_[i], v_out_[i]);
    for (std::size_t j = 0; j < p; ++j) {
      v_[i * p + j] -= qi * v_in_[j] + qo * v_out_[j];
      if (!c_.traces) continue;
      const auto [ri, ro] = weighed(v_in_[j], v_out_[j]);
      w_[i * p + j] += qi * (s.a_in * ri + s.a_both * ro) + qo * (s.a_both * ri + s.a_out * ro) -
                       (qi * w_in_[j] + qo * w_out_[j]) - (w_in_[i] * ri + w_out_[i] * ro);
    }
  }
}

void DesignState::follow(const Shift& s, Seen& seen) const {
  const std::size_t p = c_.p;
  for (std::size_t i = 0; i < seen.d.size(); ++i) {
    const double* f = c_.row(i);
    const double zi = along_columns(f, v_in_.data(), p), zo = along_columns(f, v_out_.data(), p);
    const auto [qi, qo] = weighed(zi, zo);
    seen.d[i] -= zi * qi + zo * qo;
    if (c_.traces)
      seen.a[i] += qi * qi * s.a_in + 2 * qi * qo * s.a_both + qo * qo * s.a_out -
                   2 * qi * along_columns(f, w_in_.data(), p) -
                   2 * qo * along_columns(f, w_out_.data(), p);
  }
}

void DesignState::times(const std::vector<double>& a, const double* x, double* y) const {
  for (std::size_t i = 0; i < c_.p; ++i) y[i] = along_columns(&a[i * c_.p], x, c_.p);
}

double DesignState::form(const std::vector<double>& a, std::size_t i) const {
  const double* f = c_.row(i);
  double sum = 0.0;
  for (std::size_t j = 0; j < c_.p; ++j) sum += f[j] * along_columns(&a[j * c_.p], f, c_.p);
  return sum;
}

}  // namespace detail
}  // namespace twin::uq
