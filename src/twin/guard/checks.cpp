#include "twin/guard/checks.hpp"

#include <cstdlib>

namespace twin::guard {
namespace {

Why unless(bool good, Why why) { return good ? Granted : why; }

bool resumes(const Case& c) { return c.action->kind == "resume"; }

std::int64_t move_of(const Command& c) {  // [1e-6 of the unit]
  return c.value && c.from ? std::abs(c.value->micro - c.from->micro) : 0;
}

bool same_target(const Command& k, const auto& o) {
  return o.tool == k.tool && o.recipe == k.recipe && o.parameter == k.parameter;
}

bool in_window(const Case& c, const Given& g) { return g.at + c.limits.window > c.now; }

Why limits_in_force(Case& c) {
  return unless(c.limits.from <= c.now && c.now < c.limits.until, "limits not in force");
}

Why clock_goes_on(Case& c) {
  return unless(c.ledger.latest() <= c.now + c.limits.skew, "clock went back");
}

Why class_is_listed(Case& c) {
  c.action = named(c.limits.classes, c.request.command.action);
  return unless(c.action != nullptr, "unknown class");
}

Why target_is_listed(Case& c) {
  for (const Allowed& a : c.limits.allowed) {
    if (a.action == c.action->name && same_target(c.request.command, a)) c.allowed = &a;
  }
  return unless(c.allowed != nullptr, "unknown target");
}

Why guard_runs(Case& c) { return unless(!c.ledger.stopped() || resumes(c), "stopped"); }

Why type_is_right(Case& c) {
  const bool bounded = c.allowed->least.has_value();
  const Command& k = c.request.command;
  return unless(k.value.has_value() == bounded && k.from.has_value() == bounded, "wrong type");
}

Why unit_is_right(Case& c) {
  return unless(c.request.command.unit == c.allowed->unit, "wrong unit");
}

Why within_limits(Case& c) {  // none is less than any, and equal to none
  const auto& value = c.request.command.value;
  return unless(c.allowed->least <= value && value <= c.allowed->most, "out of limits");
}

Why bytes_are_the_command(Case& c) {
  const Command& k = c.request.command;
  const auto bytes = c.action->form ? bytes_of(*c.action->form, k) : Bytes{};
  return unless(bytes == k.bytes, "other bytes");
}

Why not_expired(Case& c) {
  const core::Tick left = c.request.command.expires - std::max(c.now, c.ledger.latest());
  if (left <= 0) return "expired";
  return unless(left <= c.limits.life, "lives too long");
}

Why belief_is_fresh(Case& c) {
  const core::Tick age = c.now - c.request.command.believed;
  if (age < -c.limits.skew) return "belief from the future";
  return unless(age <= c.limits.belief, "stale belief");
}

Why twin_is_healthy(Case& c) { return unless(c.request.command.health == "ok", "unhealthy twin"); }

Why target_is_seen(Case& c) {
  return resumes(c) ? Granted : seen(c, c.request.witness, c.request.command);
}

Why state_allows(Case& c) {
  return unless(resumes(c) || holds(c.action->states, c.request.witness->state), "wrong state");
}

Why nothing_interlocks(Case& c) {
  if (resumes(c)) return Granted;
  for (const std::string& condition : c.request.witness->conditions) {
    if (!holds(c.action->tolerated, condition)) return "interlocked";
  }
  return Granted;
}

Why value_is_as_believed(Case& c) {
  return unless(resumes(c) || c.request.command.from == c.request.witness->value, "drifted");
}

Why move_is_bounded(Case& c) {
  const std::int64_t move = move_of(c.request.command);
  if (move > c.allowed->move.value_or(Decimal{}).micro) return "move too large";
  return unless(move >= c.allowed->deadband.value_or(Decimal{}).micro, "move too small");
}

Why travel_is_left(Case& c) {
  std::int64_t sum = move_of(c.request.command);
  for (const Given& g : c.ledger.given()) {
    if (in_window(c, g) && same_target(c.request.command, g.command)) sum += move_of(g.command);
  }
  return unless(sum <= c.allowed->travel.value_or(Decimal{}).micro, "travel spent");
}

Why approval_is_good(const Case& c, const Approval& a) {
  const Person* person = named(c.limits.persons, a.person);
  const std::string text = approval_text(a.person, a.role, a.at, c.request.command_text);
  if (person == nullptr || a.role != c.action->role || !holds(person->roles, a.role) ||
      !c.verify(person->key, text, a.signature)) {
    return "bad approval";
  }
  if (a.person == c.request.command.proposer) return "own proposal";
  if (a.at > c.now + c.limits.skew) return "approval from the future";
  if (a.at < c.request.command.believed) return "approved before its belief";
  return unless(c.now - a.at <= c.limits.approval, "approval too old");
}

Why approvals_are_good(Case& c) {
  Names persons;
  for (const Approval& a : c.request.approvals) {
    if (const Why why = approval_is_good(c, a); why != Granted) return why;
    if (holds(persons, a.person)) return "same person twice";
    persons.push_back(a.person);
  }
  return unless(std::ssize(persons) >= c.action->persons, "too few persons");
}

Why nonce_is_new(Case& c) {
  return unless(std::ranges::none_of(
                    c.ledger.given(),
                    [&](const Given& g) { return g.command.nonce == c.request.command.nonce; }),
                "replayed");
}

Why tool_is_read_back(Case& c) {
  const std::string& tool = c.request.command.tool;
  if (resumes(c)) return Granted;
  if (c.ledger.stopped(tool)) return "tool stopped";
  return unless(
      std::ranges::none_of(c.ledger.given(),
                           [&](const Given& g) { return g.open && g.command.tool == tool; }),
      "awaits read-back");
}

Why budget_is_left(Case& c) {
  if (resumes(c)) return Granted;
  core::Tick tool = 1, fab = 1;
  for (const Given& g : c.ledger.given()) {
    const bool counts = in_window(c, g);
    fab += counts ? 1 : 0;
    tool += counts && g.command.tool == c.request.command.tool ? 1 : 0;
  }
  if (tool > c.limits.tool) return "tool's budget spent";
  return unless(fab <= c.limits.fab, "fab's budget spent");
}

constexpr std::array<Check, 22> All = {limits_in_force,      clock_goes_on,   class_is_listed,
                                       target_is_listed,     guard_runs,      type_is_right,
                                       unit_is_right,        within_limits,   bytes_are_the_command,
                                       not_expired,          belief_is_fresh, twin_is_healthy,
                                       target_is_seen,       state_allows,    nothing_interlocks,
                                       value_is_as_believed, move_is_bounded, travel_is_left,
                                       approvals_are_good,   nonce_is_new,    tool_is_read_back,
                                       budget_is_left};

}  // namespace

std::span<const Check> checks() { return All; }

Why judge(Case& c, std::span<const Check> by) {
  for (const Check check : by) {
    if (const Why why = check(c); why != Granted) return why;
  }
  return Granted;
}

Why seen(const Case& c, const std::optional<Witness>& w, const Command& target) {
  const Person* observer = w ? named(c.limits.observers, w->observer) : nullptr;
  if (observer == nullptr || !c.verify(observer->key, w->signed_text, w->signature) ||
      !same_target(target, *w) || w->lot != target.lot || w->unit != target.unit) {
    return "not seen";
  }
  if (w->at > c.now + c.limits.skew) return "seen in the future";
  for (const Given& g : c.ledger.given()) {  // however far the observer's clock is ahead of ours
    if (g.command.tool == target.tool && w->at - c.limits.skew <= g.at)
      return "seen before the last message";
  }
  return unless(c.now - w->at <= c.limits.witness, "seen too long ago");
}

bool is_done(const ActionClass& action, const Command& command, const Witness& w) {
  return w.value == command.value &&
         std::ranges::all_of(action.after, [&](std::string_view condition) {
           const bool absent = condition.starts_with('!');
           return holds(w.conditions, condition.substr(absent ? 1 : 0)) != absent;
         });
}

}  // namespace twin::guard
