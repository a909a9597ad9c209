// A small fab with every feature on, for the laws that must hold whatever happens: setups, minimum
// runs, batches, cascading, sampling, rework, dedication, windows, transport, breakdowns, maintenance.
#pragma once
#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab::semantics {

inline void add_downtime(ToolGroup& group) {
  group.load_ms = group.unload_ms = MinuteMs;
  group.breakdowns = {{"BD", exponential(600), exponential(600), exponential(30)}};
  group.maintenances = {
      {"MN", Maintenance::Trigger::Calendar, 2000 * MinuteMs, 900 * MinuteMs, uniform(40, 10)},
      {"WF", Maintenance::Trigger::Wafers, 1500, 700, uniform(20, 5)}};
}

// Two regular products of which a lot comes every 30 min, hot and super-hot lots, WIP at time zero.
// Busiest group: metrology, about 80 % loaded.
inline TinyFab busy_fab() {
  TinyFab fab;
  const auto litho = fab.add_group("Litho", 3), furnace = fab.add_group("Furnace", 2);
  const auto implant = fab.add_group("Implant", 3), etch = fab.add_group("Etch", 3);
  const auto metro = fab.add_group("Metro", 1);
  for (const auto g : {litho, furnace, implant, etch, metro}) add_downtime(fab.group(g));
  const auto hold = fab.add_group("Hold", 50);
  fab.group(hold).location = "Delay";
  fab.group(litho).job_slots = 2;
  fab.group(litho).wakes_least_setup = true;
  fab.group(furnace).batch = true;
  fab.group(implant).keeps_minimum_run = true;
  fab.group(etch).rank = {Criterion::HighestPriority, Criterion::CriticalRatio};
  fab.description.transports = {{"Fab", "Fab", uniform(7.5, 2.5)}};
  const auto x = fab.add_setup("X"), y = fab.add_setup("Y");
  const auto p = fab.add_setup("P", 3), q = fab.add_setup("Q", 3);
  fab.add_change(x, y, 7);
  fab.add_change(None, x, 5);
  fab.add_change(None, p, 8);
  fab.add_change(None, q, 8);

  const auto vary = [](Step step) {
    step.process.law = Duration::Law::Uniform;
    step.process.half_width_ms = 0.1 * step.process.mean_ms;
    return step;
  };
  for (const bool second : {false, true}) {
    Step expose = vary(step_at(litho, 0.8, Step::Per::Piece));
    expose.cascade_interval_ms = 0.6 * MinuteMs;
    expose.setup = second ? y : x;
    expose.dedicates = 5;
    expose.queue_time_exit = 1;
    expose.queue_time_ms = 30 * MinuteMs;
    Step etched = vary(step_at(etch, 0.6, Step::Per::Piece));
    etched.queue_time_exit = 2;
    etched.queue_time_ms = 60 * MinuteMs;
    Step baked = vary(step_at(furnace, 60, Step::Per::Batch));
    baked.batch_min = 50;
    baked.batch_max = 100;
    Step measured = vary(step_at(metro, 8));
    measured.sampling = 0.5;
    measured.rework = 0.2;
    measured.rework_to = 0;
    Step implanted = vary(step_at(implant, 15));
    implanted.setup = second ? q : p;
    Step again = expose;
    again.setup = second ? x : y;
    again.setup_ms = second ? -1.0 : 4 * MinuteMs;
    again.dedicates = again.queue_time_exit = None;
    Step last = vary(step_at(metro, 8));
    last.rework = 0.1;
    last.rework_to = 5;
    fab.add_route({expose, etched, baked, measured, implanted, again, step_at(hold, 30),
                   vary(step_at(etch, 0.5, Step::Per::Piece)), last});
  }
  for (std::uint32_t i = 0; i < 12; ++i) fab.add_lot(i % 2, {.due = 2000, .step = i % 9});
  const auto stream = [&fab](std::uint32_t product, double interval, std::int32_t priority) {
    Stream& s = fab.add_stream(product, interval, 100'000);
    s.interval.law = Duration::Law::Uniform;
    s.interval.half_width_ms = 0.5 * s.interval.mean_ms;
    s.priority = priority;
    s.due_offset_ms = 800 * MinuteMs;
    s.reserves = priority == 30;
  };
  stream(0, 60, 10);
  stream(1, 60, 10);
  stream(0, 500, 20);
  stream(1, 1500, 30);
  return fab;
}

}  // namespace twins::fab::semantics
