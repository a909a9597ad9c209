#include "twin/uq/form.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/math/batch.hpp"
#include "twin/math/elementary.hpp"
#include "twin/math/symmetric_eigen.hpp"
#include "twin/score/normal.hpp"

namespace twin::uq {
namespace {

using core::Error;
using Row = std::vector<double>;

double dot(const Row& a, const Row& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}
double length(const Row& a) { return std::sqrt(dot(a, a)); }

// Asks for g at points that are collected one by one.
class Questions {
 public:
  Questions(const LimitState& f, std::size_t inputs, unsigned threads)
      : f_(f), u_(inputs), threads_(threads) {}
  void add(const Row& u) {
    for (std::size_t i = 0; i < u.size(); ++i) u_[i].push_back(u[i]);
  }
  Row answers() {
    Asked asked = ask(f_, u_, threads_);
    evaluations += asked.g.size();
    if (asked.failed > 0)
      throw Error(fmt::format("the limit state has no value at {} of {} points about the search",
                              asked.failed, asked.g.size()));
    for (auto& column : u_) column.clear();
    return std::move(asked.g);
  }
  std::uint64_t evaluations = 0;

 private:
  const LimitState& f_;
  std::vector<Row> u_;
  unsigned threads_;
};

struct Local {
  double g;
  Row gradient;
};

Local look(Questions& q, const Row& u, double step) {
  q.add(u);
  for (std::size_t i = 0; i < u.size(); ++i) {
    Row moved = u;
    moved[i] = u[i] + step;
    q.add(moved);
    moved[i] = u[i] - step;
    q.add(moved);
  }
  const Row g = q.answers();
  Local at{.g = g[0], .gradient = Row(u.size())};
  for (std::size_t i = 0; i < u.size(); ++i)
    at.gradient[i] = (g[1 + 2 * i] - g[2 + 2 * i]) / (2 * step);
  return at;
}

// Unit vectors, the last of which is `direction`, by Gram and Schmidt from the axes that it is furthest from.
std::vector<Row> frame_of(const Row& direction) {
  const std::size_t n = direction.size();
  std::vector<Row> frame = {direction};
  std::vector<std::size_t> axes(n);
  std::iota(axes.begin(), axes.end(), std::size_t{0});
  const auto most = static_cast<std::size_t>(
      std::max_element(direction.begin(), direction.end(),
                       [](double a, double b) { return std::abs(a) < std::abs(b); }) -
      direction.begin());
  axes.erase(axes.begin() + static_cast<std::ptrdiff_t>(most));
  for (const std::size_t axis : axes) {
    Row v(n, 0.0);
    v[axis] = 1.0;
    for (int twice = 0; twice < 2; ++twice) {
      for (const Row& w : frame) {
        const double d = dot(v, w);
        for (std::size_t i = 0; i < n; ++i) v[i] -= d * w[i];
      }
    }
    const double l = length(v);
    for (double& x : v) x /= l;
    frame.push_back(v);
  }
  std::rotate(frame.begin(), frame.begin() + 1, frame.end());
  return frame;
}

}  // namespace

FormPoint form(const LimitState& f, const FormOptions& o) {
  if (o.inputs == 0) throw Error("a most probable point of no inputs");
  if (!o.start.empty() && o.start.size() != o.inputs)
    throw Error(fmt::format("a start of {} numbers for {} inputs", o.start.size(), o.inputs));
  Questions q(f, o.inputs, o.threads);
  FormPoint p;
  Row u = o.start.empty() ? Row(o.inputs, 0.0) : o.start;
  q.add(Row(o.inputs, 0.0));
  const double middle = q.answers()[0];
  Local at = look(q, u, o.difference);
  const double scale = std::max(std::abs(at.g), 1e-300);
  for (p.steps = 0; p.steps < o.steps; ++p.steps) {
    const double slope = length(at.gradient);
    if (!(slope > 0.0))
      throw Error("the limit state has no gradient where the search is: start elsewhere?");
    // To the nearest point of the plane that g is taken for.
    const double to = (dot(at.gradient, u) - at.g) / (slope * slope);
    Row direction(o.inputs);
    for (std::size_t i = 0; i < o.inputs; ++i) direction[i] = to * at.gradient[i] - u[i];
    const double apart = length(direction);
    if (std::abs(at.g) <= o.tolerance * scale && apart <= o.tolerance * std::max(1.0, length(u))) {
      p.converged = true;
      break;
    }
    // Merit |u|^2 / 2 + c |g| with c above |u| / |gradient|, so that the direction goes down.
    const double c =
        2.0 * std::max(length(u) / slope,
                       0.5 * apart * apart / std::max(std::abs(at.g), 1e-300 + 1e-12 * scale));
    const auto merit = [&](const Row& v, double g) { return 0.5 * dot(v, v) + c * std::abs(g); };
    const double before = merit(u, at.g);
    double share = 1.0;
    Row next(o.inputs);
    for (int halvings = 0; halvings < 20; ++halvings, share *= 0.5) {
      for (std::size_t i = 0; i < o.inputs; ++i) next[i] = u[i] + share * direction[i];
      q.add(next);
      if (merit(next, q.answers()[0]) < before) break;
    }
    u = next;
    at = look(q, u, o.difference);
  }
  const double slope = length(at.gradient);
  p.u = u;
  p.gradient = at.gradient;
  p.index = middle > 0.0 ? length(u) : -length(u);
  p.probability = score::normal_below(-p.index);
  for (const double d : at.gradient)
    p.importance.push_back(slope > 0.0 ? d * d / (slope * slope) : 0.0);
  p.evaluations = q.evaluations;
  return p;
}

std::optional<SormProbability> sorm(const LimitState& f, const FormPoint& p, const FormOptions& o) {
  const std::size_t n = p.u.size();
  if (!p.converged || n < 2) return std::nullopt;
  Questions q(f, n, o.threads);
  const double step = std::max(1e-3, o.difference);
  const double slope = length(p.gradient);
  Row direction(n);
  for (std::size_t i = 0; i < n; ++i) direction[i] = p.gradient[i] / slope;
  const auto frame = frame_of(direction);
  // Second differences along the axes of the tangent plane.
  const auto moved = [&](std::size_t i, double a, std::size_t j, double b) {
    Row u = p.u;
    for (std::size_t k = 0; k < n; ++k) u[k] += a * frame[i][k] + b * frame[j][k];
    return u;
  };
  q.add(p.u);
  for (std::size_t i = 0; i + 1 < n; ++i) {
    q.add(moved(i, step, i, 0.0));
    q.add(moved(i, -step, i, 0.0));
    for (std::size_t j = 0; j < i; ++j) {
      q.add(moved(i, step, j, step));
      q.add(moved(i, step, j, -step));
      q.add(moved(i, -step, j, step));
      q.add(moved(i, -step, j, -step));
    }
  }
  const Row g = q.answers();
  const std::size_t m = n - 1;
  Row bend(m * m, 0.0);
  std::size_t at = 1;
  for (std::size_t i = 0; i < m; ++i) {
    bend[i * m + i] = (g[at] - 2 * g[0] + g[at + 1]) / (step * step);
    at += 2;
    for (std::size_t j = 0; j < i; ++j, at += 4)
      bend[j * m + i] = bend[i * m + j] =
          (g[at] - g[at + 1] - g[at + 2] + g[at + 3]) / (4 * step * step);
  }
  for (double& b : bend) b /= slope;
  SormProbability s;
  s.curvatures = math::symmetric_eigen(bend, m).values;
  s.evaluations = q.evaluations;
  const double psi = score::normal_density(p.index) / score::normal_below(-p.index);
  s.breitung = s.hohenbichler = p.probability;
  for (const double k : s.curvatures) {
    if (1 + p.index * k <= 0.0 || 1 + psi * k <= 0.0) return std::nullopt;
    s.breitung /= std::sqrt(1 + p.index * k);
    s.hohenbichler /= std::sqrt(1 + psi * k);
  }
  return s;
}

RareEvent sample_near(const LimitState& f, const FormPoint& p, const NearPoint& o) {
  TWIN_EXPECT(o.points >= 2 && o.points <= std::uint64_t{1} << 32, o.points);
  constexpr std::uint64_t At = 65'536;
  RareEvent e;
  double sum = 0.0, squares = 0.0;
  for (std::uint64_t first = 0; first < o.points; first += At) {
    const auto count = static_cast<std::size_t>(std::min(At, o.points - first));
    std::vector<Row> u(p.u.size(), Row(count));
    Row weight(count, 0.0);
    for (std::size_t i = 0; i < u.size(); ++i) {
      math::normals({o.seed, static_cast<std::uint32_t>(first)}, 0, static_cast<std::uint32_t>(i),
                    0, u[i]);
      // phi(u) / phi(u - p) = exp(-p'(u - p) - |p|^2 / 2)
      for (std::size_t k = 0; k < count; ++k) {
        weight[k] -= p.u[i] * u[i][k] + 0.5 * p.u[i] * p.u[i];
        u[i][k] += p.u[i];
      }
    }
    const Asked asked = ask(f, u, o.threads);
    e.failed += asked.failed;
    for (std::size_t k = 0; k < count; ++k) {
      if (!(asked.g[k] <= 0.0)) continue;
      const double w = math::exp(weight[k]);
      sum += w;
      squares += w * w;
    }
  }
  const auto n = static_cast<double>(o.points);
  e.evaluations = o.points;
  e.probability = sum / n;
  e.standard_error =
      std::sqrt(std::max(0.0, squares / n - e.probability * e.probability) / (n - 1));
  return e;
}

}  // namespace twin::uq
