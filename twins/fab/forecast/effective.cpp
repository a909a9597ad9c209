#include "twins/fab/forecast/effective.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace twins::fab::forecast {

MeanOf mean_of(const std::vector<std::vector<Cluster>>& runs, std::size_t lags) {
  MeanOf out;
  double sum = 0.0, windows = 0.0;
  for (const auto& run : runs)
    for (const Cluster& c : run) out.n += c.n, sum += c.sum, windows += c.n > 0.0;
  out.error = std::numeric_limits<double>::infinity();
  if (out.n == 0.0) return out;
  out.mean = sum / out.n;
  if (windows < 2.0) return out;
  double variance = 0.0;
  for (const auto& run : runs) {
    const auto residual = [&](std::size_t i) { return run[i].sum - out.mean * run[i].n; };
    for (std::size_t i = 0; i < run.size(); ++i) {
      variance += residual(i) * residual(i);
      for (std::size_t k = 1; k <= lags && k <= i; ++k)
        variance += 2.0 * (1.0 - static_cast<double>(k) / static_cast<double>(lags + 1)) *
                    residual(i) * residual(i - k);
    }
  }
  out.error = std::sqrt(std::max(variance, 0.0) * windows / (windows - 1.0)) / out.n;
  return out;
}

Share share_of(const std::vector<std::vector<Cluster>>& runs, std::size_t lags) {
  const MeanOf m = mean_of(runs, lags);
  Share s;
  s.share = m.mean, s.n = m.n;
  double windows = 0.0;
  for (const auto& run : runs)
    for (const Cluster& c : run) windows += c.n > 0.0;
  const double spread = m.mean * (1.0 - m.mean);
  if (spread > 0.0 && m.error > 0.0 && std::isfinite(m.error))
    s.effective = std::min(spread / (m.error * m.error), m.n);
  else
    s.effective = m.error == 0.0 && spread > 0.0 ? m.n : windows;
  const double trials = std::floor(s.effective);
  s.bounds = twin::score::clopper_pearson(static_cast<std::uint64_t>(std::floor(s.share * trials)),
                                          static_cast<std::uint64_t>(trials));
  return s;
}

}  // namespace twins::fab::forecast
