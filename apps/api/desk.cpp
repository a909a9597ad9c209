// The way of a question to its answer, and what the desk does by itself.
#include "apps/api/desk.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "apps/api/gives.hpp"
#include "apps/api/openapi.hpp"
#include "apps/api/refused.hpp"
#include "twin/core/error.hpp"

namespace apps::api {
namespace {

using people::Step;

std::string roles_text(const people::Roles& roles) {
  std::string text;
  for (const people::Role role : roles)
    text += (text.empty() ? "" : ", ") + std::string(people::word(role));
  return text;
}

void check_query(const Route& route, const Target& target) {
  for (const auto& pair : target.query) {
    if (std::ranges::find(route.queries, pair.first, &Query::name) == route.queries.end())
      people::refuse("query", fmt::format("knows no '{}'", pair.first.substr(0, 40)));
  }
}

}  // namespace

Desk::Desk(TwinPort port, DeskOptions options)
    : port_(std::move(port)), options_(std::move(options)), entrance_(options_.paces) {
  people::check(options_.rules, "rules");
  if (options_.openapi.empty()) options_.openapi = openapi_text();
}

Answer Desk::ask(const Request& request) {
  const std::uint64_t before = people_.trail().size();
  Answer a = answer(request);
  if (people_.trail().size() != before) a.waits_for = people_.trail().size();
  return a;
}

Answer Desk::answer(const Request& request) {
  Target target;
  try {
    target = read_target(request.target);
  } catch (const twin::core::Error& e) {
    if (auto no = entrance_.stranger(request)) return *no;
    return problem(400, e.what());
  }
  const Found found = find_route(request.method, target);
  if (found.route == nullptr) {
    if (auto no = entrance_.stranger(request)) return *no;
    if (found.allow.empty()) return problem(404, "there is nothing at this path");
    Answer a = problem(405, fmt::format("this path answers {}", found.allow));
    a.headers.emplace_back("Allow", found.allow);
    return a;
  }
  const Route& route = *found.route;
  Visitor who;
  if (route.permission == people::Permission::None) {
    if (auto no = entrance_.stranger(request)) return *no;
  } else {
    auto came = entrance_.visitor(people_.accounts(), request,
                                  route.op == Op::Stream ? target.find("ticket") : nullptr);
    if (std::holds_alternative<Answer>(came)) return std::get<Answer>(std::move(came));
    who = std::get<Visitor>(std::move(came));
  }
  Answer a = checked({request, route, target, found.names, who});
  a.account = who.account;
  return a;
}

Answer Desk::checked(const Question& q) {
  const std::string_view permission = people::word(q.route.permission);
  if (q.who.use == people::TokenUse::Once && q.route.op != Op::Enter)
    return problem(403, "a token of one use opens a session, nothing else");
  if (!people::may(q.who.roles, q.route.permission))
    return problem(403, fmt::format("'{}' ({}) has not the permission '{}'", q.who.account,
                                    roles_text(q.who.roles), permission));
  if (q.request.body.size() > options_.body_bytes_max)
    return problem(413, fmt::format("the body has {} bytes (at most {})", q.request.body.size(),
                                    options_.body_bytes_max));
  if (q.route.takes.empty() && !q.request.body.empty()) return problem(400, "this takes no body");
  if (!q.route.takes.empty() && q.request.content_type != "application/json")
    return problem(415, "the body must be application/json");
  try {
    check_query(q.route, q.target);
    return answer(q);
  } catch (const Refused& e) {
    Answer a = problem(e.status(), e.what());
    if (e.status() == 503) a.headers.emplace_back("Retry-After", "1");
    return a;
  } catch (const twin::core::Error& e) {
    return problem(400, e.what());
  } catch (const std::exception& e) {  // one question ends no server
    return problem(500, e.what());
  }
}

Answer Desk::answer(const Question& q) {
  switch (q.route.op) {
    case Op::Health: return give(q.route, Health{.now = q.request.now});
    case Op::OpenApi: return {.body = options_.openapi};
    case Op::Enter: return enter(q);
    case Op::ShowMe: return me(q);
    case Op::ShowTokens: return tokens(q);
    case Op::NewToken: return own_token(q);
    case Op::EndToken: return end_token(q);
    case Op::NewTicket: return ticket(q);
    case Op::Stream: return stream(q);
    case Op::ShowState: return reading(q, Topic::State);
    case Op::ShowLots: return reading(q, Topic::Lots);
    case Op::ShowLot: return reading(q, Topic::Lot);
    case Op::ShowGroups: return reading(q, Topic::Groups);
    case Op::ShowGroup: return reading(q, Topic::Group);
    case Op::ShowTool: return reading(q, Topic::Tool);
    case Op::ShowSeries: return reading(q, Topic::Series);
    case Op::ShowForecasts: return reading(q, Topic::Forecasts);
    case Op::ShowMetrics: return reading(q, Topic::Metrics);
    case Op::ShowAlarms: return reading(q, Topic::Alarms);
    case Op::ShowFab: return reading(q, Topic::Fab);
    case Op::ShowTools: return reading(q, Topic::Tools);
    case Op::ShowJobs: return reading(q, Topic::Jobs);
    case Op::ShowScores: return reading(q, Topic::Scores);
    case Op::ShowDoubts: return reading(q, Topic::Doubts);
    case Op::ShowQuarantine: return reading(q, Topic::Quarantine);
    case Op::ShowProvenances: return reading(q, Topic::Provenances);
    case Op::ShowProvenance: return reading(q, Topic::Provenance);
    case Op::ShowEntry: return reading(q, Topic::Entry);
    case Op::ShowMoments: return reading(q, Topic::Moments);
    case Op::AskMoment: return ask_moment(q);
    case Op::ShowWafers: return reading(q, Topic::Wafers);
    case Op::ShowWaferMaps: return reading(q, Topic::WaferMaps);
    case Op::Shelve: return shelve(q);
    case Op::AcknowledgeAlarms: return acknowledge_alarms(q);
    case Op::Validate: return validate(q);
    case Op::ShowRules: return give(q.route, options_.rules);
    case Op::ShowScenarios: return scenarios(q);
    case Op::AskScenario: return ask_scenario(q);
    case Op::ShowScenario: return scenario(q);
    case Op::ShowResult: return result(q);
    case Op::ShowCases: return cases(q);
    case Op::Propose: return propose(q);
    case Op::ShowCase: return show_case(q);
    case Op::ShowOutcome: return outcome(q);
    case Op::ShowLearning: return give(q.route, people::view_of(people_.learning()));
    case Op::TryValue: return try_value(q);
    case Op::Edit: return edit(q);
    case Op::Approve: return step(q, Step::Approve);
    case Op::Reject: return step(q, Step::Reject);
    case Op::Send: return step(q, Step::Send);
    case Op::Acknowledge: return step(q, Step::Acknowledge);
    case Op::Fail: return step(q, Step::Fail);
    case Op::Verify: return step(q, Step::Verify);
    case Op::Undo: return step(q, Step::Undo);
    case Op::ShowAudit: return audit(q);
    case Op::ShowAccounts: return accounts(q);
    case Op::OpenAccount: return open_account(q);
    case Op::ChangeRoles: return change_roles(q);
    case Op::CloseAccount: return close_account(q);
    case Op::RenewToken: return renew_token(q);
    case Op::RevokeTokens: return revoke_tokens(q);
  }
  return problem(500, "a route without an answer");
}

void Desk::record(const twin::core::Note& note) {
  // What could not be folded at the next start must not get into the record.
  if (note.kind == people::DecisionNote) {
    static_cast<void>(people::entry_of<people::DecisionEntry>(note));
  } else {
    static_cast<void>(people::entry_of<people::AccountEntry>(note));
  }
  try {
    port_.record(note);
  } catch (const twin::core::Error& e) {
    throw Refused(503, fmt::format("it cannot be recorded now ({})", e.what()));
  }
  people_.apply(note);
}

people::Moment Desk::moment_of(const people::Case* one, const people::Asked& asked,
                               Tick now) const {
  people::Moment moment = port_.moment(one != nullptr ? one->content : *asked.content, now);
  moment.now = now;
  return moment;
}

std::string Desk::take(const people::Asked& asked, Tick now) {
  try {
    return go(asked, now);
  } catch (const Refused& e) {
    return e.what();
  }
}

std::string Desk::go(const people::Asked& asked, Tick now) {
  const people::Case* one = people_.find(asked.id);
  if (one == nullptr && !asked.content)
    return fmt::format("there is no recommendation '{}'", asked.id);
  const auto open = std::ranges::count_if(
      people_.cases(), [](const auto& c) { return !people::has_ended(c.second.stage); });
  if (asked.step == Step::Propose && open >= static_cast<std::ptrdiff_t>(options_.open_cases_max))
    return fmt::format("{} recommendations are open (at most {})", open, options_.open_cases_max);
  const people::Moment moment = moment_of(one, asked, now);
  if (std::string why = people::refusal(options_.rules, one, asked, moment); !why.empty())
    return why;
  if (port_.objection) {
    if (std::string why = port_.objection(one, asked); !why.empty()) return why;
  }
  const std::uint64_t number = people_.trail().size();
  record(people_.note(one, asked, moment));
  const people::Case& after = *people_.find(asked.id);
  news_.push_back({.type = "decision",
                   .json = people::to_json(DecisionNews{.number = number,
                                                        .at = now,
                                                        .id = asked.id,
                                                        .step = asked.step,
                                                        .stage = after.stage,
                                                        .digest = after.digest,
                                                        .actor = asked.actor}),
                   .waits_for = number + 1});
  return {};
}

void Desk::tick(Tick now) {
  for (const auto& kept : scenarios_.all()) {
    if (kept.line.stage == ScenarioStage::Waiting) settle(std::string(kept.line.id));
  }
  try {
    if (const auto entry = entrance_.turned_away(now)) record(people_.note(*entry));
    std::vector<std::string> open;
    for (const auto& [number, one] : people_.cases()) {
      if (people::next(one.stage, Step::Expire)) open.push_back(one.content.id);
    }
    using R = people::Reason;
    const people::Asked turns[] = {
        {.step = Step::Expire, .actor = "twin", .reason = R::TimePassed},
        {.step = Step::Expire, .actor = "twin", .reason = R::TargetMoved},
        {.step = Step::Expire, .actor = "twin", .reason = R::OldBelief},
        {.step = Step::Approve, .actor = "twin", .reason = R::NoVeto}};
    for (const std::string& id : open) {
      const people::Case* one = people_.find(id);
      const people::Moment moment = moment_of(one, {}, now);  // once: it may be dear
      for (people::Asked asked : turns) {
        asked.id = id;
        if (!people::refusal(options_.rules, one, asked, moment).empty()) continue;
        static_cast<void>(go(asked, now));
        break;
      }
    }
  } catch (const Refused&) {  // the record takes nothing now: the next tick tries again
  }
}

}  // namespace apps::api
