// What an alarm is (ANSI/ISA-18.2, IEC 62682, EEMUA 191): something abnormal that needs a person's response.
// What needs none is a notification, and no alarm.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "twin/core/tick.hpp"

namespace twin::decide::alarms {

enum class Priority : std::uint8_t { Low, Medium, High };

struct AlarmKind {
  std::string name;
  std::string response;      // what a person is to do; never empty
  double severity = 0.0;     // what it costs to miss, times how soon: only its order counts
  core::Tick on_delay = 0;   // [tick] set for so long before it counts
  core::Tick off_delay = 0;  // [tick] cleared for so long before it is gone
  bool operator==(const AlarmKind&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("name", self.name);
    archive("response", self.response);
    archive("severity", self.severity);
    archive("on_delay", self.on_delay);
    archive("off_delay", self.off_delay);
  }
};

enum class Change : std::uint8_t { Set, Cleared };

struct AlarmEvent {
  core::Tick at = 0;
  std::uint32_t cause = 0;  // of a CauseTree
  std::uint32_t kind = 0;   // of a list of AlarmKind
  Change change = Change::Set;
  bool operator==(const AlarmEvent&) const = default;
};

// Priorities by severity so that about `shares` of the kinds are low, medium and high: 80, 15 and 5 % by
// EEMUA 191 (2013) and ISA-18.2, since who has many high ones has none. Equal severities have one priority,
// the lower one. [kind]. core::Error for a severity that is not finite or shares that are none.
std::vector<Priority> priorities_of(std::span<const double> severities,
                                    const std::array<double, 3>& shares = {0.80, 0.15, 0.05});

// A measured value that sets above a limit and clears below it less the deadband, so that noise at the limit
// does not chatter (ISA-18.2: 1 to 5 % of range for most). For a limit from below: give -value, -limit.
class HighLimit {
 public:
  HighLimit() = default;
  // core::Error for a limit or deadband that is not finite, or a negative deadband.
  HighLimit(double limit, double deadband);
  // What changes with this value; nothing for NaN, which says nothing of the plant.
  [[nodiscard]] std::optional<Change> take(double value);
  [[nodiscard]] bool set() const { return set_; }

  bool operator==(const HighLimit&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("limit", self.limit_);
    archive("deadband", self.deadband_);
    archive("set", self.set_);
  }

 private:
  double limit_ = 0.0, deadband_ = 0.0;
  bool set_ = false;
};

}  // namespace twin::decide::alarms
