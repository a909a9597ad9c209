// The operating curve: what the load of a fab does to the cycle time of its regular lots (those of
// the lowest priority).
#pragma once
#include <string>
#include <vector>

#include "apps/fabtwin/csv.hpp"
#include "apps/fabtwin/json.hpp"
#include "twins/fab/layout.hpp"
#include "twins/fab/simulate.hpp"

namespace apps::fabtwin {

struct CurvePoint {
  double load = 0.0;                       // releases relative to the data set
  twins::fab::Estimate flow_factor;        // of regular lots
  double p05 = 0.0, p50 = 0.0, p95 = 0.0;  // quantiles of the flow factor, all replications pooled
  twins::fab::Estimate cycle_days;         // [day] of regular lots
  twins::fab::Estimate wip;                // [lots]
  twins::fab::Estimate outs_per_day;       // [lots/day]
  std::string bottleneck;                  // tool group most used
  double utilisation = 0.0;                // its share of available time
  std::uint32_t tools = 0;                 // it has
};

// Expects one replication at least.
CurvePoint curve_point(const twins::fab::Layout& layout, const twins::fab::RunResult& result);

struct WeightedValue {
  double value = 0.0, weight = 0.0;
};
// The smallest value with at least the share q of the weight at or below it; 0 for none.
double weighted_quantile(std::vector<WeightedValue> values, double q);

std::string curve_table(const std::vector<CurvePoint>& curve);
std::vector<CsvColumn> curve_columns();
std::string curve_csv(const std::vector<CurvePoint>& curve);
Json curve_json(const std::vector<CurvePoint>& curve);

}  // namespace apps::fabtwin
