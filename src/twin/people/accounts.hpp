// Who is known, and by which tokens: a fold over entries. There are no passwords: a token is 256 random
// bits, shown once and kept as a BLAKE2b hash, which is enough for what nobody can guess. The first
// administrator comes in by a token for one use.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "twin/core/containers.hpp"
#include "twin/core/tick.hpp"
#include "twin/people/digest.hpp"
#include "twin/people/roles.hpp"
#include "twin/people/table.hpp"

namespace twin::people {

enum class TokenUse : std::uint8_t {
  Session,  // until it expires
  Once,     // to get a session, then no more
  Stream,   // to open one stream, then no more: browsers cannot send a header there
};
inline constexpr std::array<std::string_view, 3> TokenUseWords = {"session", "once", "stream"};
[[nodiscard]] inline std::span<const std::string_view> words(TokenUse /*of*/) {
  return TokenUseWords;
}

// "fabtwin-" and the token's name and secret: what a person is shown once.
struct Secret {
  Bits64 name = {};
  std::array<std::uint8_t, 32> bits{};
  [[nodiscard]] std::string show() const;
  [[nodiscard]] static std::optional<Secret> read(std::string_view word);
  [[nodiscard]] Digest hash() const;  // BLAKE2b-256 (RFC 7693), keyed with nothing
};
[[nodiscard]] Secret random_secret();  // from the operating system

enum class AccountStep : std::uint8_t { Open, Change, Close, Issue, Use, Revoke, Turned };
inline constexpr std::array<std::string_view, 7> AccountStepWords = {
    "open", "change", "close", "issue", "use", "revoke", "turned-away"};
[[nodiscard]] inline std::span<const std::string_view> words(AccountStep /*of*/) {
  return AccountStepWords;
}

struct AccountEntry {
  std::uint64_t number = 0;  // in the trail
  Digest chain = {};
  core::Tick at = 0;  // [ms since 1970]
  AccountStep step = AccountStep::Open;
  std::string actor =
      {};  // "start": the program's first start; "door": somebody unknown was turned away
  std::string account = {};                 // empty: of Turned
  std::optional<Roles> roles = {};          // of Open and Change
  std::optional<Bits64> token = {};         // of Issue, Use and Revoke
  std::optional<Digest> hash = {};          // of Issue
  std::optional<core::Tick> expires = {};   // [ms since 1970] of Issue
  std::optional<TokenUse> use = {};         // of Issue
  std::optional<std::string> address = {};  // of Turned
  std::optional<std::uint64_t> tries = {};  // of Turned: since the last such entry
  bool operator==(const AccountEntry&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    fields_of_table(archive, self);
  }
  static constexpr const char* Name = "AccountEntry";
  static void table(auto& t, auto& self) {
    t("number", self.number, Any, "in the trail, from 0");
    t("chain", self.chain, Any, "digest of the entry before it");
    t("at", self.at, NotNegative, "when, ms since 1970");
    t("step", self.step, Any, "what was done");
    t("actor", self.actor, AName, "by whom; start: the first start, door: a stranger");
    t("account", self.account, Rule{.longest = 64}, "whose account");
    t("roles", self.roles, Rule{.many = 5}, "its roles from now on");
    t("token", self.token, Any, "the token's name");
    t("hash", self.hash, Any, "BLAKE2b-256 of its secret");
    t("expires", self.expires, NotNegative, "when the token ends, ms since 1970");
    t("use", self.use, Any, "what the token is for");
    t("address", self.address, Rule{.longest = 64}, "from where somebody was turned away");
    t("tries", self.tries, Any, "how often, since the last such entry");
  }
};

struct Account {
  Roles roles = {};
  bool closed = false;
  bool operator==(const Account&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("roles", self.roles);
    archive("closed", self.closed);
  }
};
struct Token {
  std::string account = {};
  Digest hash = {};
  core::Tick expires = 0;  // [ms since 1970]
  TokenUse use = TokenUse::Session;
  bool operator==(const Token&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("account", self.account);
    archive("hash", self.hash);
    archive("expires", self.expires);
    archive("use", self.use);
  }
};

class Accounts {
 public:
  [[nodiscard]] const Account* find(std::string_view name) const;
  [[nodiscard]] const std::map<std::string, Account, std::less<>>& all() const { return accounts_; }
  [[nodiscard]] const Token* find(Bits64 token) const;
  [[nodiscard]] bool empty() const { return accounts_.empty(); }
  [[nodiscard]] std::size_t tokens() const { return tokens_.size(); }
  // Of an account, those that have not ended, by name.
  [[nodiscard]] std::vector<std::pair<Bits64, Token>> tokens_of(std::string_view account,
                                                                core::Tick now) const;

  // Whose token this is, if it is one and has not ended. Takes as long for one that is none.
  [[nodiscard]] const Token* owner(const Secret& secret, core::Tick now) const;

  // Why the entry is refused; empty: it is not.
  [[nodiscard]] std::string refusal(const AccountEntry& entry) const;
  void apply(const AccountEntry& entry);  // throws core::Error where it makes no sense

  bool operator==(const Accounts&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("accounts", self.accounts_);
    archive("tokens", self.tokens_);
  }

 private:
  [[nodiscard]] bool is_last_admin(std::string_view name) const;

  std::map<std::string, Account, std::less<>> accounts_;
  std::map<Bits64, Token> tokens_;  // that were neither used up nor revoked
};

inline constexpr std::size_t TokensMax = 32;  // of one account that have not ended
inline constexpr std::size_t AccountsMax = 2'000;

}  // namespace twin::people
