// See the header. The only file beside digest.cpp that names libsodium.
#include "twin/people/accounts.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>

#include "twin/core/expect.hpp"

namespace twin::people {
namespace {

constexpr std::string_view Prefix = "fabtwin-";

bool is_admin(const Roles& roles) { return std::ranges::count(roles, Role::Admin) != 0; }

std::string wrong_roles(const AccountEntry& e) {
  if (!e.roles || e.roles->empty()) return fmt::format("'{}' is given no role", e.account);
  for (const Role role : *e.roles) {
    if (std::ranges::count(*e.roles, role) != 1)
      return fmt::format("'{}' is given the role {} twice", e.account, word(role));
  }
  // Who makes accounts decides nothing else, and who decides makes none.
  if (is_admin(*e.roles) && e.roles->size() != 1)
    return fmt::format("'{}' would be admin and something else", e.account);
  return {};
}

}  // namespace

std::string Secret::show() const { return std::string(Prefix) + name.show() + hex(bits); }

std::optional<Secret> Secret::read(std::string_view word) {
  if (!word.starts_with(Prefix)) return {};
  word.remove_prefix(Prefix.size());
  if (word.size() != 16 + 64) return {};
  Secret secret;
  const auto name = Bits64::read(word.substr(0, 16));
  if (!name || !read_hex(word.substr(16), secret.bits)) return {};
  secret.name = *name;
  return secret;
}

Digest Secret::hash() const {
  Digest digest;
  static_assert(sizeof digest.bytes == crypto_generichash_BYTES);
  crypto_generichash(digest.bytes.data(), digest.bytes.size(), bits.data(), bits.size(), nullptr,
                     0);
  return digest;
}

Secret random_secret() {
  TWIN_EXPECT(sodium_init() >= 0);
  Secret secret;
  randombytes_buf(&secret.name.bits, sizeof secret.name.bits);
  randombytes_buf(secret.bits.data(), secret.bits.size());
  return secret;
}

const Account* Accounts::find(std::string_view name) const {
  const auto at = accounts_.find(name);
  return at == accounts_.end() ? nullptr : &at->second;
}

const Token* Accounts::find(Bits64 token) const {
  const auto at = tokens_.find(token);
  return at == tokens_.end() ? nullptr : &at->second;
}

std::vector<std::pair<Bits64, Token>> Accounts::tokens_of(std::string_view account,
                                                          core::Tick now) const {
  std::vector<std::pair<Bits64, Token>> found;
  for (const auto& [name, token] : tokens_) {
    if (token.account == account && now < token.expires) found.emplace_back(name, token);
  }
  return found;
}

const Token* Accounts::owner(const Secret& secret, core::Tick now) const {
  static const Digest Nobody{};
  const Token* token = find(secret.name);
  const Digest& wanted = token == nullptr ? Nobody : token->hash;
  const Digest given = secret.hash();
  const bool same = sodium_memcmp(given.bytes.data(), wanted.bytes.data(), given.bytes.size()) == 0;
  if (!same || token == nullptr || now >= token->expires) return nullptr;
  const Account* account = find(token->account);
  return account == nullptr || account->closed ? nullptr : token;
}

bool Accounts::is_last_admin(std::string_view name) const {
  const Account* one = find(name);
  if (one == nullptr || one->closed || !is_admin(one->roles)) return false;
  return std::ranges::count_if(accounts_, [](const auto& a) {
           return !a.second.closed && is_admin(a.second.roles);
         }) == 1;
}

std::string Accounts::refusal(const AccountEntry& e) const {
  using S = AccountStep;
  if (e.step == S::Turned) return e.address && e.tries ? "" : "it is not said who was turned away";
  if (!is_name(e.account)) return fmt::format("'{}' is no name for an account", e.account);
  const Account* account = find(e.account);
  if (e.step == S::Open) {
    if (account != nullptr) return fmt::format("there is an account '{}' already", e.account);
    for (const std::string_view taken : {"twin", "link", "start", "door"}) {
      if (e.account == taken) return fmt::format("'{}' is a name of the program", taken);
    }
    if (accounts_.size() >= AccountsMax) return "there are too many accounts";
    return wrong_roles(e);
  }
  if (account == nullptr) return fmt::format("there is no account '{}'", e.account);
  if (account->closed) return fmt::format("the account '{}' is closed", e.account);
  switch (e.step) {
    case S::Change:
      if (e.actor == e.account) return "nobody may change his own roles";
      if (is_last_admin(e.account)) return fmt::format("'{}' is the last admin", e.account);
      return wrong_roles(e);
    case S::Close:
      return is_last_admin(e.account) ? fmt::format("'{}' is the last admin", e.account) : "";
    case S::Issue:
      if (!e.token || !e.hash || !e.expires || !e.use) return "the token is not said";
      if (find(*e.token) != nullptr) return "there is such a token already";
      if (*e.expires <= e.at) return "the token has expired already";
      if (std::ranges::count_if(tokens_, [&](const auto& t) {
            return t.second.account == e.account && t.second.expires > e.at;
          }) >= static_cast<std::ptrdiff_t>(TokensMax))
        return fmt::format("'{}' has {} tokens; revoke one first", e.account, TokensMax);
      return {};
    case S::Use:
    case S::Revoke: {
      const Token* token = e.token ? find(*e.token) : nullptr;
      if (token == nullptr || token->account != e.account)
        return fmt::format("'{}' has no such token", e.account);
      if (e.step == S::Use && token->use == TokenUse::Session) return "a session is not used up";
      return {};
    }
    case S::Open:
    case S::Turned: break;
  }
  return {};
}

void Accounts::apply(const AccountEntry& e) {
  using S = AccountStep;
  if (const std::string wrong = refusal(e); !wrong.empty()) refuse("people", wrong);
  switch (e.step) {
    case S::Open: accounts_[e.account].roles = *e.roles; break;
    case S::Change: accounts_[e.account].roles = *e.roles; break;
    case S::Close:
      accounts_[e.account].closed = true;
      std::erase_if(tokens_, [&](const auto& t) { return t.second.account == e.account; });
      break;
    case S::Issue:
      std::erase_if(tokens_, [&](const auto& t) { return t.second.expires <= e.at; });
      tokens_[*e.token] = {e.account, *e.hash, *e.expires, *e.use};
      break;
    case S::Use:
    case S::Revoke: tokens_.erase(*e.token); break;
    case S::Turned: break;
  }
}

}  // namespace twin::people
