// If this failed, the tests of the server would look at a desk without one.
#include "apps/api/served.hpp"

#include <gtest/gtest.h>

#include "apps/api/client.hpp"

namespace apps::api::example {
namespace {

TEST(ApiServed, AnswersWhatTheDeskDoes) {
  Served s;
  Client client(s.server);
  EXPECT_EQ(body_of(client.ask(get("/v1/lots/L7", s.bearer("vera")))),
            s.house.get("vera", "/v1/lots/L7").body);
  EXPECT_EQ(status_of(client.ask(get("/v1/me"))), "401");
}

}  // namespace
}  // namespace apps::api::example
