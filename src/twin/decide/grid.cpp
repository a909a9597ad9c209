#include "twin/decide/grid.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "twin/core/error.hpp"
#include "twin/math/distributions.hpp"
#include "twin/math/elementary.hpp"
#include "twin/score/checked.hpp"

namespace twin::decide {
namespace {

void check_ends(double low, double high, std::size_t count) {
  score::need_finite(low, "low");
  score::need_finite(high, "high");
  if (!(low < high)) {
    throw core::Error("low = " + core::show_values(low) + ", high = " + core::show_values(high) +
                      " (low must be below high)");
  }
  if (count == 0) throw core::Error("0 levels (needs at least one)");
}

// Squared distance of the two nearest, in units of the parts.
double nearest(const std::vector<std::vector<double>>& unit) {
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < unit.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      double sum = 0.0;
      for (std::size_t p = 0; p < unit[i].size(); ++p)
        sum += (unit[i][p] - unit[j][p]) * (unit[i][p] - unit[j][p]);
      least = std::min(least, sum);
    }
  }
  return least;
}

}  // namespace

Levels levels_between(double low, double high, std::size_t count) {
  check_ends(low, high, count);
  if (count == 1) return {0.5 * low + 0.5 * high};
  Levels out;
  for (std::size_t i = 0; i < count; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(count - 1);
    out.push_back(i + 1 == count ? high : low + share * (high - low));
  }
  return out;
}

Levels levels_by_ratio(double low, double high, std::size_t count) {
  check_ends(low, high, count);
  score::need_positive(low, "low");
  const double log_low = math::log(low), log_high = math::log(high);
  if (count == 1) return {math::exp(0.5 * (log_low + log_high))};
  Levels out = levels_between(log_low, log_high, count);
  for (double& x : out) x = math::exp(x);
  out.front() = low;
  out.back() = high;
  return out;
}

std::vector<Point> grid(const std::vector<Levels>& levels, std::size_t most) {
  if (levels.empty()) throw core::Error("no parameters (a grid needs at least one)");
  std::size_t points = 1;
  for (std::size_t p = 0; p < levels.size(); ++p) {
    const std::string name = "levels[" + std::to_string(p) + "]";
    score::need_finite(levels[p], name);
    if (levels[p].size() > most / points) {
      throw core::Error("the grid has more than " + std::to_string(most) +
                        " points; would a latin hypercube do?");
    }
    points *= levels[p].size();
  }
  std::vector<Point> out;
  out.reserve(points);
  for (std::size_t k = 0; k < points; ++k) {
    Point x(levels.size());
    std::size_t rest = k;
    for (std::size_t p = levels.size(); p-- > 0; rest /= levels[p].size())
      x[p] = levels[p][rest % levels[p].size()];
    out.push_back(std::move(x));
  }
  return out;
}

std::vector<Point> latin_hypercube(const Box& box, std::size_t count, core::Draw draw,
                                   std::size_t tries) {
  need_finite_box(box, "a latin hypercube");
  if (count == 0 || tries == 0) {
    throw core::Error("points, tries = " + core::show_values(count, tries) +
                      " (needs at least one of each)");
  }
  const std::size_t n = box.size();
  std::vector<std::vector<double>> best;
  double furthest = -1.0;
  for (std::size_t t = 0; t < tries; ++t) {
    const auto occasion = static_cast<std::uint32_t>(t);
    std::vector<std::vector<double>> unit(count, std::vector<double>(n));
    for (std::uint32_t p = 0; p < n; ++p) {
      std::vector<std::size_t> part(count);
      std::iota(part.begin(), part.end(), std::size_t{0});
      std::vector<double> key(count);  // a permutation is the order of as many uniforms
      for (std::uint32_t i = 0; i < count; ++i) key[i] = draw.uniform(2 * p, i, occasion);
      std::ranges::stable_sort(part, {}, [&](std::size_t i) { return key[i]; });
      for (std::uint32_t i = 0; i < count; ++i) {
        unit[i][p] = (static_cast<double>(part[i]) + draw.uniform(2 * p + 1, i, occasion)) /
                     static_cast<double>(count);
      }
    }
    const double apart = tries == 1 ? 0.0 : nearest(unit);
    if (apart <= furthest) continue;
    furthest = apart;
    best = std::move(unit);
  }
  for (auto& x : best) {
    for (std::size_t p = 0; p < n; ++p) {
      const double inside = math::uniform(x[p], box.low[p], box.high[p]);
      x[p] = std::min(std::max(inside, box.low[p]), box.high[p]);
    }
  }
  return best;
}

}  // namespace twin::decide
