// Tokens, accounts and the trail.
#include <fmt/format.h>

#include <algorithm>

#include "apps/api/desk.hpp"
#include "apps/api/gives.hpp"
#include "apps/api/refused.hpp"
#include "apps/api/whole.hpp"

namespace apps::api {

using people::AccountStep;
using people::TokenUse;

void Desk::account_step(people::AccountEntry entry) {
  if (entry.step != AccountStep::Open && people_.accounts().find(entry.account) == nullptr)
    throw Refused(404, fmt::format("there is no account '{}'", entry.account));
  if (const std::string why = people_.accounts().refusal(entry); !why.empty())
    throw Refused(409, why);
  record(people_.note(std::move(entry)));
}

std::string Desk::issue(const std::string& actor, const std::string& account, TokenUse use,
                        Tick expires, Tick now) {
  const people::Secret secret = people::random_secret();
  account_step({.at = now,
                .step = AccountStep::Issue,
                .actor = actor,
                .account = account,
                .token = secret.name,
                .hash = secret.hash(),
                .expires = expires,
                .use = use});
  return secret.show();
}

std::optional<std::string> Desk::first_token(Tick now) {
  const auto& all = people_.accounts().all();
  if (all.size() > 1) return {};
  if (all.empty()) {
    account_step({.at = now,
                  .step = AccountStep::Open,
                  .actor = "start",
                  .account = "admin",
                  .roles = people::Roles{people::Role::Admin}});
  }
  const std::string admin = all.begin()->first;
  const auto tokens = people_.accounts().tokens_of(admin, now);
  if (std::ranges::any_of(tokens, [](const auto& t) { return t.second.use == TokenUse::Session; }))
    return {};
  for (const auto& [name, token] : tokens) {  // of an earlier start, whose paper may lie anywhere
    account_step({.at = now,
                  .step = AccountStep::Revoke,
                  .actor = "start",
                  .account = admin,
                  .token = name});
  }
  return issue("start", admin, TokenUse::Once, now + options_.once_ms, now);
}

std::optional<std::string> Desk::admin_token(Tick now) {
  for (const auto& [name, account] : people_.accounts().all()) {
    if (!account.closed && std::ranges::count(account.roles, people::Role::Admin) != 0)
      return issue("start", std::string(name), TokenUse::Once, now + options_.once_ms, now);
  }
  return {};
}

Answer Desk::enter(const Question& q) {
  const Tick now = q.request.now;
  if (q.who.use == TokenUse::Once) {
    account_step({.at = now,
                  .step = AccountStep::Use,
                  .actor = q.who.account,
                  .account = q.who.account,
                  .token = q.who.token});
  }
  SessionGiven given{
      .account = q.who.account, .roles = q.who.roles, .expires = now + options_.session_ms};
  given.token = issue(q.who.account, q.who.account, TokenUse::Session, given.expires, now);
  return give(q.route, given);
}

Answer Desk::me(const Question& q) const {
  Me me{.account = q.who.account, .roles = q.who.roles, .expires = q.who.expires};
  for (std::size_t k = 0; k < people::PermissionWords.size(); ++k) {
    const auto permission = static_cast<people::Permission>(k);
    if (people::may(q.who.roles, permission)) me.permissions.push_back(permission);
  }
  return give(q.route, me);
}

Answer Desk::tokens(const Question& q) const {
  TokenLines lines;
  for (const auto& [name, token] : people_.accounts().tokens_of(q.who.account, q.request.now)) {
    lines.tokens.push_back({.token = name,
                            .use = token.use,
                            .expires = token.expires,
                            .current = name == q.who.token});
  }
  return give(q.route, lines);
}

Answer Desk::own_token(const Question& q) {
  TokenGiven given{.account = q.who.account, .expires = q.request.now + options_.own_once_ms};
  given.token = issue(q.who.account, q.who.account, TokenUse::Once, given.expires, q.request.now);
  return give(q.route, given);
}

Answer Desk::end_token(const Question& q) {
  const auto name = q.names[0] == "current" ? q.who.token : people::Bits64::read(q.names[0]);
  const people::Token* token = name ? people_.accounts().find(*name) : nullptr;
  if (token == nullptr || token->account != q.who.account)
    throw Refused(404, fmt::format("'{}' has no such token", q.who.account));
  account_step({.at = q.request.now,
                .step = AccountStep::Revoke,
                .actor = q.who.account,
                .account = q.who.account,
                .token = *name});
  return tokens(q);
}

Answer Desk::ticket(const Question& q) {
  TokenGiven given{.account = q.who.account,
                   .use = TokenUse::Stream,
                   .expires = q.request.now + options_.ticket_ms};
  given.token = issue(q.who.account, q.who.account, TokenUse::Stream, given.expires, q.request.now);
  return give(q.route, given);
}

Answer Desk::stream(const Question& q) {
  const bool by_ticket = q.who.use == TokenUse::Stream;
  Answer a{.type = "text/event-stream"};
  if (q.request.method == "HEAD") return a;  // nothing is opened, and no ticket used up
  const std::string* last = q.target.find("last");
  a.stream = StreamPass{
      .account = q.who.account, .last = last == nullptr ? "" : *last, .until = q.who.expires};
  if (by_ticket) {
    account_step({.at = q.request.now,
                  .step = AccountStep::Use,
                  .actor = q.who.account,
                  .account = q.who.account,
                  .token = q.who.token});
    a.stream->until = q.request.now + options_.stream_ms;
  } else {
    a.stream->token = q.who.token;
  }
  return a;
}

bool Desk::goes_on(const StreamPass& pass, Tick now) const {
  const people::Account* account = people_.accounts().find(pass.account);
  if (account == nullptr || account->closed || now >= pass.until) return false;
  if (!people::may(account->roles, people::Permission::Read)) return false;
  return !pass.token || people_.accounts().find(*pass.token) != nullptr;
}

AccountLine Desk::line_of(const std::string& name, Tick now) const {
  const people::Account* account = people_.accounts().find(name);
  if (account == nullptr) throw Refused(404, fmt::format("there is no account '{}'", name));
  return {.name = name,
          .roles = account->roles,
          .closed = account->closed,
          .tokens = static_cast<std::uint32_t>(people_.accounts().tokens_of(name, now).size())};
}

Answer Desk::accounts(const Question& q) const {
  AccountLines lines;
  for (const auto& one : people_.accounts().all())
    lines.accounts.push_back(line_of(one.first, q.request.now));
  return give(q.route, lines);
}

Answer Desk::open_account(const Question& q) {
  const auto asked = body_of<NewAccount>(q.route, q.request);
  account_step({.at = q.request.now,
                .step = AccountStep::Open,
                .actor = q.who.account,
                .account = asked.name,
                .roles = asked.roles});
  TokenGiven given{.account = asked.name, .expires = q.request.now + options_.once_ms};
  given.token = issue(q.who.account, asked.name, TokenUse::Once, given.expires, q.request.now);
  return give(q.route, given);
}

Answer Desk::change_roles(const Question& q) {
  const auto asked = body_of<NewRoles>(q.route, q.request);
  account_step({.at = q.request.now,
                .step = AccountStep::Change,
                .actor = q.who.account,
                .account = q.names[0],
                .roles = asked.roles});
  return give(q.route, line_of(q.names[0], q.request.now));
}

Answer Desk::close_account(const Question& q) {
  account_step({.at = q.request.now,
                .step = AccountStep::Close,
                .actor = q.who.account,
                .account = q.names[0]});
  return give(q.route, line_of(q.names[0], q.request.now));
}

Answer Desk::renew_token(const Question& q) {
  TokenGiven given{.account = q.names[0], .expires = q.request.now + options_.once_ms};
  given.token = issue(q.who.account, q.names[0], TokenUse::Once, given.expires, q.request.now);
  return give(q.route, given);
}

Answer Desk::revoke_tokens(const Question& q) {
  static_cast<void>(line_of(q.names[0], q.request.now));
  for (const auto& one : people_.accounts().tokens_of(q.names[0], q.request.now)) {
    account_step({.at = q.request.now,
                  .step = AccountStep::Revoke,
                  .actor = q.who.account,
                  .account = q.names[0],
                  .token = one.first});
  }
  return give(q.route, line_of(q.names[0], q.request.now));
}

Answer Desk::audit(const Question& q) const {
  const std::uint64_t from = whole_of(q.target, "from", {.fallback = 0});
  const std::uint64_t limit =
      whole_of(q.target, "limit", {.fallback = 50, .least = 1, .most = 200});
  AuditPage page{.size = people_.trail().size(), .head = people_.trail().head()};
  if (from < page.size) {
    std::uint64_t number = from;
    for (twin::core::Note& note : port_.trail(from, static_cast<std::size_t>(limit)))
      page.entries.push_back({.number = number++,
                              .at = note.at,
                              .kind = std::move(note.kind),
                              .text = std::move(note.text)});
  }
  return give(q.route, page);
}

}  // namespace apps::api
