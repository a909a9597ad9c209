// The drawings of the VVUQ page: what was forecast and what came, how often intervals held it, how a monitor ran.
#pragma once
#include <string>
#include <vector>

#include "twin/score/vvuq/report.hpp"

namespace apps::fabtwin {

// Median, 50 and 90 % bands over time, and what came as dots. Empty below two occasions.
std::string fan_plot(const twin::score::vvuq::QuantityReport& quantity,
                     const std::string& time_unit);

// Share of what came in each part of the forecasts' range; a level line is what a right forecast has.
std::string pit_plot(const twin::score::vvuq::QuantityReport& quantity);

// A row a quantity: share of what came inside its intervals, the bounds of that share, and the level.
std::string coverage_plot(const std::vector<const twin::score::vvuq::QuantityReport*>& quantities,
                          const std::string& time_unit);

// The standardised residual of each forecast, and the sums of the CUSUM of the mean (up above, down below) and of the
// spread, between their thresholds.
std::string monitor_plot(const twin::score::vvuq::MonitorReport& monitor);

}  // namespace apps::fabtwin
