// If this failed, the tests of the server would hear what it has not said.
#include "apps/api/client.hpp"

#include <gtest/gtest.h>

namespace apps::api::example {
namespace {

TEST(ApiClient, HearsTheWholeAnswer) {
  Server server({}, {.ask = [](const Request& r) { return Answer{.body = r.target}; },
                     .goes_on = [](const StreamPass&, Tick) { return true; },
                     .clock = [] { return Tick{1}; }});
  Client client(server);
  const std::string answer = client.ask(get("/x"));
  EXPECT_EQ(status_of(answer), "200");
  EXPECT_EQ(body_of(answer), "/x");
  EXPECT_EQ(status_of("nonsense"), "none");
  EXPECT_EQ(body_of("nonsense"), "");
}

}  // namespace
}  // namespace apps::api::example
