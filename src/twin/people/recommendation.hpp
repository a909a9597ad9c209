// What the twin proposes, with all that a person needs to judge it: why, how sure, what is lost if it is
// wrong, what was assumed, what else could be done, and how to take it back. docs/people.md tells of
// each part in words; the tables here are the schema, docs/recommendation.schema.json is made from them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "twin/core/tick.hpp"
#include "twin/people/digest.hpp"
#include "twin/people/roles.hpp"
#include "twin/people/table.hpp"

namespace twin::people {

struct Interval {  // of one number: its mean, and where it lies with the stated share
  double low = 0.0, mean = 0.0, high = 0.0;  // [unit of what it is of]
  double share = 0.9;                        // of the probability, nominal
  bool operator==(const Interval&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    fields_of_table(archive, self);
  }
  static constexpr const char* Name = "Interval";
  static void table(auto& t, auto& self) {
    t("low", self.low, Any, "lower end, in the unit of the objective");
    t("mean", self.mean, Any, "mean, in the unit of the objective");
    t("high", self.high, Any, "upper end, in the unit of the objective");
    t("share", self.share, Rule{.least = 0.5, .most = 0.9999},
      "nominal probability of the interval");
  }
  [[nodiscard]] std::string wrong() const;
};

// One action on one target, in the words of the guard's command.
struct Act {
  std::string kind = {};    // class of action, as the rules and the guard's limits name it
  std::string target = {};  // what it is done to: a lot, a tool, a tool group
  std::optional<std::string> tool = {}, recipe = {}, lot = {};
  std::optional<std::string> before = {};                    // the lot that is to come later
  std::optional<std::string> parameter = {}, unit = {};      // of value
  std::optional<double> value = {}, from = {};               // [unit] wanted, and believed in place
  std::optional<std::string> policy = {}, policy_from = {};  // wanted, and in force
  std::optional<core::Tick> until = {};  // [ms since 1970] then it is taken back
  std::string words = {};                // the same as a sentence
  bool operator==(const Act&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    fields_of_table(archive, self);
  }
  static constexpr const char* Name = "Act";
  static void table(auto& t, auto& self) {
    t("kind", self.kind, AName, "class of action, as rules and guard name it");
    t("target", self.target, AName, "lot, tool or tool group that it is done to");
    t("tool", self.tool, AName, "tool whose line the message goes to; none: nothing is sent");
    t("recipe", self.recipe, AName, "recipe concerned");
    t("lot", self.lot, AName, "lot concerned");
    t("before", self.before, AName, "lot that is to come later");
    t("parameter", self.parameter, AName, "what the value is of");
    t("unit", self.unit, AName, "unit of value and from");
    t("value", self.value, Any, "wanted value, in its unit");
    t("from", self.from, Any, "value believed to be in place");
    t("policy", self.policy, ALine, "wanted policy of dispatching");
    t("policy_from", self.policy_from, ALine, "policy in force");
    t("until", self.until, NotNegative, "when it is taken back, ms since 1970; none: it stays");
    t("words", self.words, ALine, "the action as a sentence");
  }
  [[nodiscard]] std::string wrong() const;
};

struct Factor {  // of the reasons, the largest first
  std::string name = {};
  double value = 0.0;
  std::string unit = {};
  double weight = 0.0;  // share of the benefit that goes with it; may be negative
  bool operator==(const Factor&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    fields_of_table(archive, self);
  }
  static constexpr const char* Name = "Factor";
  static void table(auto& t, auto& self) {
    t("name", self.name, ALine, "what is looked at");
    t("value", self.value, Any, "what it is now, in its unit");
    t("unit", self.unit, Rule{.longest = 32}, "unit of value; empty: none");
    t("weight", self.weight, Rule{.least = -1, .most = 1},
      "share of the benefit that goes with it");
  }
};

// A counterfactual that was run: with this one change, the twin would propose something else, or not.
struct Flip {
  std::string change = {};   // "lot L7 comes 2 h later"
  bool flips = false;        // whether the proposal changes
  std::string instead = {};  // what would be proposed then; empty: nothing
  bool operator==(const Flip&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    fields_of_table(archive, self);
  }
  static constexpr const char* Name = "Flip";
  static void table(auto& t, auto& self) {
    t("change", self.change, ALine, "the one thing that is otherwise");
    t("flips", self.flips, Any, "whether the proposal changes with it");
    t("instead", self.instead, Rule{}, "what would be proposed then; empty: nothing else");
  }
};

struct Why {
  std::string rule = {};     // the policy behind it, readable
  std::string binding = {};  // the constraint that binds; empty: none was found
  std::vector<Factor> factors = {};
  std::vector<Flip> flips = {};  // of the binding constraint and the first factors
  bool operator==(const Why&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    fields_of_table(archive, self);
  }
  static constexpr const char* Name = "Why";
  static void table(auto& t, auto& self) {
    t("rule", self.rule, Rule{.shortest = 1, .longest = 1'000}, "the policy behind it, readable");
    t("binding", self.binding, Rule{}, "the constraint that binds; empty: none was found");
    t("factors", self.factors, Rule{.many = 12}, "what speaks for it, the largest first");
    t("flips", self.flips, Rule{.many = 12}, "counterfactuals that were run");
  }
  [[nodiscard]] std::string wrong() const;
};

struct Benefit {
  std::string objective = {};  // "mean tardiness"; less is better
  std::string unit = {};
  Interval gain = {};             // [unit] against doing nothing, paired; positive is better
  double probability_best = 0.0;  // among what was compared
  core::Tick horizon_ms = 0;      // [ms] after the state's time; 0: without end
  std::uint32_t compared = 0;     // alternatives, doing nothing among them
  std::uint32_t runs = 0;         // pairs of runs behind it
  bool operator==(const Benefit&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    fields_of_table(archive, self);
  }
  static constexpr const char* Name = "Benefit";
  static void table(auto& t, auto& self) {
    t("objective", self.objective, ALine, "what is to become less");
    t("unit", self.unit, Rule{.longest = 32}, "unit of the gain");
    t("gain", self.gain, Any, "gain against doing nothing, positive is better");
    t("probability_best", self.probability_best, Share, "probability of being the best compared");
    t("horizon_ms", self.horizon_ms, NotNegative, "time within which it comes; 0: without end");
    t("compared", self.compared, Rule{.least = 2},
      "alternatives compared, doing nothing among them");
    t("runs", self.runs, Rule{.least = 2}, "pairs of runs behind the gain");
  }
};

struct Downside {
  double probability_worse = 0.0;  // than doing nothing
  double cvar = 0.0;    // [unit of the benefit] mean loss in the worst cases; negative: a gain
  double level = 0.95;  // of the CVaR: the worst 1 - level of the cases
  bool operator==(const Downside&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    fields_of_table(archive, self);
  }
  static constexpr const char* Name = "Downside";
  static void table(auto& t, auto& self) {
    t("probability_worse", self.probability_worse, Share,
      "probability of being worse than nothing");
    t("cvar", self.cvar, Any, "mean loss in the worst cases, in the benefit's unit");
    t("level", self.level, Rule{.least = 0.5, .most = 0.9999}, "the worst 1 - level of the cases");
  }
};

struct Gap {  // in what is known of the fab
  std::string of = {};
  core::Tick from = 0;  // [ms since 1970] nothing was heard since
  bool operator==(const Gap&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    fields_of_table(archive, self);
  }
  static constexpr const char* Name = "Gap";
  static void table(auto& t, auto& self) {
    t("of", self.of, ALine, "source or quantity that is missing");
    t("from", self.from, NotNegative, "nothing was heard since, ms since 1970");
  }
};

struct Assumed {
  core::Tick state_at = 0;  // [ms since 1970] the belief's time
  Bits64 state = {};        // fingerprint of the whole State
  Bits64 target = {};       // fingerprint of what the action depends on: lot, tool, queue
  std::vector<Gap> gaps = {};
  std::string model = {};     // version
  Bits64 configuration = {};  // hash
  Bits64 seed = {};
  bool operator==(const Assumed&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    fields_of_table(archive, self);
  }
  static constexpr const char* Name = "Assumed";
  static void table(auto& t, auto& self) {
    t("state_at", self.state_at, NotNegative, "time of the belief, ms since 1970");
    t("state", self.state, Any, "fingerprint of the whole state");
    t("target", self.target, Any, "fingerprint of what the action depends on");
    t("gaps", self.gaps, Any, "what was missing");
    t("model", self.model, ALine, "version of the model");
    t("configuration", self.configuration, Any, "hash of its configuration");
    t("seed", self.seed, Any, "seed of its draws");
  }
};

struct Alternative {  // that was simulated too: an edited value, or another feasible action
  std::string words = {};
  Interval gain = {};  // [unit of the benefit]
  bool operator==(const Alternative&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    fields_of_table(archive, self);
  }
  static constexpr const char* Name = "Alternative";
  static void table(auto& t, auto& self) {
    t("words", self.words, ALine, "what would be done");
    t("gain", self.gain, Any, "its gain against doing nothing");
  }
};

struct Bound {                     // what may be edited, and how far
  double least = 0.0, most = 0.0;  // [unit of the act's value]
  bool operator==(const Bound&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    fields_of_table(archive, self);
  }
  static constexpr const char* Name = "Bound";
  static void table(auto& t, auto& self) {
    t("least", self.least, Any, "least value, in the act's unit");
    t("most", self.most, Any, "greatest value, in the act's unit");
  }
  [[nodiscard]] std::string wrong() const;
};

enum class Reversal : std::uint8_t { Whole, Partly, None };
inline constexpr std::array<std::string_view, 3> ReversalWords = {"whole", "partly", "none"};
[[nodiscard]] inline std::span<const std::string_view> words(Reversal /*of*/) {
  return ReversalWords;
}

struct Undo {
  Reversal reversal = Reversal::None;
  std::string how = {};     // what takes it back
  std::string cannot = {};  // what stays whatever is done
  bool operator==(const Undo&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    fields_of_table(archive, self);
  }
  static constexpr const char* Name = "Undo";
  static void table(auto& t, auto& self) {
    t("reversal", self.reversal, Any, "how much can be taken back");
    t("how", self.how, Rule{.longest = 1'000}, "what takes it back");
    t("cannot", self.cannot, Rule{.longest = 1'000}, "what stays whatever is done");
  }
  [[nodiscard]] std::string wrong() const;
};

struct Past {  // a similar case
  std::string id = {};
  double likeness = 0.0;
  double promised = 0.0, realised = 0.0;  // [unit of the benefit]
  std::string outcome = {};
  bool operator==(const Past&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    fields_of_table(archive, self);
  }
  static constexpr const char* Name = "Past";
  static void table(auto& t, auto& self) {
    t("id", self.id, AName, "the recommendation of that time");
    t("likeness", self.likeness, Share, "1: the same situation");
    t("promised", self.promised, Any, "mean gain that was promised");
    t("realised", self.realised, Any, "gain that came, by counterfactual replay");
    t("outcome", self.outcome, Rule{}, "what became of it");
  }
};

struct Recommendation {
  std::string id = {};
  core::Tick made = 0;        // [ms since 1970]
  core::Tick expires = 0;     // [ms since 1970] not to be approved or sent from then on
  std::string proposer = {};  // "twin", or the person; may not approve it
  Act act = {};
  Why why = {};
  Benefit benefit = {};
  Downside downside = {};
  Assumed assumed = {};
  std::vector<Alternative> what_if = {};  // near by, simulated with the same draws
  std::optional<Bound> edit = {};         // of the act's value; none: it cannot be edited
  Undo undo = {};
  std::vector<Past> past = {};
  Role role = Role::Approver;               // that approvers must have
  std::uint32_t persons = 1;                // that must approve
  std::uint32_t level = 5;                  // of automation (rules.hpp)
  std::optional<std::string> command = {};  // the guard's text, which approvers sign
  bool operator==(const Recommendation&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    fields_of_table(archive, self);
  }
  static constexpr const char* Name = "Recommendation";
  static void table(auto& t, auto& self) {
    t("id", self.id, AName, "its own name, used once");
    t("made", self.made, NotNegative, "when it was computed, ms since 1970");
    t("expires", self.expires, NotNegative,
      "not to be approved or sent from then on, ms since 1970");
    t("proposer", self.proposer, AName, "twin, or the person; may not approve it");
    t("act", self.act, Any, "what is to be done, and to what");
    t("why", self.why, Any, "the reasons");
    t("benefit", self.benefit, Any, "what is expected of it");
    t("downside", self.downside, Any, "what is lost if it is wrong");
    t("assumed", self.assumed, Any, "what it was computed on");
    t("what_if", self.what_if, Rule{.many = 16}, "what else was simulated, with the same draws");
    t("edit", self.edit, Any, "within which bounds its value may be edited; none: it may not");
    t("undo", self.undo, Any, "how it is taken back, and what cannot be");
    t("past", self.past, Rule{.many = 8}, "similar past cases");
    t("role", self.role, Any, "role that approvers must have");
    t("persons", self.persons, Rule{.least = 1, .most = 4}, "persons that must approve");
    t("level", self.level, Rule{.least = 1, .most = 6}, "level of automation of its class");
    t("command", self.command, Rule{.longest = 8'192, .spelling = Spelling::Lines},
      "the guard's text, exactly as approvers sign it");
  }
  [[nodiscard]] std::string wrong() const;
};

// Of its JSON, as to_json writes it: what approvers name, so that nobody approves what he has not seen.
[[nodiscard]] Digest digest_of(const Recommendation& recommendation);

}  // namespace twin::people
