// What the guard may permit, from a file signed by the safety authority. What the file does not say is
// refused: an empty one means a twin that only recommends. docs/guard.md explains each line. Whether the
// lines make sense together is said before they are signed (rules.hpp); the checks rely on none of it.
#pragma once
#include "twin/guard/message.hpp"

namespace twin::guard {

struct ActionClass {
  std::string name;
  // "action" moves work; "setpoint" moves a number in a tool; "resume" ends a stop
  std::string kind;
  std::string role;        // that approvers must have
  core::Tick persons = 0;  // that must approve: two at least but for an action
  Names states;            // of the tool, in which it may be sent
  Names tolerated;         // conditions that do not forbid it; every other one does
  Names after;  // conditions (!: none of them) that show it was done; none: it is not shown
  std::optional<Form> form;  // none of a resume
};

// One target of one class. Without bounds no number may be sent.
struct Allowed {
  std::string action, tool;
  std::optional<std::string> recipe, parameter, unit;
  std::optional<Decimal> least, most;     // [unit]
  std::optional<Decimal> move, deadband;  // [unit] at most and at least at once
  std::optional<Decimal> travel;          // [unit] at most within the window, all ways added
};

struct Person {
  std::string name;
  Names roles;  // none of an observer
  PublicKey key{};
};

struct Limits {
  core::Tick from = 0, until = 0;  // [ms since 1970] in force
  // [ms] the oldest belief, approval and witness; the longest life of a command and of a permit; how far clocks differ
  core::Tick belief = 0, approval = 0, witness = 0, life = 0, permit = 0, skew = 0;
  core::Tick fab = 0, tool = 0, window = 0;  // commands at most within [ms]
  std::vector<Person> persons, observers;
  std::vector<ActionClass> classes;
  std::vector<Allowed> allowed;
};

// Throws core::Error: the line, and what is wrong with it. The last line is the signature of all before.
[[nodiscard]] Limits read_limits(std::string_view text, const PublicKey& authority,
                                 Verify verify = guard::verify);
[[nodiscard]] std::string limits_text(std::string_view lines);  // what is signed

template <class Named>
const Named* named(const std::vector<Named>& all, std::string_view name) {
  const auto found = std::ranges::find(all, name, &Named::name);
  return found == all.end() ? nullptr : &*found;
}
[[nodiscard]] inline bool holds(const Names& names, std::string_view name) {
  return std::ranges::count(names, name) != 0;
}

}  // namespace twin::guard
