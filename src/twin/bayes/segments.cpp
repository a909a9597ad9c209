#include "twin/bayes/segments.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "twin/core/expect.hpp"

namespace twin::bayes {

namespace {

constexpr double Never = -std::numeric_limits<double>::infinity();

double log_of_sum(const std::vector<double>& logs) {
  const double most = *std::max_element(logs.begin(), logs.end());
  if (most == Never) return Never;
  double sum = 0.0;
  for (const double v : logs) sum += std::exp(v - most);
  return most + std::log(sum);
}

}  // namespace

double Segmentation::line() const {
  double sum = 0.0;
  for (const double p : line_from) sum += p;
  return sum;
}

std::uint32_t Segmentation::start(double p) const {
  double below = 0.0;
  for (std::uint32_t i = 0; i < line_from.size(); ++i) {
    below += line_from[i] + (i == 0 ? 0.0 : constant_from[i]);
    if (below >= p * (1.0 - unchanged)) return i;
  }
  return line_from.empty() ? 0 : static_cast<std::uint32_t>(line_from.size() - 1);
}

Segmentation segment(std::uint32_t windows, const SegmentPrior& prior,
                     const std::function<double(const Segment&)>& log_evidence) {
  TWIN_EXPECT(prior.hazard > 0.0 && prior.hazard < 1.0, prior.hazard);
  if (windows == 0) return {};
  const double stays = std::log1p(-prior.hazard), ends = std::log(prior.hazard);
  const auto of_shape = [&](std::uint32_t first, Shape shape) {
    const double line = first == 0 ? prior.drifting : prior.line_after_a_change;
    return std::log(shape == Shape::Line ? line : 1.0 - line);
  };
  // before[i]: log of the evidence of the windows before i and of a segment ending there; best[i]:
  // of the likeliest cut alone.
  std::vector<double> before(windows + 1, Never), best(windows + 1, Never), last, all;
  std::vector<Segment> by(windows + 1);
  before[0] = best[0] = 0.0;
  for (std::uint32_t end = 1; end <= windows; ++end) {
    last.assign(2 * end, Never);
    for (std::uint32_t first = 0; first < end; ++first)
      for (const Shape shape : {Shape::Constant, Shape::Line}) {
        const Segment s{first, end, shape};
        const double share = of_shape(first, shape);
        if (share == Never) continue;
        const double own = share + log_evidence(s) + stays * (end - first - 1);
        const double cut = first == 0 ? 0.0 : ends;
        last[2 * first + (shape == Shape::Line)] = before[first] + cut + own;
        if (best[first] + cut + own > best[end]) best[end] = best[first] + cut + own, by[end] = s;
      }
    before[end] = log_of_sum(last);
  }
  Segmentation result;
  result.constant_from.resize(windows);
  result.line_from.resize(windows);
  for (std::uint32_t i = 0; i < windows; ++i) {
    result.constant_from[i] = std::exp(last[2 * i] - before[windows]);
    result.line_from[i] = std::exp(last[2 * i + 1] - before[windows]);
  }
  result.unchanged = result.constant_from[0];
  for (std::uint32_t end = windows; end > 0; end = by[end].first)
    result.likeliest.push_back(by[end]);
  std::reverse(result.likeliest.begin(), result.likeliest.end());
  return result;
}

}  // namespace twin::bayes
