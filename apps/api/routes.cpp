// The table of routes.
#include "apps/api/routes.hpp"

#include <algorithm>
#include <array>

namespace apps::api {
namespace {

using P = twin::people::Permission;

constexpr std::string_view Text = R"({"type":"string","minLength":1,"maxLength":300})";
constexpr std::string_view Count = R"({"type":"integer","minimum":1,"maximum":200})";
constexpr std::string_view Number = R"({"type":"integer","minimum":0})";

// clang-format off
constexpr std::array<Query, 4> SeriesQueries = {{
    {"signal", "the signal, as the historian names it", Text},
    {"from", "from when, ISO 8601 in UTC; a day ago where it is left out", Text},
    {"until", "until when, ISO 8601 in UTC; now where it is left out", Text},
    {"points", "how many points at most", R"({"type":"integer","minimum":1,"maximum":10000})"}}};
constexpr std::array<Query, 3> CasesQueries = {{
    {"stage", "open (the default), ended (measured too), or all", R"({"type":"string","enum":["open","ended","all"]})"},
    {"before", "the number in front of which to go on", Number},
    {"limit", "how many at most; 50 where it is left out", Count}}};
constexpr std::array<Query, 2> AuditQueries = {{
    {"from", "number of the first entry; 0 where it is left out", Number},
    {"limit", "how many at most; 50 where it is left out", Count}}};
constexpr std::array<Query, 2> StreamQueries = {{
    {"ticket", "a ticket, for clients that cannot send a header here", Text},
    {"last", "the event that was heard last, for clients that cannot send Last-Event-ID", Text}}};
constexpr std::array<Query, 1> ForecastQueries = {{
    {"of", "\"fab\", or a tool group: that part alone; all where it is left out", Text}}};
constexpr std::array<Query, 3> JobsQueries = {{
    {"hours", "how far back; 12 where it is left out", R"({"type":"number","exclusiveMinimum":0,"maximum":168})"},
    {"group", "of this tool group alone", Text},
    {"tool", "of this tool alone", Text}}};
constexpr std::array<Query, 1> WaferQueries = {{
    {"ids", "numbers of maps, apart by commas, 200 at most", R"({"type":"string","minLength":1,"maxLength":2000})"}}};

constexpr std::array<Route, 61> Table = {{
    {Op::Health, "GET", "/v1/health", P::None,
     "", 200, "Health", "Whether the server answers"},
    {Op::OpenApi, "GET", "/v1/openapi.json", P::None,
     "", 200, OpenApiText, "This text"},
    {Op::Enter, "POST", "/v1/sessions", P::Enter,
     "", 201, "SessionGiven", "A session, for a token of one use or another session"},
    {Op::ShowMe, "GET", "/v1/me", P::Enter,
     "", 200, "Me", "Whose session this is and what it may"},
    {Op::ShowTokens, "GET", "/v1/tokens", P::Enter,
     "", 200, "TokenLines", "One's own tokens"},
    {Op::NewToken, "POST", "/v1/tokens", P::Enter,
     "", 201, "TokenGiven", "A token of one use for oneself, to come in another day"},
    {Op::EndToken, "DELETE", "/v1/tokens/{token}", P::Enter,
     "", 200, "TokenLines", "Ends one of one's own tokens, by its name; 'current': this one"},
    {Op::NewTicket, "POST", "/v1/tickets", P::Read,
     "", 201, "TokenGiven", "A ticket for one stream of events"},
    {Op::Stream, "GET", "/v1/events", P::Read,
     "", 200, Events, "Events as they come (Server-Sent Events)", StreamQueries},
    {Op::ShowState, "GET", "/v1/state", P::Read,
     "", 200, TwinsOwn, "The fab as it is believed to be"},
    {Op::ShowLots, "GET", "/v1/lots", P::Read,
     "", 200, TwinsOwn, "All lots"},
    {Op::ShowLot, "GET", "/v1/lots/{lot}", P::Read,
     "", 200, TwinsOwn, "One lot: where it is, what is expected of it"},
    {Op::ShowGroups, "GET", "/v1/groups", P::Read,
     "", 200, TwinsOwn, "All tool groups"},
    {Op::ShowGroup, "GET", "/v1/groups/{group}", P::Read,
     "", 200, TwinsOwn, "One tool group: its tools and its queue"},
    {Op::ShowTool, "GET", "/v1/tools/{tool}", P::Read,
     "", 200, TwinsOwn, "One tool"},
    {Op::ShowSeries, "GET", "/v1/series", P::Read,
     "", 200, TwinsOwn, "The history of one signal", SeriesQueries},
    {Op::ShowForecasts, "GET", "/v1/forecasts", P::Read,
     "", 200, TwinsOwn, "The newest forecast", ForecastQueries},
    {Op::ShowMetrics, "GET", "/v1/metrics", P::Read,
     "", 200, MetricsText, "The server's metrics, as Prometheus takes them"},
    {Op::ShowAlarms, "GET", "/v1/alarms", P::Read,
     "", 200, TwinsOwn, "What people are to respond to, in groups by cause"},
    {Op::ShowFab, "GET", "/v1/fab", P::Read,
     "", 200, TwinsOwn, "What the fab is made of, and what flows through it in a day"},
    {Op::ShowTools, "GET", "/v1/tools", P::Read,
     "", 200, TwinsOwn, "All tools"},
    {Op::ShowJobs, "GET", "/v1/jobs", P::Read,
     "", 200, TwinsOwn, "What tools did lately, as bars", JobsQueries},
    {Op::ShowScores, "GET", "/v1/scores", P::Read,
     "", 200, TwinsOwn, "How forecasts have held, in all and day by day"},
    {Op::ShowDoubts, "GET", "/v1/doubts", P::Read,
     "", 200, TwinsOwn, "Of which lots and tools the twin is not sure"},
    {Op::ShowQuarantine, "GET", "/v1/quarantine", P::Read,
     "", 200, TwinsOwn, "Messages that were set aside"},
    {Op::ShowProvenances, "GET", "/v1/provenance", P::Read,
     "", 200, TwinsOwn, "Names of the forecasts whose provenance is kept"},
    {Op::ShowProvenance, "GET", "/v1/provenance/{forecast}", P::Read,
     "", 200, TwinsOwn, "What a forecast rests on (W3C PROV-JSON)"},
    {Op::ShowEntry, "GET", "/v1/entries/{entry}", P::Read,
     "", 200, TwinsOwn, "One entry of the record, down to the bytes as they came"},
    {Op::ShowMoments, "GET", "/v1/moments", P::Read,
     "", 200, TwinsOwn, "From when until when the twin can be seen as it was"},
    {Op::AskMoment, "POST", "/v1/moments", P::Read,
     "MomentAsked", 202, "ScenarioLine", "Asks for the twin as it was: the record is folded again"},
    {Op::ShowWafers, "GET", "/v1/wafers", P::Read,
     "", 200, TwinsOwn, "All wafer maps, without their dies"},
    {Op::ShowWaferMaps, "GET", "/v1/wafers/maps", P::Read,
     "", 200, TwinsOwn, "Some wafer maps, die by die", WaferQueries},
    {Op::Shelve, "POST", "/v1/alarms/shelves", P::Reject,
     "ShelfAsked", 202, "ShelfAsked", "Puts an alarm aside for a time, with a reason"},
    {Op::AcknowledgeAlarms, "POST", "/v1/alarms/acknowledgements", P::Reject,
     "AlarmsSeen", 202, "AlarmsSeen", "Says that the alarms of one cause are seen"},
    {Op::Validate, "POST", "/v1/validations", P::Edit,
     "Validated", 202, "Validated", "Says that the twin was validated again, after an alarm about its forecasts"},
    {Op::ShowRules, "GET", "/v1/rules", P::Read,
     "", 200, "Rules", "The site's classes of action"},
    {Op::ShowScenarios, "GET", "/v1/scenarios", P::Read,
     "", 200, "ScenarioLines", "What was asked: what if"},
    {Op::AskScenario, "POST", "/v1/scenarios", P::WhatIf,
     "Scenario", 202, "ScenarioLine", "Asks: what if"},
    {Op::ShowScenario, "GET", "/v1/scenarios/{scenario}", P::Read,
     "", 200, "ScenarioLine", "What has become of a scenario"},
    {Op::ShowResult, "GET", "/v1/scenarios/{scenario}/result", P::Read,
     "", 200, TwinsOwn, "The result of a scenario that is done"},
    {Op::ShowCases, "GET", "/v1/recommendations", P::Read,
     "", 200, "CaseLines", "Recommendations, the newest first", CasesQueries},
    {Op::Propose, "POST", "/v1/recommendations", P::Propose,
     "Recommendation", 201, "Case", "Proposes one by hand"},
    {Op::ShowCase, "GET", "/v1/recommendations/{id}", P::Read,
     "", 200, "Case", "One recommendation and what has become of it"},
    {Op::ShowOutcome, "GET", "/v1/recommendations/{id}/outcome", P::Read,
     "", 200, "OutcomeEntry", "What came of it, beside what was promised"},
    {Op::ShowLearning, "GET", "/v1/learning", P::Read,
     "", 200, "Learning", "What was learnt from all that was decided"},
    {Op::TryValue, "POST", "/v1/recommendations/{id}/trials", P::Edit,
     "TrialAsked", 202, "ScenarioLine", "Simulates it with another value"},
    {Op::Edit, "POST", "/v1/recommendations/{id}/edit", P::Edit,
     "EditAsked", 200, "Case", "Takes a trial's value and figures"},
    {Op::Approve, "POST", "/v1/recommendations/{id}/approve", P::Approve,
     "DecisionAsked", 200, "Case", "Says yes"},
    {Op::Reject, "POST", "/v1/recommendations/{id}/reject", P::Reject,
     "DecisionAsked", 200, "Case", "Says no, with a reason"},
    {Op::Send, "POST", "/v1/recommendations/{id}/send", P::CarryOut,
     "DecisionAsked", 200, "Case", "It is being carried out by hand"},
    {Op::Acknowledge, "POST", "/v1/recommendations/{id}/acknowledge", P::CarryOut,
     "DecisionAsked", 200, "Case", "It has been carried out by hand"},
    {Op::Fail, "POST", "/v1/recommendations/{id}/fail", P::CarryOut,
     "DecisionAsked", 200, "Case", "It could not be carried out"},
    {Op::Verify, "POST", "/v1/recommendations/{id}/verify", P::CarryOut,
     "DecisionAsked", 200, "Case", "It is so, by what was read back"},
    {Op::Undo, "POST", "/v1/recommendations/{id}/undo", P::CarryOut,
     "DecisionAsked", 200, "Case", "It was taken back"},
    {Op::ShowAudit, "GET", "/v1/audit", P::Audit,
     "", 200, "AuditPage", "The trail of all decisions and accounts", AuditQueries},
    {Op::ShowAccounts, "GET", "/v1/accounts", P::Accounts,
     "", 200, "AccountLines", "All accounts"},
    {Op::OpenAccount, "POST", "/v1/accounts", P::Accounts,
     "NewAccount", 201, "TokenGiven", "Opens an account; gives its first token, of one use"},
    {Op::ChangeRoles, "PUT", "/v1/accounts/{name}/roles", P::Accounts,
     "NewRoles", 200, "AccountLine", "Gives other roles"},
    {Op::CloseAccount, "DELETE", "/v1/accounts/{name}", P::Accounts,
     "", 200, "AccountLine", "Closes an account for ever"},
    {Op::RenewToken, "POST", "/v1/accounts/{name}/tokens", P::Accounts,
     "", 201, "TokenGiven", "A new token of one use for somebody"},
    {Op::RevokeTokens, "DELETE", "/v1/accounts/{name}/tokens", P::Accounts,
     "", 200, "AccountLine", "Ends all sessions and tokens of somebody"},
}};
// clang-format on

// The names for what is open; nothing where the path is another one. Strangers ask for this, so it is cheap.
bool fits(std::string_view path, const Target& target, std::vector<std::string>& names) {
  names.clear();
  std::size_t k = 0;
  for (; !path.empty(); ++k) {
    const std::size_t end = std::min(path.find('/', 1), path.size());
    const std::string_view part = path.substr(1, end - 1);
    path.remove_prefix(end);
    if (k == target.path.size()) return false;
    if (is_open(part)) {
      names.push_back(target.path[k]);
    } else if (part != target.path[k]) {
      return false;
    }
  }
  return k == target.path.size();
}

}  // namespace

std::span<const Route> routes() { return Table; }

bool is_open(std::string_view name) { return name.starts_with('{'); }

std::vector<std::string_view> names_of(std::string_view path) {
  std::vector<std::string_view> names;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::size_t end = std::min(path.find('/'), path.size());
    names.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return names;
}

Found find_route(std::string_view method, const Target& target) {
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  Found found;
  std::vector<std::string> names;
  for (const Route& route : Table) {
    if (!fits(route.path, target, names)) continue;
    if (!found.allow.empty()) found.allow += ", ";
    found.allow += route.method;
    if (route.method == "GET") found.allow += ", HEAD";
    if (route.method == wanted) {
      found.route = &route;
      found.names = names;
    }
  }
  return found;
}

}  // namespace apps::api
