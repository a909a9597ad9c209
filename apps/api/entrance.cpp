// See the header.
#include "apps/api/entrance.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace apps::api {
namespace {

constexpr Tick Minute = 60'000;  // [ms]
constexpr std::string_view Scheme = "bearer ";

Answer too_often(Tick wait_ms, std::string_view why) {
  Answer a = problem(429, why);
  a.headers.emplace_back("Retry-After", std::to_string(std::max<Tick>(1, (wait_ms + 999) / 1'000)));
  return a;
}

Answer unknown() {
  Answer a = problem(401, "a token is needed (Authorization: Bearer fabtwin-...)");
  a.headers.emplace_back("WWW-Authenticate", "Bearer");
  return a;
}

// The scheme's name is compared without case (RFC 9110, 11.1).
std::optional<people::Secret> secret_of(std::string_view header) {
  if (header.size() < Scheme.size()) return {};
  for (std::size_t k = 0; k < Scheme.size(); ++k) {
    const char c = header[k];
    if ((c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) != Scheme[k]) return {};
  }
  return people::Secret::read(header.substr(Scheme.size()));
}

}  // namespace

Entrance::Entrance(const Paces& paces)
    : strangers_(paces.strangers),
      wrong_tokens_(paces.wrong_tokens, people::Crowd::Passes),
      accounts_(paces.accounts),
      scenarios_(paces.scenarios) {}

std::optional<Answer> Entrance::stranger(const Request& request) {
  if (strangers_.take(request.address, request.now)) return {};
  return too_often(strangers_.wait(request.address, request.now), "too many requests");
}

Answer Entrance::wrong(const Request& request) {
  ++tries_;
  last_ = request.address.substr(0, 64);
  const bool often = !wrong_tokens_.take(request.address, request.now);
  if (auto no = stranger(request)) return *no;
  if (often)
    return too_often(wrong_tokens_.wait(request.address, request.now), "too many wrong tokens");
  return unknown();
}

std::variant<Visitor, Answer> Entrance::visitor(const people::Accounts& accounts,
                                                const Request& request, const std::string* ticket) {
  if (ticket == nullptr && request.authorization.empty()) {
    if (auto no = stranger(request)) return *no;
    return unknown();
  }
  const auto secret =
      ticket != nullptr ? people::Secret::read(*ticket) : secret_of(request.authorization);
  const people::Token* token = secret ? accounts.owner(*secret, request.now) : nullptr;
  // What stands in an address is kept by proxies and browsers: a ticket alone is worth nothing there later.
  const bool in_query = ticket != nullptr;
  if (token == nullptr || in_query != (token->use == people::TokenUse::Stream))
    return wrong(request);
  if (!accounts_.take(token->account, request.now))
    return too_often(accounts_.wait(token->account, request.now), "too many requests");
  return Visitor{.account = token->account,
                 .roles = accounts.find(token->account)->roles,
                 .token = secret->name,
                 .use = token->use,
                 .expires = token->expires};
}

std::optional<Answer> Entrance::scenario(const std::string& account, Tick now) {
  if (scenarios_.take(account, now)) return {};
  return too_often(scenarios_.wait(account, now), "too many scenarios");
}

std::optional<people::AccountEntry> Entrance::turned_away(Tick now) {
  if (tries_ == 0 || now < told_ + Minute) return {};
  people::AccountEntry entry{.at = now,
                             .step = people::AccountStep::Turned,
                             .actor = "door",
                             .address = last_,
                             .tries = tries_};
  told_ = now;
  tries_ = 0;
  return entry;
}

std::size_t Entrance::memory() const {
  return strangers_.keys() + wrong_tokens_.keys() + accounts_.keys() + scenarios_.keys();
}

}  // namespace apps::api
