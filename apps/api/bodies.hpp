// What requests bring and answers give, a table a type: from these the checks, the JSON and the schemas of
// the OpenAPI text follow. What the twin itself says (state, lots, forecasts) is its own JSON.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "twin/core/tick.hpp"
#include "twin/people/accounts.hpp"
#include "twin/people/learning_json.hpp"
#include "twin/people/lifecycle.hpp"
#include "twin/people/outcome.hpp"
#include "twin/people/table.hpp"

namespace apps::api {

namespace people = twin::people;
using twin::core::Tick;

enum class ScenarioKind : std::uint8_t {
  WhatIf,
  Trial,  // a recommendation with another value
  Past,   // the twin as it was
};
inline constexpr std::array<std::string_view, 3> ScenarioKindWords = {"what-if", "trial", "past"};
[[nodiscard]] inline std::span<const std::string_view> words(ScenarioKind /*of*/) {
  return ScenarioKindWords;
}
enum class ScenarioStage : std::uint8_t { Waiting, Done, Failed };
inline constexpr std::array<std::string_view, 3> ScenarioStageWords = {"waiting", "done", "failed"};
[[nodiscard]] inline std::span<const std::string_view> words(ScenarioStage /*of*/) {
  return ScenarioStageWords;
}

struct Problem {
  std::string error = {};
  bool operator==(const Problem&) const = default;
  static constexpr const char* Name = "Problem";
  static void table(auto& t, auto& self) {
    using people::Rule;
    t("error", self.error, Rule{.longest = 20'000, .spelling = people::Spelling::Lines},
      "what is wrong, as a sentence");
  }
};

struct Health {
  std::string status = "ok";
  Tick now = 0;
  bool operator==(const Health&) const = default;
  static constexpr const char* Name = "Health";
  static void table(auto& t, auto& self) {
    t("status", self.status, people::ALine, "ok");
    t("now", self.now, people::NotNegative, "the server's time, ms since 1970");
  }
};

struct SessionGiven {
  std::string token = {};
  std::string account = {};
  people::Roles roles = {};
  Tick expires = 0;
  bool operator==(const SessionGiven&) const = default;
  static constexpr const char* Name = "SessionGiven";
  static void table(auto& t, auto& self) {
    using people::Rule;
    t("token", self.token, people::ALine, "the session's token, shown this once");
    t("account", self.account, people::AName, "whose session it is");
    t("roles", self.roles, Rule{.many = 5}, "what the account may be");
    t("expires", self.expires, people::NotNegative, "when it ends, ms since 1970");
  }
};

struct TokenGiven {
  std::string token = {};
  std::string account = {};
  people::TokenUse use = people::TokenUse::Once;
  Tick expires = 0;
  bool operator==(const TokenGiven&) const = default;
  static constexpr const char* Name = "TokenGiven";
  static void table(auto& t, auto& self) {
    t("token", self.token, people::ALine, "the token, shown this once");
    t("account", self.account, people::AName, "whose it is");
    t("use", self.use, people::Any, "what it is for");
    t("expires", self.expires, people::NotNegative, "when it ends, ms since 1970");
  }
};

struct Me {
  std::string account = {};
  people::Roles roles = {};
  std::vector<people::Permission> permissions = {};
  Tick expires = 0;
  bool operator==(const Me&) const = default;
  static constexpr const char* Name = "Me";
  static void table(auto& t, auto& self) {
    using people::Rule;
    t("account", self.account, people::AName, "whose token this is");
    t("roles", self.roles, Rule{.many = 5}, "its roles");
    t("permissions", self.permissions, Rule{.many = 16}, "what may be done with it");
    t("expires", self.expires, people::NotNegative, "when the session ends, ms since 1970");
  }
};

struct TokenLine {
  people::Bits64 token = {};
  people::TokenUse use = people::TokenUse::Session;
  Tick expires = 0;
  bool current = false;
  bool operator==(const TokenLine&) const = default;
  static constexpr const char* Name = "TokenLine";
  static void table(auto& t, auto& self) {
    t("token", self.token, people::Any, "its name, which is no secret");
    t("use", self.use, people::Any, "what it is for");
    t("expires", self.expires, people::NotNegative, "when it ends, ms since 1970");
    t("current", self.current, people::Any, "whether this request came with it");
  }
};

struct TokenLines {
  std::vector<TokenLine> tokens = {};
  bool operator==(const TokenLines&) const = default;
  static constexpr const char* Name = "TokenLines";
  static void table(auto& t, auto& self) {
    using people::Rule;
    t("tokens", self.tokens, Rule{.many = people::TokensMax}, "that have not ended");
  }
};

struct NewAccount {
  std::string name = {};
  people::Roles roles = {};
  bool operator==(const NewAccount&) const = default;
  static constexpr const char* Name = "NewAccount";
  static void table(auto& t, auto& self) {
    using people::Rule;
    t("name", self.name, people::AName, "its name");
    t("roles", self.roles, Rule{.many = 5}, "its roles; an admin has no other");
  }
};

struct NewRoles {
  people::Roles roles = {};
  bool operator==(const NewRoles&) const = default;
  static constexpr const char* Name = "NewRoles";
  static void table(auto& t, auto& self) {
    using people::Rule;
    t("roles", self.roles, Rule{.many = 5}, "its roles from now on");
  }
};

struct AccountLine {
  std::string name = {};
  people::Roles roles = {};
  bool closed = false;
  std::uint32_t tokens = 0;
  bool operator==(const AccountLine&) const = default;
  static constexpr const char* Name = "AccountLine";
  static void table(auto& t, auto& self) {
    using people::Rule;
    t("name", self.name, people::AName, "its name");
    t("roles", self.roles, Rule{.many = 5}, "its roles");
    t("closed", self.closed, people::Any, "whether it is closed for ever");
    t("tokens", self.tokens, people::Any, "how many have not ended");
  }
};

struct AccountLines {
  std::vector<AccountLine> accounts = {};
  bool operator==(const AccountLines&) const = default;
  static constexpr const char* Name = "AccountLines";
  static void table(auto& t, auto& self) {
    using people::Rule;
    t("accounts", self.accounts, Rule{.many = people::AccountsMax}, "all of them, by name");
  }
};

struct DecisionAsked {
  people::Digest seen = {};
  std::optional<people::Reason> reason = {};
  std::optional<std::string> remark = {};
  std::optional<std::string> signature = {};
  bool operator==(const DecisionAsked&) const = default;
  static constexpr const char* Name = "DecisionAsked";
  static void table(auto& t, auto& self) {
    using people::Rule;
    t("seen", self.seen, people::Any, "digest of the recommendation that was seen");
    t("reason", self.reason, people::Any, "why, as a code; none where it needs none");
    t("remark", self.remark, people::Prose, "why, in words");
    t("signature", self.signature, people::SignedLine, "of an approval: its line for the guard");
  }
};

struct EditAsked {
  people::Digest seen = {};
  std::string trial = {};
  std::optional<people::Reason> reason = {};
  std::optional<std::string> remark = {};
  bool operator==(const EditAsked&) const = default;
  static constexpr const char* Name = "EditAsked";
  static void table(auto& t, auto& self) {
    t("seen", self.seen, people::Any, "digest of the recommendation that was seen");
    t("trial", self.trial, people::AName, "the trial whose figures are taken");
    t("reason", self.reason, people::Any, "why, as a code");
    t("remark", self.remark, people::Prose, "why, in words");
  }
};

struct TrialAsked {
  double value = 0.0;
  bool operator==(const TrialAsked&) const = default;
  static constexpr const char* Name = "TrialAsked";
  static void table(auto& t, auto& self) {
    t("value", self.value, people::Any, "the other value, in the act's unit");
  }
};

struct ShelfAsked {
  std::string cause = {};
  std::string alarm = {};
  double hours = 0.0;
  std::string reason = {};
  bool operator==(const ShelfAsked&) const = default;
  static constexpr const char* Name = "ShelfAsked";
  static void table(auto& t, auto& self) {
    using people::Rule;
    t("cause", self.cause, people::ALine, "what the alarm is of, as the list names it");
    t("alarm", self.alarm, people::ALine, "the kind of alarm");
    t("hours", self.hours, Rule{.least = 0, .most = 168}, "for how long; 0: not any more");
    t("reason", self.reason, people::ALine, "why");
  }
};

struct Validated {
  std::string how = {};
  bool operator==(const Validated&) const = default;
  static constexpr const char* Name = "Validated";
  static void table(auto& t, auto& self) {
    t("how", self.how, people::ALine, "what was looked at, and what was found or changed");
  }
};

struct AlarmsSeen {
  std::string cause = {};
  std::optional<std::string> remark = {};
  bool operator==(const AlarmsSeen&) const = default;
  static constexpr const char* Name = "AlarmsSeen";
  static void table(auto& t, auto& self) {
    t("cause", self.cause, people::ALine, "whose group of alarms was seen, as the list names it");
    t("remark", self.remark, people::ALine, "what is done about it");
  }
};

struct MomentAsked {
  Tick at = 0;
  bool operator==(const MomentAsked&) const = default;
  static constexpr const char* Name = "MomentAsked";
  static void table(auto& t, auto& self) {
    t("at", self.at, people::NotNegative, "what had arrived by then, ms since 1970");
  }
};

struct ScenarioLine {
  std::string id = {};
  ScenarioKind kind = ScenarioKind::WhatIf;
  std::string by = {};
  Tick at = 0;
  std::string words = {};
  ScenarioStage stage = ScenarioStage::Waiting;
  std::string why = {};
  bool operator==(const ScenarioLine&) const = default;
  static constexpr const char* Name = "ScenarioLine";
  static void table(auto& t, auto& self) {
    using people::Rule;
    t("id", self.id, people::AName, "its name");
    t("kind", self.kind, people::Any, "a what-if, or a recommendation with another value");
    t("by", self.by, people::AName, "who asked");
    t("at", self.at, people::NotNegative, "when, ms since 1970");
    t("words", self.words, people::ALine, "what was asked");
    t("stage", self.stage, people::Any, "what has become of it");
    t("why", self.why, Rule{.longest = 2'000}, "why it failed; else empty");
  }
};

struct ScenarioLines {
  std::vector<ScenarioLine> scenarios = {};
  bool operator==(const ScenarioLines&) const = default;
  static constexpr const char* Name = "ScenarioLines";
  static void table(auto& t, auto& self) {
    using people::Rule;
    t("scenarios", self.scenarios, Rule{.many = 256}, "that are kept, the newest first");
  }
};

struct CaseLine {
  std::uint64_t number = 0;
  std::string id = {};
  people::Stage stage = people::Stage::Proposed;
  Tick since = 0;
  Tick expires = 0;
  people::Digest digest = {};
  std::string kind = {};
  std::string target = {};
  std::string words = {};
  std::uint32_t approvals = 0;
  std::uint32_t persons = 1;
  double promised = 0.0;
  std::string unit = {};
  std::optional<double> realised = {};
  std::optional<bool> inside = {};
  bool operator==(const CaseLine&) const = default;
  static constexpr const char* Name = "CaseLine";
  static void table(auto& t, auto& self) {
    t("number", self.number, people::Any, "of its proposal in the trail");
    t("id", self.id, people::AName, "the recommendation");
    t("stage", self.stage, people::Any, "what has become of it");
    t("since", self.since, people::NotNegative, "since when, ms since 1970");
    t("expires", self.expires, people::NotNegative, "when it ends by itself, ms since 1970");
    t("digest", self.digest, people::Any, "of its JSON: what approvals name");
    t("kind", self.kind, people::AName, "class of action");
    t("target", self.target, people::AName, "what it is done to");
    t("words", self.words, people::ALine, "the action as a sentence");
    t("approvals", self.approvals, people::Any, "given so far");
    t("persons", self.persons, people::Any, "that it takes");
    t("promised", self.promised, people::Any, "mean gain that is promised");
    t("unit", self.unit, people::Rule{.longest = 32}, "of the gains");
    t("realised", self.realised, people::Any,
      "mean gain that came, or would have; none: not known");
    t("inside", self.inside, people::Any, "whether that is within the promised interval");
  }
};

struct CaseLines {
  std::vector<CaseLine> cases = {};
  std::optional<std::uint64_t> next = {};
  bool operator==(const CaseLines&) const = default;
  static constexpr const char* Name = "CaseLines";
  static void table(auto& t, auto& self) {
    using people::Rule;
    t("cases", self.cases, Rule{.many = 200}, "the newest first");
    t("next", self.next, people::Any, "give it as before= to go on; none: there are no more");
  }
};

struct AuditLine {
  std::uint64_t number = 0;
  Tick at = 0;
  std::string kind = {};
  std::string text = {};
  bool operator==(const AuditLine&) const = default;
  static constexpr const char* Name = "AuditLine";
  static void table(auto& t, auto& self) {
    using people::Rule;
    t("number", self.number, people::Any, "in the trail");
    t("at", self.at, people::NotNegative, "when, ms since 1970");
    t("kind", self.kind, people::ALine, "people.decision or people.account");
    t("text", self.text, Rule{.longest = 1'000'000, .spelling = people::Spelling::Lines},
      "the entry's JSON, exactly as its digest was made of it");
  }
};

struct AuditPage {
  std::vector<AuditLine> entries = {};
  std::uint64_t size = 0;
  people::Digest head = {};
  bool operator==(const AuditPage&) const = default;
  static constexpr const char* Name = "AuditPage";
  static void table(auto& t, auto& self) {
    using people::Rule;
    t("entries", self.entries, Rule{.many = 200}, "in their order");
    t("size", self.size, people::Any, "entries of the whole trail");
    t("head", self.head, people::Any, "digest of its newest entry");
  }
};

struct DecisionNews {
  std::uint64_t number = 0;
  Tick at = 0;
  std::string id = {};
  people::Step step = people::Step::Propose;
  people::Stage stage = people::Stage::Proposed;
  people::Digest digest = {};
  std::string actor = {};
  bool operator==(const DecisionNews&) const = default;
  static constexpr const char* Name = "DecisionNews";
  static void table(auto& t, auto& self) {
    t("number", self.number, people::Any, "in the trail");
    t("at", self.at, people::NotNegative, "when, ms since 1970");
    t("id", self.id, people::AName, "the recommendation");
    t("step", self.step, people::Any, "what was done");
    t("stage", self.stage, people::Any, "what it is now");
    t("digest", self.digest, people::Any, "of its JSON");
    t("actor", self.actor, people::AName, "by whom");
  }
};

// Every type of a request or an answer, for the OpenAPI text.
template <class F>
void for_each_body(F f) {
  f.template operator()<people::Recommendation>();
  f.template operator()<people::Case>();
  f.template operator()<people::Rules>();
  f.template operator()<Problem>();
  f.template operator()<Health>();
  f.template operator()<SessionGiven>();
  f.template operator()<TokenGiven>();
  f.template operator()<Me>();
  f.template operator()<TokenLine>();
  f.template operator()<TokenLines>();
  f.template operator()<NewAccount>();
  f.template operator()<NewRoles>();
  f.template operator()<AccountLine>();
  f.template operator()<AccountLines>();
  f.template operator()<DecisionAsked>();
  f.template operator()<EditAsked>();
  f.template operator()<TrialAsked>();
  f.template operator()<ShelfAsked>();
  f.template operator()<AlarmsSeen>();
  f.template operator()<Validated>();
  f.template operator()<MomentAsked>();
  f.template operator()<people::OutcomeEntry>();
  f.template operator()<people::LearningView>();
  f.template operator()<ScenarioLine>();
  f.template operator()<ScenarioLines>();
  f.template operator()<CaseLine>();
  f.template operator()<CaseLines>();
  f.template operator()<AuditLine>();
  f.template operator()<AuditPage>();
  f.template operator()<DecisionNews>();
}

}  // namespace apps::api
