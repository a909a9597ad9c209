#include "apps/fabtwin/vvuq_plots.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "twins/fab/report/axes.hpp"
#include "twins/fab/report/svg.hpp"
#include "twins/fab/report/text.hpp"

namespace apps::fabtwin {

using twin::score::vvuq::Fan;
using twin::score::vvuq::MonitorReport;
using twin::score::vvuq::QuantityReport;
using namespace twins::fab::report;

namespace {

constexpr double PlotWidth = 540.0;  // [px]

std::string in_share(const QuantityReport& q) { return q.unit == "share" ? "share" : q.unit; }

}  // namespace

std::string fan_plot(const QuantityReport& q, const std::string& time_unit) {
  if (q.fans.size() < 2) return {};
  double low = q.fans.front().came, high = low;
  for (const Fan& f : q.fans) {
    low = std::min({low, f.p05, f.came});
    high = std::max({high, f.p95, f.came});
  }
  Svg svg(PlotWidth, 250.0, q.name + ": forecasts and what came");
  AxisOptions o;
  o.x = {q.fans.front().at, q.fans.back().at};
  o.y = {low, high};
  o.x_title = time_unit;
  o.y_title = q.name + " [" + in_share(q) + "]";
  const Axes at = draw_axes(svg, o);
  const auto band = [&](double Fan::*from, double Fan::*to, const char* style) {
    std::vector<Point> points;
    for (const Fan& f : q.fans) points.push_back(at(f.at, f.*to));
    for (auto f = q.fans.rbegin(); f != q.fans.rend(); ++f) points.push_back(at(f->at, (*f).*from));
    svg.area(points, style);
  };
  band(&Fan::p05, &Fan::p95, "band");
  band(&Fan::p25, &Fan::p75, "band");
  std::vector<Point> median;
  for (const Fan& f : q.fans) median.push_back(at(f.at, f.p50));
  svg.path(median, "bold");
  for (const Fan& f : q.fans)
    svg.dot(at(f.at, f.came), 3.0, f.came < f.p05 || f.came > f.p95 ? "came out" : "came",
            fmt::format("{} {:.1f}: {:.4g}, forecast {:.4g} ({:.4g} to {:.4g})", time_unit, f.at,
                        f.came, f.p50, f.p05, f.p95));
  return svg.done();
}

std::string pit_plot(const QuantityReport& q) {
  std::uint64_t total = 0, most = 1;
  for (const std::uint64_t n : q.pit) total += n, most = std::max(most, n);
  if (total == 0) return {};
  const double width = 250.0, height = 120.0, left = 4.0, top = 8.0, bottom = 22.0;
  Svg svg(width, height, q.name + ": PIT histogram");
  const auto bins = static_cast<double>(q.pit.size());
  const double level = static_cast<double>(total) / bins;
  const double room = height - top - bottom;
  const double scale = room / std::max(static_cast<double>(most), 2.0 * level);
  const double step = (width - 2.0 * left) / bins;
  for (std::size_t k = 0; k < q.pit.size(); ++k) {
    const double h = scale * static_cast<double>(q.pit[k]);
    svg.box({left + step * static_cast<double>(k) + 1.0, top + room - h, step - 2.0, h},
            "hue0 body", fmt::format("{} of {}", q.pit[k], total));
  }
  svg.line({left, top + room}, {width - left, top + room}, "axis");
  svg.line({left, top + room - scale * level}, {width - left, top + room - scale * level},
           "reference");
  svg.text({left, height - 6.0}, "below all members");
  svg.text({width - left, height - 6.0}, "above", "label end");
  return svg.done();
}

std::string coverage_plot(const std::vector<const QuantityReport*>& quantities,
                          const std::string& time_unit) {
  if (quantities.empty()) return {};
  const double row = 22.0, top = 8.0, bottom = 34.0, width = 1120.0, right = 20.0;
  double left = 0.0;
  std::vector<std::string> names;
  for (const QuantityReport* q : quantities) {
    names.push_back(fmt::format("{}, {:g} {}", q->name, q->horizon, time_unit) +
                    (q->horizon == 1.0 ? "" : "s"));
    left = std::max(left, text_width(names.back(), 12.0) + 12.0);
  }
  const double height = top + bottom + row * static_cast<double>(quantities.size());
  Svg svg(width, height, "Coverage of the forecasts' intervals");
  const Scale x{0.0, 1.0, left, width - right};
  for (int k = 0; k <= 10; ++k) {
    svg.line({x(0.1 * k), top}, {x(0.1 * k), height - bottom}, "grid");
    svg.text({x(0.1 * k), height - bottom + 18.0}, fmt::format("{}", 10 * k), "label mid");
  }
  svg.text({width - right, height - 2.0}, "% of what came inside the interval", "label title end");
  for (std::size_t k = 0; k < quantities.size(); ++k) {
    const QuantityReport& q = *quantities[k];
    const double y = top + row * (static_cast<double>(k) + 0.5);
    svg.text({left - 10.0, y + 4.0}, names[k], "label end ink");
    svg.box({x(q.coverage_low), y - 4.0, x(q.coverage_high) - x(q.coverage_low), 8.0}, "band",
            fmt::format("{:.0f} to {:.0f} %", 100.0 * q.coverage_low, 100.0 * q.coverage_high));
    svg.line({x(q.level), y - 8.0}, {x(q.level), y + 8.0}, "reference");
    svg.dot({x(q.coverage), y}, 4.0, q.coverage_high < q.level ? "came out" : "marker",
            fmt::format("{:.0f} %, level {:.0f} %", 100.0 * q.coverage, 100.0 * q.level));
  }
  return svg.done();
}

std::string monitor_plot(const MonitorReport& m) {
  if (m.z.size() < 2) return {};
  double most = 1.15 * m.threshold;
  const auto widest = [&](const std::vector<double>& v) {
    for (const double s : v) most = std::max(most, std::abs(s));
  };
  for (const auto* v : {&m.z, &m.mean_up, &m.mean_down, &m.spread_up, &m.spread_down}) widest(*v);
  Svg svg(PlotWidth, 220.0, "Monitor of " + m.quantity);
  AxisOptions o;
  o.x = {1.0, static_cast<double>(m.z.size())};
  o.y = {-most, most};
  o.x_title = "forecast";
  o.y_title = "standard deviations";
  const Axes at = draw_axes(svg, o);
  for (const double sign : {-1.0, 1.0})
    svg.line(at(o.x.low, sign * m.threshold), at(o.x.high, sign * m.threshold), "reference");
  const auto sums = [&](const std::vector<double>& v, double sign, const char* style) {
    std::vector<Point> points;
    for (std::size_t k = 0; k < v.size(); ++k)
      points.push_back(at(static_cast<double>(k + 1), sign * v[k]));
    svg.path(points, style);
  };
  sums(m.mean_up, 1.0, "bold");
  sums(m.mean_down, -1.0, "bold");
  sums(m.spread_up, 1.0, "hue3 thread");
  sums(m.spread_down, -1.0, "hue3 thread");
  for (std::size_t k = 0; k < m.z.size(); ++k)
    svg.dot(at(static_cast<double>(k + 1), m.z[k]), 2.2, "residual",
            fmt::format("forecast {}: {:.2f}", k + 1, m.z[k]));
  return svg.done();
}

}  // namespace apps::fabtwin
