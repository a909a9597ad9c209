// What a person is to respond to (ANSI/ISA-18.2): a fold over the fab's settled events and the record's notes into few
// groups, one for each cause, as many as the budget of twin/decide/alarms lets through.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "twin/core/record.hpp"
#include "twin/decide/alarms/annunciator.hpp"
#include "twin/event/event.hpp"
#include "twins/fab/layout.hpp"

namespace apps::fabtwin::serve {

namespace alarms = twin::decide::alarms;

enum class AlarmOf : std::uint32_t {
  Other,      // a note of trouble in the record
  Equipment,  // a tool's own alarm
  Repair,     // takes longer than usual
  Clock,      // of a source is off
  Slow,       // a tool, against its group
  Forecasts,  // are not as good as they say
  Silence,    // of all lines of a kind
};
inline constexpr std::uint32_t AlarmKinds = 7;

// Note: somebody has validated the twin again, "WHO TAB HOW".
inline constexpr const char* ValidationNote = "validation";

// What will happen at `at`, of its own: nobody has to tell it.
struct PendingAlarm {
  enum class Does : std::uint8_t { Set, Clear, Shelve, Acknowledge };
  twin::core::Tick at = 0;
  alarms::AlarmName alarm = {};
  Does does = Does::Set;
  std::string who = {}, reason = {};              // of Shelve; of Acknowledge, who
  twin::core::Tick until = 0;                     // of Shelve; 0: from the shelf
  alarms::Priority seen = alarms::Priority::Low;  // of Acknowledge, whose alarm is any of the cause
  bool operator==(const PendingAlarm&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("at", self.at);
    a("alarm", self.alarm);
    a("does", self.does);
    a("who", self.who);
    a("reason", self.reason);
    a("until", self.until);
    a("seen", self.seen);
  }
};

struct AlarmGround {  // why an alarm is set; it is cleared with the last one
  alarms::AlarmName alarm = {};
  std::string of = {};    // a source, a tool's own alarm
  std::string text = {};  // in the words of whoever raised it
  bool operator==(const AlarmGround&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("alarm", self.alarm);
    a("of", self.of);
    a("text", self.text);
  }
};

// Of the belief.
struct AlarmMemory {
  alarms::Annunciator annunciator = {};
  std::vector<PendingAlarm> pending = {};  // by time
  std::vector<AlarmGround> grounds = {};   // by alarm and what of
  bool operator==(const AlarmMemory&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("annunciator", self.annunciator);
    a("pending", self.pending);
    a("grounds", self.grounds);
  }
};

struct AlarmRow {  // one group, as a person reads it
  std::string cause = {};
  std::string alarm = {};            // the worst of its alarms
  std::vector<std::string> of = {};  // what they are of, the first few
  std::string text = {};             // in the words of whoever raised it, where there are any
  std::string response = {};
  alarms::Priority priority = alarms::Priority::Low;
  twin::core::Tick since = 0;  // [tick]
  std::uint64_t count = 0, active = 0;
  bool announced = false;
  alarms::Acknowledgement acknowledged = {};
};

class AlarmWatch {
 public:
  // `site` names the root of all causes. The layout must outlive it.
  AlarmWatch(const twins::fab::Layout& layout, const std::string& site);

  [[nodiscard]] AlarmMemory start() const;

  // Whether it is of these causes and kinds: a snapshot may be of another version's.
  [[nodiscard]] bool fits(const AlarmMemory& memory) const {
    return memory.annunciator.tree() == tree_ && memory.annunciator.kinds() == kinds_;
  }

  // A settled event; in the order of time.
  std::vector<alarms::Announcement> saw(AlarmMemory& memory, const twin::event::Event& event) const;
  // A note of kind "alarm", "shelf", "acknowledgement" or ValidationNote, which counts at `at` [tick]: not before what
  // `saw` had last.
  void heard(AlarmMemory& memory, const twin::core::Note& note, twin::core::Tick at) const;
  // Nothing else happens until then.
  std::vector<alarms::Announcement> advance(AlarmMemory& memory, twin::core::Tick until) const;

  // The text of a note of kind "acknowledgement" of the group of that cause as it is. core::Error where there is none.
  [[nodiscard]] std::string acknowledgement(const AlarmMemory& memory, std::string_view who,
                                            std::string_view cause, std::string_view remark) const;
  [[nodiscard]] std::vector<AlarmRow> rows(const AlarmMemory& memory) const;
  // As the names in rows say it; core::Error for a name that is none.
  [[nodiscard]] alarms::AlarmName named(std::string_view cause, std::string_view alarm) const;
  // The number of a cause; core::Error for a name that is none.
  [[nodiscard]] std::uint32_t cause_named(std::string_view cause) const;
  [[nodiscard]] const std::string& cause(std::uint32_t cause) const { return tree_.name(cause); }
  [[nodiscard]] const alarms::AlarmKind& kind(std::uint32_t kind) const { return kinds_[kind]; }
  // How long a repair of the tool may take without an alarm [tick].
  [[nodiscard]] twin::core::Tick patience(std::uint32_t tool) const;

 private:
  [[nodiscard]] std::uint32_t tool_cause(std::uint32_t tool) const { return first_tool_ + tool; }
  void run(AlarmMemory& memory, twin::core::Tick until,
           std::vector<alarms::Announcement>& out) const;

  const twins::fab::Layout& layout_;
  alarms::CauseTree tree_;
  std::vector<alarms::AlarmKind> kinds_;
  std::uint32_t first_tool_ = 0;
  std::map<std::string, std::uint32_t, std::less<>> causes_;  // by name
};

// The text of a note of kind "alarm" on lines of a kind that are silent, or are not any more.
std::string silence_note(std::string_view lines, bool silent);
// Of one of kind "shelf": until when [tick], 0: not any more.
std::string shelf_note(std::string_view who, std::string_view cause, std::string_view alarm,
                       twin::core::Tick until, std::string_view reason);

}  // namespace apps::fabtwin::serve
