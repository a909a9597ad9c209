// Distributions of cycle time: the kernel density of a logarithmic histogram, and one row a lot
// class on a common axis, so that classes can be compared at a glance.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "twins/fab/report/plots.hpp"
#include "twins/fab/report/text.hpp"
#include "twins/fab/report/ticks.hpp"

namespace twins::fab::report {

namespace {

struct Row {  // where a row's parts stand [px]
  double top = 0.0, base = 0.0;
};

struct Sheet {
  Scale x;
  bool narrow = false;
  double text_left = 0.0, text_right = 0.0;
};

// The part of a density between two days, with points on both ends, down to the base line.
std::vector<Point> slice(const std::vector<Point>& density, double from, double to, const Scale& x,
                         const Scale& y) {
  std::vector<Point> out;
  const auto at = [&](double day) {
    const auto after = std::ranges::lower_bound(density, day, {}, &Point::x);
    if (after == density.begin() || after == density.end()) return 0.0;
    const Point a = *(after - 1), b = *after;
    return a.y + (b.y - a.y) * (day - a.x) / (b.x - a.x);
  };
  out.push_back({x(from), y(0.0)});
  out.push_back({x(from), y(at(from))});
  for (const Point& p : density)
    if (p.x > from && p.x < to) out.push_back({x(p.x), y(p.y)});
  out.push_back({x(to), y(at(to))});
  out.push_back({x(to), y(0.0)});
  return out;
}

std::string lots_of(const ClassSummary& c) {
  const auto n = std::accumulate(c.histogram.begin(), c.histogram.end(), std::uint64_t{0});
  return figure(static_cast<double>(n)) + (n == 1 ? " lot" : " lots");
}

void draw_row(Svg& svg, const ClassSummary& c, const Sheet& sheet, const Row& row, int colour) {
  const std::vector<Point> density = cycle_density(c.histogram);
  const int decimals = c.quantile_decimals();
  const std::string quantiles =
      figure(c.p05, decimals) + " · " + figure(c.p50, decimals) + " · " + figure(c.p95, decimals);
  const std::string name = shortened(c.name, sheet.narrow ? 22 : 24);
  const double middle = (row.top + row.base) / 2.0;
  if (sheet.narrow) {
    svg.text({0.0, row.top - 4.0}, name, "label name");
    svg.text({svg.width(), row.top - 4.0}, quantiles, "label end");
  } else {
    svg.text({0.0, middle + 6.0}, name, "label name");
    svg.text({0.0, middle + 21.0}, lots_of(c), "label");
    svg.text({svg.width(), row.base - 6.0}, quantiles, "label name end");
  }
  svg.line({sheet.x.from, row.base}, {sheet.x.to, row.base}, "axis");
  if (density.empty()) {
    svg.text({sheet.x.from + 8.0, row.base - 6.0}, "too few lots for a distribution", "label");
    return;
  }
  double peak = 0.0;
  for (const Point& p : density) peak = std::max(peak, p.y);
  const Scale y{0.0, peak, row.base, row.top};
  const double low = std::max(density.front().x, sheet.x.low);
  const double high = std::min(density.back().x, sheet.x.high);
  const std::string hue = fmt::format("hue{}", colour);
  svg.area(slice(density, low, high, sheet.x, y), hue + " tail");
  const double p05 = std::clamp(c.p05, low, high), p95 = std::clamp(c.p95, low, high);
  svg.area(slice(density, p05, p95, sheet.x, y), hue + " body");
  std::vector<Point> outline = slice(density, low, high, sheet.x, y);
  svg.path(outline, hue + " outline");
  const std::vector<Point> median = slice(density, std::clamp(c.p50, low, high), high, sheet.x, y);
  svg.line(median[0], median[1], "median");
}

}  // namespace

std::vector<Point> cycle_density(const std::vector<std::uint64_t>& histogram) {
  double n = 0.0, sum = 0.0, squares = 0.0;
  std::size_t first = histogram.size(), last = 0;
  for (std::size_t i = 0; i < histogram.size(); ++i) {
    if (histogram[i] == 0) continue;
    const double lots = static_cast<double>(histogram[i]), at = static_cast<double>(i) + 0.5;
    n += lots, sum += lots * at, squares += lots * at * at;
    first = std::min(first, i);
    last = i;
  }
  if (n < static_cast<double>(MinLotsOfDensity)) return {};
  const double sd = std::sqrt(std::max(squares / n - (sum / n) * (sum / n), 0.0));
  const double quartiles = cycle_place_of(cycle_quantile(histogram, 0.75)) -
                           cycle_place_of(cycle_quantile(histogram, 0.25));
  // Silverman, Density Estimation (1986), eq. 3.31; never finer than the bins themselves.
  const double spread = quartiles > 0.0 ? std::min(sd, quartiles / 1.34) : sd;
  const double h = std::max(0.9 * spread * std::pow(n, -0.2), 0.75);
  const double from = static_cast<double>(first) - 4.0 * h;
  const double to = static_cast<double>(last) + 1.0 + 4.0 * h;
  constexpr int Points = 240;
  std::vector<Point> density;
  for (int k = 0; k <= Points; ++k) {
    const double place = from + (to - from) * k / Points;
    double f = 0.0;
    for (std::size_t i = first; i <= last; ++i) {
      const double z = (place - static_cast<double>(i) - 0.5) / h;
      if (histogram[i] > 0) f += static_cast<double>(histogram[i]) * std::exp(-0.5 * z * z);
    }
    f /= n * h * std::sqrt(2.0 * std::numbers::pi);  // a bin of the scale
    const double day = cycle_days_at(place);
    density.push_back({day, f * CycleBinsPerOctave / (day * std::numbers::ln2)});
  }
  return density;
}

std::string cycle_ridges(const std::vector<ClassSummary>& classes, Width width) {
  std::vector<const ClassSummary*> shown;
  std::vector<std::int32_t> priorities;
  double low = 1e300, high = 0.0;
  for (const ClassSummary& c : classes) {
    if (c.initial || c.replications == 0.0) continue;
    shown.push_back(&c);
    priorities.push_back(c.priority);
    low = std::min(low, cycle_quantile(c.histogram, 0.001));
    high = std::max(high, cycle_quantile(c.histogram, 0.999));
  }
  if (shown.empty()) return {};
  std::ranges::sort(priorities);
  priorities.erase(std::unique(priorities.begin(), priorities.end()), priorities.end());

  Sheet sheet;
  sheet.narrow = width != Width::Full;
  const double total = px_of(width), left = sheet.narrow ? 8.0 : 190.0;
  const double right = sheet.narrow ? 8.0 : 150.0;
  const Ticks ticks = round_ticks(low, high, static_cast<int>((total - left - right) / 55.0));
  sheet.x = {ticks.low, ticks.high, left, total - right};
  const bool long_sheet = shown.size() > 8;  // marks above as well
  const double head = long_sheet ? 44.0 : 26.0, gap = sheet.narrow ? 26.0 : 14.0, hill = 46.0;
  const double bottom = head + static_cast<double>(shown.size()) * (gap + hill);
  Svg svg(total, bottom + 44.0, "Distribution of cycle time by lot class");
  svg.text({0.0, 12.0}, "lot class", "label title");
  svg.text({total, 12.0}, "p5 · p50 · p95 [days]", "label title end");
  for (const double v : ticks.at) {
    svg.line({sheet.x(v), head}, {sheet.x(v), bottom + 5.0}, "grid");
    svg.text({sheet.x(v), bottom + 19.0}, ticks.label(v),
             sheet.narrow && v == ticks.at.front() ? "label" : "label mid");
    if (long_sheet) svg.text({sheet.x(v), head - 8.0}, ticks.label(v), "label mid");
  }
  svg.text({sheet.x.to, bottom + 38.0}, "cycle time [days]", "label title end");
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const double base = head + static_cast<double>(i + 1) * (gap + hill);
    const auto rank = std::ranges::find(priorities, shown[i]->priority) - priorities.begin();
    draw_row(svg, *shown[i], sheet, {base - hill, base}, static_cast<int>(rank % 4));
  }
  return svg.done();
}

}  // namespace twins::fab::report
