#include "twin/score/brier.hpp"

#include <algorithm>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/score/checked.hpp"

namespace twin::score {
namespace {

void need_forecasts(std::span<const YesNo> forecasts) {
  if (forecasts.empty())
    throw core::Error("no forecasts (needs at least one); was everything filtered out?");
  for (const YesNo& f : forecasts) need_probability(f.probability, "probability");
}

std::size_t bin_of(double probability, std::size_t bins) {
  return std::min(static_cast<std::size_t>(probability * static_cast<double>(bins)), bins - 1);
}

double outcome(const YesNo& f) { return f.happened ? 1.0 : 0.0; }

}  // namespace

double brier_score(std::span<const YesNo> forecasts) {
  need_forecasts(forecasts);
  double sum = 0.0;
  for (const YesNo& f : forecasts)
    sum += (f.probability - outcome(f)) * (f.probability - outcome(f));
  return sum / static_cast<double>(forecasts.size());
}

std::vector<ProbabilityBin> probability_bins(std::span<const YesNo> forecasts, std::size_t bins) {
  TWIN_EXPECT(bins >= 1, bins);
  need_forecasts(forecasts);
  std::vector<ProbabilityBin> result(bins);
  for (const YesNo& f : forecasts) {
    ProbabilityBin& bin = result[bin_of(f.probability, bins)];
    ++bin.count;
    bin.probability += f.probability;
    bin.frequency += outcome(f);
  }
  for (ProbabilityBin& bin : result) {
    if (bin.count == 0) continue;
    bin.probability /= static_cast<double>(bin.count);
    bin.frequency /= static_cast<double>(bin.count);
  }
  return result;
}

BrierParts brier_parts(std::span<const YesNo> forecasts, std::size_t bins) {
  const std::vector<ProbabilityBin> all = probability_bins(forecasts, bins);
  const auto n = static_cast<double>(forecasts.size());
  double base = 0.0;  // share of all that happened
  for (const ProbabilityBin& bin : all) base += static_cast<double>(bin.count) * bin.frequency / n;
  BrierParts parts;
  parts.score = brier_score(forecasts);
  parts.uncertainty = base * (1.0 - base);
  for (const ProbabilityBin& bin : all) {
    const double share = static_cast<double>(bin.count) / n;
    const double gap = bin.probability - bin.frequency;
    parts.reliability += share * gap * gap;
    parts.resolution += share * (bin.frequency - base) * (bin.frequency - base);
  }
  for (const YesNo& f : forecasts) {
    const ProbabilityBin& bin = all[bin_of(f.probability, bins)];
    const double off = f.probability - bin.probability;
    parts.within_variance += off * off / n;
    parts.within_covariance += 2.0 * off * (outcome(f) - bin.frequency) / n;
  }
  return parts;
}

}  // namespace twin::score
