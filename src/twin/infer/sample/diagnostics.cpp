#include "twin/infer/sample/diagnostics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <limits>
#include <numeric>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/math/distributions.hpp"
#include "twin/math/statistics.hpp"

namespace twin::infer {
namespace {

using core::Error;

void check_chains(const ChainsOf& chains, std::size_t least) {
  if (chains.empty()) throw Error("no chains to look at");
  for (const auto& chain : chains) {
    if (chain.size() != chains[0].size())
      throw Error(fmt::format("chains of {} and of {} draws", chains[0].size(), chain.size()));
    for (const double v : chain)
      if (!std::isfinite(v)) throw Error(fmt::format("a draw of {}", v));
  }
  if (chains[0].size() < least)
    throw Error(fmt::format("chains of {} draws (at least {})", chains[0].size(), least));
}

math::Moments moments_of(const std::vector<double>& x) {
  math::Moments m;
  for (const double v : x) m.add(v);
  return m;
}

// Mean over n of (x_t - mean) (x_(t + lag) - mean), with n below: biased as Geyer's sequence wants it.
double autocovariance(const std::vector<double>& x, double mean, std::size_t lag) {
  double sum = 0.0;
  for (std::size_t t = 0; t + lag < x.size(); ++t) sum += (x[t] - mean) * (x[t + lag] - mean);
  return sum / static_cast<double>(x.size());
}

ChainsOf each(const ChainsOf& chains, const auto& f) {
  ChainsOf all = chains;
  for (auto& chain : all)
    for (double& v : chain) v = f(v);
  return all;
}

std::vector<double> sorted_of(const ChainsOf& chains) {
  std::vector<double> all;
  for (const auto& chain : chains) all.insert(all.end(), chain.begin(), chain.end());
  std::ranges::sort(all);
  return all;
}

double ess_of_quantile(const ChainsOf& halves, double quantile) {
  return effective_draws(each(halves, [&](double v) { return v <= quantile ? 1.0 : 0.0; }));
}

// Half the distance of the order statistics between which the quantile lies with 68.3 %: its rank's law is a beta law
// with as many draws as are effective.
double quantile_error(std::span<const double> sorted, double p, double effective) {
  if (!(effective > 0.0)) return std::numeric_limits<double>::infinity();
  const double a = effective * p + 1, b = effective * (1 - p) + 1;
  const auto at = [&](double share) {
    const double rank = boost::math::ibeta_inv(a, b, share) * static_cast<double>(sorted.size());
    const auto k =
        static_cast<std::size_t>(std::clamp(rank, 1.0, static_cast<double>(sorted.size()))) - 1;
    return sorted[k];
  };
  return (at(0.8413447460685429) - at(0.15865525393145707)) / 2;
}

}  // namespace

ChainsOf split(const ChainsOf& chains) {
  ChainsOf halves;
  for (const auto& chain : chains) {
    const auto half = static_cast<std::ptrdiff_t>(chain.size() / 2);
    halves.emplace_back(chain.begin(), chain.begin() + half);
    halves.emplace_back(chain.end() - half, chain.end());
  }
  return halves;
}

ChainsOf rank_normalised(const ChainsOf& chains) {
  const std::vector<double> sorted = sorted_of(chains);
  const auto n = static_cast<double>(sorted.size());
  return each(chains, [&](double v) {
    const auto [low, high] = std::ranges::equal_range(sorted, v);
    const double rank = (static_cast<double>(low - sorted.begin()) + 1 +
                         static_cast<double>(high - sorted.begin())) /
                        2;
    return math::normal((rank - 0.375) / (n + 0.25));
  });
}

double r_hat(const ChainsOf& chains) {
  check_chains(chains, 4);
  const auto n = static_cast<double>(chains[0].size());
  math::Moments within, between;
  for (const auto& chain : chains) {
    const math::Moments m = moments_of(chain);
    within.add(m.variance());
    between.add(m.mean());
  }
  return std::sqrt((n - 1) / n + between.variance() / within.mean());
}

double effective_draws(const ChainsOf& chains) {
  check_chains(chains, 4);
  const std::size_t n = chains[0].size();
  const auto draws = static_cast<double>(n), count = static_cast<double>(chains.size());
  math::Moments means, variances;
  std::vector<double> mean;
  for (const auto& chain : chains) {
    const math::Moments m = moments_of(chain);
    mean.push_back(m.mean());
    means.add(m.mean());
    variances.add(m.variance());
  }
  const double within = variances.mean();
  const double all = within * (draws - 1) / draws + (chains.size() > 1 ? means.variance() : 0.0);
  if (!(all > 0.0)) return draws * count;
  const auto correlation = [&](std::size_t lag) {
    double sum = 0.0;
    for (std::size_t c = 0; c < chains.size(); ++c) sum += autocovariance(chains[c], mean[c], lag);
    // Autocovariances of each about its own mean, scaled as its variance is.
    return 1.0 - (within - sum / count * draws / (draws - 1)) / all;
  };
  // Sums of neighbours, as long as they are above 0 and made to fall.
  double sum = 0.0, last = std::numeric_limits<double>::infinity();
  for (std::size_t lag = 0; lag + 1 < n; lag += 2) {
    double pair = (lag == 0 ? 1.0 : correlation(lag)) + correlation(lag + 1);
    if (!(pair > 0.0)) break;
    pair = std::min(pair, last);
    last = pair;
    sum += pair;
  }
  const double time = std::max(2 * sum - 1, 1 / std::log10(draws * count));
  return draws * count / time;
}

Diagnostics diagnose(const ChainsOf& chains) {
  check_chains(chains, 8);
  Diagnostics d;
  math::Moments all;
  for (const auto& chain : chains)
    for (const double v : chain) all.add(v);
  d.mean = all.mean();
  d.deviation = all.deviation();
  const ChainsOf halves = split(chains);
  const std::vector<double> sorted = sorted_of(chains);
  const double low = math::quantile_of_sorted(sorted, 0.05),
               median = math::quantile_of_sorted(sorted, 0.5),
               high = math::quantile_of_sorted(sorted, 0.95);
  const ChainsOf ranked = rank_normalised(halves);
  const ChainsOf folded =
      rank_normalised(each(halves, [&](double v) { return std::abs(v - median); }));
  d.split_r_hat = std::max(r_hat(ranked), r_hat(folded));
  d.bulk_ess = effective_draws(ranked);
  const double ess_low = ess_of_quantile(halves, low), ess_high = ess_of_quantile(halves, high);
  d.tail_ess = std::min(ess_low, ess_high);
  d.mean_error = d.deviation / std::sqrt(effective_draws(halves));
  const double ess_square =
      effective_draws(each(halves, [&](double v) { return (v - d.mean) * (v - d.mean); }));
  // exp(1) (1 - 1/S)^(S - 1) - 1, the variance of a normal sample's deviation over its own.
  d.deviation_error =
      d.deviation * std::sqrt(std::exp(1.0) * std::pow(1 - 1 / ess_square, ess_square - 1) - 1);
  d.low_error = quantile_error(sorted, 0.05, ess_low);
  d.median_error = quantile_error(sorted, 0.5, ess_of_quantile(halves, median));
  d.high_error = quantile_error(sorted, 0.95, ess_high);
  return d;
}

}  // namespace twin::infer
