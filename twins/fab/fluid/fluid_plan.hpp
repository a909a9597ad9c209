// The constants of a fab's fluid model (fluid_model.hpp), compiled from a Layout: means of times, capacities and what
// makes them vary.
#pragma once
#include <cstdint>
#include <vector>

#include "twins/fab/layout.hpp"

namespace twins::fab::fluid {

struct FluidStep {
  std::uint32_t group = 0;
  std::uint32_t back =
      None;  // step of the same route to which rework leads, counted from its first
  bool is_gone_back_to = false;  // of some step that leads back
  double handling = 0.0;         // [h] load and unload
  double transport = 0.0;        // [h] from the step before
  double process = 0.0;          // [h] of a lot that is alone in the tool, at a pace of 1
  double forming = 0.0;          // [h] until its smallest batch has come together, mean of its lots
  double sampling = 1.0;         // probability to be processed here
  double rework = 0.0;           // probability to go back, of those that were
};

struct FluidDown {
  double to_failure = 0.0, to_repair = 0.0;  // [h] means
  double variability = 1.0;                  // squared coefficient of variation of a repair
};

struct FluidMaintenance {
  double interval = 0.0, duration = 0.0;  // [h] start to start, and how long
};

struct FluidGroup {
  double tools = 1.0;
  double lots = 0.0;  // [1/h] that it is to process in the long run; 0: nobody comes
  double work_fixed =
      0.0;  // [h] tool time of a lot that does not go with the pace: handling, setups
  double work_paced =
      0.0;  // [h] and that does, at a pace of 1; of followers in a cascade, of full batches
  double batch = 1.0;   // [lots] of a full batch
  double bursts = 1.0;  // variability of arrivals: 1 of lots that know nothing of each other
  double mix = 0.0;     // squared coefficient of variation of a job's time by what is processed
  double within = 0.0;  // and by chance, at a spread of 1
  std::vector<FluidDown> downs = {};
  std::vector<FluidMaintenance> maintenances = {};
};

struct FluidRoute {
  std::uint32_t first = 0, steps = 0;  // in FluidPlan::steps
  double lots = 0.0;                   // [1/h] released
};

struct FluidPlan {
  std::vector<FluidGroup> groups;  // [group]
  std::vector<FluidStep> steps;    // [global step]
  std::vector<FluidRoute> routes;  // [route]
  std::vector<double> initial;     // [global step] lots in the fab at time zero
};

// Releases are taken for steady, at the streams' mean intervals.
FluidPlan fluid_plan(const Layout& layout);

}  // namespace twins::fab::fluid
