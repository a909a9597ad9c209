// If this failed, what went wrong would be said in something that no client can read.
#include "apps/api/message.hpp"

#include <gtest/gtest.h>

namespace apps::api {
namespace {

TEST(ApiMessage, AProblemIsJsonWhateverItSays) {
  const Answer a = problem(404, "no \"lot\"\n\xff");
  EXPECT_EQ(a.status, 404U);
  EXPECT_EQ(a.type, "application/json");
  EXPECT_EQ(a.body, "{\"error\":\"no \\\"lot\\\"\\n\xEF\xBF\xBD\"}");
}

}  // namespace
}  // namespace apps::api
