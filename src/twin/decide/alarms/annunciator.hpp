// Alarms with a budget: a value that folds alarm events into what a person is shown. Alarms of one cause
// are one group; a group is announced when the budget has room, the worst first; what rings without
// need is held back, and nothing is lost: every alarm is counted in a group (ANSI/ISA-18.2, IEC 62682,
// EEMUA 191). No clock: time is the events' own.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "twin/decide/alarms/alarm.hpp"
#include "twin/decide/alarms/cause_tree.hpp"

namespace twin::decide::alarms {

struct AnnunciatorOptions {
  core::Tick minute = 60'000;  // [tick] the unit of what follows
  // Announcements in any hour and any day at most: 6 an hour are 1 in 10 min, 150 a day what one person
  // can deal with (EEMUA 191, table; ISA-18.2).
  std::uint64_t hourly = 6, daily = 150;
  // Of them kept for high priorities, so that a storm of low ones leaves room.
  std::uint64_t hourly_high = 2, daily_high = 15;
  // Alarms in so many places directly below one cause are taken to be its own; in all, where it has fewer.
  std::uint32_t together = 3;
  // Set three times within so many minutes: it chatters (EEMUA 191), and ...
  std::uint32_t chatter_within = 1;
  std::uint32_t chatter_quiet = 10;   // [minutes] ... is one alarm until it was clear for so long
  std::uint32_t stale_after = 1'440;  // [minutes] in alarm
  std::uint32_t flood_begins_above = 10;   // alarms in 10 minutes
  std::uint32_t flood_ends_below = 5;      // alarms in 10 minutes
  std::uint32_t shelved_at_most = 10'080;  // [minutes] a week

  bool operator==(const AnnunciatorOptions&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("minute", self.minute);
    archive("hourly", self.hourly);
    archive("daily", self.daily);
    archive("hourly_high", self.hourly_high);
    archive("daily_high", self.daily_high);
    archive("together", self.together);
    archive("chatter_within", self.chatter_within);
    archive("chatter_quiet", self.chatter_quiet);
    archive("stale_after", self.stale_after);
    archive("flood_begins_above", self.flood_begins_above);
    archive("flood_ends_below", self.flood_ends_below);
    archive("shelved_at_most", self.shelved_at_most);
  }
};

// Shown to a person, once a group, and again when its priority rises.
struct Announcement {
  core::Tick at = 0;
  std::uint32_t cause = 0;  // of the group
  Priority priority = Priority::Low;
  std::uint64_t count = 0;   // times that its alarms were set so far
  std::uint64_t active = 0;  // alarms in it now
  bool operator==(const Announcement&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("at", self.at);
    archive("cause", self.cause);
    archive("priority", self.priority);
    archive("count", self.count);
    archive("active", self.active);
  }
};

struct Acknowledgement {  // a person has seen a group, and answers for it
  std::string who;
  core::Tick at = 0;
  bool operator==(const Acknowledgement&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("who", self.who);
    archive("at", self.at);
  }
};

struct AlarmGroup {
  std::uint32_t cause = 0;
  core::Tick opened = 0;
  std::uint64_t count = 0;   // times that its alarms were set, those before its opening among them
  std::uint64_t active = 0;  // alarms in it now
  Priority priority = Priority::Low;
  bool announced = false;
  Acknowledgement acknowledged;  // by nobody: it is not
  bool operator==(const AlarmGroup&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("cause", self.cause);
    archive("opened", self.opened);
    archive("count", self.count);
    archive("active", self.active);
    archive("priority", self.priority);
    archive("announced", self.announced);
    archive("acknowledged", self.acknowledged);
  }
};

struct AlarmName {
  std::uint32_t cause = 0, kind = 0;
  auto operator<=>(const AlarmName&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("cause", self.cause);
    archive("kind", self.kind);
  }
};

struct Shelf {  // an alarm put aside by a person for a time
  AlarmName alarm;
  std::string who, reason;
  core::Tick until = 0;
  bool operator==(const Shelf&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("alarm", self.alarm);
    archive("who", self.who);
    archive("reason", self.reason);
    archive("until", self.until);
  }
};

struct AlarmTotals {
  std::uint64_t sets = 0;  // Set events: all of them are in some group's count
  std::uint64_t activations =
      0;  // that outlasted their delay and were not part of a chatter or shelved
  std::array<std::uint64_t, 3> by_priority{};  // of the activations
  std::uint64_t announced = 0, acknowledged = 0;
  std::uint64_t passed = 0;  // groups that were gone before the budget had room
  std::uint64_t floods = 0;
  core::Tick in_flood = 0;  // [tick]
  std::uint64_t late = 0;   // events older than one before; taken as of now
  bool operator==(const AlarmTotals&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("sets", self.sets);
    archive("activations", self.activations);
    archive("by_priority", self.by_priority);
    archive("announced", self.announced);
    archive("acknowledged", self.acknowledged);
    archive("passed", self.passed);
    archive("floods", self.floods);
    archive("in_flood", self.in_flood);
    archive("late", self.late);
  }
};

class Annunciator {
 public:
  Annunciator() = default;
  // core::Error for a kind without a response, delays below 0, or options that cannot be meant.
  Annunciator(CauseTree tree, std::vector<AlarmKind> kinds, const AnnunciatorOptions& options);

  // What is to be shown after it, mostly nothing. core::Error, and nothing is taken, for a cause or a kind
  // that is not known.
  std::vector<Announcement> take(const AlarmEvent& event);
  // Time passes: delays and shelves end, the budget has room again. Earlier than now: nothing.
  std::vector<Announcement> advance(core::Tick to);
  // core::Error without a name, a reason, or a time in the future that is not too far. Shelving again
  // changes the entry.
  std::vector<Announcement> shelve(const Shelf& shelf);
  std::vector<Announcement> unshelve(AlarmName alarm);
  // Somebody has seen the open group of this cause, no worse than `seen`. It stays open until its alarms end, and is to
  // be acknowledged again when it becomes worse. Whoever was first stays. core::Error without a name, or where there is
  // no such group.
  void acknowledge(std::uint32_t cause, Priority seen, const std::string& who);

  [[nodiscard]] core::Tick now() const { return now_; }
  [[nodiscard]] std::vector<AlarmGroup> groups()
      const;  // open, announced first, then by priority, age
  [[nodiscard]] std::vector<AlarmName> active(
      std::uint32_t cause) const;                           // at it or below, by name
  [[nodiscard]] std::vector<AlarmName> stale() const;       // active for too long, by name
  [[nodiscard]] std::vector<AlarmName> chattering() const;  // by name
  [[nodiscard]] const std::vector<Shelf>& shelved() const { return shelves_; }  // by name
  [[nodiscard]] std::vector<std::pair<AlarmName, std::uint64_t>> loudest(std::size_t n) const;
  [[nodiscard]] bool flood() const { return flood_; }
  [[nodiscard]] const AlarmTotals& totals() const { return totals_; }
  // Set events that landed in groups of this cause, ever; over all causes they sum to totals().sets.
  [[nodiscard]] std::uint64_t landed(std::uint32_t cause) const { return nodes_[cause].landed; }
  [[nodiscard]] const CauseTree& tree() const { return tree_; }
  [[nodiscard]] const std::vector<AlarmKind>& kinds() const { return kinds_; }
  [[nodiscard]] Priority priority(std::uint32_t kind) const { return priorities_[kind]; }

  bool operator==(const Annunciator&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("tree", self.tree_);
    archive("kinds", self.kinds_);
    archive("priorities", self.priorities_);
    archive("options", self.options_);
    archive("now", self.now_);
    archive("alarms", self.alarms_);
    archive("nodes", self.nodes_);
    archive("due", self.due_);
    archive("seq", self.seq_);
    archive("waiting", self.waiting_);
    archive("shelves", self.shelves_);
    archive("announcements", self.announcements_);
    archive("recent", self.recent_);
    archive("flood", self.flood_);
    archive("totals", self.totals_);
  }

 private:
  struct Alarm {
    core::Tick since = 0;                // active since
    std::array<core::Tick, 2> before{};  // when it rose last, and the time before that
    std::uint64_t sets = 0, rises = 0;   // Set events, and of them those that found it clear
    std::uint32_t turn = 0;              // of its raw changes: what is due of an older one is off
    std::uint8_t set = 0, active = 0, chatters = 0, shelved = 0;
    bool operator==(const Alarm&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("since", self.since);
      archive("before", self.before);
      archive("sets", self.sets);
      archive("rises", self.rises);
      archive("turn", self.turn);
      archive("set", self.set);
      archive("active", self.active);
      archive("chatters", self.chatters);
      archive("shelved", self.shelved);
    }
  };
  // Of the tree. It is lit if an alarm of its own is active, or enough of what is directly below is lit:
  // then it may be the one cause of all.
  struct Node {
    std::uint64_t active = 0;     // alarms at or below it
    std::uint32_t own = 0;        // of them at it
    std::uint32_t lit_below = 0;  // directly below
    std::uint8_t lit = 0, open = 0, announced = 0;
    Priority priority = Priority::Low;  // of the group, while it is open
    core::Tick opened = 0;
    std::uint64_t count = 0;   // of the open group
    std::uint64_t landed = 0;  // ever
    Acknowledgement acknowledged;
    bool operator==(const Node&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("active", self.active);
      archive("own", self.own);
      archive("lit_below", self.lit_below);
      archive("lit", self.lit);
      archive("open", self.open);
      archive("announced", self.announced);
      archive("priority", self.priority);
      archive("opened", self.opened);
      archive("count", self.count);
      archive("landed", self.landed);
      archive("acknowledged", self.acknowledged);
    }
  };
  struct Due {
    core::Tick at = 0;
    std::uint64_t seq = 0;
    std::uint32_t alarm = 0, turn = 0;
    bool operator==(const Due&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("at", self.at);
      archive("seq", self.seq);
      archive("alarm", self.alarm);
      archive("turn", self.turn);
    }
  };

  [[nodiscard]] std::uint32_t index(AlarmName a) const {
    return a.cause * static_cast<std::uint32_t>(kinds_.size()) + a.kind;
  }
  [[nodiscard]] AlarmName name(std::uint32_t index) const {
    const auto n = static_cast<std::uint32_t>(kinds_.size());
    return {index / n, index % n};
  }
  [[nodiscard]] core::Tick minutes(std::uint64_t n) const {
    return options_.minute * static_cast<core::Tick>(n);
  }
  void need_known(AlarmName a) const;
  void later(core::Tick at, std::uint32_t alarm);
  void run_due(core::Tick to, std::vector<Announcement>& out);
  void begin(std::uint32_t alarm);
  void end(std::uint32_t alarm);
  void activated(std::uint32_t alarm);
  void closed(std::uint32_t cause);
  void light(std::uint32_t cause);  // what is lit from here up, after its own count changed
  [[nodiscard]] std::uint32_t group_of(std::uint32_t cause) const;
  void look_at_flood();
  [[nodiscard]] core::Tick flood_end() const;
  [[nodiscard]] core::Tick room_at(Priority p) const;  // when the budget next has room
  void announce(std::vector<Announcement>& out);

  CauseTree tree_;
  std::vector<AlarmKind> kinds_;
  std::vector<Priority> priorities_;  // [kind]
  AnnunciatorOptions options_;
  core::Tick now_ = 0;
  std::vector<Alarm> alarms_;  // [cause][kind]
  std::vector<Node> nodes_;    // [cause]
  std::vector<Due> due_;       // a heap, the next first
  std::uint64_t seq_ = 0;
  std::vector<std::uint32_t> waiting_;     // causes of groups not yet announced, as they came
  std::vector<Shelf> shelves_;             // by name
  std::vector<core::Tick> announcements_;  // of the last day, ascending
  std::vector<core::Tick> recent_;  // activations of the last 10 minutes, as many as a flood needs
  bool flood_ = false;
  AlarmTotals totals_;
};

}  // namespace twin::decide::alarms
