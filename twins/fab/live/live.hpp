// The live twin's mirror: the fab's State kept in step with what arrives. A left fold over the
// record whose result depends on the set of distinct messages, not on their order of arrival: each
// event is filed by its own time, what can no longer be overtaken is folded once, and what comes
// later than that is folded in again from an older rung of a ladder of States.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twin/core/record.hpp"
#include "twin/event/packed.hpp"
#include "twins/fab/live/dialect.hpp"
#include "twins/fab/live/fold.hpp"
#include "twins/fab/live/hearing.hpp"

namespace twins::fab::live {

// What the belief had to be revised for: forecasts made of States after `from` began from another
// past than is now known.
struct Revision {
  Tick from = 0;     // [tick] event time from which on the past has changed
  Tick arrived = 0;  // [tick] when that became known
  std::uint64_t events = 0;
  bool operator==(const Revision&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("from", self.from);
    a("arrived", self.arrived);
    a("events", self.events);
  }
};

// What depends on the order of arrival and is therefore no part of the belief.
struct Ledger {
  static constexpr std::size_t RevisionsKept = 256;

  std::uint64_t entries = 0;     // absorbed: the index of the record's next one
  std::uint64_t messages = 0;    // observations, repeated ones included
  std::uint64_t repeated = 0;    // messages heard before: without effect
  std::uint64_t unreadable = 0;  // messages whose bytes are no events
  std::uint64_t early = 0;       // events said to be later than their arrival: taken to be of then
  std::uint64_t beyond = 0;  // events older than the ladder reaches: without effect (see refold)
  Tick beyond_from = twin::core::Never;  // [tick] the oldest of them
  std::uint64_t late = 0;                // events that came later than the watermark allows
  std::uint64_t corrections = 0;         // explicit ones
  std::uint64_t refolds = 0;  // how often an older rung was taken up: depends on when it settles
  std::vector<Revision> revisions = {};  // the newest
  bool operator==(const Ledger&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("entries", self.entries);
    a("messages", self.messages);
    a("repeated", self.repeated);
    a("unreadable", self.unreadable);
    a("early", self.early);
    a("beyond", self.beyond);
    a("beyond_from", self.beyond_from);
    a("late", self.late);
    a("corrections", self.corrections);
    a("refolds", self.refolds);
    a("revisions", self.revisions);
  }
};

// All that changes. A regular value: a copy or core::save is a snapshot. It changes only by Follower.
struct Live {
  Dialect dialect = {};
  std::vector<Hearing> sources = {};  // [source]
  Tick newest = 0;  // [tick] the newest arrival, or when a silent link was last known to be up
  std::vector<Fold> rungs = {};  // States of the past, oldest first; the first is the reach
  Fold settled = {};             // up to the newest arrival less watermark and patience
  std::vector<Told> kept = {};   // all events since rungs.front(), in order
  std::vector<Told> fresh = {};  // filed since `settle`
  std::vector<std::string> missing = {};  // what the snapshot that it began with does not say
  bool begun = false;                     // with a snapshot of the fab
  Ledger ledger = {};
  bool operator==(const Live&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("dialect", self.dialect);
    a("sources", self.sources);
    a("newest", self.newest);
    a("rungs", self.rungs);
    a("settled", self.settled);
    a("kept", self.kept);
    a("fresh", self.fresh);
    a("missing", self.missing);
    a("begun", self.begun);
    a("ledger", self.ledger);
  }
};

struct FollowOptions {
  std::int64_t time_zero_ms = 0;  // [ms since 1970] of the fab's tick 0
  Tick watermark = 60'000;        // [tick] a message may arrive this much late at no cost
  Tick patience = 30'000;         // [tick] see Folder
  Tick reach = 26 * 3'600'000;    // [tick] what comes later than this needs the record (refold)
  Tick rung = 3'600'000;          // [tick] between rungs; after a few only every sixth is kept
  ClockBounds clocks = {};        // what is declared of the sources' clocks
};

struct WipMoment;

// The laws: constant but for memory that only makes it fast. One thread at a time.
class Follower {
 public:
  // The fab must outlive it. Error for options that cannot be.
  explicit Follower(const AnyFab& fab, FollowOptions options = {});

  [[nodiscard]] const FollowOptions& options() const { return options_; }
  [[nodiscard]] const EventNames& names() const { return folder_.mirror().names(); }
  [[nodiscard]] Tick tick(std::int64_t ms) const { return ms - options_.time_zero_ms; }

  // An empty fab at time zero: what it holds is learnt from its events.
  [[nodiscard]] Live start() const;
  // The fab as it was at x.now: events before that have no effect.
  [[nodiscard]] Live start(State x) const;
  // The same from a table of its lots and tools (wip.hpp). What has been absorbed before keeps its
  // effect where it is of later. A note of kind "wip" does the same. Error for a table that is wrong.
  void begin(Live& live, std::string_view table, const WipMoment& moment);

  // The only door. An observation is as the link's door makes it: the events' times are put right
  // [ms since 1970], as `at` is; times that stand as values (Unit::Tick) too. Bad input is counted,
  // never an exception. Settles by itself every few thousand events; the belief does not depend on
  // when, nor does what is beyond reach.
  void absorb(Live& live, const twin::core::Entry& entry);
  // The same without settling: for reading a long stretch of the record, of which everything is
  // taken in in its order, however late it came.
  void file(Live& live, const twin::core::Entry& entry);

  // Folds what has been filed. Two values that absorbed the same messages in any order are then
  // equal but for their ledgers, as long as nothing was beyond reach.
  void settle(Live& live);

  // The fab at `at` as all that has arrived tells it, with x.now = at; without `at`: at the newest
  // arrival. Expects a settled value, and `at` not before its oldest rung.
  [[nodiscard]] Fold belief(const Live& live, std::optional<Tick> at = {});
  [[nodiscard]] State now(const Live& live) { return belief(live).x; }

  // Of which lots and tools such a belief is not sure.
  [[nodiscard]] Doubted doubted(const Fold& belief) { return folder_.doubted(belief); }
  // [tick] How far the source's times around `at` may be from the truth.
  [[nodiscard]] Tick clock_error(const Live& live, std::uint32_t source, Tick at) const;

 private:
  enum class Late : std::uint8_t { WithinReach, Any };
  struct HowHeard {
    Late late = Late::WithinReach;
    bool again = false;  // amended: its number has been heard
  };
  [[nodiscard]] Tick settled_at(const Live& live) const {
    return live.newest - options_.watermark - options_.patience;
  }
  [[nodiscard]] Tick oldest(const Live& live, Late late) const;
  void take(Live& live, const twin::core::Entry& entry, Late late);
  void hear(Live& live, const twin::core::Observation& o, const HowHeard& how);
  void correct(Live& live, const twin::core::Correction& c, Late late);
  void note(Live& live, const twin::core::Note& n, Late late);
  void set_aside(Live& live, const twin::core::Note& n, Late late);
  void clock_answer(Live& live, std::string_view text, Late late) const;
  void merge(Live& live);
  void back_to(Live& live, Tick from);
  void climb(Live& live, Tick until);
  void thin(Live& live) const;

  const AnyFab& fab_;
  FollowOptions options_;
  Folder folder_;
  twin::event::Packer packer_;
  std::vector<twin::event::Event> events_;  // of the message at hand
};

// What belongs to the belief: equal for two that absorbed the same messages and settled.
std::uint64_t belief_hash(const Live& live);

// What keeps a twin from being believed, in sentences; empty: ready.
std::vector<std::string> missing(const Layout& layout, const Live& live);

}  // namespace twins::fab::live
