#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3")  // the sums become vectors in every build
#endif
#include "twin/infer/particle/weights.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

#include "twin/core/expect.hpp"
#include "twin/math/batch.hpp"
#include "twin/math/elementary.hpp"

namespace twin::infer::particle {
namespace {

constexpr std::size_t Block = 1024;
constexpr std::size_t Lanes = 8;

double folded(const std::array<double, Lanes>& sum) {
  return ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7]));
}

SumAndSquares block_sums(std::span<const double> x) {
  std::array<double, Lanes> sum = {}, squares = {};
  std::size_t i = 0;
  for (; i + Lanes <= x.size(); i += Lanes) {
    for (std::size_t l = 0; l < Lanes; ++l) {
      sum[l] += x[i + l];
      squares[l] += x[i + l] * x[i + l];
    }
  }
  for (std::size_t l = 0; i + l < x.size(); ++l) {
    sum[l] += x[i + l];
    squares[l] += x[i + l] * x[i + l];
  }
  return {folded(sum), folded(squares)};
}

}  // namespace

// As core::tree_reduce, over the blocks, and without storing their sums.
SumAndSquares sum_and_squares(std::span<const double> x) {
  if (x.size() <= Block) return block_sums(x);
  const std::size_t blocks = (x.size() + Block - 1) / Block;
  const std::size_t cut = std::bit_floor(blocks - 1) * Block;
  const SumAndSquares left = sum_and_squares(x.first(cut));
  const SumAndSquares right = sum_and_squares(x.subspan(cut));
  return {left.sum + right.sum, left.squares + right.squares};
}

double blocked_sum(std::span<const double> x) { return sum_and_squares(x).sum; }

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
  for (std::size_t i = 0; i < log_weight.size(); ++i) out.relative[i] = log_weight[i] - largest;
  math::exponentials(out.relative);
  const SumAndSquares sums = sum_and_squares(out.relative);
  out.total = sums.sum;
  out.ess = sums.sum * sums.sum / sums.squares;
  out.log_mean = largest + math::log(out.total / static_cast<double>(log_weight.size()));
}

Weights weights_of(std::span<const double> log_weight) {
  Weights out;
  weights_of(log_weight, out);
  return out;
}

}  // namespace twin::infer::particle
