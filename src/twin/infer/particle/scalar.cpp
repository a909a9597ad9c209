// Simple loops over arrays, to be made vectors of in every build.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3")
#pragma GCC optimize("no-trapping-math")
#endif
#include "twin/infer/particle/scalar.hpp"

#include <algorithm>
#include <array>
#include <numbers>

namespace twin::infer::particle {
namespace detail {

Reweighted reweigh(std::span<const double> log_likelihood, std::span<const double> log_weight,
                   std::span<double> out) {
  constexpr double Infinity = std::numeric_limits<double>::infinity();
  constexpr std::size_t Lanes = 8;
  std::array<double, Lanes> largest, lost = {};
  largest.fill(-Infinity);
  const std::size_t n = out.size();
  const auto one = [&](std::size_t i, std::size_t l) {
    const bool good = log_likelihood[i] < Infinity;
    lost[l] += good ? 0.0 : 1.0;
    const double w = log_weight[i] + (good ? log_likelihood[i] : -Infinity);
    out[i] = w;
    largest[l] = w > largest[l] ? w : largest[l];
  };
  std::size_t i = 0;
  for (; i + Lanes <= n; i += Lanes) {
    for (std::size_t l = 0; l < Lanes; ++l) one(i + l, l);
  }
  for (; i < n; ++i) one(i, 0);
  Reweighted all{.largest = -Infinity, .lost = 0};
  for (std::size_t l = 0; l < Lanes; ++l) {
    all.largest = std::max(all.largest, largest[l]);
    all.lost += static_cast<std::size_t>(lost[l]);
  }
  return all;
}

void copy_systematically(std::span<const double> relative, double total, double u,
                         std::span<const double> x, std::span<double> out) {
  const std::size_t n = x.size();
  const double scale = static_cast<double>(n) / total;
  double sum = 0.0;
  std::size_t from = 0, last = n - 1;
  while (relative[last] == 0.0) --last;
  for (std::size_t i = 0; i <= last; ++i) {
    sum += relative[i];
    const double points = sum * scale - u;  // up_to is the least whole number not below it
    const auto whole = static_cast<std::int64_t>(points);
    const auto above =
        static_cast<std::size_t>(whole + (points > static_cast<double>(whole) ? 1 : 0));
    const std::size_t up_to = i == last ? n : std::min(above, n);
    // Most have few copies: Margin are written without asking how many, and what is too much is
    // overwritten by those that follow.
    double* const to = out.data() + from;
    for (std::size_t k = 0; k < Margin; ++k) to[k] = x[i];
    if (up_to > from + Margin) std::fill(to + Margin, out.data() + up_to, x[i]);
    from = up_to;
  }
}

}  // namespace detail

void StochasticVolatility::start(std::span<const double> z, std::span<double> x) const {
  const double deviation = sigma / std::sqrt(1.0 - rho * rho);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = mu + deviation * z[i];
}

void StochasticVolatility::move(std::span<const double> z, std::span<double> x) const {
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = mu + rho * (x[i] - mu) + sigma * z[i];
}

void StochasticVolatility::log_likelihood(std::span<const double> x, double y,
                                          std::span<double> out) const {
  for (std::size_t i = 0; i < x.size(); ++i) out[i] = -x[i];
  math::quick_exponentials(out, 0.0, out);
  const double square = y * y;
  constexpr double LogTwoPi = 1.8378770664093454836;
  for (std::size_t i = 0; i < x.size(); ++i) {
    out[i] = -0.5 * (LogTwoPi + x[i] + square * out[i]);
  }
}

}  // namespace twin::infer::particle
