// A better schedule for parallel machines than a dispatcher's, by constraint programming: Gecode's trees over the
// decisions which machine, which before which, which together, in neighbourhoods of the best schedule so far (large
// neighbourhood search, P. Shaw, CP 1998). Budgets are failures and propagations, not seconds, and all choices are
// drawn by name, so the same problem gives the same schedule everywhere.
#pragma once
#include <cstdint>
#include <functional>

#include "twin/core/draw.hpp"
#include "twin/decide/machine_schedule.hpp"

namespace twin::decide {

// Gecode is an option of the build (libgecode-dev).
bool has_constraint_solver();

struct MachineSearchAsked {
  std::uint64_t whole = 2'000;       // [failures] of one tree over all decisions, first
  std::uint64_t rounds = 400;        // neighbourhoods after it
  std::uint64_t failures = 120;      // of each one's tree
  std::uint64_t work = 100'000'000;  // [propagations] after which no other neighbourhood is begun
  core::Draw draw{};
};

struct MachineFound {
  MachineSchedule schedule;  // no worse than the one it began with
  bool optimal = false;      // the tree over all decisions came to its end: there is no better one
  std::uint64_t failures = 0, rounds = 0, improvements = 0, work = 0;
};

// problem and start: as flaw_of and schedule_flaw have nothing against. going: asked between two neighbourhoods; false
// ends it with the best so far. core::Error where this build has no solver, or where the costs are beyond its whole
// numbers of 31 bits (coarser units help).
MachineFound search_schedule(const MachineProblem& problem, MachineSchedule start,
                             const MachineSearchAsked& asked,
                             const std::function<bool(std::uint64_t round)>& going = {});

}  // namespace twin::decide
