// What may be done to a running fab: the single acts that an alternative of a menu is made of. Values, with a text
// for people, a check against the fab as it is known, and their effect on one member's State.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "twins/fab/any_fab.hpp"
#include "twins/fab/interventions.hpp"

namespace twins::fab::decide {

struct SetPriority {  // expedite a lot, or let it wait, from now until `until`; then its own again
  std::uint32_t lot = None;
  std::int32_t priority = 0;
  Tick until = twin::core::Never;
  bool operator==(const SetPriority&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("lot", self.lot);
    a("priority", self.priority);
    a("until", self.until);
  }
};

struct HoldLot {
  std::uint32_t lot = None;
  Tick until = twin::core::Never;
  bool operator==(const HoldLot&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("lot", self.lot);
    a("until", self.until);
  }
};

struct ReleaseLot {  // of a hold
  std::uint32_t lot = None;
  bool operator==(const ReleaseLot&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("lot", self.lot);
  }
};

struct StartPm {  // as soon as the tool is free; its calendar stays as it is
  std::uint32_t tool = None, calendar = 0;
  bool operator==(const StartPm&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("tool", self.tool);
    a("calendar", self.calendar);
  }
};

struct ShiftPm {  // the next due time of a maintenance by days; later ones follow from it
  std::uint32_t tool = None, calendar = 0;
  Tick due = 0;
  bool operator==(const ShiftPm&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("tool", self.tool);
    a("calendar", self.calendar);
    a("due", self.due);
  }
};

struct AcceptLot {              // one lot more, released now: what does it cost the others?
  std::uint32_t stream = None;  // of its product, wafers and weight
  std::int32_t priority = 0;
  Tick due = 0;
  bool operator==(const AcceptLot&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("stream", self.stream);
    a("priority", self.priority);
    a("due", self.due);
  }
};

using Act = std::variant<SetPriority, HoldLot, ReleaseLot, StartPm, ShiftPm, AcceptLot>;

// "lot 4711 to priority 20 for 12.0 h": what and on what, times from `now`.
std::string text_of(const Layout& layout, const Act& act, Tick now);

// Why it cannot be done to the fab as x has it (x.now, mirrored or simulated); nothing: it can.
std::optional<std::string> why_not(const Layout& layout, const State& x, const Act& act);

// Does the acts at x.now, and undoes what ends at its tick: call at(t) when x.now is t, for each t of ticks().
// An act whose lot has gone meanwhile, or whose tool is in that maintenance already, does nothing.
class Doing {
 public:
  // Expects the State of a simulation. All must outlive this.
  Doing(const AnyFab& fab, State& x, std::span<const double> theta, twin::core::Draw draw);
  void begin(std::span<const Act> acts);
  [[nodiscard]] Tick next() const;  // when at() is to be called next; Never: no more
  void at();                        // expects x.now == next()

 private:
  struct Undo {
    Tick at = 0;
    std::uint32_t lot = None;
    std::optional<std::int32_t> priority{};  // to set again; none: release it from hold
  };
  void accept(const AcceptLot& act, std::uint32_t n);
  void shift(const ShiftPm& act);

  const AnyFab& fab_;
  State& x_;
  std::span<const double> theta_;
  twin::core::Draw draw_;
  std::vector<Undo> undo_;  // by time, the next last
};

}  // namespace twins::fab::decide
