// Stages and steps, and the fold.
#include "twin/people/lifecycle.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace twin::people {
namespace {

std::string impossible(const Case* one, const std::string& id, Step step) {
  return one == nullptr
             ? fmt::format("there is no recommendation '{}' to {}", id, word(step))
             : fmt::format("'{}' is {}, one cannot {} it", id, word(one->stage), word(step));
}

// The chain goes over all of an entry but the digest that follows from it.
Digest history_after(const Digest& before, DecisionEntry entry) {
  entry.after = {};
  return sha256(before.show() + to_json(entry));
}

Case moved(const Case* before, const DecisionEntry& entry) {
  const auto stage =
      next(before == nullptr ? std::nullopt : std::optional(before->stage), entry.step);
  if (!stage) refuse("people", impossible(before, entry.id, entry.step));
  Case c = before == nullptr ? Case{} : *before;
  const bool brings = entry.step == Step::Propose || entry.step == Step::Edit;
  if (brings != entry.content.has_value() || (brings && entry.content->id != entry.id))
    refuse("people",
           fmt::format("entry {} has not the recommendation that it should", entry.number));
  if (brings) {
    c.content = *entry.content;
    c.digest = digest_of(c.content);
    c.approvals.clear();
  }
  if (entry.step == Step::Edit && std::ranges::count(c.editors, entry.actor) == 0)
    c.editors.push_back(entry.actor);
  c.stage = *stage;
  if (entry.step == Step::Approve) {
    c.approvals.push_back({entry.actor, entry.capacity, entry.at, entry.signature});
    const bool enough = entry.capacity == Capacity::Twin || c.approvals.size() >= c.content.persons;
    if (!enough) c.stage = before->stage;
  }
  c.since = entry.at;
  ++c.entries;
  c.history = history_after(c.history, entry);
  return c;
}

}  // namespace

std::optional<Stage> next(std::optional<Stage> from, Step step) {
  if (!from) return step == Step::Propose ? std::optional(Stage::Proposed) : std::nullopt;
  switch (*from) {
    case Stage::Proposed:
    case Stage::Edited:
      if (step == Step::Edit) return Stage::Edited;
      if (step == Step::Approve) return Stage::Approved;
      if (step == Step::Reject) return Stage::Rejected;
      if (step == Step::Expire) return Stage::Expired;
      return {};
    case Stage::Approved:  // until it is sent, anybody who may say no may still do so
      if (step == Step::Reject) return Stage::Rejected;
      if (step == Step::Expire) return Stage::Expired;
      if (step == Step::Send) return Stage::Sent;
      return {};
    case Stage::Sent:
      if (step == Step::Acknowledge) return Stage::Acknowledged;
      if (step == Step::Fail) return Stage::Failed;
      return {};
    case Stage::Acknowledged:  // the read-back may still differ
      if (step == Step::Verify) return Stage::Verified;
      if (step == Step::Fail) return Stage::Failed;
      return {};
    case Stage::Verified:
      if (step == Step::Undo) return Stage::Undone;
      return {};
    case Stage::Rejected:
    case Stage::Expired:
    case Stage::Failed:
    case Stage::Undone: return {};
  }
  return {};
}

bool has_ended(Stage stage) {
  return stage == Stage::Rejected || stage == Stage::Expired || stage == Stage::Failed ||
         stage == Stage::Verified || stage == Stage::Undone;
}

bool fits(Step step, Reason reason) {
  using R = Reason;
  const auto one_of = [reason](std::initializer_list<R> all) {
    return std::ranges::find(all, reason) != all.end();
  };
  switch (step) {
    case Step::Reject:
      return one_of({R::TooRisky, R::KnownConstraint, R::WrongFacts, R::WrongModel, R::NotNow,
                     R::BetterIdea, R::Superseded, R::Withdrawn, R::Other});
    case Step::Edit:
      return one_of({R::None, R::TooRisky, R::KnownConstraint, R::BetterIdea, R::Other});
    case Step::Approve: return one_of({R::None, R::NoVeto});
    case Step::Expire: return one_of({R::TimePassed, R::TargetMoved, R::OldBelief});
    case Step::Fail:
      return one_of({R::GuardRefused, R::ToolRefused, R::NoAnswer, R::ReadBackDiffers, R::Other});
    case Step::Undo:
      return one_of(
          {R::WorseThanPromised, R::SideEffect, R::KnownConstraint, R::Withdrawn, R::Other});
    case Step::Propose:
    case Step::Send:
    case Step::Acknowledge:
    case Step::Verify: return reason == R::None;
  }
  return false;
}

Digest digest_of(const Case* one) { return one == nullptr ? Digest{} : sha256(to_json(*one)); }

Case after(const Case* before, const DecisionEntry& entry) {
  if (entry.before != digest_of(before))
    refuse("people",
           fmt::format("entry {} was made for another case than '{}' is", entry.number, entry.id));
  Case c = moved(before, entry);
  if (entry.after != digest_of(&c))
    refuse("people",
           fmt::format("entry {} led to another case than '{}' is", entry.number, entry.id));
  return c;
}

DecisionEntry entry_for(const Trail& trail, const Case* one, const Asked& asked,
                        const Moment& moment) {
  DecisionEntry e{.number = trail.size(),
                  .chain = trail.head(),
                  .at = moment.now,
                  .id = asked.id,
                  .step = asked.step,
                  .actor = asked.actor,
                  .capacity = asked.capacity,
                  .reason = asked.reason,
                  .remark = asked.remark,
                  .before = digest_of(one),
                  .seen = asked.seen,
                  .state = moment.state,
                  .target = moment.target,
                  .content = asked.content,
                  .signature = asked.signature};
  const Case c = moved(one, e);
  e.after = digest_of(&c);
  return e;
}

}  // namespace twin::people
