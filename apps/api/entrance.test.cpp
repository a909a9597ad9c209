// If these failed, a stranger could come in, or keep those out who may.
#include "apps/api/entrance.hpp"

#include <gtest/gtest.h>

namespace apps::api {
namespace {

using people::Role;
using people::TokenUse;

struct GuardedDoor {
  people::Accounts accounts = {};
  Entrance entrance = Entrance(Paces{});
  people::Secret session = {}, ticket = {};
  Tick now = 1'000'000;

  GuardedDoor() {
    using S = people::AccountStep;
    accounts.apply({.at = now,
                    .step = S::Open,
                    .actor = "start",
                    .account = "alice",
                    .roles = people::Roles{Role::Viewer}});
    session = issue(TokenUse::Session);
    ticket = issue(TokenUse::Stream);
  }
  people::Secret issue(TokenUse use) {
    const people::Secret s = people::random_secret();
    accounts.apply({.at = now,
                    .step = people::AccountStep::Issue,
                    .actor = "alice",
                    .account = "alice",
                    .token = s.name,
                    .hash = s.hash(),
                    .expires = now + 100'000,
                    .use = use});
    return s;
  }
  // 200: he is in.
  unsigned status(const std::string& header, const std::string& address = "10.0.0.1",
                  const std::string* in_query = nullptr) {
    const auto came = entrance.visitor(
        accounts, {.authorization = header, .address = address, .now = now}, in_query);
    return std::holds_alternative<Visitor>(came) ? 200 : std::get<Answer>(came).status;
  }
};

TEST(ApiEntrance, TakesATokenInTheHeaderAndATicketInTheQuery) {
  GuardedDoor h;
  const std::string session = h.session.show(), ticket = h.ticket.show();
  EXPECT_EQ(h.status("Bearer " + session), 200U);
  EXPECT_EQ(h.status("bEARER " + session), 200U);
  EXPECT_EQ(h.status("", "10.0.0.1", &ticket), 200U);
  for (const std::string& wrong : {std::string(), session, "Basic " + session, "Bearer  " + session,
                                   "Bearer " + session + " ", "Bearer " + ticket})
    EXPECT_EQ(h.status(wrong), 401U) << wrong;
  EXPECT_EQ(h.status("", "10.0.0.1", &session), 401U) << "a session in an address";
}

TEST(ApiEntrance, TenWrongTokensAndTheAddressWaits) {
  GuardedDoor h;
  const std::string wrong = "Bearer " + people::random_secret().show();
  for (int k = 0; k < 10; ++k) EXPECT_EQ(h.status(wrong), 401U);
  EXPECT_EQ(h.status(wrong), 429U);
  EXPECT_EQ(h.status(wrong, "10.0.0.2"), 401U) << "another address";
  EXPECT_EQ(h.status("Bearer " + h.session.show()), 200U) << "a right token, from the same address";
  h.now += 29'999;
  EXPECT_EQ(h.status(wrong), 429U);
  h.now += 1;
  EXPECT_EQ(h.status(wrong), 401U);
  EXPECT_EQ(h.status(wrong), 429U);
}

TEST(ApiEntrance, AMillionTriesFillNoMemoryAndOneEntryAMinute) {  // reliability C4, test 29
  GuardedDoor h;
  const std::string wrong = "Bearer " + people::random_secret().show();
  std::size_t entries = 0, tries = 0, out = 0;
  const Tick begun = h.now;
  for (int k = 0; k < 1'000'000; ++k) {
    h.now = begun + k / 20;  // 20,000 a second, from 5,000 addresses: 50 s
    out += h.status(wrong, "10.0." + std::to_string(k % 5'000)) == 200 ? 1U : 0U;
    if (const auto entry = h.entrance.turned_away(h.now)) {
      ++entries;
      tries += *entry->tries;
    }
  }
  EXPECT_EQ(out, 0U);
  EXPECT_LE(h.entrance.memory(), 3 * 4'096U);
  EXPECT_EQ(entries, 1U) << "at once, and none within its minute";
  const auto last = h.entrance.turned_away(begun + 60'000);
  ASSERT_TRUE(last);
  EXPECT_EQ(tries + *last->tries, 1'000'000U) << "each is counted";
  EXPECT_EQ(h.accounts.refusal(*last), "");
  EXPECT_FALSE(h.entrance.turned_away(begun + 1'000'000));
  EXPECT_EQ(h.status("Bearer " + h.session.show()), 200U);
}

TEST(ApiEntrance, EachHasHisPace) {
  GuardedDoor h;
  const std::string session = "Bearer " + h.session.show();
  unsigned in = 0;
  for (int k = 0; k < 500; ++k) in += h.status(session) == 200 ? 1U : 0U;
  EXPECT_EQ(in, 200U);
  unsigned asked = 0, scenarios = 0;
  for (int k = 0; k < 500; ++k) {
    asked += h.entrance.stranger({.address = "10.0.0.9", .now = h.now}) ? 0U : 1U;
    scenarios += h.entrance.scenario("alice", h.now) ? 0U : 1U;
  }
  EXPECT_EQ(asked, 100U);
  EXPECT_EQ(scenarios, 10U);
  const auto no = h.entrance.scenario("alice", h.now);
  ASSERT_TRUE(no);
  ASSERT_EQ(no->headers.size(), 1U);
  EXPECT_EQ(no->headers[0], (std::pair<std::string, std::string>{"Retry-After", "5"}));
}

}  // namespace
}  // namespace apps::api
