// What people read and sign of an act that is sent, and what cannot be of it.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "apps/fabtwin/serve/act_message.hpp"
#include "apps/fabtwin/serve/permits.hpp"

namespace apps::fabtwin::serve {
namespace {

namespace guard = twin::guard;
namespace people = twin::people;

}  // namespace

std::optional<guard::Command> Permits::made(const people::Recommendation& r,
                                            std::string& why) const {
  auto command =
      command_of(options_.limits, {.act = r.act,
                                   .tools = options_.tools(r.act),
                                   .id = r.id,
                                   .proposer = r.proposer,
                                   .health = options_.unwell().empty() ? "ok" : "degraded",
                                   .now = options_.real_ms(),
                                   .believed = options_.clock.real_ms(r.assumed.state_at),
                                   .expires = options_.clock.real_ms(r.expires)});
  if (auto* made = std::get_if<guard::Command>(&command)) return std::move(*made);
  why = std::get<std::string>(command);
  return std::nullopt;
}

void Permits::attach(people::Recommendation& r) const {
  if (r.level < people::SentOnApproval) return;
  r.command.reset();
  std::string why;
  const auto command = made(r, why);
  if (!command) return log(r.id, "cannot be sent: " + why);
  r.act.tool = command->tool;
  r.command = guard::show(*command);
  r.expires = std::min(r.expires, options_.clock.at(command->expires));
}

std::string Permits::objection(const people::Case* one, const people::Asked& asked) const {
  using people::Step;
  const bool approves = asked.step == Step::Approve && asked.capacity < people::Capacity::Twin;
  const people::Recommendation* r = asked.content    ? &*asked.content
                                    : one != nullptr ? &one->content
                                                     : nullptr;
  if (r == nullptr || r->level < people::SentOnApproval || (!asked.content && !approves)) return {};
  const auto command = guard::read_command(r->command.value_or(""));
  if (!command) {
    std::string why = "the guard could not read it";
    (void)made(*r, why);
    return fmt::format("'{}' cannot be sent ({})", r->id, why);
  }
  if (!approves) return {};
  const guard::ActionClass* action = guard::named(options_.limits.classes, command->action);
  if (!asked.signature)
    return action == nullptr || action->persons > 0
               ? fmt::format(
                     "'{}' is sent by the twin: an approval must be signed (fabtwin decide "
                     "--sign KEY)",
                     r->id)
               : "";
  std::string line = *asked.signature + "\n";
  std::string_view text = line;
  guard::Approval a;
  const auto row = guard::take(text, "approval");
  if (!row || !text.empty() || !guard::read_row(*row, a.person, a.role, a.at, a.signature))
    return "the signature is no line 'approval PERSON ROLE AT SIGNATURE'";
  if (a.person != asked.actor || a.role != people::word(r->role))
    return fmt::format("the approval is signed for {} as {} (it takes {} as {})", a.person, a.role,
                       asked.actor, people::word(r->role));
  const guard::Person* person = guard::named(options_.limits.persons, a.person);
  if (person == nullptr) return fmt::format("the guard's limits know no '{}'", a.person);
  const std::string signed_text = guard::approval_text(a.person, a.role, a.at, *r->command);
  if (!guard::verify(person->key, signed_text, a.signature))
    return fmt::format("the signature is not {}'s of this text", a.person);
  return {};
}

}  // namespace apps::fabtwin::serve
