#include "twin/uq/hsic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

#include "twin/core/draw.hpp"
#include "twin/core/error.hpp"
#include "twin/core/parallel.hpp"
#include "twin/math/elementary.hpp"
#include "twin/math/statistics.hpp"
#include "twin/uq/permutation.hpp"

namespace twin::uq {
namespace {

constexpr std::size_t SampleMost = 20'000;

// [point][point], each row and column less its mean.
std::vector<double> centred_kernel(std::span<const double> x) {
  const std::size_t n = x.size();
  math::Moments m;
  for (const double v : x) m.add(v);
  if (!(m.deviation() > 0.0)) throw core::Error("what does not vary depends on nothing");
  const double scale = -0.5 / m.variance();
  std::vector<double> k(n * n), mean(n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j)
      k[i * n + j] = k[j * n + i] = math::exp(scale * (x[i] - x[j]) * (x[i] - x[j]));
  for (std::size_t i = 0; i < n; ++i)
    mean[i] = core::tree_sum(std::span(k).subspan(i * n, n)) / static_cast<double>(n);
  const double all = core::tree_sum(mean) / static_cast<double>(n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) k[i * n + j] += all - mean[i] - mean[j];
  return k;
}

// Mean of a_ij b_p(i)p(j) over all i and j.
double together(const std::vector<double>& a, const std::vector<double>& b,
                std::span<const std::size_t> order) {
  const std::size_t n = order.size();
  std::vector<double> rows(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double* from = a.data() + i * n;
    const double* to = b.data() + order[i] * n;
    double sum = 0.0;
    for (std::size_t j = 0; j < n; ++j) sum += from[j] * to[order[j]];
    rows[i] = sum;
  }
  return core::tree_sum(rows) / static_cast<double>(n * n);
}

}  // namespace

Dependence dependence(std::span<const double> x, std::span<const double> y,
                      const DependenceOptions& o) {
  using core::Error;
  const std::size_t n = x.size();
  if (y.size() != n) throw Error(fmt::format("{} values of an input, {} of a result", n, y.size()));
  if (n < 4 || n > SampleMost)
    throw Error(fmt::format("a sample of {} points (4 to {})", n, SampleMost));
  for (const auto& of : {x, y})
    for (const double v : of)
      if (!std::isfinite(v)) throw Error(fmt::format("a value of {} in a sample", v));
  const auto kx = centred_kernel(x), ky = centred_kernel(y);
  std::vector<std::size_t> same(n);
  std::iota(same.begin(), same.end(), std::size_t{0});
  Dependence d;
  d.hsic = together(kx, ky, same);
  d.share = d.hsic / std::sqrt(together(kx, kx, same) * together(ky, ky, same));
  if (o.permutations == 0) return d;
  std::vector<std::uint8_t> as_much(o.permutations, 0);
  core::for_each_member(o.permutations, o.threads, [&](std::size_t p) {
    const core::Draw draw{o.seed, static_cast<std::uint32_t>(p)};
    const std::vector<std::size_t> order = permutation(n, draw, 0);
    as_much[p] = together(kx, ky, order) >= d.hsic ? 1 : 0;
  });
  const auto count = std::accumulate(as_much.begin(), as_much.end(), 0U);
  d.probability = (1.0 + count) / (1.0 + o.permutations);
  return d;
}

}  // namespace twin::uq
