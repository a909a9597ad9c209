// Who may take which step when: the reasons for a no, in the order in which they are looked for.
#include <fmt/format.h>

#include <algorithm>

#include "twin/core/error.hpp"
#include "twin/people/lifecycle.hpp"

namespace twin::people {
namespace {

struct Question {
  const Rules& rules;
  const Case* one;  // nullptr where it is proposed
  const Asked& asked;
  const Moment& moment;
  const ActionClass* action = nullptr;  // of the recommendation
};

bool is_person(Capacity c) { return c < Capacity::Twin; }

std::string wrong_actor(const Question& q) {
  const Asked& a = q.asked;
  if (!is_name(a.actor)) return "nobody asks for it";
  const bool named_for_program = a.actor == "twin" || a.actor == "link";
  if (is_person(a.capacity) == named_for_program)
    return fmt::format("'{}' cannot act as {}", a.actor, word(a.capacity));
  return {};
}

bool may_as(Capacity c, Permission what) { return is_person(c) && may(static_cast<Role>(c), what); }

std::string wrong_capacity(const Question& q) {
  const Capacity c = q.asked.capacity;
  const auto no = [&] {
    return fmt::format("{} '{}' may not {} '{}'", word(c), q.asked.actor, word(q.asked.step),
                       q.asked.id);
  };
  const bool by_hand = q.action != nullptr && q.action->level < SentOnApproval;
  switch (q.asked.step) {
    case Step::Propose: return c == Capacity::Twin || may_as(c, Permission::Propose) ? "" : no();
    case Step::Edit: return may_as(c, Permission::Edit) ? "" : no();
    case Step::Approve:
      if (c == Capacity::Twin)
        return q.action->level == SentUnlessVetoed
                   ? ""
                   : fmt::format("'{}' is never sent without approval", q.action->name);
      if (!may_as(c, Permission::Approve)) return no();
      return c == capacity_of(q.one->content.role)
                 ? ""
                 : fmt::format("'{}' takes the role {} to approve", q.asked.id,
                               word(q.one->content.role));
    case Step::Reject: return may_as(c, Permission::Reject) ? "" : no();
    case Step::Expire: return c == Capacity::Twin ? "" : no();
    case Step::Send:
    case Step::Acknowledge:
    case Step::Fail:
    case Step::Verify:
      if (by_hand && c == Capacity::Link)
        return fmt::format("'{}' is carried out by people, not sent (level {})", q.action->name,
                           q.action->level);
      return c == Capacity::Link || (by_hand && may_as(c, Permission::CarryOut)) ? "" : no();
    case Step::Undo: return c == Capacity::Link || may_as(c, Permission::CarryOut) ? "" : no();
  }
  return no();
}

std::string wrong_reason(const Question& q) {
  if (!fits(q.asked.step, q.asked.reason))
    return fmt::format("'{}' is no reason to {}", word(q.asked.reason), word(q.asked.step));
  if (q.asked.reason == Reason::Other && q.asked.remark.empty())
    return "the reason 'other' takes a remark";
  return {};
}

std::string against_rules(const Question& q, const Recommendation& r) {
  const ActionClass& c = *q.action;
  if (r.role == c.role && r.persons == c.persons && r.level == c.level) return {};
  return fmt::format("'{}' says role {}, {} persons, level {} (its class says {}, {}, {})", r.id,
                     word(r.role), r.persons, r.level, word(c.role), c.persons, c.level);
}

// "" where the belief that it rests on still holds.
std::string moved_since(const Question& q) {
  const Assumed& assumed = q.one->content.assumed;
  if (q.moment.target != assumed.target)
    return fmt::format("'{}' is stale (its target has moved since {})", q.asked.id,
                       assumed.state_at);
  if (q.action != nullptr && q.action->fresh == Fresh::State && q.moment.state != assumed.state)
    return fmt::format("'{}' is stale (the state has moved since {})", q.asked.id,
                       assumed.state_at);
  return {};
}
bool is_old(const Question& q) {
  return q.action != nullptr && q.moment.now - q.one->content.assumed.state_at > q.action->age_ms;
}
std::string stale(const Question& q) {
  if (std::string against = against_rules(q, q.one->content); !against.empty()) return against;
  if (q.moment.now >= q.one->content.expires)
    return fmt::format("'{}' has expired at {}", q.asked.id, q.one->content.expires);
  if (std::string moved = moved_since(q); !moved.empty()) return moved;
  if (is_old(q))
    return fmt::format("'{}' is stale (its belief is {} ms old, at most {})", q.asked.id,
                       q.moment.now - q.one->content.assumed.state_at, q.action->age_ms);
  return {};
}

std::string wrong_proposal(const Question& q) {
  const Recommendation& r = *q.asked.content;
  if (r.id != q.asked.id) return fmt::format("'{}' is proposed as '{}'", r.id, q.asked.id);
  if (r.proposer != q.asked.actor)
    return fmt::format("'{}' proposes in the name of '{}'", q.asked.actor, r.proposer);
  if (r.made > q.moment.now) return fmt::format("'{}' was made in the future", r.id);
  if (r.expires <= q.moment.now) return fmt::format("'{}' has expired at {}", r.id, r.expires);
  if (std::string against = against_rules(q, r); !against.empty()) return against;
  const ActionClass& c = *q.action;
  if (c.level == SentUnlessVetoed && r.undo.reversal != Reversal::Whole)
    return fmt::format("'{}' cannot be undone as a whole, which level {} asks for", r.id, c.level);
  return {};
}

// An edit moves the value within its bounds; what follows from it is computed anew, all else stays.
std::string wrong_edit(const Question& q) {
  const Recommendation& old = q.one->content;
  const Recommendation& now = *q.asked.content;
  if (!old.edit) return fmt::format("'{}' cannot be edited", old.id);
  Recommendation same = now;
  same.made = old.made;
  same.why = old.why;
  same.benefit = old.benefit;
  same.downside = old.downside;
  same.assumed = old.assumed;
  same.what_if = old.what_if;
  same.past = old.past;
  same.command = old.command;
  same.act.value = old.act.value;
  same.act.words = old.act.words;
  if (same != old) return fmt::format("an edit of '{}' may change its value alone", old.id);
  if (now.act.value == old.act.value)
    return fmt::format("the edit of '{}' changes nothing", old.id);
  if (now.made > q.moment.now) return fmt::format("'{}' was made in the future", old.id);
  return {};
}

std::string wrong_approval(const Question& q) {
  const std::string& who = q.asked.actor;
  const Case& c = *q.one;
  if (q.asked.capacity == Capacity::Twin) {
    if (q.asked.reason != Reason::NoVeto) return "the twin approves nothing";
    const core::Tick until = c.since + q.action->veto_ms;
    return q.moment.now < until ? fmt::format("'{}' may be vetoed until {}", c.content.id, until)
                                : "";
  }
  if (q.asked.reason == Reason::NoVeto) return "'no-veto' is no reason of a person";
  if (who == c.content.proposer)
    return fmt::format("'{}' has proposed '{}' and may not approve it", who, c.content.id);
  if (std::ranges::count(c.editors, who) != 0)
    return fmt::format("'{}' has edited '{}' and may not approve it", who, c.content.id);
  if (std::ranges::count(c.approvals, who, &Approval::person) != 0)
    return fmt::format("'{}' has approved '{}' already; it takes another person", who,
                       c.content.id);
  return {};
}

std::string wrong_expiry(const Question& q) {
  const bool passed = q.moment.now >= q.one->content.expires;
  const bool so = q.asked.reason == Reason::TimePassed    ? passed
                  : q.asked.reason == Reason::TargetMoved ? !moved_since(q).empty()
                                                          : is_old(q);
  return so ? "" : fmt::format("'{}' has not expired by '{}'", q.asked.id, word(q.asked.reason));
}

std::string wrong_content(const Question& q) {
  const bool brings = q.asked.step == Step::Propose || q.asked.step == Step::Edit;
  if (brings && !q.asked.content) return fmt::format("there is nothing to {}", word(q.asked.step));
  if (!brings && q.asked.content)
    return fmt::format("to {} brings no new text", word(q.asked.step));
  if (q.asked.signature && q.asked.step != Step::Approve) return "only an approval is signed";
  if (brings) {
    try {
      check(*q.asked.content, "recommendation");
    } catch (const core::Error& e) {
      return e.what();
    }
  }
  return {};
}

std::string wrong_sight(const Question& q) {
  const bool speaks = q.asked.step != Step::Propose && is_person(q.asked.capacity);
  if (speaks && !q.asked.seen) return "it is not said which text was seen";
  if (q.asked.seen && (q.one == nullptr || *q.asked.seen != q.one->digest))
    return fmt::format("'{}' is not the text that was seen any more", q.asked.id);
  return {};
}

std::string wrong_step(const Question& q) {
  switch (q.asked.step) {
    case Step::Propose: return wrong_proposal(q);
    case Step::Edit:
      if (q.moment.now >= q.one->content.expires)
        return fmt::format("'{}' has expired at {}", q.asked.id, q.one->content.expires);
      return wrong_edit(q);
    case Step::Approve: {
      std::string wrong = wrong_approval(q);
      return wrong.empty() ? stale(q) : wrong;
    }
    case Step::Send: return stale(q);
    case Step::Expire: return wrong_expiry(q);
    case Step::Undo:
      return q.one->content.undo.reversal == Reversal::None
                 ? fmt::format("'{}' cannot be undone ({})", q.asked.id, q.one->content.undo.cannot)
                 : "";
    case Step::Reject:
    case Step::Acknowledge:
    case Step::Fail:
    case Step::Verify: return {};
  }
  return {};
}

}  // namespace

std::string refusal(const Rules& rules, const Case* one, const Asked& asked, const Moment& moment) {
  if (!is_name(asked.id)) return "it has no name";
  if (!next(one == nullptr ? std::nullopt : std::optional(one->stage), asked.step))
    return one == nullptr ? fmt::format("there is no recommendation '{}'", asked.id)
                          : fmt::format("'{}' is {}: one cannot {} it", asked.id, word(one->stage),
                                        word(asked.step));
  Question q{.rules = rules, .one = one, .asked = asked, .moment = moment};
  if (std::string wrong = wrong_content(q); !wrong.empty()) return wrong;
  const std::string& kind = one == nullptr ? asked.content->act.kind : one->content.act.kind;
  q.action = rules.find(kind);
  // Whatever the rules were once: what they do not name any more goes no further.
  const bool onward = asked.step == Step::Propose || asked.step == Step::Edit ||
                      asked.step == Step::Approve || asked.step == Step::Send;
  if (q.action == nullptr && onward)
    return fmt::format("no rule allows actions of the class '{}'", kind);
  for (const auto judge : {wrong_actor, wrong_capacity, wrong_reason, wrong_sight, wrong_step}) {
    if (std::string wrong = judge(q); !wrong.empty()) return wrong;
  }
  return {};
}

}  // namespace twin::people
