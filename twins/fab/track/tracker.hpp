// Listens to a log that has holes: keeps what was last heard of every lot and tool, what other events imply about it
// since, and the laws of durations. Every event of a lot says exactly where it is, so all that is uncertain is what has
// happened since; `whereabouts` reckons that when asked.
#pragma once
#include <array>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "twin/event/event.hpp"
#include "twins/fab/event_names.hpp"
#include "twins/fab/state.hpp"
#include "twins/fab/track/completeness.hpp"
#include "twins/fab/track/laws.hpp"
#include "twins/fab/track/sighting.hpp"

namespace twins::fab::track {

// A job that may still be inside its tool.
struct JobSeen {
  std::uint32_t number = None;      // of the log
  Phase phase = Phase::Entered;     // the furthest one told
  Phase learnt = Phase::Waiting;    // durations up to here have been learnt from
  bool gap = false;                 // events of the tool were lost since it was last told of
  std::uint32_t wafers = 0;         // of the lots heard of
  std::vector<std::uint32_t> lots;  // index into Tracker::lots
  bool operator==(const JobSeen&) const = default;
};

struct ToolSeen {
  enum class Mode : std::uint8_t { Up, Down, Pm };
  std::vector<JobSeen> jobs;   // oldest first, at most as many as the tool has slots
  Tick heard = -1;             // [tick] of its last event; -1: none
  Mode mode = Mode::Up;        // by the last event that said so
  Tick since = 0;              // [tick] of that event
  std::uint32_t cause = None;  // breakdown or calendar of its group
  std::uint32_t setup = None;  // the last one told
  bool operator==(const ToolSeen&) const = default;
};

class Tracker {
 public:
  // theta: multipliers of rework and sampling (what calibration says, or the nominal ones). The layout must outlive it.
  Tracker(const Layout& layout, std::vector<double> theta, Numbering numbering);

  // All lots of a State that is known, a simulation's or a mirror's: where the log begins to have holes. Expects that
  // nothing was heard before.
  void begin(const State& x);

  // Takes in one event, numbered as EventNames(layout) says.
  Heard saw(const twin::event::Event& event);

  [[nodiscard]] const Layout& layout() const { return m_; }
  [[nodiscard]] const EventNames& names() const { return names_; }
  [[nodiscard]] Tick now() const { return now_; }  // of the last event taken
  [[nodiscard]] const std::vector<Sighting>& lots() const {
    return lots_;
  }  // in the order of first hearing
  [[nodiscard]] const std::vector<ToolSeen>& tools() const { return tools_; }  // [tool]
  [[nodiscard]] const Laws& laws() const { return laws_; }
  // Times without any event of the fab's own system, too long for chance: its link was out. In their order.
  [[nodiscard]] const std::vector<Window>& fab_outages() const { return fab_outages_; }
  [[nodiscard]] bool fab_is_out(Tick at) const;  // since its last event, by the silence
  [[nodiscard]] Tick fab_heard() const { return fab_heard_; }  // [tick] of its last event
  [[nodiscard]] const Completeness& completeness() const { return completeness_; }
  // [lot of lots()][dedication slot] tool that a later step is bound to; None: not known or none
  [[nodiscard]] const std::vector<std::uint32_t>& dedication() const { return dedication_; }

 private:
  enum class Continuity : std::uint8_t {
    Whole,
    Broken
  };  // did the tool lose events since its last one?

  Heard lot_event(const twin::event::Event& e, Continuity tool);
  void hear(const twin::event::Event& e, std::uint64_t lost);
  Heard tool_event(const twin::event::Event& e, Continuity tool);
  [[nodiscard]] Heard place(const twin::event::Event& e, std::uint32_t index, std::uint32_t step,
                            Sighting& next) const;
  Heard split_or_merge(const twin::event::Event& e, std::uint32_t index);
  std::uint32_t add(const Sighting& lot);
  [[nodiscard]] std::uint32_t find(std::uint32_t lot) const;
  void learn(const Sighting& from, const Sighting& to);
  void queue(const Sighting& from, Sighting& to);
  void count_own(const Sighting& from, const Sighting& to);
  void left_unseen(const Sighting& lot, Tick by);
  void in_job(const twin::event::Event& e, std::uint32_t index, Continuity tool);
  JobSeen& job_of(std::uint32_t tool, std::uint32_t number, Tick at);
  void out_by(const JobSeen& job, std::uint32_t tool, Tick at);
  void still_inside(ToolSeen& seen, std::uint32_t tool, std::uint32_t job, Continuity continuity,
                    Tick at);

  const Layout& m_;
  EventNames names_;
  Laws laws_;
  Numbering numbering_;
  SourceCounters counters_;
  Completeness completeness_;
  Tick now_ = 0;
  Tick fab_first_ = 0, fab_heard_ = 0;
  std::uint64_t fab_events_ = 0;
  std::vector<Window> fab_outages_;
  std::vector<Sighting> lots_;
  std::vector<bool> own_;  // [lot] its phase was told by an event of its own
  std::vector<std::uint32_t> dedication_;
  std::vector<ToolSeen> tools_;
  std::unordered_map<std::uint32_t, std::uint32_t>
      index_;                                    // lot number to index; never walked through
  std::vector<std::int32_t> priority_;           // [product] the usual one
  std::vector<std::uint32_t> product_of_route_;  // [route] None where several have it
};

}  // namespace twins::fab::track
