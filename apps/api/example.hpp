// A twin of no fab, for tests, fuzzing and benchmarks: it keeps notes in memory and answers everything with
// something small. And a house with an account of each role.
#pragma once
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "apps/api/desk.hpp"
#include "twin/core/error.hpp"
#include "twin/people/example.hpp"

namespace apps::api::example {

inline constexpr Tick Now = people::example::Now;  // [ms since 1970]

struct Twin {
  std::vector<twin::core::Note> notes = {};
  std::map<std::string, Outcome> outcomes = {};
  std::vector<std::string> dropped = {};
  std::vector<std::string> shelved = {}, seen = {}, validated = {};
  bool diverged = false;
  people::Moment moment{.state = {0x0123456789ABCDEF}, .target = {42}};
  std::string trouble = {};            // why nothing can be recorded; empty: it can
  std::string command = {};            // the guard's text, of all that is proposed by hand
  std::string against_approvals = {};  // why none is taken; empty: they are

  [[nodiscard]] std::optional<std::string> read(const Reading& reading) const {
    if (reading.topic == Topic::Metrics) return "fabtwin_up 1\n";
    if (reading.topic == Topic::Lot && reading.name != "L7") return {};
    if (reading.topic == Topic::Series && reading.query.empty())
      throw twin::core::Error("query: no signal");
    std::string json =
        "{\"topic\":" + std::to_string(static_cast<int>(reading.topic)) + ",\"name\":";
    people::put_json(json, std::string_view(reading.name));
    return json + "}";
  }
  std::string try_value(const std::string& id, people::Recommendation r, double value) {
    r.act.value = value;
    r.act.words = "Set it to another value.";
    outcomes[id] = {.stage = ScenarioStage::Done, .json = people::to_json(r), .edited = r};
    return {};
  }
  [[nodiscard]] TwinPort port() {
    return {.record =
                [this](const twin::core::Note& note) {
                  if (!trouble.empty()) throw twin::core::Error(trouble);
                  notes.push_back(note);
                },
            .trail =
                [this](std::uint64_t from, std::size_t most) {
                  const std::size_t begin = std::min<std::size_t>(from, notes.size());
                  const std::size_t end = begin + std::min(most, notes.size() - begin);
                  return std::vector<twin::core::Note>(
                      notes.begin() + static_cast<std::ptrdiff_t>(begin),
                      notes.begin() + static_cast<std::ptrdiff_t>(end));
                },
            .moment = [this](const people::Recommendation&, Tick) { return moment; },
            .complete =
                [this](people::Recommendation& r) {
                  if (!command.empty()) r.command = command;
                },
            .objection =
                [this](const people::Case*, const people::Asked& asked) {
                  return asked.step == people::Step::Approve ? against_approvals : std::string();
                },
            .read = [this](const Reading& r) { return read(r); },
            .shelve =
                [this](const ShelfAsked& asked, const std::string& who, Tick) {
                  if (asked.cause != "L1")
                    throw twin::core::Error("'" + asked.cause + "' is no cause");
                  shelved.push_back(who + ": " + asked.reason);
                },
            .validated =
                [this](const Validated& said, const std::string& who, Tick) {
                  if (!diverged) throw twin::core::Error("nothing waits");
                  validated.push_back(who + ": " + said.how);
                },
            .acknowledge_alarms =
                [this](const AlarmsSeen& asked, const std::string& who, Tick) {
                  if (asked.cause != "L1")
                    throw twin::core::Error("'" + asked.cause + "' has no open group");
                  seen.push_back(who + ": " + asked.remark.value_or(""));
                },
            .simulate = [this](const std::string& id, const Scenario& s) -> std::string {
              if (s.runs > 500) return "too many runs";
              outcomes[id] = {};
              return {};
            },
            .try_value = [this](const std::string& id, const people::Recommendation& r,
                                double value) { return try_value(id, r, value); },
            .go_back = [this](const std::string& id, Tick at) -> std::string {
              if (at == 0) return "the record does not go back so far";
              outcomes[id] = {.stage = ScenarioStage::Done, .json = "{\"wip\":7}"};
              return {};
            },
            .outcome = [this](const std::string& id) { return outcomes[id]; },
            .drop = [this](const std::string& id) { dropped.push_back(id); }};
  }
};

// What stands between two quotes behind "name":.
inline std::string member(const std::string& json, const std::string& name) {
  const std::string mark = "\"" + name + "\":\"";
  const std::size_t at = json.find(mark);
  if (at == std::string::npos) return {};
  const std::size_t from = at + mark.size();
  return json.substr(from, json.find('"', from) - from);
}

inline DeskOptions options() { return {.rules = people::example::rules()}; }

// admin, vera (viewer), emil (engineer), anna and arno (approvers), otto (operator).
class House {
 public:
  explicit House(DeskOptions with = options()) : desk(twin.port(), std::move(with)) {
    token["admin"] = enter(*desk.first_token(now));
    for (const auto& [name, role] :
         {std::pair{"vera", "viewer"}, std::pair{"emil", "engineer"}, std::pair{"anna", "approver"},
          std::pair{"arno", "approver"}, std::pair{"otto", "operator"}})
      token[name] = enter(open(name, role));
  }
  House(const House&) = delete;
  House& operator=(const House&) = delete;

  Answer send(const std::string& word, const std::string& method, const std::string& target,
              const std::string& body = "") {
    return desk.ask({.method = method,
                     .target = target,
                     .authorization = word.empty() ? "" : "Bearer " + word,
                     .content_type = body.empty() ? "" : "application/json",
                     .body = body,
                     .address = "10.0.0.1",
                     .now = now});
  }
  Answer ask(const std::string& who, const std::string& method, const std::string& target,
             const std::string& body = "") {
    return send(token.at(who), method, target, body);
  }
  Answer get(const std::string& who, const std::string& target) { return ask(who, "GET", target); }
  std::string open(const std::string& name, const std::string& role) {
    const Answer a = ask("admin", "POST", "/v1/accounts",
                         R"({"name":")" + name + R"(","roles":[")" + role + "\"]}");
    return member(a.body, "token");
  }
  std::string enter(const std::string& once) {
    return member(send(once, "POST", "/v1/sessions").body, "token");
  }
  std::string propose(const people::Recommendation& r) {
    return desk.take({.id = r.id, .actor = r.proposer, .content = r}, now);
  }
  [[nodiscard]] std::string seen(const std::string& id) const {
    return R"("seen":")" + desk.people().find(id)->digest.show() + "\"";
  }
  Answer decide(const std::string& who, const std::string& id, const std::string& step,
                const std::string& more = "") {
    return ask(who, "POST", "/v1/recommendations/" + id + "/" + step, "{" + seen(id) + more + "}");
  }

  Twin twin;
  Tick now = Now;
  Desk desk;
  std::map<std::string, std::string> token;  // of each session
};

}  // namespace apps::api::example
