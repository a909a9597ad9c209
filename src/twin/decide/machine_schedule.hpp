// What parallel machines do next: jobs that come at known times, batches of jobs that may run together, and changeovers
// that depend on what the machine did before. In the notation of R. L. Graham, E. L. Lawler, J. K. Lenstra and
// A. H. G. Rinnooy Kan (Annals of Discrete Mathematics 5, 1979): R | r_j, batch, s_ij, M_j | sum of w_j (T_j, C_j).
// Times are whole units of the caller's; a schedule is which machine does which batches in which order, as early as can
// be, so its times follow from it.
#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace twin::decide {

struct MachineJob {
  std::int64_t release = 0;  // [unit] it may start from then on
  std::int64_t due = 0;      // [unit] it should be done by then
  // [unit] it should have started by then (a queue-time limit)
  std::int64_t latest = std::numeric_limits<std::int64_t>::max();
  std::int64_t weight = 1;       // [-] of all that it costs
  std::int64_t takes = 0;        // [unit] from its start to its completion, without a changeover
  std::int64_t occupies = 0;     // [unit] until its machine can start the next one
  std::uint32_t family = 0;      // its changeovers, and with whom it may share a batch
  std::uint32_t size = 1;        // [wafers]
  std::vector<bool> machines{};  // [machine] may it run there; empty: on any
};

struct JobFamily {
  std::uint32_t most = 0;   // [wafers] of one batch; 0: jobs run alone
  std::uint32_t least = 0;  // [wafers] of one batch
};

struct Machine {
  std::int64_t ready = 0;   // [unit]
  std::uint32_t setup = 0;  // of the list below
};

struct MachineCosts {         // of one unit of weight, for each unit of time
  std::int64_t tardy = 10;    // completed after its due time
  std::int64_t flow = 1;      // between release and completion
  std::int64_t overdue = 50;  // started after its latest start
};

struct MachineProblem {
  std::vector<Machine> machines;
  std::vector<JobFamily> families;
  std::vector<MachineJob> jobs;  // those of one batch family take and occupy alike
  // [setup][family] [unit] to make a machine ready, and the setup that it has then. A family that asks for none leaves
  // the setup as it is.
  std::uint32_t setups = 1;
  std::vector<std::int64_t> changeover;
  std::vector<std::uint32_t> setup_after;
  MachineCosts costs{};
  // [unit] A job that no full enough batch is made of counts as if it started then: after all that could be done, or it
  // would pay to leave jobs. No earlier than their releases.
  std::int64_t left_at = 0;

  // It is too small for a batch by itself.
  [[nodiscard]] bool may_be_left(std::uint32_t job) const {
    return families[jobs[job].family].least > jobs[job].size;
  }
  [[nodiscard]] bool may_run(std::uint32_t job, std::uint32_t machine) const {
    return jobs[job].machines.empty() || jobs[job].machines[machine];
  }
  [[nodiscard]] std::int64_t changing(std::uint32_t setup, std::uint32_t family) const {
    return changeover[setup * families.size() + family];
  }
  [[nodiscard]] std::uint32_t after(std::uint32_t setup, std::uint32_t family) const {
    return setup_after[setup * families.size() + family];
  }
};

// One batch, or one job alone.
struct MachineRun {
  std::uint32_t machine = 0;
  std::vector<std::uint32_t> jobs;  // by number
  // [unit] start: with its changeover, which waits for the machine and for the jobs.
  std::int64_t start = 0, changed = 0, done = 0;
  bool operator==(const MachineRun&) const = default;
};

struct MachineSchedule {
  std::vector<MachineRun> runs;     // by machine, each in its order
  std::vector<std::uint32_t> left;  // jobs of which no full enough batch could be made
  std::int64_t cost = 0;
  bool operator==(const MachineSchedule&) const = default;
};

// What is wrong with the problem's own numbers (an index too large, a batch family whose jobs differ, a negative time);
// empty: nothing.
std::string flaw_of(const MachineProblem& problem);

// The runs in their order, as early as can be, with their cost. Expects runs that schedule_flaw has nothing against.
MachineSchedule timed(const MachineProblem& problem, std::vector<MachineRun> runs);

// What is wrong with a schedule: a job twice or nowhere, left though it could run alone, a machine that may not do it,
// a batch of two families, too large or too small, a start before its jobs or its machine are ready, a cost that is
// another; empty: nothing. Checks from the definition, not as `timed` computes.
std::string schedule_flaw(const MachineProblem& problem, const MachineSchedule& schedule);

enum class ListOrder : std::uint8_t { Release, Due, Weight, Changeover };

// As a dispatcher would do it: whenever a machine is free, it takes the best job that is there (first come; earliest
// due; shortest for its weight; least changeover, then first come), a batch as full as it can be made then.
MachineSchedule as_dispatched(const MachineProblem& problem, ListOrder order);

}  // namespace twin::decide
