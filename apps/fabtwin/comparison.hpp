// Rules side by side on common random numbers: the same lots, process times and breakdowns in each
// replication, so that the difference of a pair shows the rule and not the chance.
#pragma once
#include <string>
#include <vector>

#include "apps/fabtwin/json.hpp"
#include "twins/fab/simulate.hpp"

namespace apps::fabtwin {

struct RuledResult {
  std::string rule;
  twins::fab::RunResult result;  // complete replications only
};

struct Measure {
  std::string title, name, unit;
  int digits;
  double factor;  // for the table
  double (*of)(const twins::fab::Kpi&);
};

const std::vector<Measure>& measures();  // of a comparison

// Mean and 95 % interval of the differences b - a over the replications that both have (paired t).
twins::fab::Estimate paired_difference(const Measure& measure, const twins::fab::RunResult& a,
                                       const twins::fab::RunResult& b);

// Does the interval leave out zero?
bool is_significant(const twins::fab::Estimate& difference);

std::string comparison_table(const std::vector<RuledResult>& runs);
Json comparison_json(const std::vector<RuledResult>& runs);  // "rules", "differences"

}  // namespace apps::fabtwin
