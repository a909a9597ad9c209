// A small made-up fab and its result, with figures whose means are known by heart, for the tests
// of the report: two regular classes, a hot one, one in the fab at time zero; three tool groups.
#pragma once
#include <string>

#include "twins/fab/kpi.hpp"
#include "twins/fab/simulate.hpp"

namespace twins::fab::report {

inline Layout sample_layout() {
  Layout m;
  m.description.name = "sample <fab> & \"more\"";
  m.description.products.resize(2);
  m.steps.resize(5);
  m.streams.resize(3);
  m.streams[0].priority = m.streams[1].priority = 10;
  m.streams[2].priority = 20;
  m.classes = {{"Lot <A>", 0, 10, 25, false},
               {"Lot_B", 1, 10, 25, false},
               {"Hot_A", 0, 20, 25, false},
               {"A (initial WIP)", 0, 0, 25, true}};
  m.groups.resize(3);
  for (std::uint32_t g = 0; g < 3; ++g) {
    m.groups[g].first_tool = 2 * g;
    m.groups[g].tools = 2;
    m.tool_group.insert(m.tool_group.end(), 2, g);
  }
  return m;
}

// Replication r has r more of everything; classes finish 100 lots each, all in one histogram bin.
inline ReplicationResult sample_replication(const Layout& m, std::uint32_t r, double days) {
  ReplicationResult out;
  out.member = r;
  out.fingerprint = 0xabcdef0000000000ULL + r;
  Kpi& k = out.kpi;
  k.to_day = days;
  k.wip = 200.0 + r;
  k.outs_per_day = 10.0 + r;
  k.starts_per_day = 99.0;
  k.moves_per_day = 1000.0;
  k.turns = 5.0;
  out.cycle_histogram.assign(m.classes.size(), std::vector<std::uint64_t>(CycleBins, 0));
  for (std::size_t c = 0; c < m.classes.size(); ++c) {
    ClassKpi kpi;
    kpi.name = m.classes[c].name;
    kpi.priority = m.classes[c].priority;
    kpi.initial = m.classes[c].initial;
    kpi.released = 4.0 * days;
    kpi.finished = 100.0;
    kpi.wip = 50.0;
    if (!kpi.initial) {
      kpi.cycle_days = 20.0 + r;
      kpi.flow_factor = 1.5;
      kpi.x_factor = 1.75;
      kpi.on_time = 0.9;
      for (std::size_t i = 0; i < 10; ++i) out.cycle_histogram[c][700 + 4 * c + i] = 10;
    }
    k.classes.push_back(kpi);
  }
  k.regular = k.classes[0];
  k.regular.name = "regular lots";
  k.regular.finished = 200.0;
  const double idle[] = {0.30, 0.05, 0.15};
  for (std::uint32_t g = 0; g < 3; ++g) {
    GroupKpi group;
    group.name = g == 1 ? "Litho <1> & co" : "Etch_" + std::to_string(g);
    group.area = "Area";
    group.tools = 2;
    group.pm = 0.05;
    group.down = 0.05;
    group.setup = 0.02;
    group.load = group.unload = 0.01;
    group.idle = idle[g];
    group.process = 0.86 - idle[g];
    group.availability = 0.9;
    group.utilisation = (0.9 - idle[g]) / 0.9;
    group.jobs = group.lots = 20.0 * days;
    group.wafers = 500.0 * days;
    group.queue = 3.0 + g;
    group.wait_hours = 1.5;
    k.groups.push_back(group);
  }
  k.windows_litho = {10.0, 0.2, 0.15, 0.1, 0.05, 0.5, 2.0};
  k.windows_rest = {90.0, 0.1, 0.05, 0.02, 0.01, 0.2, 3.0};
  k.windows = {100.0, 0.11, 0.06, 0.028, 0.014, 0.23, 2.9};
  for (int d = 1; d <= static_cast<int>(days); ++d)
    out.days.push_back({static_cast<double>(d), 200.0 + r, 10.0, 10.0 + r, 200.0, 10.0, 1000.0});
  return out;
}

inline RunResult sample_result(const Layout& m, std::uint32_t replications, double days = 30.0) {
  RunResult result;
  result.options.days = days;
  result.options.replications = replications;
  for (std::uint32_t r = 0; r < replications; ++r)
    result.replications.push_back(sample_replication(m, r, days));
  return result;
}

}  // namespace twins::fab::report
