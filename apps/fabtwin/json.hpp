// A run's result for programs: everything, with names, units and a schema version. What depends on
// the machine (wall time, threads) stands under "timing" alone.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "apps/fabtwin/summary.hpp"
#include "twins/fab/layout.hpp"
#include "twins/fab/simulate.hpp"

namespace apps::fabtwin {

using Json = nlohmann::ordered_json;

// Raised when a name changes its meaning or goes away; new names do not raise it.
inline constexpr int SchemaVersion = 1;

Json json_head(const std::string& schema);  // "schema", "schema_version", "program"
Json json_data_set(const twins::fab::Layout& layout);
Json json_run(const twins::fab::Layout& layout, const std::vector<double>& theta,
              const twins::fab::RunOptions& run);
Json json_estimate(const twins::fab::Estimate& e);  // half_width and sd: null for one value
Json json_timing(const Effort& effort, std::uint32_t threads);

struct RunOutput {
  const twins::fab::Layout& layout;
  const std::vector<double>& theta;  // [parameter]
  const twins::fab::RunResult& result;
  Effort effort;
};

Json json_result(const RunOutput& run);

}  // namespace apps::fabtwin
