#include "apps/fabtwin/serve/proposal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

#include "twin/core/hash.hpp"
#include "twin/math/statistics.hpp"
#include "twins/fab/ahead.hpp"
#include "twins/fab/decide/menu.hpp"
#include "twins/fab/rules/policy_text.hpp"

namespace apps::fabtwin::serve {
namespace {

namespace decide = twins::fab::decide;
namespace people = twin::people;
using twins::fab::Layout;
using twins::fab::Lot;
using twins::fab::LotPlace;
using twins::fab::None;
using twins::fab::State;

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};

std::string lot_name_proposal(const Tongue& t, std::uint32_t lot) {
  return lot < t.dialect.lots.size() ? t.dialect.lots[lot] : std::string();
}
std::uint32_t lot_named(const Tongue& t, const std::string& name) {
  const auto at = t.dialect.lot_of.find(name);
  return at == t.dialect.lot_of.end() ? None : at->second;
}
std::uint32_t tool_named(const Layout& m, std::string_view name) {
  for (std::uint32_t k = 0; k < m.tools(); ++k)
    if (m.tool_name(k) == name) return k;
  return None;
}
const Lot* lot_of(const State& x, std::uint32_t id) {
  for (const Lot& lot : x.lots)
    if (lot.id == id && lot.place != LotPlace::Free) return &lot;
  return nullptr;
}

// The moment at which something ends, in the act; none: it stays.
std::optional<Tick> end_of(const Tongue& t, Tick until) {
  if (until == twin::core::Never) return std::nullopt;
  return until + t.time_zero_ms;
}
std::string for_hours(const State& x, Tick until) {
  if (until == twin::core::Never) return "";
  return fmt::format(" for {:.0f} h", static_cast<double>(until - x.now) / twins::fab::HourMs);
}

struct Saying {
  const Tongue& t;
  const State& x;

  people::Act of_lot(const char* kind, std::uint32_t lot) const {
    people::Act act;
    act.kind = kind;
    act.target = lot_name_proposal(t, lot);
    act.lot = act.target;
    return act;
  }
  people::Act of_tool(const char* kind, std::uint32_t tool, std::uint32_t calendar) const {
    people::Act act;
    act.kind = kind;
    act.target = t.layout.tool_name(tool);
    act.tool = act.target;
    act.parameter = "calendar";
    act.unit = "number";
    act.value = calendar;
    return act;
  }

  people::Act operator()(const decide::SetPriority& a) const {
    people::Act act = of_lot("priority", a.lot);
    act.parameter = "priority";
    act.unit = "number";
    act.value = a.priority;
    if (const Lot* lot = lot_of(x, a.lot)) act.from = lot->priority;
    act.until = end_of(t, a.until);
    act.words =
        fmt::format("Give lot {} priority {}{}.", act.target, a.priority, for_hours(x, a.until));
    return act;
  }
  people::Act operator()(const decide::HoldLot& a) const {
    people::Act act = of_lot("hold", a.lot);
    act.until = end_of(t, a.until);
    act.words = fmt::format("Hold lot {}{}.", act.target, for_hours(x, a.until));
    return act;
  }
  people::Act operator()(const decide::ReleaseLot& a) const {
    people::Act act = of_lot("release", a.lot);
    act.words = fmt::format("Release lot {} from hold.", act.target);
    return act;
  }
  people::Act operator()(const decide::StartPm& a) const {
    people::Act act = of_tool("start_pm", a.tool, a.calendar);
    act.words =
        fmt::format("Start maintenance {} of {} as soon as it is free.", a.calendar, act.target);
    return act;
  }
  people::Act operator()(const decide::ShiftPm& a) const {
    people::Act act = of_tool("shift_pm", a.tool, a.calendar);
    act.until = end_of(t, a.due);
    act.words = fmt::format("Do maintenance {} of {} in {:.0f} h.", a.calendar, act.target,
                            static_cast<double>(a.due - x.now) / twins::fab::HourMs);
    return act;
  }
  people::Act operator()(const decide::AcceptLot& /*of no name yet*/) const { return {}; }
};

std::string explained(const std::string& rule) {
  std::string text = rule;
  const std::string name = rule.substr(0, rule.find(':'));
  for (const auto& known : twins::fab::rule_names())
    if (known.name == name) text = fmt::format("{}: {}", rule, known.text);
  const std::string release = twins::fab::release_of(rule);
  if (!release.empty()) text += "; lots enter by " + release;
  const std::string tools = twins::fab::qualification_of(rule);
  if (!tools.empty()) text += "; tools by " + tools;
  return text;
}

// What takes it back.
people::Undo undo_of(const people::Act& act) {
  people::Undo undo{.reversal = people::Reversal::Whole};
  if (act.kind == "lot_starts") {
    undo.how = "start lots as before; those that were kept outside come at once";
  } else if (act.kind == "qualification") {
    undo.how = "use the tools as before";
  } else if (act.kind == "rule") {
    undo.how = fmt::format("dispatch by {} again", act.policy_from.value_or("the former rule"));
  } else if (act.kind == "priority") {
    undo.how = fmt::format("give the lot priority {:.0f} again", act.from.value_or(0.0));
  } else if (act.kind == "hold") {
    undo.how = "release the lot";
  } else if (act.kind == "release") {
    undo.how = "hold the lot";
  } else if (act.kind == "shift_pm") {
    undo.how = "the former date, unless it has begun";
  } else {
    undo.reversal = people::Reversal::None;
    undo.cannot = "a maintenance that has begun";
  }
  return undo;
}

std::string rule_behind(const people::Act& act, const std::string& standing) {
  if (act.policy) return explained(*act.policy);
  if (act.kind == "priority")
    return "the lots with the least slack at the groups that most work waits for go first, those "
           "with the most wait; under " +
           explained(standing);
  if (act.tool) return "maintenance when little waits for its group; under " + explained(standing);
  return explained(standing);
}

people::Interval interval_proposal(const decide::Weighed& w) {
  const double mean = w.benefit.mean;
  return {std::min(w.likely_low, mean), mean, std::max(w.likely_high, mean), 0.9};
}

double gain_of(std::span<const decide::Outcome> standing, std::span<const decide::Outcome> other,
               std::uint64_t pairs, decide::Objective objective) {
  twin::math::Moments gain;
  for (std::size_t k = 0; k < pairs; ++k)
    gain.add(decide::value_of(objective, standing[k]) - decide::value_of(objective, other[k]));
  return gain.mean();
}

// One reason: what is looked at, and the fab without it.
struct Reason {
  people::Factor factor;
  std::string change;  // as a sentence's subject: "nothing waits at ETCH"
  decide::Change without;
  std::string binding;  // what it is called where it is what binds; empty: it cannot be
};

std::vector<Reason> reasons_proposal(const Tongue& t, const State& x, std::uint32_t groups) {
  const Layout& m = t.layout;
  std::vector<Reason> all;
  for (const std::uint32_t g : decide::waited_for(m, x)) {
    if (all.size() == groups) break;
    const std::string& name = m.description.tool_groups[g].name;
    Reason r;
    double waiting = 0.0;
    for (const Lot& lot : x.lots) {
      if (lot.place != LotPlace::Queued || m.steps[lot.step].group != g) continue;
      waiting += 1.0;
      if (!lot.hold_requested) r.without.anyway.emplace_back(decide::HoldLot{lot.id});
    }
    r.factor = {"lots that wait at " + name, waiting, "lots", 0.0};
    r.change = "what waits at " + name + " is out of the way";
    r.binding = fmt::format("capacity of {} ({} tools)", name, m.groups[g].tools);
    all.push_back(std::move(r));
  }
  double lots = 0.0, late = 0.0;
  for (const Lot& lot : x.lots) {
    if (lot.place == LotPlace::Free || lot.place == LotPlace::Finished) continue;
    lots += 1.0;
    late += lot.due < x.now ? 1.0 : 0.0;
  }
  Reason r;
  r.factor = {"lots that are past their due dates", late, "lots", 0.0};
  r.change = "all due dates are two days later";
  r.without.later_due = static_cast<Tick>(48.0 * twins::fab::HourMs);
  if (lots > 0.0) all.push_back(std::move(r));
  return all;
}

}  // namespace

std::optional<people::Act> act_of(const Tongue& tongue, const State& x,
                                  const decide::Alternative& of, std::string_view standing) {
  people::Act act;
  if (!of.rule.empty()) {
    if (!of.acts.empty() || of.rule == standing) return std::nullopt;
    const auto now = [&](const char* kind, const char* target, std::string words) {
      act.kind = kind;
      act.target = target;
      act.policy = of.rule;
      act.policy_from = std::string(standing);
      act.words = std::move(words);
      return act;
    };
    const auto or_else = [](std::string words, const char* none) {
      return words.empty() ? std::string(none) : words;
    };
    if (twins::fab::without_qualification(of.rule) == twins::fab::without_qualification(standing)) {
      const auto tools = [&](std::string_view rule) {
        return or_else(twins::fab::qualification_of(rule), "all for all");
      };
      return now("qualification", "tools",
                 fmt::format("Use tools by {} from now on, by {} so far.", tools(of.rule),
                             tools(standing)));
    }
    if (twins::fab::without_release(of.rule) == twins::fab::without_release(standing)) {
      const auto starts = [&](std::string_view rule) {
        return or_else(twins::fab::release_of(rule), "schedule");
      };
      return now("lot_starts", "lot_starts",
                 fmt::format("Start lots by {} from now on, by {} so far.", starts(of.rule),
                             starts(standing)));
    }
    return now("rule", "dispatching",
               fmt::format("Dispatch by {} from now on, by {} so far.", of.rule, standing));
  }
  if (of.acts.size() != 1) return std::nullopt;
  act = std::visit(Saying{tongue, x}, of.acts.front());
  if (!people::is_name(act.target)) return std::nullopt;
  return act;
}

std::optional<decide::Alternative> alternative_of(const Tongue& t, const people::Act& act) {
  decide::Alternative of{.name = act.words, .rule = {}, .acts = {}};
  const Tick until = act.until ? *act.until - t.time_zero_ms : twin::core::Never;
  const auto number = static_cast<std::int64_t>(act.value.value_or(0.0));
  if (act.kind == "rule" || act.kind == "lot_starts" || act.kind == "qualification") {
    if (!act.policy) return std::nullopt;
    of.rule = *act.policy;
    return of;
  }
  if (act.kind == "start_pm" || act.kind == "shift_pm") {
    const std::uint32_t tool = tool_named(t.layout, act.tool.value_or(""));
    if (tool == None || number < 0) return std::nullopt;
    const auto calendar = static_cast<std::uint32_t>(number);
    if (act.kind == "start_pm") {
      of.acts.emplace_back(decide::StartPm{tool, calendar});
    } else {
      of.acts.emplace_back(decide::ShiftPm{tool, calendar, until});
    }
    return of;
  }
  const std::uint32_t lot = lot_named(t, act.lot.value_or(""));
  if (lot == None) return std::nullopt;
  if (act.kind == "priority") {
    of.acts.emplace_back(decide::SetPriority{lot, static_cast<std::int32_t>(number), until});
  } else if (act.kind == "hold") {
    of.acts.emplace_back(decide::HoldLot{lot, until});
  } else if (act.kind == "release") {
    of.acts.emplace_back(decide::ReleaseLot{lot});
  } else {
    return std::nullopt;
  }
  return of;
}

std::vector<std::string> tools_of(const Tongue& t, const State& x, const people::Act& act) {
  if (act.tool) return {*act.tool};
  const Lot* lot = act.lot ? lot_of(x, lot_named(t, *act.lot)) : nullptr;
  if (lot == nullptr) return {};
  const std::uint32_t group = t.layout.steps[lot->step].group;
  std::vector<std::string> all;
  for (std::uint32_t k = 0; k < t.layout.tools(); ++k)
    if (t.layout.tool_group[k] == group) all.push_back(t.layout.tool_name(k));
  return all;
}

std::uint64_t target_of(const Tongue& t, const State& x, const people::Act& act,
                        std::string_view standing) {
  twin::core::Hash64 hash;
  const auto take = [&](auto value) { hash.absorb(&value, sizeof value); };
  hash.absorb(act.kind.data(), act.kind.size());
  if (act.lot) {
    const Lot* lot = lot_of(x, lot_named(t, *act.lot));
    take(lot == nullptr);
    if (lot != nullptr) {
      take(lot->place);
      take(lot->step);
      take(lot->priority);
      take(lot->hold_requested);
    }
  } else if (act.tool) {
    const std::uint32_t tool = tool_named(t.layout, *act.tool);
    take(tool);
    if (tool != None) {
      take(x.tools[tool].pm);
      for (std::uint32_t c = 0; c < t.layout.max_pms; ++c)
        take(x.pms[tool * t.layout.max_pms + c].asked);
    }
  } else {
    hash.absorb(standing.data(), standing.size());
  }
  return hash.digest();
}

std::optional<people::Recommendation> proposal(const Tongue& tongue, decide::Rollouts& rollouts,
                                               const decide::Advice& advice,
                                               const decide::AdviceAsked& how,
                                               const people::Rules& rules,
                                               const ProposalAsked& asked, unsigned threads) {
  if (advice.best == 0 || (advice.validity && !advice.validity->holds)) return std::nullopt;
  const State& x = rollouts.start();
  const std::string& standing = rollouts.asked().standing;
  const auto act = act_of(tongue, x, rollouts.menu()[advice.best], standing);
  if (!act) return std::nullopt;
  const people::ActionClass* action = rules.find(act->kind);
  if (action == nullptr) return std::nullopt;
  const decide::Weighed& best = advice.weighed[advice.best];
  // A difference that does not matter is not worth anybody's time; whoever asks for a value gets its figures.
  if (asked.worth == Worth::More && best.benefit.mean <= advice.zone) return std::nullopt;

  // The best few, which another fab might prefer.
  std::vector<const decide::Weighed*> ranked;
  for (const decide::Weighed& w : advice.weighed)
    if (w.alternative != 0 && w.alternative != advice.best && !w.out) ranked.push_back(&w);
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto* a, const auto* b) { return a->benefit.mean > b->benefit.mean; });
  if (ranked.size() > asked.others) ranked.resize(asked.others);

  people::Recommendation r;
  r.id = asked.id;
  r.made = asked.made_ms;
  r.expires = asked.expires_ms;
  r.proposer = "twin";
  r.act = *act;
  r.why.rule = rule_behind(*act, standing);
  r.benefit = {.objective = std::string(to_string(how.objective)),
               .unit = "h",
               .gain = interval_proposal(best),
               .probability_best = advice.probability,
               .horizon_ms = static_cast<Tick>(rollouts.asked().horizon_hours * twins::fab::HourMs),
               .compared = static_cast<std::uint32_t>(advice.weighed.size()),
               .runs = static_cast<std::uint32_t>(best.pairs)};
  r.downside = {.probability_worse = best.worse,
                .cvar = best.downside.conditional_value_at_risk,
                .level = how.level};
  r.assumed = asked.assumed;
  r.assumed.target = {target_of(tongue, x, *act, standing)};
  for (const decide::Weighed* w : ranked)
    r.what_if.push_back({rollouts.menu()[w->alternative].name, interval_proposal(*w)});
  // What the limits of queue times cost.
  const decide::Weighed* dearest = nullptr;
  for (const decide::Weighed& w : advice.weighed)
    if (w.late_out && w.benefit.mean > best.benefit.mean &&
        (dearest == nullptr || w.benefit.mean > dearest->benefit.mean))
      dearest = &w;
  if (dearest != nullptr)
    r.what_if.push_back({fmt::format("not proposed for its queue times ({} of {} runs): {}",
                                     dearest->late.violations, dearest->late.scenarios,
                                     rollouts.menu()[dearest->alternative].name),
                         interval_proposal(*dearest)});
  // A priority may be another one, as long as it is one that a plant takes.
  if (act->kind == "priority") r.edit = people::Bound{.least = -1'000.0, .most = 1'000.0};
  r.undo = undo_of(*act);
  r.role = action->role;
  r.persons = action->persons;
  r.level = action->level;

  // Each reason is taken away, and the choice among the first is made again with the same luck.
  std::vector<std::size_t> contenders = {0, advice.best};
  for (std::size_t k = 0; k < ranked.size() && k < 2; ++k)
    contenders.push_back(ranked[k]->alternative);
  std::vector<twin::decide::Runs> runs;
  for (std::size_t a = 0; a < contenders.size(); ++a) runs.push_back({a, 0, asked.pairs});
  const double gain = gain_of(rollouts.outcomes(0), rollouts.outcomes(advice.best),
                              std::min(asked.pairs, best.pairs), how.objective);
  double heaviest = 0.1;  // what carries less than a tenth does not bind
  for (Reason& reason : reasons_proposal(tongue, x, asked.groups)) {
    decide::Rollouts other = rollouts.changed(contenders, std::move(reason.without));
    other.run(runs, threads);
    std::size_t chosen = 0;
    double most = advice.zone;
    for (std::size_t a = 1; a < contenders.size(); ++a) {
      const double g = gain_of(other.outcomes(0), other.outcomes(a), asked.pairs, how.objective);
      if (g > most) {
        most = g;
        chosen = a;
      }
    }
    const double left = gain_of(other.outcomes(0), other.outcomes(1), asked.pairs, how.objective);
    if (gain > 0.0) reason.factor.weight = std::clamp(1.0 - left / gain, -1.0, 1.0);
    if (!reason.binding.empty() && reason.factor.weight > heaviest) {
      heaviest = reason.factor.weight;
      r.why.binding = reason.binding;
    }
    r.why.flips.push_back({.change = reason.change,
                           .flips = chosen != 1,
                           .instead = chosen == 1 ? "" : rollouts.menu()[contenders[chosen]].name});
    r.why.factors.push_back(std::move(reason.factor));
  }
  std::stable_sort(
      r.why.factors.begin(), r.why.factors.end(),
      [](const people::Factor& a, const people::Factor& b) { return a.weight > b.weight; });
  return r;
}

}  // namespace apps::fabtwin::serve
