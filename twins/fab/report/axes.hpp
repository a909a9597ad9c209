// The frame of a plot: marks at round numbers, faint lines across, units in words. It reserves the
// room that its labels take and says where values lie.
#pragma once
#include <string>

#include "twins/fab/report/svg.hpp"
#include "twins/fab/report/ticks.hpp"

namespace twins::fab::report {

struct Range {
  double low = 0.0, high = 1.0;
};

struct AxisOptions {
  Range x, y;
  std::string x_title, y_title;  // in words, with the unit
  bool x_inner = true;           // the x axis ends where the values do, not at a round number
  double x_factor = 1.0;         // a label shows the value times this: 100 for shares in per cent
};

struct Axes {
  Box plot;  // [px]
  Scale x, y;
  [[nodiscard]] Point operator()(double vx, double vy) const { return {x(vx), y(vy)}; }
};

// Draws over the whole of `svg`.
Axes draw_axes(Svg& svg, const AxisOptions& options);

}  // namespace twins::fab::report
