// What may become of a recommendation, as values: a table of stages and steps, an entry a step, and a case
// that is the fold over its entries. Who asks, and whether the fab has moved meanwhile, is judged before
// an entry is made; the fold only needs the entries.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "twin/people/recommendation.hpp"
#include "twin/people/rules.hpp"
#include "twin/people/trail.hpp"

namespace twin::people {

enum class Stage : std::uint8_t {
  Proposed,
  Edited,
  Approved,
  Rejected,
  Expired,
  Sent,
  Acknowledged,
  Failed,
  Verified,
  Undone
};
inline constexpr std::array<std::string_view, 10> StageWords = {
    "proposed", "edited",       "approved", "rejected", "expired",
    "sent",     "acknowledged", "failed",   "verified", "undone"};
[[nodiscard]] inline std::span<const std::string_view> words(Stage /*of*/) { return StageWords; }

enum class Step : std::uint8_t {
  Propose,
  Edit,
  Approve,
  Reject,
  Expire,
  Send,  // handed to guard and link, or carried out by hand
  Acknowledge,
  Fail,
  Verify,
  Undo
};
inline constexpr std::array<std::string_view, 10> StepWords = {
    "propose", "edit",        "approve", "reject", "expire",
    "send",    "acknowledge", "fail",    "verify", "undo"};
[[nodiscard]] inline std::span<const std::string_view> words(Step /*of*/) { return StepWords; }

// The stage that a step leads to; nothing: it is impossible there. From nothing: there is no such recommendation yet.
// Of Approve: when enough persons have.
[[nodiscard]] std::optional<Stage> next(std::optional<Stage> from, Step step);

enum class Capacity : std::uint8_t { Viewer, Engineer, Approver, Operator, Admin, Twin, Link };
inline constexpr std::array<std::string_view, 7> CapacityWords = {
    "viewer", "engineer", "approver", "operator", "admin", "twin", "link"};
[[nodiscard]] inline std::span<const std::string_view> words(Capacity /*of*/) {
  return CapacityWords;
}
[[nodiscard]] constexpr Capacity capacity_of(Role role) { return static_cast<Capacity>(role); }

enum class Reason : std::uint8_t {
  None,
  TooRisky,
  KnownConstraint,
  WrongFacts,
  WrongModel,
  NotNow,
  BetterIdea,
  Superseded,
  Withdrawn,
  TimePassed,
  TargetMoved,
  OldBelief,
  NoVeto,
  GuardRefused,
  ToolRefused,
  NoAnswer,
  ReadBackDiffers,
  WorseThanPromised,
  SideEffect,
  Other
};
inline constexpr std::array<std::string_view, 20> ReasonWords = {"none",
                                                                 "too-risky",
                                                                 "known-constraint",
                                                                 "wrong-facts",
                                                                 "wrong-model",
                                                                 "not-now",
                                                                 "better-idea",
                                                                 "superseded",
                                                                 "withdrawn",
                                                                 "time-passed",
                                                                 "target-moved",
                                                                 "old-belief",
                                                                 "no-veto",
                                                                 "guard-refused",
                                                                 "tool-refused",
                                                                 "no-answer",
                                                                 "read-back-differs",
                                                                 "worse-than-promised",
                                                                 "side-effect",
                                                                 "other"};
[[nodiscard]] inline std::span<const std::string_view> words(Reason /*of*/) { return ReasonWords; }
// Whether a step may have this reason: None where it needs none.
[[nodiscard]] bool fits(Step step, Reason reason);

// "approval PERSON ROLE AT SIGNATURE", as docs/guard.md has it.
inline constexpr Rule SignedLine{.longest = 300};

struct DecisionEntry {
  std::uint64_t number = 0;  // in the trail
  Digest chain = {};         // of the entry before it
  core::Tick at = 0;         // [ms since 1970]
  std::string id = {};       // of the recommendation
  Step step = Step::Propose;
  std::string actor = {};
  Capacity capacity = Capacity::Twin;
  Reason reason = Reason::None;
  std::string remark = {};
  Digest before = {}, after = {};                 // of the case
  std::optional<Digest> seen = {};                // the recommendation that the actor spoke of
  std::optional<Bits64> state = {}, target = {};  // fingerprints at that moment
  std::optional<Recommendation> content = {};     // proposed, or as it was edited
  std::optional<std::string> signature = {};      // of an approval: its line for the guard
  bool operator==(const DecisionEntry&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    fields_of_table(archive, self);
  }
  static constexpr const char* Name = "DecisionEntry";
  static void table(auto& t, auto& self) {
    t("number", self.number, Any, "in the trail, from 0");
    t("chain", self.chain, Any, "digest of the entry before it");
    t("at", self.at, NotNegative, "when, ms since 1970");
    t("id", self.id, AName, "the recommendation");
    t("step", self.step, Any, "what was done");
    t("actor", self.actor, AName, "by whom");
    t("capacity", self.capacity, Any, "in which role");
    t("reason", self.reason, Any, "why, as a code");
    t("remark", self.remark, Prose, "why, in words");
    t("before", self.before, Any, "digest of the case before");
    t("after", self.after, Any, "digest of the case after");
    t("seen", self.seen, Any, "digest of the recommendation that the actor spoke of");
    t("state", self.state, Any, "fingerprint of the state at that moment");
    t("target", self.target, Any, "fingerprint of the target at that moment");
    t("content", self.content, Any, "the recommendation, proposed or edited");
    t("signature", self.signature, SignedLine, "the approver's line for the guard");
  }
};

struct Approval {
  std::string person = {};
  Capacity capacity = Capacity::Approver;
  core::Tick at = 0;  // [ms since 1970]
  std::optional<std::string> signature = {};
  bool operator==(const Approval&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    fields_of_table(archive, self);
  }
  static constexpr const char* Name = "Approval";
  static void table(auto& t, auto& self) {
    t("person", self.person, AName, "who");
    t("capacity", self.capacity, Any, "in which role");
    t("at", self.at, NotNegative, "when, ms since 1970");
    t("signature", self.signature, SignedLine, "the line for the guard");
  }
};

struct Case {
  Recommendation content = {};
  Digest digest = {};  // of content
  Stage stage = Stage::Proposed;
  core::Tick since = 0;                   // [ms since 1970] of this stage or the last approval
  std::vector<std::string> editors = {};  // who may not approve it either
  std::vector<Approval> approvals = {};   // of the content as it is
  std::uint64_t entries = 0;
  Digest history = {};  // chain over its own entries
  bool operator==(const Case&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    fields_of_table(archive, self);
  }
  static constexpr const char* Name = "Case";
  static void table(auto& t, auto& self) {
    t("content", self.content, Any, "the recommendation as it is now");
    t("digest", self.digest, Any, "SHA-256 of its JSON: what approvals name");
    t("stage", self.stage, Any, "what has become of it");
    t("since", self.since, NotNegative, "since when, ms since 1970");
    t("editors", self.editors, AName, "who has edited it, and may not approve it");
    t("approvals", self.approvals, Any, "who has approved it as it is now");
    t("entries", self.entries, Any, "entries of its history");
    t("history", self.history, Any, "chain over its entries");
  }
};
[[nodiscard]] Digest digest_of(const Case* one);  // zeros: of none
[[nodiscard]] bool has_ended(Stage stage);

// The case after an entry. Throws core::Error where the step is impossible or a digest is wrong.
[[nodiscard]] Case after(const Case* before, const DecisionEntry& entry);

struct Asked {  // by somebody, of one recommendation
  std::string id = {};
  Step step = Step::Propose;
  std::string actor = {};
  Capacity capacity = Capacity::Twin;
  Reason reason = Reason::None;
  std::string remark = {};
  std::optional<Digest> seen = {};
  std::optional<Recommendation> content = {};
  std::optional<std::string> signature = {};
};
struct Moment {        // of the fab as it is believed to be now
  core::Tick now = 0;  // [ms since 1970]
  Bits64 state = {};   // fingerprint of the whole State
  Bits64 target = {};  // of what this recommendation depends on
};

// Why it is refused; empty: it is not.
[[nodiscard]] std::string refusal(const Rules& rules, const Case* one, const Asked& asked,
                                  const Moment& moment);

// The entry for what was not refused.
[[nodiscard]] DecisionEntry entry_for(const Trail& trail, const Case* one, const Asked& asked,
                                      const Moment& moment);

}  // namespace twin::people
