// What a run showed, for people: tables that an industrial engineer reads from top to bottom.
#pragma once
#include <string>

#include "twins/fab/layout.hpp"
#include "twins/fab/simulate.hpp"

namespace apps::fabtwin {

// Wall time and work of a run; never part of its result.
struct Effort {
  double seconds = 0.0;  // [s] wall
  double events = 0.0;   // handled in that time, warm-up included
};

// Expects a result with one replication at least.
std::string summary(const twins::fab::Layout& layout, const twins::fab::RunResult& result,
                    const Effort& effort);

// "730 days from day 0, 5 replications, seed 1, rule published"
std::string run_line(const twins::fab::RunOptions& run);

// Did it reach the end of the run?
bool is_complete(const twins::fab::ReplicationResult& replication,
                 const twins::fab::RunOptions& run);

// "interrupted: 3 of 5 replications complete, the others at day 120 to 340"; empty: all complete.
std::string stop_line(const twins::fab::RunResult& result);

}  // namespace apps::fabtwin
