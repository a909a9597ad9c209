// FAB4r over years with exponential releases at the load of the published unit test: one rule, some
// replications that all rules share, the figures of each. A run that fills up is given up, as the
// original gives up (jasima-simcore bd3ec52, TestMIMAC: more than 750 jobs).
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "twins/fab/import/mimac.hpp"
#include "twins/fab/layout.hpp"

namespace cases {

// Weights U{1..10}, due-date factor U(2, 5); a batch may start at once and setups do not rank, unless
// the rule's text says so. For this rule.
std::shared_ptr<const twins::fab::Layout> fab4r_over_years(const std::string& rule);

struct Span {
  std::uint32_t years = 4, dropped = 1;  // [year of 365 days]
  std::uint32_t first = 0, runs = 5;     // replications first, first + 1, ...
  std::uint32_t most_jobs = 750;         // TestMIMAC, setMaxJobsInSystem
};

struct Fab4rRun {
  bool filled_up = false;  // more than most_jobs at the end of a day; then the figures are NaN
  double cycle_days = 0.0, weighted_tardy_days = 0.0, late = 0.0;  // [day] [day] [share of jobs]
};

// The replications of one rule, in their order; the same lots, weights and due dates for every rule.
std::vector<Fab4rRun> fab4r_runs(const std::string& rule, const Span& span = {});

}  // namespace cases
