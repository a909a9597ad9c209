#include "twin/infer/particle/weights.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

#include "twin/core/expect.hpp"
#include "twin/math/elementary.hpp"

namespace twin::infer::particle {
namespace {

constexpr std::size_t Block = 1024;
constexpr std::size_t Lanes = 8;

template <class Term>
double block_sum(std::span<const double> x, const Term& term) {
  std::array<double, Lanes> sum = {};
  std::size_t i = 0;
  for (; i + Lanes <= x.size(); i += Lanes) {
    for (std::size_t l = 0; l < Lanes; ++l) sum[l] += term(x[i + l]);
  }
  for (std::size_t l = 0; i + l < x.size(); ++l) sum[l] += term(x[i + l]);
  return ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7]));
}

// As core::tree_reduce, over the blocks, and without storing their sums.
template <class Term>
double sum_of(std::span<const double> x, const Term& term) {
  if (x.size() <= Block) return block_sum(x, term);
  const std::size_t blocks = (x.size() + Block - 1) / Block;
  const std::size_t left = std::bit_floor(blocks - 1) * Block;
  return sum_of(x.first(left), term) + sum_of(x.subspan(left), term);
}

}  // namespace

double blocked_sum(std::span<const double> x) {
  return sum_of(x, [](double v) { return v; });
}

void weights_of(std::span<const double> log_weight, Weights& out) {
  constexpr double Nothing = -std::numeric_limits<double>::infinity();
  TWIN_EXPECT(!log_weight.empty());
  double largest = Nothing;
  for (const double w : log_weight) {
    TWIN_EXPECT(w < std::numeric_limits<double>::infinity(), w);  // NaN is none either
    largest = std::max(largest, w);
  }
  out.relative.resize(log_weight.size());
  if (largest == Nothing) {
    std::ranges::fill(out.relative, 0.0);
    out.total = out.ess = 0.0;
    out.log_mean = Nothing;
    return;
  }
  for (std::size_t i = 0; i < log_weight.size(); ++i) {
    out.relative[i] = math::exp(log_weight[i] - largest);
  }
  const double squares = sum_of(out.relative, [](double v) { return v * v; });
  out.total = blocked_sum(out.relative);
  out.ess = out.total * out.total / squares;
  out.log_mean = largest + math::log(out.total / static_cast<double>(log_weight.size()));
}

Weights weights_of(std::span<const double> log_weight) {
  Weights out;
  weights_of(log_weight, out);
  return out;
}

}  // namespace twin::infer::particle
