// Twin experiments for calibration: a fab with hidden numbers, some of them drifting, tells a log; what is
// learnt from it is held against the truth and used to forecast.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "twins/fab/calibrate/posterior.hpp"
#include "twins/fab/layout.hpp"

namespace cases {

// How the hidden truth is drawn; stated before any result was looked at. Multipliers: process times of
// `shifted` groups 10 to 40 % off, up or down, and their spreads up to 30 %; of every area times to failure and
// repair and rework up to 30 % (log-uniform), sampling 0.85 to 1.05; transport 0.8 to 1.2. One more group
// drifts by 16 to 24 % a month, from a day in 3 to 20 on, and goes on drifting. No group may be loaded beyond
// `load_max`: an upward shift that would do so is a downward one, and what is still above is made faster.
struct HiddenOptions {
  std::uint32_t shifted = 12;
  double load_max = 0.97;
};

struct Hidden {
  std::vector<double> theta;     // [parameter] before the drift
  std::size_t drifting = 0;      // parameter
  double onset_day = 0.0;        // [day]
  double drift_per_day = 0.0;    // [1/day]
  std::uint32_t groups_off = 0;  // process times off by 10 % or more, the drifting one not counted

  [[nodiscard]] std::vector<double> at(double day) const;
};
Hidden hidden_of(const twins::fab::Layout& layout, std::uint32_t seed,
                 const HiddenOptions& options = {});

struct StudyOptions {
  double log_days = 30.0, forecast_days = 30.0;
  std::uint32_t members = 20;  // of each forecast; 0: none is made
  HiddenOptions hidden;
};

struct Scores {                                           // CRPS
  double cycle_days = 0.0, wip = 0.0, utilisation = 0.0;  // [day], [lots], [1] mean over groups
};

struct Study {
  std::uint32_t seed = 0;
  Hidden hidden;
  std::uint32_t held = 0,
                counted = 0;       // of the parameters seen: the truth within its 90 % interval
  double found_after_days = -1.0;  // from onset to the first evening that flags it; -1: never
  bool drift_held = false;
  std::uint32_t false_alarms = 0;  // other parameters flagged on any evening
  std::uint32_t told_off = 0;      // shifted groups whose 99 % interval excludes 1
  std::uint64_t events = 0;
  Scores posterior, nominal;
  std::vector<std::string> alarms;  // their names
};

Study study(const std::shared_ptr<const twins::fab::Layout>& layout, std::uint32_t seed,
            const StudyOptions& options = {});

}  // namespace cases
