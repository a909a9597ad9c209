// The plots of the report, each at one of three widths: a page draws them wide and narrow, and its
// style shows the one that fits, so that letters keep their size on a phone.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "twins/fab/report/report.hpp"
#include "twins/fab/report/summary.hpp"

namespace twins::fab::report {

enum class Width { Full, Half, Narrow };
double px_of(Width width);

struct SeriesOptions {
  std::string label;    // what is shown, for those who do not see it
  std::string y_title;  // with unit
  double days = 0.0;    // of the run: the end of the axis [day]
  double warmup_days = 0.0;
  double reference = -1.0;  // a level to compare with; negative: none
};

// Lines of the replications faint, their mean bold, the warm-up shaded. Empty without two points.
std::string series_plot(const Series& series, const SeriesOptions& options, Width width);

// Flow factor over load: p5 to p95 as a band, median, mean. Expects at least two points.
std::string curve_plot(const std::vector<CurvePoint>& curve, Width width);

// Share of queue-time windows that went over their limit by more than 0, 1, 2, 4 hours.
std::string window_plot(const Summary& s, Width width);

// Densities of cycle time, one row a class, on one axis; classes without lots are left out.
std::string cycle_ridges(const std::vector<ClassSummary>& classes, Width width);

// Density of cycle time [1/day] from a histogram, smoothed by a Gaussian kernel on the logarithmic
// scale (Silverman 1986, eq. 3.31). Empty below MinLotsOfDensity lots.
std::vector<Point> cycle_density(const std::vector<std::uint64_t>& histogram);
inline constexpr std::uint64_t MinLotsOfDensity = 5;

// Shares of tool time, one bar a group: process, setup, load and unload | idle | maintenance, down.
std::string state_bars(std::span<const GroupKpi> groups, Width width);

// Lots waiting, one bar a group.
std::string queue_bars(std::span<const GroupKpi> groups, Width width);

}  // namespace twins::fab::report
