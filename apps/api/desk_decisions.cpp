// Recommendations and scenarios.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "apps/api/desk.hpp"
#include "apps/api/gives.hpp"
#include "apps/api/refused.hpp"
#include "apps/api/whole.hpp"
#include "twin/core/error.hpp"

namespace apps::api {
namespace {

using people::Asked;
using people::Case;
using people::Step;

CaseLine summary_of(std::uint64_t number, const Case& one, const people::Sequel* sequel) {
  CaseLine line{.number = number,
                .id = one.content.id,
                .stage = one.stage,
                .since = one.since,
                .expires = one.content.expires,
                .digest = one.digest,
                .kind = one.content.act.kind,
                .target = one.content.act.target,
                .words = one.content.act.words,
                .approvals = static_cast<std::uint32_t>(one.approvals.size()),
                .persons = one.content.persons,
                .promised = one.content.benefit.gain.mean,
                .unit = one.content.benefit.unit};
  if (sequel != nullptr && sequel->outcome) {
    line.realised = sequel->outcome->realised.mean;
    line.inside = sequel->outcome->inside;
  }
  return line;
}

// What was carried out by hand stays acknowledged, as nobody reads it back: it is over when it is known what
// came of it.
bool is_over(const Case& one, const people::Sequel* sequel) {
  return people::has_ended(one.stage) || (sequel != nullptr && sequel->outcome);
}

// Of somebody's roles the one that he takes the step in: of several that may, the one that is asked for.
people::Capacity capacity(const Visitor& who, people::Permission what, const Case* one) {
  if (what == people::Permission::Approve && one != nullptr &&
      std::ranges::count(who.roles, one->content.role) != 0)
    return people::capacity_of(one->content.role);
  const auto at =
      std::ranges::find_if(who.roles, [&](people::Role role) { return people::may(role, what); });
  return people::capacity_of(at == who.roles.end() ? people::Role::Viewer : *at);
}

}  // namespace

Answer Desk::cases(const Question& q) const {
  const std::string* stage = q.target.find("stage");
  const std::string wanted = stage == nullptr ? "open" : *stage;
  if (wanted != "open" && wanted != "ended" && wanted != "all")
    people::refuse("query.stage", "one of open, ended, all is wanted");
  const std::uint64_t before =
      whole_of(q.target, "before", {.fallback = std::numeric_limits<std::int64_t>::max()});
  const std::uint64_t limit =
      whole_of(q.target, "limit", {.fallback = 50, .least = 1, .most = 200});
  CaseLines lines;
  const auto& all = people_.cases();
  for (auto at = all.rbegin(); !lines.next && at != all.rend(); ++at) {
    if (at->first >= before) continue;
    const people::Sequel* sequel = people_.sequel(at->second.content.id);
    if (wanted != "all" && (wanted == "ended") != is_over(at->second, sequel)) continue;
    if (lines.cases.size() == limit) {
      lines.next = lines.cases.back().number;
    } else {
      lines.cases.push_back(summary_of(at->first, at->second, sequel));
    }
  }
  return give(q.route, lines);
}

Answer Desk::show_case(const Question& q) const {
  const Case* one = people_.find(q.names[0]);
  if (one == nullptr)
    throw Refused(404, fmt::format("there is no recommendation '{}'", q.names[0]));
  return give(q.route, *one);
}

Answer Desk::outcome(const Question& q) const {
  const people::Sequel* sequel = people_.sequel(q.names[0]);
  if (sequel == nullptr || !sequel->outcome)
    throw Refused(404, fmt::format("nobody knows yet what came of '{}'", q.names[0]));
  return give(q.route, *sequel->outcome);
}

Answer Desk::decided(const Question& q, const Asked& asked) {
  if (asked.step != Step::Propose && people_.find(asked.id) == nullptr)
    throw Refused(404, fmt::format("there is no recommendation '{}'", asked.id));
  if (const std::string why = go(asked, q.request.now); !why.empty()) throw Refused(409, why);
  Answer a = give(q.route, *people_.find(asked.id));
  if (asked.step == Step::Propose)
    a.headers.emplace_back("Location", "/v1/recommendations/" + asked.id);
  return a;
}

Answer Desk::propose(const Question& q) {
  auto content = body_of<people::Recommendation>(q.route, q.request);
  // It becomes a name in a path.
  if (content.id.find_first_of("/?#%") != std::string::npos || content.id[0] == '.')
    people::refuse("body.id", "may not hold / ? # % nor begin with a dot");
  if (port_.complete) port_.complete(content);
  const std::string id = content.id;
  return decided(q, {.id = id,
                     .step = Step::Propose,
                     .actor = q.who.account,
                     .capacity = capacity(q.who, q.route.permission, nullptr),
                     .content = std::move(content)});
}

Answer Desk::step(const Question& q, Step step) {
  auto asked = body_of<DecisionAsked>(q.route, q.request);
  const Case* one = people_.find(q.names[0]);
  return decided(q, {.id = q.names[0],
                     .step = step,
                     .actor = q.who.account,
                     .capacity = capacity(q.who, q.route.permission, one),
                     .reason = asked.reason.value_or(people::Reason::None),
                     .remark = asked.remark.value_or(""),
                     .seen = asked.seen,
                     .signature = asked.signature});
}

Answer Desk::edit(const Question& q) {
  auto asked = body_of<EditAsked>(q.route, q.request);
  const Scenarios::Kept* kept = scenarios_.find(asked.trial);
  if (kept == nullptr || kept->line.kind != ScenarioKind::Trial || kept->of != q.names[0])
    throw Refused(409, fmt::format("'{}' is no trial of '{}'", asked.trial, q.names[0]));
  if (kept->seen != asked.seen)
    throw Refused(
        409, fmt::format("'{}' was another text when '{}' was tried", q.names[0], asked.trial));
  Outcome outcome = port_.outcome(asked.trial);
  scenarios_.settle(asked.trial, outcome);
  if (outcome.stage != ScenarioStage::Done || !outcome.edited)
    throw Refused(409, fmt::format("the trial '{}' is not done", asked.trial));
  return decided(q, {.id = q.names[0],
                     .step = Step::Edit,
                     .actor = q.who.account,
                     .capacity = capacity(q.who, q.route.permission, nullptr),
                     .reason = asked.reason.value_or(people::Reason::None),
                     .remark = asked.remark.value_or(""),
                     .seen = asked.seen,
                     .content = std::move(outcome.edited)});
}

// What somebody says goes into the record under that name, or is refused as things stand.
template <class Said>
Answer Desk::told(const Question& q,
                  const std::function<void(const Said&, const std::string& who, Tick now)>& tell) {
  const auto said = body_of<Said>(q.route, q.request);
  try {
    tell(said, q.who.account, q.request.now);
  } catch (const twin::core::Error& e) {
    throw Refused(409, e.what());
  }
  return give(q.route, said);
}

Answer Desk::shelve(const Question& q) { return told(q, port_.shelve); }
Answer Desk::validate(const Question& q) { return told(q, port_.validated); }
Answer Desk::acknowledge_alarms(const Question& q) { return told(q, port_.acknowledge_alarms); }

void Desk::settle(const std::string& id) { scenarios_.settle(id, port_.outcome(id)); }

// What takes long begins under the next name, if there is room for it and it is possible now.
Answer Desk::begun(const Question& q, Scenarios::Kept kept,
                   const std::function<std::string(const std::string& id)>& begin) {
  if (auto no = entrance_.scenario(q.who.account, q.request.now)) return *no;
  if (const std::string why = scenarios_.refusal(q.who.account); !why.empty())
    throw Refused(409, why);
  const std::string id = scenarios_.next();
  if (const std::string why = begin(id); !why.empty()) throw Refused(409, why);
  kept.line.id = id;
  kept.line.by = q.who.account;
  kept.line.at = q.request.now;
  Answer a = give(q.route, kept.line);
  if (const std::string gone = scenarios_.add(std::move(kept)); !gone.empty()) port_.drop(gone);
  a.headers.emplace_back("Location", "/v1/scenarios/" + id);
  return a;
}

Answer Desk::try_value(const Question& q) {
  const auto asked = body_of<TrialAsked>(q.route, q.request);
  const Case* one = people_.find(q.names[0]);
  if (one == nullptr)
    throw Refused(404, fmt::format("there is no recommendation '{}'", q.names[0]));
  if (!people::next(one->stage, Step::Edit) || !one->content.edit)
    throw Refused(409, fmt::format("'{}' cannot be edited", q.names[0]));
  const people::Bound& bound = *one->content.edit;
  if (asked.value < bound.least || asked.value > bound.most)
    throw Refused(409,
                  fmt::format("{} lies outside {} to {}", asked.value, bound.least, bound.most));
  return begun(
      q,
      {.line = {.kind = ScenarioKind::Trial,
                .words = fmt::format("{} with {} {}", q.names[0], asked.value,
                                     one->content.act.unit.value_or(""))},
       .of = q.names[0],
       .seen = one->digest},
      [&](const std::string& id) { return port_.try_value(id, one->content, asked.value); });
}

Answer Desk::ask_scenario(const Question& q) {
  const auto asked = body_of<Scenario>(q.route, q.request);
  return begun(q, {.line = {.kind = ScenarioKind::WhatIf, .words = asked.words}},
               [&](const std::string& id) { return port_.simulate(id, asked); });
}

Answer Desk::ask_moment(const Question& q) {
  const auto asked = body_of<MomentAsked>(q.route, q.request);
  if (asked.at > q.request.now) throw Refused(409, "that is yet to come");
  return begun(
      q,
      {.line = {.kind = ScenarioKind::Past, .words = fmt::format("the twin as of {}", asked.at)}},
      [&](const std::string& id) { return port_.go_back(id, asked.at); });
}

Answer Desk::scenarios(const Question& q) {
  ScenarioLines lines;
  for (const Scenarios::Kept& kept : scenarios_.all()) lines.scenarios.push_back(kept.line);
  std::ranges::reverse(lines.scenarios);
  return give(q.route, lines);
}

Answer Desk::scenario(const Question& q) {
  if (scenarios_.find(q.names[0]) == nullptr)
    throw Refused(404, fmt::format("there is no scenario '{}'", q.names[0]));
  settle(q.names[0]);
  return give(q.route, scenarios_.find(q.names[0])->line);
}

Answer Desk::result(const Question& q) {
  if (scenarios_.find(q.names[0]) == nullptr)
    throw Refused(404, fmt::format("there is no scenario '{}'", q.names[0]));
  Outcome outcome = port_.outcome(q.names[0]);
  scenarios_.settle(q.names[0], outcome);
  if (outcome.stage == ScenarioStage::Waiting)
    throw Refused(409, fmt::format("'{}' is not done yet", q.names[0]));
  if (outcome.stage == ScenarioStage::Failed)
    throw Refused(409, fmt::format("'{}' has failed ({})", q.names[0], outcome.why));
  return {.body = std::move(outcome.json)};
}

Answer Desk::reading(const Question& q, Topic topic) const {
  auto text = port_.read({.topic = topic,
                          .name = q.names.empty() ? "" : q.names[0],
                          .query = q.target.query,
                          .now = q.request.now});
  if (!text) throw Refused(404, "there is nothing of this name");
  Answer a{.body = std::move(*text)};
  if (topic == Topic::Metrics) a.type = "text/plain; version=0.0.4; charset=utf-8";
  return a;
}

}  // namespace apps::api
