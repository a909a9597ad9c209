// All that changes in a fab: lots, tools, queues, calendars, the event list and the cumulative counters. One regular
// value of flat arrays, so that a copy is a snapshot. If it changes, it is here; if it is here, it is in `fields`.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "twin/core/tick.hpp"
#include "twin/des/agenda.hpp"
#include "twins/fab/description.hpp"

namespace twins::fab {

using twin::core::Tick;

enum class LotPlace : std::uint8_t {
  Free,
  Moving,
  Queued,
  Processing,
  Held,
  Finished,
  Outside  // due to enter the fab, and not let in yet (rules/release_control.hpp)
};

// Two cache lines; the first is all that most visits touch.
struct alignas(64) Lot {
  Tick since = 0;                          // [tick] when it came to its present place
  double key = 0.0;                        // rank key of the queue it waits in, smaller first
  std::uint32_t serial = 0;                // lots made before it: "who" of its draws, breaks ties
  std::uint32_t step = 0;                  // global step it waits for, moves to or is processed at
  std::uint32_t next = None, prev = None;  // in its queue line, among its job's lots, or outside
  std::uint32_t line = None;               // queue line it waits in
  std::uint32_t tool = None;               // tool that processes it
  std::uint32_t visit = 0;         // route positions passed so far: the "occasion" of its draws
  std::uint32_t word_process = 0;  // random word of this visit, drawn on the way here
  std::uint32_t location = None;   // of the last performed step; None before the first
  std::uint32_t wafers = 0;
  std::int32_t priority = 0;
  LotPlace place = LotPlace::Free;
  bool reserves = false;
  bool hold_requested = false;          // held as soon as its job ends
  bool window_open = false;             // of queue time
  std::uint32_t window_step = None;     // global step whose completion opened it
  std::uint32_t reserved_group = None;  // group that it holds a reservation in (if it reserves)
  std::uint32_t lot_class = 0;
  std::uint32_t id = None;    // its number for others; in a simulation its serial
  Tick window_from = 0;       // [tick] completion of the step that opened the queue-time window
  Tick release = 0, due = 0;  // [tick] release: as scheduled
  double weight = 1.0;        // of tardiness
  bool operator==(const Lot&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("release", self.release);
    a("due", self.due);
    a("since", self.since);
    a("window_from", self.window_from);
    a("key", self.key);
    a("weight", self.weight);
    a("id", self.id);
    a("serial", self.serial);
    a("step", self.step);
    a("visit", self.visit);
    a("window_open", self.window_open);
    a("window_step", self.window_step);
    a("next", self.next);
    a("prev", self.prev);
    a("line", self.line);
    a("tool", self.tool);
    a("reserved_group", self.reserved_group);
    a("location", self.location);
    a("word_process", self.word_process);
    a("lot_class", self.lot_class);
    a("wafers", self.wafers);
    a("priority", self.priority);
    a("place", self.place);
    a("reserves", self.reserves);
    a("hold_requested", self.hold_requested);
  }
};

// One lot or batch inside a tool. A suspension shifts all ticks, so their differences stay the net durations.
struct Job {
  Tick start = 0, setup_start = 0, setup_end = 0, load_end = 0, process_start = 0, process_end = 0,
       end = 0;                    // [tick]
  std::uint32_t first_lot = None;  // lots of the job hang together by Lot::next; None: no job
  std::uint32_t step = 0;          // global step
  std::uint32_t wafers = 0;
  std::uint32_t lots = 0;
  bool operator==(const Job&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("start", self.start);
    a("setup_start", self.setup_start);
    a("setup_end", self.setup_end);
    a("load_end", self.load_end);
    a("process_start", self.process_start);
    a("process_end", self.process_end);
    a("end", self.end);
    a("first_lot", self.first_lot);
    a("step", self.step);
    a("wafers", self.wafers);
    a("lots", self.lots);
  }
};

// The first two cache lines are all that a tool with one job at a time touches.
struct alignas(64) Tool {
  std::uint32_t next = None, prev = None;  // in its group's list of able tools
  std::uint32_t setup = None;
  std::uint32_t run_left = 0;         // [lots] that the minimum run still asks for
  std::int32_t wafers_to_mark = 0;    // [wafers] until its calendars have to be looked at
  std::uint32_t reserved_for = None;  // lot that it is kept for
  std::uint16_t epoch = 0;  // counts suspensions: a job-end event of another epoch is void
  std::uint8_t jobs_inside = 0;
  std::uint8_t breakdowns = 0;  // running at once
  std::uint8_t pms_pending = 0;
  std::uint8_t breakdowns_pending = 0;  // came while a job ran or during maintenance
  std::uint8_t pm = 0xff;               // maintenance under way; 0xff: none
  bool able = false;                    // stands in the list of able tools
  Tick slot1_free = 0, slot2_free = 0;  // [tick] cascading: when the serial slots are free
  Tick accounted = 0;                   // [tick] cascading: phases up to here are in the counters
  std::array<Job, 2> jobs;              // [slot of entry]
  Tick stopped_at = 0;                  // [tick] start of the present down or maintenance time
  std::int64_t mark = 0;                // [wafers] processed when wafers_to_mark is 0
  std::uint32_t pms_asked = 0;          // numbers the pending maintenances in the order of asking
  bool operator==(const Tool&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("jobs", self.jobs);
    a("slot1_free", self.slot1_free);
    a("slot2_free", self.slot2_free);
    a("accounted", self.accounted);
    a("stopped_at", self.stopped_at);
    a("setup", self.setup);
    a("wafers_to_mark", self.wafers_to_mark);
    a("mark", self.mark);
    a("pms_asked", self.pms_asked);
    a("run_left", self.run_left);
    a("next", self.next);
    a("prev", self.prev);
    a("reserved_for", self.reserved_for);
    a("epoch", self.epoch);
    a("jobs_inside", self.jobs_inside);
    a("breakdowns", self.breakdowns);
    a("pms_pending", self.pms_pending);
    a("breakdowns_pending", self.breakdowns_pending);
    a("pm", self.pm);
    a("able", self.able);
  }
};

// A queue line: lots that every tool of the group ranks alike but for their setup. Best first.
struct Line {
  std::uint32_t head = None, tail = None, count = 0, wafers = 0;
  bool operator==(const Line&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("head", self.head);
    a("tail", self.tail);
    a("count", self.count);
    a("wafers", self.wafers);
  }
};

struct Group {
  std::uint32_t able_head = None,
                able_tail = None;       // tools that could start a job, longest able first
  std::uint32_t waiting = 0;            // lots in all its lines
  std::uint32_t waiting_dedicated = 0;  // of them in the lines of single tools
  std::uint32_t reserving_lot = None;   // lot that has a reservation here
  std::uint32_t reserving_tool = None;  // tool kept for it; None: the next that becomes able
  bool touched = false;                 // to be dispatched before this instant ends
  bool operator==(const Group&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("able_head", self.able_head);
    a("able_tail", self.able_tail);
    a("waiting", self.waiting);
    a("waiting_dedicated", self.waiting_dedicated);
    a("reserving_lot", self.reserving_lot);
    a("reserving_tool", self.reserving_tool);
    a("touched", self.touched);
  }
};

struct PmClock {            // one maintenance calendar of one tool
  double mark = 0.0;        // [wafers] processed by the tool when it is next due
  std::uint32_t count = 0;  // how often it was started: the occasion of its draws
  std::uint32_t asked = 0;  // order of asking among the tool's calendars; 0: not pending
  bool operator==(const PmClock&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("mark", self.mark);
    a("count", self.count);
    a("asked", self.asked);
  }
};

struct BreakdownClock {     // one breakdown process of one tool
  std::uint32_t count = 0;  // failures so far: the occasion of its draws
  bool deferred = false;    // came while the tool was busy or in maintenance, starts after it
  bool operator==(const BreakdownClock&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("count", self.count);
    a("deferred", self.deferred);
  }
};

// Tool states in the order of reporting. Precedence where two overlap: Down, Pm, Setup, Process, Load, Unload, Idle.
enum class ToolTime : std::uint8_t { Down, Pm, Setup, Process, Load, Unload };
inline constexpr std::size_t ToolTimes = 6;  // idle is the rest

inline constexpr std::size_t CycleBins =
    1024;  // of the cycle-time histogram; see kpi.hpp for the scale

struct ClassTally {  // per lot class, cumulative
  std::uint64_t released = 0, finished = 0, on_time = 0, scrapped = 0, wafers_finished = 0;
  std::int64_t cycle_ticks = 0;      // [tick] sum over finished lots
  std::int64_t tardy_ticks = 0;      // [tick]
  double cycle_days_squared = 0.0;   // [day^2]
  double weighted_tardy_days = 0.0;  // [day]
  std::int64_t release_ticks = 0,
               exit_ticks = 0;  // [tick] sums of times: the integral of WIP follows (kpi.hpp)
  std::array<std::uint32_t, CycleBins> cycle_histogram{};  // [bin] lots
  bool operator==(const ClassTally&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("released", self.released);
    a("finished", self.finished);
    a("on_time", self.on_time);
    a("scrapped", self.scrapped);
    a("wafers_finished", self.wafers_finished);
    a("cycle_ticks", self.cycle_ticks);
    a("tardy_ticks", self.tardy_ticks);
    a("cycle_days_squared", self.cycle_days_squared);
    a("weighted_tardy_days", self.weighted_tardy_days);
    a("release_ticks", self.release_ticks);
    a("exit_ticks", self.exit_ticks);
    a("cycle_histogram", self.cycle_histogram);
  }
};

struct GroupTally {  // per tool group, cumulative
  std::uint64_t jobs = 0, lots = 0, wafers = 0, setups = 0;
  std::uint64_t batch_wafers_max = 0;  // [wafers] sum of the batch maxima of the jobs started
  std::uint64_t reworks = 0, skipped = 0;
  std::int64_t wait_ticks = 0;   // [tick] sum of waits of the lots started
  std::int64_t queue_ticks = 0;  // [tick] sum of leaving times minus sum of arrival times
  bool operator==(const GroupTally&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("jobs", self.jobs);
    a("lots", self.lots);
    a("wafers", self.wafers);
    a("setups", self.setups);
    a("batch_wafers_max", self.batch_wafers_max);
    a("reworks", self.reworks);
    a("skipped", self.skipped);
    a("wait_ticks", self.wait_ticks);
    a("queue_ticks", self.queue_ticks);
  }
};

struct
    WindowTally {  // queue-time windows, cumulative; [0] those through a litho track, [1] the rest
  std::uint64_t closed = 0, violated = 0, over_1h = 0, over_2h = 0, over_4h = 0;
  std::int64_t violation_ticks = 0, slack_ticks = 0;  // [tick]
  bool operator==(const WindowTally&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("closed", self.closed);
    a("violated", self.violated);
    a("over_1h", self.over_1h);
    a("over_2h", self.over_2h);
    a("over_4h", self.over_4h);
    a("violation_ticks", self.violation_ticks);
    a("slack_ticks", self.slack_ticks);
  }
};

struct Touch {  // a tool group to dispatch at the end of this instant
  std::uint32_t group = 0;
  std::uint32_t lot =
      None;  // the lot whose arrival touched it (for groups that wake the least setup)
  bool operator==(const Touch&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("group", self.group);
    a("lot", self.lot);
  }
};

struct State {
  Tick now = 0;
  twin::des::Agenda agenda;
  std::vector<Lot> lots;                  // [slot]
  std::vector<std::uint32_t> dedication;  // [slot][dedication slot] tool, or None
  std::uint32_t free_lot = None;          // first unused slot, linked by Lot::next
  std::uint32_t next_lot_id = 0;
  std::uint32_t next_serial = 0;
  std::uint32_t wip = 0;  // [lots] those that wait outside among them
  std::vector<Tool> tools;
  std::vector<Group> groups;
  std::vector<Line> lines;
  std::vector<PmClock> pms;  // [tool][maintenance], max_pms a tool
  std::vector<BreakdownClock>
      breakdowns;  // [tool][breakdown process], as many a tool as its group has
  std::vector<std::uint64_t> releases;  // [stream] lots released
  std::uint64_t next_listed = 0;        // listed lots released
  std::vector<Touch> touched;           // empty between instants
  std::uint64_t events = 0;             // handled so far
  std::vector<std::array<Tick, ToolTimes>>
      tool_times;                       // [tool][ToolTime] [tick], jobs under way not included
  std::vector<ClassTally> class_tally;  // [lot class]
  std::vector<GroupTally> group_tally;
  std::array<WindowTally, 2> window_tally{};
  bool operator==(const State&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("now", self.now);
    a("agenda", self.agenda);
    a("lots", self.lots);
    a("dedication", self.dedication);
    a("free_lot", self.free_lot);
    a("next_lot_id", self.next_lot_id);
    a("next_serial", self.next_serial);
    a("wip", self.wip);
    a("tools", self.tools);
    a("groups", self.groups);
    a("lines", self.lines);
    a("pms", self.pms);
    a("breakdowns", self.breakdowns);
    a("releases", self.releases);
    a("next_listed", self.next_listed);
    a("touched", self.touched);
    a("events", self.events);
    a("tool_times", self.tool_times);
    a("class_tally", self.class_tally);
    a("group_tally", self.group_tally);
    a("window_tally", self.window_tally);
  }
};

}  // namespace twins::fab
