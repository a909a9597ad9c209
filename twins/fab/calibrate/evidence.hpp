// What an event log of the fab says about its uncertain numbers: durations, failures and decisions, each set against
// the data set's own value, so that all that is kept is what the belief about a multiplier needs.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "twin/bayes/exponential_mean.hpp"
#include "twin/bayes/scaled_share.hpp"
#include "twin/bayes/uniform_scale.hpp"
#include "twin/event/event.hpp"
#include "twins/fab/event_names.hpp"

namespace twins::fab::calibrate {

// Sums over durations d of nominal value a and half width h in one window, for the mean of d / a and its course in
// time: y = d / a - 1 has the variance (p s h / a)^2 / 3, so that it counts with w = 3 (a / h)^2.
struct RatioSums {
  double n = 0.0, w = 0.0, wy = 0.0, wyy = 0.0;
  double wt = 0.0, wtt = 0.0, wty = 0.0;  // t [window] since the log began

  void saw(double t, double y, double weight);
  bool operator==(const RatioSums&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("n", self.n);
    a("w", self.w);
    a("wy", self.wy);
    a("wyy", self.wyy);
    a("wt", self.wt);
    a("wtt", self.wtt);
    a("wty", self.wty);
  }
};

// What was drawn in one window of time: durations by their beginning, failures by the end of the last repair,
// decisions when they were taken. Failures and repairs are over the data set's means.
struct Window {
  Window() = default;
  Window(std::size_t groups, std::size_t areas);

  std::vector<twin::bayes::UniformScale> process;             // [tool group]
  std::vector<RatioSums> process_course;                      // [tool group]
  std::vector<twin::bayes::ExponentialMean> time_to_failure;  // [tool group]
  std::vector<twin::bayes::ExponentialMean> time_to_repair;   // [tool group]
  std::vector<twin::bayes::ScaledShare> rework, sampling;     // [area]
  twin::bayes::UniformScale transport;
  RatioSums transport_course;

  void include(const Window& other);  // all but the courses
  bool operator==(const Window&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("process", self.process);
    a("process_course", self.process_course);
    a("time_to_failure", self.time_to_failure);
    a("time_to_repair", self.time_to_repair);
    a("rework", self.rework);
    a("sampling", self.sampling);
    a("transport", self.transport);
    a("transport_course", self.transport_course);
  }
};

struct Evidence {
  std::vector<twin::bayes::UniformScale> process;             // [tool group] process times
  std::vector<twin::bayes::ExponentialMean> time_to_failure;  // [area] over the data set's means
  std::vector<twin::bayes::ExponentialMean> time_to_repair;   // [area]
  std::vector<twin::bayes::ScaledShare> rework;               // [area]
  std::vector<twin::bayes::ScaledShare> sampling;             // [area] steps performed
  twin::bayes::UniformScale transport;
  std::uint64_t events = 0;
  std::uint64_t left_out =
      0;  // durations that say nothing: interrupted, held up by another job, of a constant law
  std::uint64_t under_way = 0;  // failures and repairs that count with the time they have lasted

  // The same by windows from `from` to `until`, each `window` long [tick]; the last may be short.
  Tick from = 0, until = 0, window = 0;
  std::vector<Window> windows;
  bool operator==(const Evidence&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("process", self.process);
    a("time_to_failure", self.time_to_failure);
    a("time_to_repair", self.time_to_repair);
    a("rework", self.rework);
    a("sampling", self.sampling);
    a("transport", self.transport);
    a("events", self.events);
    a("left_out", self.left_out);
    a("under_way", self.under_way);
    a("from", self.from);
    a("until", self.until);
    a("window", self.window);
    a("windows", self.windows);
  }
};

// Takes in a log, event by event in its order, numbered as EventNames(layout) says. Begins at `from` [tick] with
// nothing known of what is under way; the layout must outlive it.
class Witness {
 public:
  static constexpr Tick Day = 86'400'000;  // [tick]

  // A change is placed between windows [tick], which must be longer than 0.
  Witness(const Layout& layout, Tick from, Tick window = Day);
  void saw(const twin::event::Event& event);

  // A process time that tells of its tool group's law: a whole one, of uniform law, not interrupted, not held up.
  struct Told {
    std::uint32_t tool = None, step = None;  // step: global
    Tick start = 0;
    double duration = 0.0;  // [tick]
    twin::bayes::UniformKind kind;
  };
  // What this event, if it were seen next, would tell; nothing for most.
  [[nodiscard]] std::optional<Told> would_tell(const twin::event::Event& event) const;
  // The jobs under way in this tool are not to tell of its group: it is known to be unlike the others.
  void leave_out(std::uint32_t tool);
  // All up to `until` has been seen: what is under way counts with the time it has lasted.
  [[nodiscard]] Evidence evidence(Tick until) const;

  struct JobSeen {
    std::uint32_t number = None;  // job of the log
    Tick start = 0;               // of processing
    std::uint32_t wafers = 0;
    std::uint32_t step = None;  // global
    bool clean = false;         // its process time will tell: not interrupted, not held up
    bool operator==(const JobSeen&) const = default;

    template <class Archive>
    static void fields(Archive& a, auto& self) {
      a("number", self.number);
      a("start", self.start);
      a("wafers", self.wafers);
      a("step", self.step);
      a("clean", self.clean);
    }
  };
  struct ToolSeen {
    std::array<JobSeen, 2> jobs;
    Tick entered = 0, left = -1;            // last job in, last job out
    Tick maintained = 0, maintenance = -1;  // end and start of the last maintenance
    Tick process_end = -1;                  // of the job before
    bool operator==(const ToolSeen&) const = default;

    template <class Archive>
    static void fields(Archive& a, auto& self) {
      a("jobs", self.jobs);
      a("entered", self.entered);
      a("left", self.left);
      a("maintained", self.maintained);
      a("maintenance", self.maintenance);
      a("process_end", self.process_end);
    }
  };
  struct CauseSeen {  // one breakdown process of one tool
    Tick since = 0;   // up or down
    bool down = false;
    bool operator==(const CauseSeen&) const = default;

    template <class Archive>
    static void fields(Archive& a, auto& self) {
      a("since", self.since);
      a("down", self.down);
    }
  };
  struct LotSeen {
    Tick moved = -1;
    std::uint32_t from = None, to = None;  // location
    std::uint32_t at = None;               // location of the last performed step
    std::uint32_t decides = None;          // step whose rework its next event decides
    bool operator==(const LotSeen&) const = default;

    template <class Archive>
    static void fields(Archive& a, auto& self) {
      a("moved", self.moved);
      a("from", self.from);
      a("to", self.to);
      a("at", self.at);
      a("decides", self.decides);
    }
  };
  // All that changes: what a snapshot holds of it. Of no layout, so that it is a value.
  struct Memory {
    Evidence evidence;    // its windows and counters; the sums come last
    Tick window_end = 0;  // [tick] of the last window
    std::vector<ToolSeen> tools;
    std::vector<CauseSeen> causes;  // as State::breakdowns
    std::vector<LotSeen> lots;      // [lot number]
    bool operator==(const Memory&) const = default;

    template <class Archive>
    static void fields(Archive& a, auto& self) {
      a("evidence", self.evidence);
      a("window_end", self.window_end);
      a("tools", self.tools);
      a("causes", self.causes);
      a("lots", self.lots);
    }
  };
  [[nodiscard]] const Memory& memory() const { return seen_; }
  // As if it had seen what that one had. twin::core::Error where that was of another fab.
  void restore(Memory memory);

 private:
  LotSeen& lot(std::uint32_t id);
  Window& window_of(Tick at);
  [[nodiscard]] std::uint32_t step_of(const twin::event::Event& e) const;
  void told(std::uint32_t group, Tick start, double duration, const twin::bayes::UniformKind& kind);
  void processing_started(const twin::event::Event& e);
  void processing_ended(const twin::event::Event& e);
  void unloaded(const twin::event::Event& e);
  void decided(const twin::event::Event& e);
  void tool_down(const twin::event::Event& e);
  void tool_up(const twin::event::Event& e);
  void transported(const twin::event::Event& e);
  void performed(const twin::event::Event& e, bool yes);

  const Layout& m_;
  EventNames names_;
  Memory seen_;
};

}  // namespace twins::fab::calibrate
