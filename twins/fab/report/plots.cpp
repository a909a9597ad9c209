#include "twins/fab/report/plots.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "twin/core/expect.hpp"
#include "twins/fab/report/axes.hpp"

namespace twins::fab::report {

namespace {

// At most one point every two px, the last one always: more would not show.
std::vector<Point> on_paper(const std::vector<Point>& line, const Axes& axes) {
  const auto room = static_cast<std::size_t>(axes.plot.width / 2.0);
  const std::size_t stride = std::max<std::size_t>(1, (line.size() + room - 1) / room);
  std::vector<Point> points;
  for (std::size_t i = 0; i < line.size(); ++i)
    if (i % stride == 0 || i + 1 == line.size()) points.push_back(axes(line[i].x, line[i].y));
  return points;
}

void widen(Range& r, double value) {
  r.low = std::min(r.low, value);
  r.high = std::max(r.high, value);
}

void level(Svg& svg, const Axes& axes, double value) {
  const double y = axes.y(value);
  svg.line({axes.plot.x, y}, {axes.plot.x + axes.plot.width, y}, "reference");
}

}  // namespace

double px_of(Width width) {
  switch (width) {
    case Width::Full: return 1112.0;
    case Width::Half: return 526.0;
    case Width::Narrow: break;
  }
  return 346.0;
}

std::string series_plot(const Series& series, const SeriesOptions& o, Width width) {
  if (series.mean.size() < 2) return {};
  AxisOptions frame;
  frame.x = {0.0, o.days};
  frame.y = {series.mean.front().y, series.mean.front().y};
  for (const auto& line : series.lines)
    for (const Point& p : line) widen(frame.y, p.y);
  if (o.reference >= 0.0) widen(frame.y, o.reference);
  frame.x_title = "time [days]";
  frame.y_title = o.y_title;
  Svg svg(px_of(width), width == Width::Narrow ? 220.0 : 270.0, o.label);
  const Axes axes = draw_axes(svg, frame);
  if (o.warmup_days > 0.0) {
    const double to = axes.x(std::min(o.warmup_days, o.days));
    svg.box({axes.plot.x, axes.plot.y, to - axes.plot.x, axes.plot.height}, "warmup",
            "warm-up: not counted");
    if (to - axes.plot.x > 60.0) svg.text({axes.plot.x + 6.0, axes.plot.y + 14.0}, "warm-up");
  }
  if (o.reference >= 0.0) level(svg, axes, o.reference);
  if (series.lines.size() > 1)
    for (const auto& line : series.lines) svg.path(on_paper(line, axes), "faint");
  svg.path(on_paper(series.mean, axes), "bold");
  return svg.done();
}

std::string curve_plot(const std::vector<CurvePoint>& curve, Width width) {
  TWIN_EXPECT(curve.size() >= 2, curve.size());
  AxisOptions frame;
  frame.x = {curve.front().load, curve.back().load};
  frame.y = {1.0, curve.front().mean};
  for (const CurvePoint& p : curve)
    for (const double v : {p.mean, p.p05, p.p50, p.p95}) widen(frame.y, v);
  frame.x_title = "releases, relative to the data set [%]";
  frame.y_title = "flow factor of regular lots [1]";
  frame.x_inner = false;
  frame.x_factor = 100.0;
  Svg svg(px_of(width), width == Width::Narrow ? 240.0 : 300.0,
          "Operating curve: flow factor over load");
  const Axes axes = draw_axes(svg, frame);
  std::vector<Point> band, median, mean;
  for (const CurvePoint& p : curve) {
    band.push_back(axes(p.load, p.p95));
    median.push_back(axes(p.load, p.p50));
    mean.push_back(axes(p.load, p.mean));
  }
  for (std::size_t i = curve.size(); i-- > 0;) band.push_back(axes(curve[i].load, curve[i].p05));
  svg.area(band, "band");
  svg.path(mean, "dashed");
  svg.path(median, "bold");
  for (const Point& p : median) svg.dot(p, 3.5, "marker");
  return svg.done();
}

std::string window_plot(const Summary& s, Width width) {
  static constexpr std::array Hours = {0.0, 1.0, 2.0, 4.0};
  const auto shares = [](const WindowKpi& w) {
    return std::array{w.violated, w.over_1h, w.over_2h, w.over_4h};
  };
  const std::array kinds = {&s.litho, &s.rest};
  AxisOptions frame;
  frame.x = {0.0, 4.0};
  frame.y = {0.0, 0.01};
  for (const WindowKpi* w : kinds)
    for (const double v : shares(*w)) widen(frame.y, 100.0 * v);
  frame.x_title = "hours over the limit [h]";
  frame.y_title = "windows later than that [%]";
  Svg svg(px_of(width), 210.0, "Queue-time windows over their limit");
  const Axes axes = draw_axes(svg, frame);
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    if (kinds[k]->closed == 0.0) continue;
    const std::string_view hue = k == 0 ? "hue1" : "hue0";
    std::vector<Point> points;
    const auto late = shares(*kinds[k]);
    for (std::size_t i = 0; i < Hours.size(); ++i)
      points.push_back(axes(Hours[i], 100.0 * late[i]));
    svg.path(points, std::string(hue) + " thread");
    for (const Point& p : points) svg.dot(p, 3.5, hue);
  }
  return svg.done();
}

}  // namespace twins::fab::report
