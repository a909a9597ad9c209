// The fold itself: events in the order of their times move the mirror. One that does not fit waits
// a while for those that would make it fit, since clocks differ; what still does not fit then is
// either bridged (something was lost) or set aside as an anomaly. Nothing here knows when anything
// arrived, so the result is a function of the set of events.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "twins/fab/live/told.hpp"
#include "twins/fab/mirror.hpp"

namespace twins::fab::live {

inline constexpr std::size_t Outcomes = static_cast<std::size_t>(Applied::OutOfOrder) + 1;

// What the mirror refused for good.
struct Anomaly {
  Told told = {};
  Applied why = Applied::Moved;
  bool operator==(const Anomaly&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("told", self.told);
    a("why", self.why);
  }
};

// A lot or tool that the mirror is not sure of. It stands until what comes of it fits without help:
// the lot's next steps, the tool's next job.
struct Doubt {
  enum class Why : std::uint8_t {
    Inferred,    // something must have been lost: what was made up for it was not heard
    Refused,     // what was told of it does not fit, for good
    Unbelieved,  // what was told of it is of bad quality, or was set aside at the door
    Alone,       // nothing but its release was told: a lot that is not there would be alike
    Waiting,  // what was told of it does not fit yet; never in a fold, which still has it waiting
    Inside,   // of a tool: the lot is doubted that it is said to hold; never in a fold
  };
  static constexpr std::uint8_t Lasting = 0xff;

  std::uint32_t lot = None, tool = None;
  Tick since = 0;                                       // [tick] of the event that told
  twin::event::Kind kind = twin::event::Kind::Unknown;  // of that event
  std::uint32_t visit = 0;  // Lot::visit then, or as the event has it; 0: not told
  Why why = Why::Inferred;
  std::uint8_t arrivals = 1;  // of the lot that must fit yet; Lasting: until it leaves the fab
  bool operator==(const Doubt&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("lot", self.lot);
    a("tool", self.tool);
    a("since", self.since);
    a("kind", self.kind);
    a("visit", self.visit);
    a("why", self.why);
    a("arrivals", self.arrivals);
  }
};

std::string_view to_string(Doubt::Why why);

struct Doubted {
  std::vector<std::uint32_t> lots = {}, tools = {};  // rising
  std::vector<Doubt> because = {};                   // at least one of each
};

// The newest event of a source that was taken in.
struct Place {
  std::uint64_t seq = 0;
  std::uint32_t epoch = None;  // None: none was
  std::uint32_t index = 0;
  std::uint32_t tool = None;  // the last that it spoke of
  bool several = false;       // it has spoken of others too
  bool operator==(const Place&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("seq", self.seq);
    a("epoch", self.epoch);
    a("index", self.index);
    a("tool", self.tool);
    a("several", self.several);
  }
};

struct Fold {
  static constexpr std::size_t AnomaliesKept = 64;  // the newest; all are counted

  State x = {};
  Tick until = 0;                    // [tick] every event before it has been taken in
  std::vector<Place> places = {};    // [source]
  std::vector<Told> waiting = {};    // refused so far, in order
  std::vector<Told> ahead = {};      // taken in before their time, in order
  std::vector<Told> suspected = {};  // refused for good, one a lot: would a second agree?
  std::array<std::uint64_t, Outcomes> counts = {};  // [Applied] what became of events in the end
  std::uint64_t bridged = 0;     // of those that moved: only after something inferred
  std::uint64_t inferred = 0;    // events made up for what was lost
  std::uint64_t reconciled = 0;  // refused where a snapshot, or what was inferred, had it already
  Tick reconcile_until = 0;      // [tick] events before it may be in the snapshot: see wip.hpp
  std::uint64_t anomalous = 0;   // refused for good
  std::uint64_t unbelieved = 0;  // of bad quality: they move nothing
  std::vector<Anomaly> anomalies = {};  // the newest
  std::vector<Doubt> doubts = {};
  bool operator==(const Fold&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("x", self.x);
    a("until", self.until);
    a("places", self.places);
    a("waiting", self.waiting);
    a("ahead", self.ahead);
    a("suspected", self.suspected);
    a("counts", self.counts);
    a("bridged", self.bridged);
    a("inferred", self.inferred);
    a("reconciled", self.reconciled);
    a("reconcile_until", self.reconcile_until);
    a("anomalous", self.anomalous);
    a("unbelieved", self.unbelieved);
    a("anomalies", self.anomalies);
    a("doubts", self.doubts);
  }
};

class Folder {
 public:
  // patience [tick]: how long an event waits for what it needs, and how far ahead one may be looked
  // for; more than the clocks' errors together. The fab must outlive it.
  Folder(const AnyFab& fab, Tick patience)
      : layout_(fab.layout()), fab_(fab), mirror_(fab), patience_(patience) {}

  [[nodiscard]] const Mirror& mirror() const { return mirror_; }
  [[nodiscard]] Tick patience() const { return patience_; }

  // Takes in all of `events` (sorted by `before`, without equals) from fold.until on that are before
  // `until`. Those up to `until` + patience should be there, or the result is that of what is there.
  void advance(Fold& fold, std::span<const Told> events, Tick until);

  // What the fold is not sure of: where it has doubts, what events speak of that still wait for
  // others, and the tools that such lots are in.
  [[nodiscard]] Doubted doubted(const Fold& fold);

 private:
  struct Bridge;
  friend struct Bridge;

  Applied try_now(Fold& fold, const Told& told);
  [[nodiscard]] bool holds_up(const Fold& fold, const Told& waits, const Told& told) const;
  [[nodiscard]] bool held_up(const Fold& fold, const Told& told) const;
  [[nodiscard]] bool comes_into_being(const Fold& fold, const Told& of) const;
  void take(Fold& fold, const Told& told, std::span<const Told> later);
  bool pull(Fold& fold, const Told& needs, std::span<const Told> later);
  void precede(Fold& fold, const Told& by, std::span<const Told> later);
  void retry(Fold& fold, const Told& moved);
  void expire(Fold& fold, Tick until);
  void give_up(Fold& fold, const Told& told, Applied why);
  void reassure(Fold& fold, const Told& told) const;
  void hear_state(Fold& fold, const Told& told);  // bridge_state.cpp
  void cast_doubt(Fold& fold, const Told& told, Doubt::Why why);
  void doubt_of(const Fold& fold, const Told& told, const Doubt& doubt, std::vector<Doubt>& into);
  [[nodiscard]] std::vector<std::uint32_t> lots_that_fit(const State& x,
                                                         const twin::event::Event& event);

  const Layout& layout_;
  const AnyFab& fab_;
  Mirror mirror_;
  Tick patience_;
  std::span<const Told> coming_ = {};  // while it advances: those after the one at hand
  std::span<const Told> around_ = {};  // and all that are kept
};

}  // namespace twins::fab::live
