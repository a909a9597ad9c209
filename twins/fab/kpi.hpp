// Key figures of a fab over a window of time. All counters of the State are cumulative, so a window's figures are the
// difference of two readings: no warm-up is ever deleted, any window can be asked for afterwards.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "twins/fab/layout.hpp"
#include "twins/fab/state.hpp"

namespace twins::fab {

// The counters at one instant, with the part of running jobs, downs and maintenance that has passed.
struct Reading {
  Tick at = 0;
  std::uint64_t events = 0;
  std::uint32_t wip = 0;            // [lots]
  std::uint32_t wip_initial = 0;    // [lots] of them in the fab since time zero
  std::vector<ClassTally> classes;  // [lot class]
  std::vector<GroupTally> groups;
  std::vector<std::uint32_t> waiting;  // [group] lots in its queue now
  std::vector<std::array<Tick, ToolTimes>>
      group_times;  // [group][ToolTime] [tick] summed over its tools
  std::array<WindowTally, 2> windows{};
  bool operator==(const Reading&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("at", self.at);
    a("events", self.events);
    a("wip", self.wip);
    a("wip_initial", self.wip_initial);
    a("classes", self.classes);
    a("groups", self.groups);
    a("waiting", self.waiting);
    a("group_times", self.group_times);
    a("windows", self.windows);
  }
};

Reading read_counters(const Layout& layout, const State& x);

// Tool time of one tool up to x.now, the running job, down or maintenance included [ToolTime] [tick].
std::array<Tick, ToolTimes> tool_times_now(const Layout& layout, const State& x,
                                           std::uint32_t tool);

struct ClassKpi {
  std::string name;
  std::uint32_t product = None;
  std::int32_t priority = 0;
  bool initial = false;  // lots of unknown age: counts only, no cycle times
  double released = 0, finished = 0, wafers = 0;
  double throughput_per_day = 0;                       // [lots/day]
  double cycle_days = 0, cycle_days_sd = 0;            // mean and standard deviation over lots
  double cycle_p05 = 0, cycle_p50 = 0, cycle_p95 = 0;  // [day] quantiles, 1.5 % wide bins
  double flow_factor = 0;  // cycle time over raw process time with transport and rework (RPT)
  double x_factor = 0;     // cycle time over raw process time alone
  double on_time = 0;      // share of finished lots
  double tardy_days = 0;   // [day] mean over finished lots
  double weighted_tardy_days = 0;  // [day] mean
  double wip = 0;                  // [lots] time average
  bool operator==(const ClassKpi&) const = default;
};

struct GroupKpi {
  std::string name, area;
  std::uint32_t tools = 0;
  double down = 0, pm = 0, setup = 0, process = 0, load = 0, unload = 0,
         idle = 0;          // shares of total tool time
  double availability = 0;  // 1 - down - pm
  double utilisation = 0;   // of available time: setup, load, process, unload
  double jobs = 0, lots = 0, wafers = 0;
  double wait_hours = 0;   // [h] mean over lots started
  double queue = 0;        // [lots] time average
  double batch_fill = 0;   // wafers over batch maxima; 0: no batches
  double setup_share = 0;  // setups per job
  double reworks = 0, skipped = 0;
  bool operator==(const GroupKpi&) const = default;
};

struct WindowKpi {
  double closed = 0, violated = 0, over_1h = 0, over_2h = 0,
         over_4h = 0;                           // the last four: shares of closed
  double violation_hours = 0, slack_hours = 0;  // [h] means over closed windows
  bool operator==(const WindowKpi&) const = default;
};

struct Kpi {
  double from_day = 0, to_day = 0;
  std::vector<ClassKpi> classes;
  ClassKpi regular;  // all classes of the lowest stream priority together
  ClassKpi all;      // every class with cycle times together
  std::vector<GroupKpi> groups;
  WindowKpi windows_litho, windows_rest, windows;
  double wip = 0;                               // [lots] time average
  double moves_per_day = 0;                     // [lot-steps/day]
  double turns = 0;                             // moves per day per lot of WIP
  double starts_per_day = 0, outs_per_day = 0;  // [lots/day]
  double events = 0;
  bool operator==(const Kpi&) const = default;
};

// Expects two readings of one run, from.at < to.at.
Kpi key_figures(const Layout& layout, const Reading& from, const Reading& to);

// Groups by utilisation of available time, highest first.
std::vector<std::uint32_t> bottlenecks(const Kpi& kpi);

// The scale of the cycle-time histogram, logarithmic from one minute on, as cycle_bin counts: bin i
// reaches from place i to place i + 1.
inline constexpr double CycleBinsPerOctave = 48.0;
double cycle_days_at(double place);         // [day]
double cycle_place_of(double days);         // its inverse
double cycle_days_of_bin(std::size_t bin);  // [day] at the bin's middle
// The cycle time that the share q of the lots lies below, linear within the bin on the scale; 0 for
// no lots [day].
double cycle_quantile(const std::vector<std::uint64_t>& histogram, double q);

}  // namespace twins::fab
