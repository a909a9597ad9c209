// If these failed, a stranger could come in, or somebody could make himself more than he is.
#include "twin/people/accounts.hpp"

#include <gtest/gtest.h>

#include <set>

#include "twin/contract/refusal.hpp"
#include "twin/core/draw.hpp"

namespace twin::people {
namespace {

using S = AccountStep;

struct Site {
  Accounts accounts = {};
  core::Tick now = 1'000;

  std::string does(AccountEntry e) {
    e.at = now;
    std::string no = accounts.refusal(e);
    if (no.empty()) accounts.apply(e);
    return no;
  }
  std::string open(const std::string& name, const Roles& roles) {
    return does({.step = S::Open, .actor = "admin", .account = name, .roles = roles});
  }
  Secret issue(const std::string& name, core::Tick life = 1'000, TokenUse use = TokenUse::Session) {
    const Secret secret = random_secret();
    EXPECT_EQ(does({.step = S::Issue,
                    .actor = name,
                    .account = name,
                    .token = secret.name,
                    .hash = secret.hash(),
                    .expires = now + life,
                    .use = use}),
              "");
    return secret;
  }
};

Site site() {
  Site s;
  EXPECT_EQ(s.open("admin", {Role::Admin}), "");
  EXPECT_EQ(s.open("alice", {Role::Approver, Role::Engineer}), "");
  return s;
}

TEST(Accounts, KnowATokenUntilItEnds) {
  Site s = site();
  const Secret secret = s.issue("alice");
  const Token* token = s.accounts.owner(secret, s.now);
  ASSERT_NE(token, nullptr);
  EXPECT_EQ(token->account, "alice");
  EXPECT_NE(s.accounts.owner(secret, s.now + 999), nullptr);
  EXPECT_EQ(s.accounts.owner(secret, s.now + 1'000), nullptr) << "expired";
  ASSERT_EQ(s.accounts.tokens_of("alice", s.now).size(), 1U);
  EXPECT_EQ(s.accounts.tokens_of("alice", s.now)[0].first, secret.name);
  EXPECT_EQ(s.accounts.tokens_of("alice", s.now + 1'000).size(), 0U);
  EXPECT_EQ(s.accounts.tokens_of("admin", s.now).size(), 0U);
  EXPECT_EQ(s.does({.step = S::Revoke, .actor = "alice", .account = "alice", .token = secret.name}),
            "");
  EXPECT_EQ(s.accounts.owner(secret, s.now), nullptr) << "revoked";
  const Secret other = s.issue("alice");
  EXPECT_EQ(s.does({.step = S::Close, .actor = "admin", .account = "alice"}), "");
  EXPECT_EQ(s.accounts.owner(other, s.now), nullptr) << "closed";
  EXPECT_EQ(s.does({.step = S::Issue, .actor = "alice", .account = "alice"}),
            "the account 'alice' is closed");
}

TEST(Accounts, KnowNoTokenWithAnyBitChanged) {
  Site s = site();
  const Secret secret = s.issue("alice");
  const std::string text = secret.show();
  ASSERT_EQ(text.size(), 8U + 16 + 64);
  ASSERT_EQ(Secret::read(text)->bits, secret.bits);
  for (int bit = 0; bit < 256; ++bit) {
    Secret other = secret;
    std::uint8_t& byte = other.bits[static_cast<std::size_t>(bit) / 8];
    byte = static_cast<std::uint8_t>(byte ^ (1U << (bit % 8)));
    EXPECT_EQ(s.accounts.owner(other, s.now), nullptr);
  }
  for (const std::string& wrong :
       {text.substr(1), text + "0", text.substr(0, text.size() - 1), "Fabtwin-" + text.substr(8),
        std::string(), text.substr(0, 87) + "G", "fabtwin-" + std::string(80, ' ')})
    EXPECT_FALSE(Secret::read(wrong)) << wrong;
}

TEST(Accounts, TokensOfOneUseAreUsedOnce) {
  Site s = site();
  const Secret once = s.issue("alice", 1'000, TokenUse::Once);
  EXPECT_EQ(s.does({.step = S::Use, .actor = "alice", .account = "alice", .token = once.name}), "");
  EXPECT_EQ(s.accounts.owner(once, s.now), nullptr);
  EXPECT_EQ(s.does({.step = S::Use, .actor = "alice", .account = "alice", .token = once.name}),
            "'alice' has no such token");
  const Secret session = s.issue("alice");
  EXPECT_EQ(s.does({.step = S::Use, .actor = "alice", .account = "alice", .token = session.name}),
            "a session is not used up");
  EXPECT_EQ(
      s.does({.step = S::Revoke, .actor = "admin", .account = "admin", .token = session.name}),
      "'admin' has no such token");
}

TEST(Accounts, RefuseWhatWouldMakeSomebodyMore) {
  Site s = site();
  EXPECT_EQ(s.open("eve", {Role::Admin, Role::Approver}),
            "'eve' would be admin and something else");
  EXPECT_EQ(s.open("eve", {}), "'eve' is given no role");
  EXPECT_EQ(s.open("eve", {Role::Viewer, Role::Viewer}), "'eve' is given the role viewer twice");
  EXPECT_EQ(s.open("alice", {Role::Viewer}), "there is an account 'alice' already");
  for (const char* name : {"twin", "link", "start", "door"})
    EXPECT_EQ(s.open(name, {Role::Viewer}), "'" + std::string(name) + "' is a name of the program");
  EXPECT_EQ(s.open("a b", {Role::Viewer}), "'a b' is no name for an account");
  const auto change = [&](const std::string& who, const std::string& whom) {
    return s.does(
        {.step = S::Change, .actor = who, .account = whom, .roles = Roles{Role::Operator}});
  };
  EXPECT_EQ(change("alice", "alice"), "nobody may change his own roles");
  EXPECT_EQ(change("alice", "admin"), "'admin' is the last admin");
  EXPECT_EQ(s.does({.step = S::Close, .actor = "admin", .account = "admin"}),
            "'admin' is the last admin");
  EXPECT_EQ(change("admin", "alice"), "");
  EXPECT_EQ(s.accounts.find("alice")->roles, Roles{Role::Operator});
  EXPECT_EQ(s.open("second", {Role::Admin}), "");
  EXPECT_EQ(s.does({.step = S::Close, .actor = "second", .account = "admin"}), "");
}

TEST(Accounts, HoldNoMoreTokensThanTheyMay) {
  Site s = site();
  for (std::size_t k = 0; k < TokensMax; ++k) static_cast<void>(s.issue("alice"));
  const Secret more = random_secret();
  const AccountEntry e{.step = S::Issue,
                       .actor = "alice",
                       .account = "alice",
                       .token = more.name,
                       .hash = more.hash(),
                       .expires = 9'000,
                       .use = TokenUse::Session};
  EXPECT_EQ(s.does(e), "'alice' has 32 tokens; revoke one first");
  s.now += 1'000;  // those have expired
  EXPECT_EQ(s.does(e), "");
  EXPECT_EQ(s.accounts.tokens(), 1U);
}

TEST(Accounts, SecretsAreRandom) {
  // 2,000 of them: no two alike, and each of the 256 bits set about half of the time. A fair bit is off by more than 5
  // standard errors once in 1.7 million tries; of 256, once in 6,800 runs, so 6 are taken (once in 2 million).
  std::set<std::string> seen;
  std::array<int, 256> set{};
  for (int k = 0; k < 2'000; ++k) {
    const Secret s = random_secret();
    seen.insert(hex(s.bits));
    for (std::size_t bit = 0; bit < 256; ++bit) set[bit] += (s.bits[bit / 8] >> (bit % 8)) & 1;
  }
  EXPECT_EQ(seen.size(), 2'000U);
  for (const int n : set) EXPECT_NEAR(n, 1'000, 6 * 22.4);
}

TEST(Accounts, NoSecretIsKept) {
  Site s = site();
  const Secret secret = s.issue("alice");
  const AccountEntry e{.step = S::Issue,
                       .account = "alice",
                       .token = secret.name,
                       .hash = secret.hash(),
                       .expires = 9,
                       .use = TokenUse::Session};
  EXPECT_EQ(to_json(e).find(hex(secret.bits)), std::string::npos);
  EXPECT_NE(secret.hash().show(), hex(secret.bits));
}

}  // namespace
}  // namespace twin::people
