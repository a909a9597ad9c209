// If these failed, changes would be seen where none are, or be placed wrongly, or be missed.
#include "twin/bayes/segments.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "twin/bayes/series.hpp"
#include "twin/core/draw.hpp"
#include "twin/math/distributions.hpp"

namespace twin::bayes {
namespace {

// An evidence like that of no model: any number will do.
double odd_evidence(const Segment& s) {
  return std::sin(3.0 * s.first + 7.0 * s.last + (s.shape == Shape::Line ? 2.0 : 0.0));
}

// Wrong: the recursion would not be the sum over all cuts. All 2 * 3^4 cuts of five windows, one by one.
TEST(Segments, AgreesWithAllCutsOneByOne) {
  constexpr std::uint32_t N = 5;
  const SegmentPrior prior{.hazard = 0.2, .drifting = 0.3, .line_after_a_change = 0.6};
  double total = 0.0, unchanged = 0.0, best = 0.0;
  std::vector<double> constant(N), line(N);
  std::vector<Segment> likeliest;
  for (std::uint32_t cuts = 0; cuts < 1U << (N - 1); ++cuts) {
    std::vector<Segment> parts{{0, N}};
    for (std::uint32_t i = 1; i < N; ++i)
      if ((cuts >> (i - 1) & 1U) != 0) {
        parts.back().last = i;
        parts.push_back({i, N});
      }
    for (std::uint32_t shapes = 0; shapes < 1U << parts.size(); ++shapes) {
      double p = 1.0;
      for (std::size_t k = 0; k < parts.size(); ++k) {
        Segment& s = parts[k];
        s.shape = (shapes >> k & 1U) != 0 ? Shape::Line : Shape::Constant;
        const double of_line = k == 0 ? prior.drifting : prior.line_after_a_change;
        p *= (s.shape == Shape::Line ? of_line : 1.0 - of_line) * std::exp(odd_evidence(s)) *
             std::pow(1.0 - prior.hazard, s.last - s.first - 1) * (k == 0 ? 1.0 : prior.hazard);
      }
      total += p;
      (parts.back().shape == Shape::Line ? line : constant)[parts.back().first] += p;
      if (parts.size() == 1 && parts[0].shape == Shape::Constant) unchanged += p;
      if (p > best) best = p, likeliest = parts;
    }
  }
  const Segmentation cut = segment(N, prior, odd_evidence);
  EXPECT_NEAR(cut.unchanged, unchanged / total, 1e-12);
  for (std::uint32_t i = 0; i < N; ++i) {
    EXPECT_NEAR(cut.constant_from[i], constant[i] / total, 1e-12) << i;
    EXPECT_NEAR(cut.line_from[i], line[i] / total, 1e-12) << i;
  }
  EXPECT_EQ(cut.likeliest, likeliest);
}

// Wrong: a fab of 230 numbers that never change would give alarms every month. Bound by Ville's inequality with the
// default prior: a series is ever flagged at 0.99 with probability 2e-4 at most, whenever one looks. 1,000 series that
// follow the model, of 30 windows, looked at every evening: 0.2 expected at most; 6 or more have the probability 2e-7
// or less (Poisson).
TEST(Segments, FalseAlarmsAreBounded) {
  SCOPED_TRACE("seed 3");
  int alarms = 0;
  for (std::uint32_t h = 0; h < 1'000; ++h) {
    const core::Draw draw{3, h};
    NormalSeries series;
    bool flagged = false;
    for (std::uint32_t i = 0; i < 30; ++i) {
      series.add(i + 0.5, 1.1 + 0.01 * math::normal(draw.uniform(1, 0, i)), 1e4);
      const auto cut = segment(i + 1, {}, [&](const Segment& s) { return series.log_evidence(s); });
      flagged |= 1.0 - cut.unchanged > 0.99;
    }
    alarms += flagged;
  }
  EXPECT_LT(alarms, 6);
}

// Wrong: a step or the beginning of a drift would be placed where it was not. Errors of 0.2 %; a step of 4 % is 20 of
// them; a drift of 1 % a window is beyond the errors within a window or two.
TEST(Segments, StepsAndDriftsArePlacedAndMeasured) {
  SCOPED_TRACE("seed 4");
  for (const bool drifts : {false, true}) {
    const core::Draw draw{4, drifts};
    NormalSeries series;
    for (std::uint32_t i = 0; i < 40; ++i) {
      const double after = i < 25 ? 0.0 : (drifts ? 0.01 * (i - 24.5) : 0.04);
      series.add(i + 0.5, 0.9 + after + 0.002 * math::normal(draw.uniform(1, 0, i)), 1.0 / 4e-6);
    }
    const auto cut = segment(40, {}, [&](const Segment& s) { return series.log_evidence(s); });
    EXPECT_LT(cut.unchanged, 1e-6);
    EXPECT_NEAR(cut.start(0.5), 25.0, drifts ? 2.0 : 0.0);
    EXPECT_EQ(cut.line() > 0.5, drifts);
    const auto fit = series.fit(cut.likeliest.back(), 40.0);
    EXPECT_NEAR(fit.value, drifts ? 1.05 : 0.94, 5.0 * fit.value_deviation);
    EXPECT_NEAR(fit.slope, drifts ? 0.01 : 0.0, 5.0 * fit.slope_deviation);
  }
}

// Wrong: nothing would be something.
TEST(Segments, NothingHasNotChanged) {
  EXPECT_EQ(segment(0, {}, odd_evidence).unchanged, 1.0);
  NormalSeries silent;
  for (int i = 0; i < 3; ++i) silent.add(i, 1.0, 0.0);
  const auto cut = segment(3, {}, [&](const Segment& s) { return silent.log_evidence(s); });
  EXPECT_GT(cut.unchanged, 0.99);  // the prior
}

}  // namespace
}  // namespace twin::bayes
