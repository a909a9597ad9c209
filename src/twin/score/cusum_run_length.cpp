#include "twin/score/cusum_run_length.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>
#include <vector>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/score/checked.hpp"
#include "twin/score/normal.hpp"

namespace twin::score {
namespace {

void need_design(const CusumDesign& design, double shift) {
  need_positive(design.threshold, "threshold");
  need_finite(design.slack, "slack");
  need_finite(shift, "shift");
  if (design.slack < 0.0)
    throw core::Error("slack = " + core::show_values(design.slack) + " (must not be negative)");
  if (design.threshold > 50.0) {
    throw core::Error("threshold = " + core::show_values(design.threshold) +
                      " (must be 50 or less); is it in deviations?");
  }
}

struct Node {
  double x;
  double weight;
};

// Gauss-Legendre nodes on [0, length]: roots of the Legendre polynomial by Newton (M. Abramowitz
// and I. A. Stegun, 1964, 25.4.29; start: 22.16.6).
std::vector<Node> gauss_nodes(std::size_t n, double length) {
  std::vector<Node> nodes;
  const auto size = static_cast<double>(n);
  for (std::size_t i = 0; i < n; ++i) {
    double x = std::cos(std::numbers::pi * (static_cast<double>(i) + 0.75) / (size + 0.5));
    double slope = 1.0;
    for (int step = 0; step < 100; ++step) {
      double before = 1.0, here = x;  // P0, P1
      for (std::size_t k = 2; k <= n; ++k) {
        const auto d = static_cast<double>(k);
        before = std::exchange(here, ((2.0 * d - 1.0) * x * here - (d - 1.0) * before) / d);
      }
      slope = size * (x * here - before) / (x * x - 1.0);
      const double change = here / slope;
      x -= change;
      if (std::abs(change) < 1e-15) break;
    }
    nodes.push_back({0.5 * length * (1.0 + x), length / ((1.0 - x * x) * slope * slope)});
  }
  return nodes;
}

// The first unknown of a x = b, n equations, a: [row][column], by elimination with row exchange.
double first_solution(std::vector<double> a, std::vector<double> b) {
  const std::size_t n = b.size();
  // Columns from the last to the first, so that the first unknown is left over.
  for (std::size_t c = n; c-- > 0;) {
    std::size_t pivot = 0;
    for (std::size_t r = 1; r <= c; ++r) {
      if (std::abs(a[r * n + c]) > std::abs(a[pivot * n + c])) pivot = r;
    }
    for (std::size_t k = 0; k <= c; ++k) std::swap(a[pivot * n + k], a[c * n + k]);
    std::swap(b[pivot], b[c]);
    for (std::size_t r = 0; r < c; ++r) {
      const double factor = a[r * n + c] / a[c * n + c];
      for (std::size_t k = 0; k < c; ++k) a[r * n + k] -= factor * a[c * n + k];
      b[r] -= factor * b[c];
    }
  }
  return b[0] / a[0];
}

}  // namespace

double one_sided_run_length(const CusumDesign& design, double shift) {
  need_design(design, shift);
  const double off = design.slack - shift;
  // The kernel is as wide as one deviation: 8 nodes a deviation leave nothing of the error.
  const auto n = 32 + 8 * static_cast<std::size_t>(std::ceil(design.threshold));
  const std::vector<Node> nodes = gauss_nodes(n, design.threshold);
  // Unknown 0 is L(0), unknown j + 1 is L at node j.
  const std::size_t size = n + 1;
  std::vector<double> a(size * size);
  for (std::size_t i = 0; i < size; ++i) {
    const double from = i == 0 ? 0.0 : nodes[i - 1].x;
    a[i * size] = -normal_below(off - from);
    for (std::size_t j = 0; j < n; ++j)
      a[i * size + j + 1] = -nodes[j].weight * normal_density(nodes[j].x - from + off);
    a[i * size + i] += 1.0;
  }
  const double length = first_solution(std::move(a), std::vector<double>(size, 1.0));
  return length > 0.0 && length < 1e11 ? length : std::numeric_limits<double>::infinity();
}

double run_length(const CusumDesign& design, double shift) {
  return 1.0 /
         (1.0 / one_sided_run_length(design, shift) + 1.0 / one_sided_run_length(design, -shift));
}

double siegmund_run_length(const CusumDesign& design, double shift) {
  need_design(design, shift);
  const double d = shift - design.slack;
  const double b = design.threshold + 1.166;
  if (std::abs(d * b) < 1e-5) return b * b;  // the limit, to 1e-5
  return (std::expm1(-2.0 * d * b) + 2.0 * d * b) / (2.0 * d * d);
}

double threshold_for(double slack, double length) {
  need_design({.slack = slack}, 0.0);
  if (!(length >= 2.0 && length <= 1e9)) {
    throw core::Error("length = " + core::show_values(length) +
                      " (must lie in 2 to 1e9 values); is it a rate?");
  }
  double low = 0.0, high = 1.0;
  while (high < 50.0 && run_length({slack, high}, 0.0) < length) {
    low = high;
    high = std::min(2.0 * high, 50.0);
  }
  while (high - low > 1e-9) {
    const double middle = 0.5 * (low + high);
    (run_length({slack, middle}, 0.0) < length ? low : high) = middle;
  }
  return high;
}

}  // namespace twin::score
