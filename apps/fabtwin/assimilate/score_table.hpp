// The scores of an experiment: as a table for people, as CSV and JSON for programs, with what each
// figure is.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "apps/fabtwin/assimilate/run.hpp"

namespace apps::fabtwin::assimilate {

std::string score_table(const Experiment& experiment, const std::vector<Summary>& summaries);

// One row a method; the columns are score_columns.hpp's.
std::string score_csv(const std::vector<Summary>& summaries);

// "experiment", "methods": all figures, and those of every run.
nlohmann::ordered_json score_json(const Experiment& experiment, const Results& results,
                                  const std::vector<Summary>& summaries);

}  // namespace apps::fabtwin::assimilate
