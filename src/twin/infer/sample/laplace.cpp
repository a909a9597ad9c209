#include "twin/infer/sample/laplace.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <numeric>

#include "twin/core/draw.hpp"
#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/math/distributions.hpp"
#include "twin/math/elementary.hpp"
#include "twin/math/symmetric_eigen.hpp"

namespace twin::infer {
namespace {

using Row = std::vector<double>;

constexpr std::size_t Remembered = 10;  // steps whose curvature L-BFGS keeps

double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// Minus the posterior's logarithm and its slopes.
class Cost {
 public:
  explicit Cost(const Target& t) : t_(t) {}
  double operator()(std::span<const double> x, std::span<double> slope) {
    double value = 0.0;
    t_.log_density_and_slopes(x, std::span(&value, 1), slope);
    ++evaluations;
    for (std::size_t i = 0; i < x.size(); ++i) slope[i] = x[i] - slope[i];
    return 0.5 * dot(x, x) - value;
  }
  // Minus the likelihood's second derivatives times v.
  Row bend(std::span<const double> x, std::span<const double> v, double step) {
    Row up(x.begin(), x.end()), down = up, above(x.size()), below(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      up[i] += step * v[i];
      down[i] -= step * v[i];
    }
    double unused = 0.0;
    t_.log_density_and_slopes(up, std::span(&unused, 1), above);
    t_.log_density_and_slopes(down, std::span(&unused, 1), below);
    evaluations += 2;
    for (std::size_t i = 0; i < x.size(); ++i) above[i] = (below[i] - above[i]) / (2 * step);
    return above;
  }
  std::uint64_t evaluations = 0;

 private:
  const Target& t_;
};

struct Pair {
  Row step, turn;  // of x and of the slope
  double weight;
};

Row direction_of(const std::deque<Pair>& kept, const Row& slope) {
  Row d = slope;
  std::vector<double> share(kept.size());
  for (std::size_t k = kept.size(); k-- > 0;) {
    share[k] = kept[k].weight * dot(kept[k].step, d);
    for (std::size_t i = 0; i < d.size(); ++i) d[i] -= share[k] * kept[k].turn[i];
  }
  if (!kept.empty()) {
    const Pair& last = kept.back();
    const double scale = dot(last.step, last.turn) / dot(last.turn, last.turn);
    for (double& v : d) v *= scale;
  }
  for (std::size_t k = 0; k < kept.size(); ++k) {
    const double back = kept[k].weight * dot(kept[k].turn, d);
    for (std::size_t i = 0; i < d.size(); ++i) d[i] += (share[k] - back) * kept[k].step[i];
  }
  for (double& v : d) v = -v;
  return d;
}

void search(Cost& cost, const LaplaceOptions& o, Laplace& result) {
  Row x = result.mode, slope(x.size()), next(x.size()), next_slope(x.size());
  double value = cost(x, slope);
  const double small = o.tolerance * (1 + std::sqrt(dot(slope, slope)));
  std::deque<Pair> kept;
  for (result.steps = 0; result.steps < o.steps; ++result.steps) {
    if (std::sqrt(dot(slope, slope)) <= small) {
      result.converged = true;
      break;
    }
    Row d = direction_of(kept, slope);
    double down = dot(d, slope);
    if (!(down < 0.0)) {  // what was kept does not help
      kept.clear();
      d = direction_of(kept, slope);
      down = dot(d, slope);
    }
    double share = kept.empty() ? std::min(1.0, 1 / std::sqrt(dot(slope, slope))) : 1.0, then = 0.0;
    bool lower = false;
    for (int halvings = 0; halvings < 40 && !lower; ++halvings, share *= 0.5) {
      for (std::size_t i = 0; i < x.size(); ++i) next[i] = x[i] + share * d[i];
      then = cost(next, next_slope);
      lower = then <= value + 1e-4 * share * down;  // false where it is no number
    }
    if (!lower) break;
    Pair pair{.step = Row(x.size()), .turn = Row(x.size()), .weight = 0.0};
    for (std::size_t i = 0; i < x.size(); ++i) {
      pair.step[i] = next[i] - x[i];
      pair.turn[i] = next_slope[i] - slope[i];
    }
    const double curved = dot(pair.step, pair.turn);
    if (curved > 1e-12 * dot(pair.turn, pair.turn)) {
      pair.weight = 1 / curved;
      kept.push_back(std::move(pair));
      if (kept.size() > Remembered) kept.pop_front();
    }
    x = next;
    slope = next_slope;
    value = then;
  }
  result.mode = x;
  result.log_posterior = -value;
}

// Curvatures and directions of the likelihood at the mode.
void look_around(Cost& cost, const LaplaceOptions& o, Laplace& result) {
  const std::size_t d = result.mode.size(), most = o.rank == 0 ? d : std::min(o.rank, d);
  // Some more than are wanted, so that those have settled.
  const std::size_t steps = std::min(d, most + 20);
  std::vector<Row> basis;
  Row projected(steps * steps, 0.0);
  Row v(d);
  const auto fresh = [&](std::uint32_t occasion) {
    for (std::size_t i = 0; i < d; ++i)
      v[i] = math::normal(core::Draw{o.seed}.uniform(0, static_cast<std::uint32_t>(i), occasion));
  };
  fresh(0);
  std::size_t made = 0;
  for (; made < steps; ++made) {
    for (int tries = 0; tries < 3; ++tries) {
      const double before = std::sqrt(dot(v, v));
      for (int twice = 0; twice < 2; ++twice) {
        for (const Row& b : basis) {
          const double along = dot(v, b);
          for (std::size_t i = 0; i < d; ++i) v[i] -= along * b[i];
        }
      }
      const double length = std::sqrt(dot(v, v));
      if (length > 1e-10 * before && length > 0.0) {
        for (double& x : v) x /= length;
        break;
      }
      fresh(static_cast<std::uint32_t>(made) + 1);  // all that follows from the first is told
    }
    basis.push_back(v);
    const Row bent = cost.bend(result.mode, v, o.difference);
    for (std::size_t k = 0; k <= made; ++k) projected[k * steps + made] = dot(basis[k], bent);
    v = bent;
  }
  Row square(made * made);
  for (std::size_t i = 0; i < made; ++i)
    for (std::size_t j = i; j < made; ++j)
      square[i * made + j] = square[j * made + i] = projected[i * steps + j];
  const math::SymmetricEigen eigen = math::symmetric_eigen(square, made);
  for (std::size_t k = made; k-- > 0 && result.curvature.size() < most;) {
    if (!(eigen.values[k] > o.least)) break;
    result.curvature.push_back(eigen.values[k]);
    for (std::size_t i = 0; i < d; ++i) {
      double sum = 0.0;
      for (std::size_t j = 0; j < made; ++j) sum += eigen.vectors[k * made + j] * basis[j][i];
      result.direction.push_back(sum);
    }
  }
}

}  // namespace

std::vector<double> Laplace::contraction() const {
  const std::size_t d = mode.size();
  std::vector<double> taken(d, 0.0);
  for (std::size_t k = 0; k < curvature.size(); ++k)
    for (std::size_t i = 0; i < d; ++i)
      taken[i] += curvature[k] / (1 + curvature[k]) * direction[k * d + i] * direction[k * d + i];
  return taken;
}

std::vector<double> Laplace::point(std::span<const double> z) const {
  const std::size_t d = mode.size();
  TWIN_EXPECT(z.size() == d, z.size(), d);
  std::vector<double> x(z.begin(), z.end());
  for (std::size_t k = 0; k < curvature.size(); ++k) {
    const std::span<const double> v = std::span(direction).subspan(k * d, d);
    const double along = dot(z, v) * (1 / std::sqrt(1 + curvature[k]) - 1);
    for (std::size_t i = 0; i < d; ++i) x[i] += along * v[i];
  }
  for (std::size_t i = 0; i < d; ++i) x[i] += mode[i];
  return x;
}

Laplace laplace(const Target& likelihood, const LaplaceOptions& o) {
  const Row start = o.start.empty() ? Row(likelihood.dimensions, 0.0) : o.start;
  check_starts(likelihood, std::vector<Row>{start}, 1, "laplace");
  if (!likelihood.log_density_and_slopes)
    throw core::Error("laplace: the likelihood has no slopes");
  Cost cost(likelihood);
  Laplace result;
  result.mode = start;
  search(cost, o, result);
  if (result.converged) look_around(cost, o, result);
  result.log_evidence = result.log_posterior;
  for (const double c : result.curvature) result.log_evidence -= 0.5 * math::log1p(c);
  result.evaluations = cost.evaluations;
  return result;
}

}  // namespace twin::infer
