// The event log out of the fab model: a Sink for the engine that makes canonical events of what it
// is told, in order of time, and hands them over in batches. The phases of a job are known when it
// starts but told when they happen, so those ahead wait here. A sink never changes the run.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "twin/event/event.hpp"
#include "twins/fab/event_names.hpp"
#include "twins/fab/state.hpp"

namespace twins::fab {

// What a log needs to go on as if it had never stopped; saved beside the State.
struct LogCursor {
  std::vector<std::uint64_t> source_seq;                 // [source] its next number
  std::vector<std::array<std::uint32_t, 2>> job_number;  // [tool][slot of entry] job under way
  std::uint32_t next_job = 0;
  bool operator==(const LogCursor&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("source_seq", self.source_seq);
    a("job_number", self.job_number);
    a("next_job", self.next_job);
  }
};

class LogSink {
 public:
  static constexpr bool Enabled = true;
  using Receive = std::function<void(std::span<const twin::event::Event>)>;

  // The log begins at x.now: phases of jobs under way that are ahead will be told. Without a cursor
  // every source counts from 0, and jobs are numbered on from the number of jobs started so far.
  // The layout must outlive the sink.
  LogSink(const Layout& layout, const State& x, Receive receive);
  LogSink(const Layout& layout, const State& x, Receive receive, LogCursor cursor);

  [[nodiscard]] const EventNames& names() const { return names_; }
  [[nodiscard]] const LogCursor& cursor() const { return cursor_; }

  // All up to x.now has been told: hands over what is held. AnyFab::advance ends with it.
  void pause(const State& x);

  // What the engine tells; slot: of the lot; t: tool; k: calendar or process of its group.
  void released(const Layout& m, const State& x, std::uint32_t slot);
  void skipped(const Layout& m, const State& x, std::uint32_t slot, std::uint32_t step);
  void moved(const Layout& m, const State& x, std::uint32_t slot, Tick delay);
  void arrived(const Layout& m, const State& x, std::uint32_t slot);
  void held(const Layout& m, const State& x, std::uint32_t slot);
  void started(const Layout& m, const State& x, std::uint32_t t, std::uint32_t entry, bool changed);
  void ended(const Layout& m, const State& x, std::uint32_t t, std::uint32_t entry);
  void reworked(const Layout& m, const State& x, std::uint32_t slot, std::uint32_t next);
  void finished(const Layout& m, const State& x, std::uint32_t slot);
  void went_down(const Layout& m, const State& x, std::uint32_t t, std::uint32_t k);
  void came_up(const Layout& m, const State& x, std::uint32_t t, std::uint32_t k);
  void pm_due(const Layout& m, const State& x, std::uint32_t t, std::uint32_t k);
  void pm_started(const Layout& m, const State& x, std::uint32_t t, std::uint32_t k);
  void pm_ended(const Layout& m, const State& x, std::uint32_t t, std::uint32_t k);

  // What actions from outside tell (interventions.hpp).
  void released_from_hold(const State& x, std::uint32_t slot);
  void priority_changed(const State& x, std::uint32_t slot);
  void split(const State& x, std::uint32_t slot, std::uint32_t child_slot);
  void merged(const State& x, std::uint32_t slot, std::uint32_t other_id, std::uint32_t wafers);
  void scrapped(const State& x, std::uint32_t slot);
  void recipe_changed(const State& x, std::uint32_t t, double percent);  // of its process times

 private:
  enum class Phase : std::uint8_t { Setup, Load, Process, ProcessEnd };
  struct Mark {  // a phase of a job that is still ahead
    Tick at = 0;
    std::uint32_t tool = 0, stamp = 0;
    std::uint8_t entry = 0;
    Phase phase = Phase::Setup;
  };

  static bool later(const Mark& a, const Mark& b);
  twin::event::Event& put(twin::event::Kind kind, Tick at, std::uint32_t source);
  twin::event::Event& put_lot(const State& x, std::uint32_t slot, twin::event::Kind kind, Tick at,
                              std::uint32_t source);
  void put_job(const State& x, std::uint32_t t, std::uint32_t entry, twin::event::Kind kind,
               Tick at);
  void put_phase(const State& x, std::uint32_t t, std::uint32_t entry, Phase phase, Tick at);
  void put_tool(const State& x, std::uint32_t t, twin::event::Kind kind, std::uint32_t item);
  void wait_for(std::uint32_t t, std::uint32_t entry, Phase phase, Tick at);
  void wait_for_phases(const State& x, std::uint32_t t, std::uint32_t entry);
  void tell_until(const State& x, Tick until);  // phases that have come to pass
  void hand_over();

  const Layout& m_;
  EventNames names_;
  Receive receive_;
  LogCursor cursor_;
  std::vector<Mark> marks_;             // heap, earliest first
  std::vector<std::uint32_t> stamps_;   // [tool] marks of another stamp are void: suspended since
  std::vector<std::int32_t> priority_;  // [product] the usual one
  std::vector<twin::event::Event> batch_;
  std::size_t held_ = 0;  // events in batch_
};

}  // namespace twins::fab
