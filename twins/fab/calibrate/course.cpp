#include "twins/fab/calibrate/course.hpp"

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

#include "twin/bayes/series.hpp"
#include "twin/core/expect.hpp"

namespace twins::fab::calibrate {

namespace {

using twin::bayes::ExponentialMean;
using twin::bayes::NormalSeries;
using twin::bayes::RateSeries;
using twin::bayes::ScaledShare;
using twin::bayes::Segment;
using twin::bayes::segment;
using twin::bayes::Segmentation;
using twin::bayes::SegmentPrior;
using twin::bayes::Shape;
using twin::bayes::UniformScale;

// The variance of a uniform sample's variance is 0.8 sigma^4 / n, that of a normal one's 2 sigma^4 / n: it tells as
// much as 2.5 times as many.
constexpr double UniformSurety = 2.5;
// Whole milliseconds, also of each wafer of a cascading job, shift a mean by up to this [1].
constexpr double Rounding = 2e-5;
constexpr double Tail = 0.05;  // of a 90 % interval
constexpr SegmentPrior Steps{.drifting = 0.0, .line_after_a_change = 0.0};

Quantiles table(const std::vector<double>& values) {
  Quantiles q{};
  std::copy(values.begin(), values.end(), q.begin());
  return q;
}

// Quantile of a law of positive numbers with this distribution function, within (low, high).
template <class Below>
double quantile(double p, double low, double high, const Below& below) {
  for (int halving = 0; halving < 60; ++halving) {
    const double v = 0.5 * (low + high);
    (below(v) < p ? low : high) = v;
  }
  return high;
}

// A mixture of normal laws.
struct Parts {
  struct Part {
    double weight, mean, deviation;
  };
  std::vector<Part> parts;

  [[nodiscard]] double at(double p) const {
    double low = INFINITY, high = -INFINITY, all = 0.0;
    for (const Part& part : parts) {
      low = std::min(low, part.mean - 9.0 * part.deviation);
      high = std::max(high, part.mean + 9.0 * part.deviation);
      all += part.weight;
    }
    return quantile(p * all, low, high, [&](double v) {
      double sum = 0.0;
      for (const Part& part : parts)
        sum += part.weight * 0.5 * std::erfc((part.mean - v) / part.deviation * std::sqrt(0.5));
      return sum;
    });
  }
  [[nodiscard]] Range range() const { return {at(Tail), at(0.5), at(1.0 - Tail)}; }
};

// The variance of a ratio's multiplier about the window's own line, so that no drift within it counts; in units of
// the data set's spread.
struct Scatter {
  double freedom = 0.0, sum = 0.0;
};
Scatter scatter(const RatioSums& s) {
  if (s.n < 3.0) return {};
  const double centre = 1.0 + s.wy / s.w;
  const double yy = s.wyy - s.wy * s.wy / s.w, tt = s.wtt - s.wt * s.wt / s.w,
               ty = s.wty - s.wt * s.wy / s.w;
  const double sum = tt > 0.0 ? yy - ty * ty / tt : yy;
  return {s.n - (tt > 0.0 ? 2.0 : 1.0), std::max(sum, 0.0) / (centre * centre)};
}

// The multiplier of the spread, squared: the median over windows, so that one in which the mean steps does not
// count; with few durations drawn towards the data set's.
double typical_variance(std::span<const RatioSums* const> courses) {
  std::vector<double> each;
  double freedom = 4.0, sum = 4.0;
  for (const RatioSums* course : courses) {
    const Scatter s = scatter(*course);
    freedom += s.freedom, sum += s.sum;
    if (s.freedom >= 4.0) each.push_back(s.sum / s.freedom);
  }
  if (each.size() < 5) return sum / freedom;
  std::nth_element(each.begin(), each.begin() + static_cast<std::ptrdiff_t>(each.size() / 2),
                   each.end());
  return each[each.size() / 2];
}

Change change_of(const Segmentation& cut, double window_days) {
  Change change;
  change.probability = 1.0 - cut.unchanged;
  change.drifts = 2.0 * cut.line() > change.probability;
  change.day = {cut.start(Tail) * window_days, cut.start(0.5) * window_days,
                cut.start(1.0 - Tail) * window_days};
  change.likeliest = cut.likeliest;
  return change;
}

bool believed(const Segmentation& cut) { return 1.0 - cut.unchanged > Believed; }

// The last windows for certain of the present law: not the one in which it changed.
std::uint32_t settled(const Segmentation& cut) {
  const auto windows = static_cast<std::uint32_t>(cut.line_from.size());
  return std::min(cut.start(1.0 - Tail) + 1, windows - 1);
}

// The last segments that the posterior holds possible, each at its own time.
template <class Each>
void for_each_last(const Segmentation& cut, const Each& each) {
  const auto windows = static_cast<std::uint32_t>(cut.line_from.size());
  for (std::uint32_t i = 0; i < windows; ++i) {
    if (cut.constant_from[i] > 1e-6)
      each(Segment{i, windows, Shape::Constant}, cut.constant_from[i]);
    if (cut.line_from[i] > 1e-6) each(Segment{i, windows, Shape::Line}, cut.line_from[i]);
  }
}

}  // namespace

MeanAndSpread now_of(const Scale& scale) {
  const auto windows = static_cast<std::uint32_t>(scale.courses.size());
  TWIN_EXPECT(windows > 0 && scale.scales.size() == windows, windows, scale.scales.size());
  const double variance = typical_variance(scale.courses);
  NormalSeries means;
  for (std::uint32_t i = 0; i < windows; ++i) {
    const RatioSums& s = *scale.courses[i];
    const double t = s.n > 0.0 ? s.wt / s.w : i + 0.5, value = s.n > 0.0 ? 1.0 + s.wy / s.w : 1.0;
    const double error = s.n > 0.0 ? value * value * variance / s.w + Rounding * Rounding : 0.0;
    means.add(t * scale.window_days, value, s.n > 0.0 ? 1.0 / error : 0.0);
  }
  const Segmentation mean =
      segment(windows, {}, [&](const Segment& s) { return means.log_evidence(s); });
  // Where the mean steps within a window, the scatter there says nothing about the spread.
  std::vector<bool> mixed(windows, false);
  for (const Segment& s : mean.likeliest)
    if (s.first > 0) mixed[s.first] = mixed[s.first - 1] = true;
  RateSeries spreads;
  std::vector<ExponentialMean> scatters(windows);
  for (std::uint32_t i = 0; i < windows; ++i) {
    const Scatter s = mixed[i] ? Scatter{} : scatter(*scale.courses[i]);
    scatters[i] = {0.5 * UniformSurety * s.freedom, 0.5 * UniformSurety * s.sum};
    spreads.add(scatters[i].shape, scatters[i].exposure);
  }
  const Segmentation spread =
      segment(windows, Steps, [&](const Segment& s) { return spreads.log_evidence(s); });

  MeanAndSpread now{{{}, change_of(mean, scale.window_days)},
                    {{}, change_of(spread, scale.window_days)}};
  const auto spread_before = [&](std::uint32_t from, std::uint32_t to) {
    ExponentialMean sum;
    for (std::uint32_t i = from; i < to; ++i) sum.include(scatters[i]);
    if (!sum.proper()) return Range{};
    return Range{std::sqrt(sum.quantile(Tail)), std::sqrt(sum.median()),
                 std::sqrt(sum.quantile(1.0 - Tail))};
  };
  if (spread.likeliest.size() > 1) {
    const Segment& s = spread.likeliest[spread.likeliest.size() - 2];
    now.spread.change.before = spread_before(s.first, s.last);
  }
  Parts value, slope, before;
  for_each_last(mean, [&](const Segment& s, double weight) {
    const auto fit = means.fit(s, scale.until_day);
    value.parts.push_back({weight, fit.value, fit.value_deviation});
    if (s.shape != Shape::Line) return;
    slope.parts.push_back({weight, fit.slope, fit.slope_deviation});
    const auto first = means.fit(s, s.first * scale.window_days);
    before.parts.push_back({weight, first.value, first.value_deviation});
  });
  Change& change = now.mean.change;
  if (change.drifts) {
    change.per_day = slope.range();
    change.before = before.range();
  } else if (mean.likeliest.size() > 1) {
    const auto fit = means.fit(mean.likeliest[mean.likeliest.size() - 2],
                               mean.likeliest.back().first * scale.window_days);
    change.before = Parts{{{1.0, fit.value, fit.value_deviation}}}.range();
  }

  const bool moved = believed(mean), widened = believed(spread);
  if (!moved && !widened) {
    auto exact = scale.all->quantiles(Levels);
    now.mean.quantiles = table(exact.mean), now.spread.quantiles = table(exact.spread);
    return now;
  }
  UniformScale settled_scale;
  const std::uint32_t from =
      std::max(moved ? settled(mean) : 0, widened ? settled(spread) : std::uint32_t{0});
  for (std::uint32_t i = from; i < windows; ++i) settled_scale.include(*scale.scales[i]);
  if (!(moved && change.drifts) && settled_scale.knows()) {
    auto exact = settled_scale.quantiles(Levels);
    now.mean.quantiles = table(exact.mean), now.spread.quantiles = table(exact.spread);
    return now;
  }
  ExponentialMean scattered;
  for (std::uint32_t i = widened ? settled(spread) : 0; i < windows; ++i)
    scattered.include(scatters[i]);
  for (std::size_t i = 0; i < Levels.size(); ++i) {
    now.mean.quantiles[i] = value.at(Levels[i]);
    now.spread.quantiles[i] =
        scattered.proper() ? std::sqrt(scattered.quantile(Levels[i])) : std::sqrt(variance);
  }
  return now;
}

Now now_of(std::span<const ExponentialMean> windows, double window_days) {
  RateSeries rates;
  ExponentialMean all;
  for (const ExponentialMean& w : windows) rates.add(w.shape, w.exposure), all.include(w);
  const auto n = static_cast<std::uint32_t>(windows.size());
  const Segmentation cut =
      segment(n, Steps, [&](const Segment& s) { return rates.log_evidence(s); });
  Now now{{}, change_of(cut, window_days)};
  const auto sum = [&](std::uint32_t from, std::uint32_t to) {
    ExponentialMean part;
    for (std::uint32_t i = from; i < to; ++i) part.include(windows[i]);
    return part;
  };
  if (cut.likeliest.size() > 1) {
    const Segment& s = cut.likeliest[cut.likeliest.size() - 2];
    const ExponentialMean before = sum(s.first, s.last);
    if (before.proper())
      now.change.before = {before.quantile(Tail), before.median(), before.quantile(1.0 - Tail)};
  }
  // Over all places of the last change, where there is one.
  std::vector<std::pair<double, ExponentialMean>> parts;
  double weights = 0.0;
  if (believed(cut))
    for_each_last(cut, [&](const Segment& s, double weight) {
      const ExponentialMean part = sum(s.first, s.last);
      if (!part.proper()) return;
      parts.emplace_back(weight, part);
      weights += weight;
    });
  if (parts.empty()) parts.emplace_back(weights = 1.0, all);
  for (std::size_t i = 0; i < Levels.size(); ++i) {
    if (parts.size() == 1) {
      now.quantiles[i] = parts[0].second.quantile(Levels[i]);
      continue;
    }
    double low = INFINITY, high = 0.0;
    for (const auto& [weight, part] : parts) {
      low = std::min(low, part.quantile(1e-4)), high = std::max(high, part.quantile(1.0 - 1e-4));
    }
    now.quantiles[i] = quantile(Levels[i] * weights, low, high, [&](double v) {
      double below = 0.0;
      for (const auto& [weight, part] : parts)
        below += weight * boost::math::gamma_q(part.shape, part.exposure / v);
      return below;
    });
  }
  return now;
}

Now now_of(std::span<const ScaledShare* const> windows, double window_days) {
  // Outcomes vary less than those of a rate, by 1 - m p on average: counts and exposures stand for as many more.
  ScaledShare all;
  for (const ScaledShare* w : windows) all.include(*w);
  double yes = 0.0, expected = 0.0, squares = 0.0;
  for (const ScaledShare::Kind& k : all.kinds()) {
    yes += static_cast<double>(k.yes);
    expected += k.p * static_cast<double>(k.yes + k.no);
    squares += k.p * k.p * static_cast<double>(k.yes + k.no);
  }
  const double m = (yes + 0.5) / expected;
  const double dispersion = std::clamp(1.0 - m * squares / expected, 0.05, 1.0);
  RateSeries rates;
  for (const ScaledShare* w : windows) {
    double count = 0.0, exposure = 0.0;
    for (const ScaledShare::Kind& k : w->kinds()) {
      count += static_cast<double>(k.yes) / dispersion;
      exposure += k.p * static_cast<double>(k.yes + k.no) / dispersion;
    }
    rates.add(count, exposure);
  }
  const auto n = static_cast<std::uint32_t>(windows.size());
  const Segmentation cut =
      segment(n, Steps, [&](const Segment& s) { return rates.log_evidence(s); });
  Now now{{}, change_of(cut, window_days)};
  const auto sum = [&](std::uint32_t from, std::uint32_t to) {
    ScaledShare part;
    for (std::uint32_t i = from; i < to; ++i) part.include(*windows[i]);
    return part;
  };
  if (cut.likeliest.size() > 1) {
    const Segment& s = cut.likeliest[cut.likeliest.size() - 2];
    const ScaledShare before = sum(s.first, s.last);
    if (before.count() > 0) {
      const auto q = before.quantiles({Tail, 0.5, 1.0 - Tail});
      now.change.before = {q[0], q[1], q[2]};
    }
  }
  const std::vector<double> levels(Levels.begin(), Levels.end());
  const ScaledShare last = believed(cut) ? sum(settled(cut), n) : all;
  now.quantiles = table((last.count() > 0 ? last : all).quantiles(levels));
  return now;
}

}  // namespace twins::fab::calibrate
