// What of a fab's State is comparable between a simulation and a mirror that follows it: queues in
// their order, tools with their jobs, lots with their places. What only a simulation can know (the
// future, the random words, pending breakdowns) is left out, and so are storage slots.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "twins/fab/layout.hpp"
#include "twins/fab/state.hpp"

namespace twins::fab {

// By precedence, as tool time is accounted (reference 2.18).
enum class ToolMode : std::uint8_t { Down, Pm, Setup, Process, Load, Unload, Idle };
std::string to_string(ToolMode mode);

enum class JobPhase : std::uint8_t { Entered, Setup, Load, Process, Unload };

struct Waiting {
  std::uint32_t line = 0, lot = None, step = 0;  // global line; lot's number; global step
  bool operator==(const Waiting&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("line", self.line);
    a("lot", self.lot);
    a("step", self.step);
  }
};

struct GroupView {
  std::vector<Waiting> queue;  // line by line, best first
  bool operator==(const GroupView&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("queue", self.queue);
  }
};

struct JobView {
  JobPhase phase = JobPhase::Entered;
  Tick start = 0;  // [tick] shifted by suspensions
  std::uint32_t step = 0, wafers = 0;
  std::vector<std::uint32_t> lots;  // numbers, in the order of the job
  bool operator==(const JobView&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("phase", self.phase);
    a("start", self.start);
    a("step", self.step);
    a("wafers", self.wafers);
    a("lots", self.lots);
  }
};

struct ToolView {
  ToolMode mode = ToolMode::Idle;
  std::uint32_t setup = None, run_left = 0;
  std::uint32_t breakdowns = 0, pm = 0xff, pms_pending = 0;
  std::vector<JobView> jobs;  // by slot of entry, empty slots left out
  bool operator==(const ToolView&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("mode", self.mode);
    a("setup", self.setup);
    a("run_left", self.run_left);
    a("breakdowns", self.breakdowns);
    a("pm", self.pm);
    a("pms_pending", self.pms_pending);
    a("jobs", self.jobs);
  }
};

struct LotView {
  std::uint32_t id = None, step = 0, visit = 0, tool = None, lot_class = 0, wafers = 0;
  std::uint32_t location = None, window_step = None;
  std::int32_t priority = 0;
  LotPlace place = LotPlace::Free;
  Tick release = 0, due = 0, since = 0, window_from = 0;  // [tick]
  std::vector<std::uint32_t> dedication;                  // [dedication slot] tool
  bool operator==(const LotView&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("id", self.id);
    a("step", self.step);
    a("visit", self.visit);
    a("tool", self.tool);
    a("lot_class", self.lot_class);
    a("wafers", self.wafers);
    a("location", self.location);
    a("window_step", self.window_step);
    a("priority", self.priority);
    a("place", self.place);
    a("release", self.release);
    a("due", self.due);
    a("since", self.since);
    a("window_from", self.window_from);
    a("dedication", self.dedication);
  }
};

struct View {
  std::uint32_t wip = 0;
  std::vector<GroupView> groups;
  std::vector<ToolView> tools;
  std::vector<LotView> lots;  // in the fab, by number
  bool operator==(const View&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("wip", self.wip);
    a("groups", self.groups);
    a("tools", self.tools);
    a("lots", self.lots);
  }
};

View observe(const Layout& layout, const State& x);
ToolView observe_tool(const State& x, std::uint32_t tool);

// The view without the times that stand in it, which clocks that are wrong shift: where all is, and
// in which order.
View without_times(View view);

// The first place where two views differ, in the fab's words; empty where they agree.
std::string first_difference(const Layout& layout, const View& a, const View& b);

}  // namespace twins::fab
