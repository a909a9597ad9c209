// What goes wrong between the plant and who listens to it, by rates: messages lost, late, doubled,
// out of order, corrupted; lines cut; tools that restart; clocks that are wrong; sources that lie.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "twin/core/tick.hpp"

namespace apps::plant {

using twin::core::Tick;

// All 0: a perfect world but for the latency. Shares are of transmissions, and within [0, 1].
struct Faults {
  double drop = 0.0;       // lost on the way; so are as many acknowledgements
  double twice = 0.0;      // arrive a second time
  double reorder = 0.0;    // are overtaken: held back by up to reorder_ms
  double delay = 0.0;      // are late, by up to delay_ms
  double corrupt = 0.0;    // arrive as bytes that a parser must refuse
  Tick latency_ms = 20;    // [ms] mean of a way
  Tick reorder_ms = 2000;  // [ms]
  Tick delay_ms = 60'000;  // [ms]

  double cuts_per_day = 0.0;       // of each line, mean of a Poisson process
  double cut_minutes = 0.0;        // [min] mean of how long, exponential
  double reboots_per_month = 0.0;  // of each source (30 days): it counts anew, its epoch rises

  double skew_ms = 0.0;                // [ms] each clock's offset at time zero is within +-this
  double drift_ppm = 0.0;              // [1e-6] each clock's rate is within +-this
  double clock_steps_per_month = 0.0;  // of each clock: it is set, by up to +-clock_step_ms
  double clock_step_ms = 0.0;          // [ms]

  double lies = 0.0;    // of events: told with a wrong value, and never put right
  double ghosts = 0.0;  // of events: told right, and once more with a wrong value

  bool operator==(const Faults&) const = default;
  [[nodiscard]] bool any_lies() const { return lies > 0.0 || ghosts > 0.0; }
};

// "none", "light" (what a good network does in a year, within a week), "heavy" (all at once).
Faults faults_of_level(std::string_view level);  // throws twin::core::Error
extern const std::array<std::string_view, 3> FaultLevels;

// A file with the names above as keys; `level` says where to begin from ("none").
// Throws twin::core::Error with file and line.
Faults read_faults(std::string_view text, const std::string& file);

}  // namespace apps::plant
