// If this failed, a conflict would be told as a mistake of the client, or of the server.
#include "apps/api/refused.hpp"

#include <gtest/gtest.h>

namespace apps::api {
namespace {

TEST(ApiRefused, HasItsStatus) {
  try {
    throw Refused(409, "it is closed");
  } catch (const Refused& e) {
    EXPECT_EQ(e.status(), 409U);
    EXPECT_STREQ(e.what(), "it is closed");
  }
}

}  // namespace
}  // namespace apps::api
