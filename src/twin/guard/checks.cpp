#include "twin/guard/checks.hpp"

#include <cstdlib>

namespace twin::guard {
namespace {

// A class without a message: it ends a stop. Nobody looks at a tool for it, but two persons approve.
bool resumes(const Case& c) { return !c.action->form; }

std::int64_t move_of(const Command& c) {  // [1e-6 of the unit]
  return c.value && c.from ? std::abs(c.value->micro - c.from->micro) : 0;
}

bool same_target(const Command& k, const auto& o) {
  return o.tool == k.tool && o.recipe == k.recipe && o.parameter == k.parameter;
}

Why judge_command(const Case& c) {
  const Command& k = c.request.command;
  const auto bytes = resumes(c) ? Bytes{} : bytes_of(*c.action->form, k);
  if (bytes != k.bytes) return "other bytes";
  const core::Tick left = k.expires - std::max(c.now, c.ledger.latest());
  if (left <= 0) return "expired";
  if (left > c.limits.life) return "lives too long";
  const core::Tick age = c.now - k.believed;
  if (age < -c.limits.skew) return "belief from the future";
  if (age > c.limits.belief) return "stale belief";
  if (k.health != "ok") return "unhealthy twin";
  return Granted;
}

Why judge_tool(const Case& c) {
  const auto& w = c.request.witness;
  if (const Why why = seen(c, w, c.request.command); why != Granted) return why;
  if (!holds(c.action->states, w->state)) return "wrong state";
  for (const std::string& condition : w->conditions) {
    if (condition == "interlock" || !holds(c.action->tolerated, condition)) return "interlocked";
  }
  if (w->value != c.request.command.from) return "drifted";
  return Granted;
}

Why judge_approvals(const Case& c) {
  Names persons;
  for (const Approval& a : c.request.approvals) {
    const Person* person = named(c.limits.persons, a.person);
    const std::string text = approval_text(a.person, a.role, a.at, c.request.command_text);
    if (person == nullptr || a.role != c.action->role || !holds(person->roles, a.role) ||
        !c.verify(person->key, text, a.signature)) {
      return "bad approval";
    }
    if (a.person == c.request.command.proposer) return "own proposal";
    if (a.at > c.now + c.limits.skew) return "approval from the future";
    if (a.at < c.request.command.believed) return "approved before its belief";
    if (c.now - a.at > c.limits.approval) return "approval too old";
    if (holds(persons, a.person)) return "same person twice";
    persons.push_back(a.person);
  }
  // Nothing but an action goes with fewer than two, whatever the limits say.
  const core::Tick least = c.action->kind == "action" && !resumes(c) ? 0 : 2;
  if (std::ssize(persons) < std::max(c.action->persons, least)) return "too few persons";
  return Granted;
}

Why judge_past(const Case& c) {
  const Command& k = c.request.command;
  const std::int64_t move = move_of(k);
  std::int64_t travel = move;
  core::Tick of_tool = 0, of_fab = 0;
  bool awaits = false, stopped = false;
  for (const Given& g : c.ledger.given()) {
    if (g.command.nonce == k.nonce) return "replayed";
    const bool ours = g.command.tool == k.tool;
    if (ours && g.open) awaits = true;
    if (ours && g.failed) stopped = true;
    if (g.at + c.limits.window <= c.now) continue;
    ++of_fab;
    if (ours) ++of_tool;
    if (same_target(k, g.command)) travel += move_of(g.command);
  }
  if (resumes(c)) return Granted;
  if (stopped) return "tool stopped";
  if (awaits) return "awaits read-back";
  if (move > c.allowed->move.value_or(Decimal{}).micro) return "move too large";
  if (move < c.allowed->deadband.value_or(Decimal{}).micro) return "move too small";
  if (travel > c.allowed->travel.value_or(Decimal{}).micro) return "travel spent";
  if (of_tool >= c.limits.tool) return "tool's budget spent";
  if (of_fab >= c.limits.fab) return "fab's budget spent";
  return Granted;
}

}  // namespace

Why judge_target(Case& c) {
  const Command& k = c.request.command;
  if (c.now < c.limits.from || c.now >= c.limits.until) return "limits not in force";
  if (c.ledger.latest() > c.now + c.limits.skew) return "clock went back";
  c.action = named(c.limits.classes, k.action);
  if (c.action == nullptr) return "unknown class";
  const auto allowed = std::ranges::find_if(c.limits.allowed, [&](const Allowed& a) {
    return a.action == k.action && same_target(k, a);
  });
  if (allowed == c.limits.allowed.end()) return "unknown target";
  c.allowed = &*allowed;
  if (c.ledger.stopped() && !resumes(c)) return "stopped";
  const bool bounded = c.allowed->least.has_value();
  if (k.value.has_value() != bounded || k.from.has_value() != bounded) return "wrong type";
  if (k.unit != c.allowed->unit) return "wrong unit";
  // None is less than any, and equal to none.
  if (k.value < c.allowed->least || k.value > c.allowed->most) return "out of limits";
  return Granted;
}

Why judge(Case& c) {
  Why why = judge_target(c);
  if (why == Granted) why = judge_command(c);
  if (why == Granted && !resumes(c)) why = judge_tool(c);
  if (why == Granted) why = judge_approvals(c);
  if (why == Granted) why = judge_past(c);
  return why;
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
  if (c.now - w->at > c.limits.witness) return "seen too long ago";
  return Granted;
}

bool is_done(const ActionClass& action, const Command& command, const Witness& w) {
  return w.value == command.value &&
         std::ranges::all_of(action.after, [&](std::string_view condition) {
           const bool absent = condition.starts_with('!');
           return holds(w.conditions, condition.substr(absent ? 1 : 0)) != absent;
         });
}

}  // namespace twin::guard
