// The constant half of the fab model: routes, tool groups, calendars and streams as flat arrays, compiled from a
// Description. Shared by all members and threads; nothing in it changes during a run.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "twin/core/theta.hpp"
#include "twin/core/tick.hpp"
#include "twins/fab/description.hpp"

namespace twins::fab {

using twin::core::Tick;

// What a user may change about the model without touching the data set. The defaults are those that reproduce the
// published reference of SMT2020 best; docs/decisions/0006 says what was tried and measured for each.
struct LayoutOptions {
  double load = 1.0;                   // releases per unit of time, relative to the data set
  bool super_hot_reservation = false;  // lots of the highest priority reserve their next tool
  bool breakdowns = true;
  bool maintenance = true;
  // A breakdown that comes while a job runs: does the tool finish the job first, or is the job suspended and resumed?
  enum class Breakdowns : std::uint8_t { AfterJob, Suspend } breakdown = Breakdowns::AfterJob;
  // Groups with wake_LeastSetupTime: in which does an arriving lot wake the able tool with the least setup?
  enum class Wake : std::uint8_t { CascadingOnly, All, Never } wake = Wake::CascadingOnly;
  // When may a cascading tool take its second job: as soon as it has one, or when slot 1 is free?
  enum class Cascade : std::uint8_t { AtOnce, AtSlotFree } cascade = Cascade::AtOnce;
  // When does the setup of a cascading tool's second job begin?
  enum class SecondSetup : std::uint8_t {
    AtOnce,
    AtSlotFree,
    AtToolEmpty
  } second_setup = SecondSetup::AtOnce;
  // Each lot's due offset is drawn from the data set's times U[1 - this, 1 + this]; 0: as the data set says.
  double due_spread = 0.0;
  bool setup_lines =
      false;  // a queue line a setup in every group: for rules that weigh any setup time
  bool operator==(const LayoutOptions&) const = default;
};

// One step of one route, by global step number. The first of its cache lines is all that most visits read.
struct alignas(64) StepInfo {
  std::uint32_t group = 0;
  std::uint32_t route = 0;
  std::uint32_t line = 0;  // queue line, by global line number
  std::uint32_t setup = None,
                setup_rank = 0;  // setup_rank: row in setup_ticks, 0 = a setup without entries
  std::uint32_t dedication_in =
      None;  // slot of the lot's dedication that binds this step; None: free choice
  std::uint32_t dedication_out = None;  // slot that this step writes
  std::uint32_t window_exit = None;     // global step
  double process_ms = 0.0;              // [ms] mean, per unit
  double half_width_ms = 0.0;           // [ms]
  double cascade_ms = 0.0;              // [ms] interval c; 0: none
  Duration::Law law = Duration::Law::Constant;
  Step::Per per = Step::Per::Lot;
  bool last = false;  // of its route
  bool setup_always = false;
  bool litho_window = false;  // the window that starts here passes a litho track (reference 3.4)
  bool sampled = false;       // sampling < 1
  bool reworked = false;      // rework > 0
  double sampling = 1.0, rework = 0.0;
  Tick setup_own = -1;                         // [tick] the step's own setup time; -1: none
  Tick window_limit = 0;                       // [tick]
  std::uint32_t index = 0;                     // position in its route
  std::uint32_t batch_min = 0, batch_max = 0;  // [wafers]
  std::uint32_t rework_to = None;              // global step
  std::uint32_t dedicates = None;              // global step that must use the same tool
  double step_fixed_ms = 0.0,
         step_wafer_ms = 0.0;  // expected time here = fixed + wafer*n [ms], no setup
  double remaining_fixed_ms = 0.0,
         remaining_wafer_ms = 0.0;  // sum from here on, sampling-weighted (reference 2.10)
};

struct GroupInfo {
  std::uint32_t first_tool = 0, tools = 0;
  std::uint32_t area = 0, location = 0;
  std::uint32_t first_line = 0, lines = 0;
  Tick load = 0, unload = 0;  // [tick]
  std::uint8_t slots = 1;
  bool batch = false, minimum_run = false, wakes_least_setup = false;
  bool homogeneous =
      false;               // every able tool sees the same queue: one failed try settles the group
  bool dedicated = false;  // some step binds lots to one of its tools
  bool ranks_priority = true;           // HighestPriority stands in FWLRANK
  std::uint8_t setup_order = 0;         // 0: setup does not rank; 1: after priority; 2: before it
  bool critical_ratio = false;          // the published last criterion is CR (else FIFO)
  std::uint32_t dedicated_line = None;  // first of the per-tool lines
  std::uint32_t first_pm = 0, pms = 0;  // maintenances (index into Layout::pms)
  std::uint32_t first_breakdown = 0, breakdowns = 0;
};

struct PmInfo {
  Maintenance::Trigger trigger = Maintenance::Trigger::Calendar;
  double interval = 0.0, first = 0.0;  // [ms] or [wafers]
  Duration duration;
};

struct BreakdownInfo {
  Duration first, time_to_failure, time_to_repair;
};

struct RouteInfo {
  std::uint32_t first_step = 0, steps = 0;
};

struct StreamInfo {
  std::uint32_t product = 0, lot_class = 0;
  std::int32_t priority = 0;
  std::uint32_t wafers = 0;
  Tick start = 0;
  double interval_ms = 0.0, half_width_ms = 0.0;
  Duration::Law law = Duration::Law::Constant;
  std::uint64_t count = 0;
  std::uint32_t lots_per_release = 1;
  Tick due_offset = 0;
  bool reserves = false;
  double weight = 1.0;
  std::uint32_t weight_levels = 0;
  double due_spread = 0.0;
};

// Lots are reported by class: the streams' products and priorities, and those in the fab at time zero apart.
struct LotClass {
  std::string name;  // the stream's lot name
  std::uint32_t product = None;
  std::int32_t priority = 0;
  std::uint32_t wafers = 25;  // of its first lot
  bool initial = false;  // in the fab at time zero: its age is unknown, so no cycle time is taken
};

// theta, in this order: per tool group process mean, process spread; per area MTBF, MTTR, rework, sampling; transport;
// per tool group what its MTBF and MTTR differ from those of its area.
struct ThetaMap {
  std::uint32_t groups = 0, areas = 0;
  [[nodiscard]] std::size_t process(std::uint32_t g) const { return g; }
  [[nodiscard]] std::size_t spread(std::uint32_t g) const { return groups + g; }
  [[nodiscard]] std::size_t mtbf(std::uint32_t a) const { return 2 * groups + a; }
  [[nodiscard]] std::size_t mttr(std::uint32_t a) const { return 2 * groups + areas + a; }
  [[nodiscard]] std::size_t rework(std::uint32_t a) const { return 2 * groups + 2 * areas + a; }
  [[nodiscard]] std::size_t sampling(std::uint32_t a) const { return 2 * groups + 3 * areas + a; }
  [[nodiscard]] std::size_t transport() const { return 2 * groups + 4 * areas; }
  [[nodiscard]] std::size_t mtbf_group(std::uint32_t g) const { return transport() + 1 + g; }
  [[nodiscard]] std::size_t mttr_group(std::uint32_t g) const {
    return transport() + 1 + groups + g;
  }
  [[nodiscard]] std::size_t size() const { return transport() + 1 + 2 * groups; }
  // A fab whose tools differ from their groups has a theta that goes on with a multiplier of process times a tool. No
  // parameters of the model: a stand-in for the real fab hides them from it (apps/plant).
  [[nodiscard]] std::size_t pace(std::uint32_t tool) const { return size() + tool; }
};

struct Layout {
  Description description;  // names, for people; the arrays below are what the model runs on
  LayoutOptions options;
  std::vector<StepInfo> steps;  // [global step]
  std::vector<GroupInfo> groups;
  std::vector<std::uint32_t> tool_group;  // [tool]
  std::vector<RouteInfo> routes;
  std::vector<PmInfo> pms;
  std::vector<BreakdownInfo> breakdowns;
  std::vector<StreamInfo> streams;
  std::vector<LotClass> classes;
  std::vector<std::uint32_t> listed_class;  // [listed lot]
  std::vector<std::string> areas, locations;
  std::vector<Duration> transport;               // [from location][to location]; mean 0: none
  std::vector<std::uint8_t> transport_given;     // same shape
  std::vector<Tick> setup_ticks;                 // [from rank][to rank], rank 0 = no entry
  std::vector<std::uint32_t> setup_minimum_run;  // [setup] [lots]
  std::vector<std::uint32_t> setup_rank_of;      // [setup] row in setup_ticks
  std::vector<std::uint32_t>
      line_setup;  // [line] the setup its lots need, None: no line of one setup
  std::vector<std::uint32_t> line_batch_max;  // [line] [wafers]
  // [line][product] last step from whose end rework may lead back to the line, or None
  std::vector<std::uint32_t> line_reach;
  std::vector<std::uint32_t>
      line_last_step;  // [line][product] last global step whose lots wait there, or None
  std::vector<std::uint32_t> first_breakdown_clock;  // [tool] index into State::breakdowns
  std::uint32_t setup_ranks = 1;
  std::uint32_t breakdown_clocks = 0;  // breakdown processes of all tools
  std::uint32_t lines = 0;             // queue lines
  std::uint32_t dedication_slots = 0;  // per lot
  std::uint32_t max_pms = 0;           // per tool group
  ThetaMap theta_map;

  [[nodiscard]] std::uint32_t tools() const {
    return static_cast<std::uint32_t>(tool_group.size());
  }
  [[nodiscard]] std::vector<twin::core::Parameter> parameters()
      const;  // theta: names, units, bounds, sources
  [[nodiscard]] std::vector<double> nominal_theta() const;
  [[nodiscard]] std::string tool_name(
      std::uint32_t tool) const;  // "LithoTrack_FE_95#12", counted from 1
  [[nodiscard]] std::string step_name(std::uint32_t step) const;  // "r_3/013"
};

// Throws twin::core::Error where the description cannot be run.
std::shared_ptr<const Layout> compile(Description description, LayoutOptions options = {});

}  // namespace twins::fab
