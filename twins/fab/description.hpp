// A wafer fab as its data set describes it: names, numbers and links, checked and in plain units, before any model is
// made of it. Every reader (SMT2020 text and .asd, MIMAC) fills it, `fabtwin check` prints it, Model is built from it.
#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace twins::fab {

inline constexpr double MinuteMs = 60'000.0;
inline constexpr double HourMs = 3'600'000.0;
inline constexpr double DayMs = 86'400'000.0;
inline constexpr std::uint32_t None = std::numeric_limits<std::uint32_t>::max();  // "no such index"

// A duration's law. Uniform is U[mean - half_width, mean + half_width] (the files' second number is a half-width).
struct Duration {
  enum class Law : std::uint8_t { Constant, Uniform, Exponential };
  Law law = Law::Constant;
  double mean_ms = 0.0;        // [ms]
  double half_width_ms = 0.0;  // [ms], Uniform only
  bool operator==(const Duration&) const = default;
};

// The criteria of a queue's order, in the order in which they decide (column FWLRANK).
enum class Criterion : std::uint8_t { HighestPriority, LeastSetup, Fifo, CriticalRatio };

// Breakdowns by the calendar clock; one independent process per tool.
struct Breakdown {
  std::string name;
  Duration first;            // time to the first failure
  Duration time_to_failure;  // from the end of the repair
  Duration time_to_repair;
  bool operator==(const Breakdown&) const = default;
};

// Preventive maintenance, start to start. The k-th of N tools (k = 1..N) has its first one at first*k/N.
struct Maintenance {
  enum class Trigger : std::uint8_t { Calendar, Wafers };
  std::string name;
  Trigger trigger = Trigger::Calendar;
  double interval = 0.0;  // [ms] for Calendar, [wafers] for Wafers
  double first = 0.0;     // [ms] or [wafers]: FOA
  Duration duration;
  bool operator==(const Maintenance&) const = default;
};

struct ToolGroup {
  std::string name;                       // STNFAM
  std::string area;                       // STNGRP
  std::string location;                   // STNFAMLOC
  std::uint32_t tools = 1;                // STNQTY
  std::uint32_t job_slots = 1;            // STNCAP: 2 = cascading
  double load_ms = 0.0, unload_ms = 0.0;  // [ms]
  bool batch = false;                     // BATCHCRITF set: jobs are batches of one route step
  bool keeps_minimum_run =
      false;  // rule_LSSU: a setup stays for the minimum run of its setup group
  bool wakes_least_setup = false;  // wake_LeastSetupTime
  std::vector<Criterion> rank;     // FWLRANK
  std::vector<std::uint32_t>
      min_run_setups;                  // setups of this group's SETUPGRP (indices into setups)
  std::uint32_t initial_setup = None;  // of every tool at time zero; None: no setup
  std::vector<Breakdown> breakdowns;
  std::vector<Maintenance> maintenances;
  bool operator==(const ToolGroup&) const = default;
};

struct Setup {
  std::string name;
  std::uint32_t minimum_run = 0;  // [lots], MINRUN; 0: none
  bool operator==(const Setup&) const = default;
};

struct SetupChange {
  std::uint32_t from = None;  // None: from any setup that has no entry of its own
  std::uint32_t to = None;
  double ms = 0.0;  // [ms]
  bool operator==(const SetupChange&) const = default;
};

struct Step {
  enum class Per : std::uint8_t { Lot, Piece, Batch };
  std::string name;            // DESC
  std::uint32_t group = None;  // index into tool_groups
  Duration process;            // per lot, per piece or per batch
  Per per = Per::Lot;
  double cascade_interval_ms =
      0.0;  // [ms] PartInterval (per piece) or BatchInterval (per lot); 0: no cascading
  std::uint32_t batch_min = 0, batch_max = 0;  // [wafers]; 0: no batch step
  std::uint32_t batch_key =
      None;  // steps with one key may share a batch; None: route and step (set by Model)
  std::uint32_t setup = None;      // index into setups
  bool setup_always = false;       // WHEN = always: even where the tool has that setup already
  double setup_ms = -1.0;          // [ms] the step's own STIME; negative: none given
  double sampling = 1.0;           // probability that a lot is processed here
  double rework = 0.0;             // probability that a lot goes back after this step
  std::uint32_t rework_to = None;  // index of the step within the route
  std::uint32_t dedicates =
      None;  // index of the later step that must use the same tool (SVESTN / FORSTEP)
  std::uint32_t queue_time_exit =
      None;  // index of the later step at which a queue-time window ends (STEP_CQT)
  double queue_time_ms = 0.0;  // [ms] its limit, from completion here to the start there
  bool operator==(const Step&) const = default;
};

struct Route {
  std::string name;
  std::vector<Step> steps;
  bool operator==(const Route&) const = default;
};

struct Product {
  std::string name;
  std::string family;
  std::uint32_t route = None;
  bool operator==(const Product&) const = default;
};

// Lots released again and again: the k-th at start + k*interval.
struct Stream {
  std::string name;  // LOT
  std::uint32_t product = None;
  std::int32_t priority = 10;
  std::uint32_t wafers = 25;
  double start_ms = 0.0;    // [ms] since time zero
  Duration interval;        // [ms]
  std::uint64_t count = 0;  // RPT#
  std::uint32_t lots_per_release = 1;
  double due_offset_ms = 0.0;       // [ms] due date minus release
  bool reserves = false;            // HOTLOT: reserves the next step's tool
  double weight = 1.0;              // of tardiness; the SMT2020 files give none
  std::uint32_t weight_levels = 0;  // > 0: each lot's weight is drawn from 1, 2, ..., this
  double due_spread =
      0.0;  // each lot's due offset is drawn from due_offset * U[1 - this, 1 + this]
  bool operator==(const Stream&) const = default;
};

// A lot that is in the fab at time zero, in the queue of its current step; or one released at a listed time.
struct ListedLot {
  std::string name;
  std::uint32_t product = None;
  std::int32_t priority = 10;
  std::uint32_t wafers = 25;
  double start_ms = 0.0;      // [ms] since time zero
  double due_ms = 0.0;        // [ms] since time zero
  std::uint32_t step = None;  // index within the route; None: released at its first step
  bool reserves = false;
  double weight = 1.0;
  bool operator==(const ListedLot&) const = default;
};

struct Transport {
  std::string from, to;  // locations
  Duration duration;
  bool operator==(const Transport&) const = default;
};

struct Description {
  std::string name;  // the folder's name
  std::vector<ToolGroup> tool_groups;
  std::vector<Setup> setups;
  std::vector<SetupChange> setup_changes;
  std::vector<Route> routes;
  std::vector<Product> products;
  std::vector<Stream> streams;
  std::vector<ListedLot> lots;  // initial WIP first, in the file's order
  std::vector<Transport> transports;
  std::vector<std::string> warnings;  // what is odd but not wrong, "file:line: text"
  bool operator==(const Description&) const = default;
};

}  // namespace twins::fab
