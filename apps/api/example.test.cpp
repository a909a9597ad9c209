// If this failed, a server that does as `fabtwin serve` does would forget what people decided, or tell of it before it
// lasts.
#include "apps/api/example.hpp"

#include <gtest/gtest.h>

namespace apps::api::example {
namespace {

TEST(ApiExample, HasAnAccountOfEachRole) {
  House h;
  EXPECT_EQ(h.token.size(), 6U);
  for (const auto& [name, token] : h.token) {
    EXPECT_EQ(token.size(), 88U) << name;
    EXPECT_EQ(h.get(name, "/v1/me").status, 200U);
  }
}

// The loop of a server: fold what the record holds, tick each second, tell of what lasts.
TEST(ApiExample, ServesAcrossARestart) {
  House h;
  ASSERT_EQ(h.propose(people::example::advice()), "");
  const Answer said = h.decide("anna", "R-1", "approve");
  EXPECT_EQ(said.status, 200U);
  EXPECT_EQ(said.waits_for, h.twin.notes.size()) << "told only when its entry lasts";
  EXPECT_EQ(h.get("anna", "/v1/me").waits_for, 0U);
  std::vector<News> news = h.desk.take_news();
  ASSERT_EQ(news.size(), 2U);
  EXPECT_EQ(news[1].waits_for, said.waits_for);
  EXPECT_EQ(member(news[1].json, "stage"), "approved");
  EXPECT_TRUE(h.desk.take_news().empty());

  Desk again(h.twin.port(), options());
  for (const auto& note : h.twin.notes) again.apply(note);
  EXPECT_EQ(again.people(), h.desk.people());
  EXPECT_FALSE(again.first_token(h.now)) << "it is no first start";
  const Answer me = again.ask({.target = "/v1/me",
                               .authorization = "Bearer " + h.token["anna"],
                               .address = "x",
                               .now = h.now + 1});
  EXPECT_EQ(me.status, 200U) << "a session goes on after a restart";
  for (Tick now = h.now; now < h.now + 3'700'000; now += 1'000) {  // R-1 ends by itself
    again.tick(now);
    news = again.take_news();
    if (!news.empty()) break;
  }
  ASSERT_EQ(news.size(), 1U);
  EXPECT_EQ(member(news[0].json, "stage"), "expired");
}

}  // namespace
}  // namespace apps::api::example
