// Small and known problems of parallel machines, for the tests of schedules.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "twin/core/draw.hpp"
#include "twin/decide/machine_schedule.hpp"

namespace twin::decide {

// Jobs of one family, alone on one machine, each (takes, weight, due), without anything but weighted tardiness.
inline MachineProblem single_machine(const std::vector<std::array<std::int64_t, 3>>& jobs) {
  MachineProblem p;
  p.machines = {{}};
  p.families = {{}};
  p.changeover = {0};
  p.setup_after = {0};
  p.costs = {1, 0, 0};
  for (const auto& [takes, weight, due] : jobs)
    p.jobs.push_back({.due = due, .weight = weight, .takes = takes, .occupies = takes});
  return p;
}

// Some jobs of three families on two machines: one family runs in batches of two or three, two need setups of their
// own; releases, due times, limits and who may do what are drawn.
inline MachineProblem drawn_problem(std::uint32_t n, core::Draw draw) {
  MachineProblem p;
  p.setups = 3;
  p.machines = {{.ready = 2, .setup = 1}, {.ready = 0, .setup = 0}};
  p.families = {{.most = 6, .least = 4}, {}, {}};
  p.changeover = {0, 3, 4, 0, 0, 5, 0, 2, 0};
  p.setup_after = {0, 1, 2, 1, 1, 2, 2, 1, 2};
  const auto drawn = [&](std::uint32_t what, std::uint32_t j, double below) {
    return static_cast<std::int64_t>(draw.uniform(what, j, 0) * below);
  };
  p.left_at = 100;
  for (std::uint32_t j = 0; j < n; ++j) {
    MachineJob job;
    job.family = static_cast<std::uint32_t>(drawn(1, j, 3.0));
    job.release = drawn(2, j, 12.0);
    job.takes = job.family == 0 ? 8 : 2 + drawn(3, j, 6.0);
    job.occupies =
        job.family == 2 ? (job.takes + 1) / 2 : job.takes;  // the next follows on its heels
    job.due = job.release + job.takes + drawn(4, j, 10.0);
    job.weight = 1 + drawn(5, j, 4.0);
    job.size = 2;
    if (drawn(6, j, 4.0) == 0) job.latest = job.release + 3;
    if (drawn(7, j, 4.0) == 0) job.machines = {true, false};
    p.jobs.push_back(job);
  }
  return p;
}

}  // namespace twin::decide
