#include "twin/infer/particle/resampling.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "twin/core/expect.hpp"
#include "twin/math/distributions.hpp"

namespace twin::infer::particle {
namespace {

struct Named {  // the draws of one resampling
  const core::Draw& draw;
  std::uint32_t what, occasion;
  [[nodiscard]] double uniform(std::size_t who) const {
    return draw.uniform(what, static_cast<std::uint32_t>(who), occasion);
  }
};

// Particle i takes the points in [before, up_to) of a ruler of length `points`, on which each
// particle's share is as long as its weight. points_below(x): how many points lie below x, where
// 0 <= x <= points; the last particle with weight ends at `points` whatever rounding says.
template <class PointsBelow>
void lay_out(std::span<const double> weights, std::size_t points, const PointsBelow& points_below,
             std::span<std::uint32_t> copies) {
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  const double scale = static_cast<double>(points) / total;
  double sum = 0.0;
  std::size_t before = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    sum += weights[i];
    const std::size_t up_to =
        sum == total ? points : std::clamp<std::size_t>(points_below(sum * scale), before, points);
    copies[i] += static_cast<std::uint32_t>(up_to - before);
    before = up_to;
  }
}

void systematic(std::span<const double> weights, std::size_t points, const Named& named,
                std::span<std::uint32_t> copies) {
  const double u = named.uniform(0);
  lay_out(
      weights, points,
      [u](double x) {  // the least whole number not below x - u
        const double points_before = x - u;
        const auto whole = static_cast<std::int64_t>(points_before);
        return static_cast<std::size_t>(whole + (points_before > static_cast<double>(whole)));
      },
      copies);
}

void stratified(std::span<const double> weights, const Named& named,
                std::span<std::uint32_t> copies) {
  lay_out(
      weights, weights.size(),
      [&](double x) {
        const double whole = std::floor(x);
        const auto stratum = static_cast<std::size_t>(whole);
        return stratum + (x > whole && named.uniform(stratum) < x - whole ? 1 : 0);
      },
      copies);
}

// Independent points, ascending: the partial sums of exponential variates over their total are
// sorted uniforms (Devroye, Non-Uniform Random Variate Generation, 1986, chapter V.3).
void multinomial(std::span<const double> weights, std::size_t points, const Named& named,
                 std::span<std::uint32_t> copies) {
  if (points == 0) return;
  std::vector<double> point(points);
  double sum = 0.0;
  for (std::size_t k = 0; k < points; ++k) {
    sum += math::exponential(named.uniform(k), 1.0);
    point[k] = sum;
  }
  sum += math::exponential(named.uniform(points), 1.0);
  const double scale = static_cast<double>(points) / sum;
  std::size_t below = 0;
  lay_out(
      weights, points,
      [&](double x) {
        while (below < points && point[below] * scale < x) ++below;
        return below;
      },
      copies);
}

// copies := floor(N w / sum w); answers what is left of each, and how many places.
std::vector<double> residuals(std::span<const double> weights, std::span<std::uint32_t> copies,
                              std::size_t& places) {
  const double scale =
      static_cast<double>(weights.size()) / std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<double> rest(weights.size());
  places = weights.size();
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double expected = weights[i] * scale;
    const auto whole = std::min(static_cast<std::size_t>(expected), places);
    copies[i] = static_cast<std::uint32_t>(whole);
    rest[i] = expected - static_cast<double>(whole);
    places -= whole;
  }
  return rest;
}

// One particle at a time is undecided, with chance p of one more copy. It meets the next, with
// chance q: if p + q < 1 one of them carries both chances on and the other is out; if not, one of
// them is in and the other carries p + q - 1 on.
void srinivasan(std::span<const double> weights, const Named& named,
                std::span<std::uint32_t> copies) {
  std::size_t places = 0;
  const std::vector<double> rest = residuals(weights, copies, places);
  std::size_t undecided = 0;
  double p = 0.0;
  for (std::size_t i = 0; i < rest.size() && places > 0; ++i) {
    const double q = rest[i];
    if (q == 0.0) continue;
    const double u = named.uniform(i);
    const double both = p + q;
    if (both < 1.0) {
      if (u * both >= p) undecided = i;
      p = both;
    } else {
      const bool first_is_in = u * (2.0 - both) < 1.0 - q;
      ++copies[first_is_in ? undecided : i];
      --places;
      if (first_is_in) undecided = i;
      p = both - 1.0;
    }
  }
  // The chances sum to a whole number but for rounding: the last one is 0 or 1.
  TWIN_ENSURE(places <= 1, places);
  if (places == 1) ++copies[undecided];
}

}  // namespace

std::string_view name_of(Resampling scheme) {
  switch (scheme) {
    case Resampling::Multinomial: return "multinomial";
    case Resampling::Stratified: return "stratified";
    case Resampling::Systematic: return "systematic";
    case Resampling::Residual: return "residual";
    case Resampling::ResidualSystematic: return "residual systematic";
    case Resampling::Srinivasan: return "Srinivasan";
  }
  return "";
}

void resample(Resampling scheme, std::span<const double> weights, const core::Draw& draw,
              std::uint32_t what, std::uint32_t occasion, std::span<std::uint32_t> copies) {
  TWIN_EXPECT(weights.size() == copies.size(), weights.size(), copies.size());
  const Named named{draw, what, occasion};
  std::ranges::fill(copies, 0U);
  switch (scheme) {
    case Resampling::Multinomial: return multinomial(weights, weights.size(), named, copies);
    case Resampling::Stratified: return stratified(weights, named, copies);
    case Resampling::Systematic: return systematic(weights, weights.size(), named, copies);
    case Resampling::Srinivasan: return srinivasan(weights, named, copies);
    case Resampling::Residual:
    case Resampling::ResidualSystematic: {
      std::size_t places = 0;
      const std::vector<double> rest = residuals(weights, copies, places);
      if (places == 0) return;
      if (scheme == Resampling::Residual) return multinomial(rest, places, named, copies);
      return systematic(rest, places, named, copies);
    }
  }
}

void ancestors_of(std::span<const std::uint32_t> copies, std::span<std::uint32_t> ancestors) {
  TWIN_EXPECT(copies.size() == ancestors.size(), copies.size(), ancestors.size());
  std::size_t free = 0;
  for (std::size_t i = 0; i < copies.size(); ++i) {
    if (copies[i] == 0) continue;
    ancestors[i] = static_cast<std::uint32_t>(i);
    for (std::uint32_t more = copies[i] - 1; more > 0; --more) {
      while (free < copies.size() && copies[free] != 0) ++free;
      TWIN_EXPECT(free < copies.size(), i);  // more copies than places
      ancestors[free++] = static_cast<std::uint32_t>(i);
    }
  }
  while (free < copies.size() && copies[free] != 0) ++free;
  TWIN_EXPECT(free == copies.size(), free);  // a place without a particle
}

}  // namespace twin::infer::particle
