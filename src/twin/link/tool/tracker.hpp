// What a tool's variables, events and alarms say about its state over time: SEMI E10's six states,
// modules that are idle, busy or blocked (E116), process jobs (E40) and wafers (E90), told as
// canonical events when they change. A regular value: the same messages give the same events.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "twin/event/event.hpp"
#include "twin/event/names.hpp"
#include "twin/link/tool/description.hpp"
#include "twin/link/tool/telling.hpp"

namespace twin::link::tool {

// The process job states of E40 that matter here, by their numbers on the wire.
enum class JobState : std::uint8_t {
  Queued = 0,
  SettingUp = 1,
  WaitingForStart = 2,
  Processing = 3,
  Complete = 4,
  Pausing = 6,
  Paused = 7,
  Stopping = 8,
  Aborting = 9,
};

// Whether E40 knows this change. Others are followed too, since the message is what we have, but
// counted: one was missed, or the tool's numbers are others.
[[nodiscard]] bool is_transition(JobState from, JobState to) noexcept;

class Tracker {
 public:
  // `event`: an index of the file, None where no event came. Appends the events that follow; `tool`
  // is whose line it is.
  void hear(const Description& d, std::uint32_t event, std::span<const Told> told,
            std::string_view tool, event::Names& names, std::vector<event::Event>& to);
  void alarm(const Description& d, std::uint32_t alarm, bool set, std::string_view tool,
             event::Names& names, std::vector<event::Event>& to);
  // What the values say that the tool's state is, which is no news of a change: what the tool has
  // spooled is older and may still come, so the tracker stays where it is.
  void say_state(const Description& d, std::span<const Told> told, std::string_view tool,
                 event::Names& names, std::vector<event::Event>& to) const;

  // The tool's E10 state; nothing: it has not been told.
  [[nodiscard]] std::optional<event::ToolState> state() const;
  [[nodiscard]] std::uint64_t odd_transitions() const { return odd_; }

  bool operator==(const Tracker&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("told", self.told_);
    archive("shown", self.shown_);
    archive("alarms", self.alarms_);
    archive("modules", self.modules_);
    archive("jobs", self.jobs_);
    archive("lots", self.lots_);
    archive("odd", self.odd_);
  }

 private:
  struct Job {
    std::uint8_t state = 0;
    std::vector<std::string> lots = {};
    std::string recipe = {};
    bool operator==(const Job&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("state", self.state);
      archive("lots", self.lots);
      archive("recipe", self.recipe);
    }
  };
  struct Wafer {
    std::uint8_t location = 0;    // 0 source, 1 work, 2 destination
    std::uint8_t processing = 0;  // 0 needs processing, 1 in process, 2 or more: processed
    bool operator==(const Wafer&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("location", self.location);
      archive("processing", self.processing);
    }
  };
  struct Lot {
    std::vector<std::pair<std::string, Wafer>> wafers = {};
    std::uint32_t expected = 0;  // [wafers] 0: as many as have been seen
    std::uint8_t phase = 0;      // 1 loaded, 2 started, 3 ended
    bool operator==(const Lot&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("wafers", self.wafers);
      archive("expected", self.expected);
      archive("phase", self.phase);
    }
  };
  struct Out;  // where events go, with what all of them share

  void show(const Description& d, Out& out);
  void hear_modules(const Description& d, std::span<const Told> told, Out& out);
  void hear_jobs(const Description& d, std::span<const Told> told, Out& out);
  void hear_wafers(const Description& d, std::span<const Told> told, Out& out);

  std::optional<std::uint8_t> told_{};   // by events and variables
  std::optional<std::uint8_t> shown_{};  // as the last event said
  std::vector<std::uint32_t> alarms_{};  // set, those with a state, in order
  std::vector<std::pair<std::string, std::uint64_t>> modules_{};
  std::vector<std::pair<std::string, Job>> jobs_{};
  std::vector<std::pair<std::string, Lot>> lots_{};
  std::uint64_t odd_ = 0;
};

}  // namespace twin::link::tool
