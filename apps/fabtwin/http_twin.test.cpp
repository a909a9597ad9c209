// If this failed, faults beneath the twin would be tried on a twin that has heard nothing.
#include "apps/fabtwin/http_twin.hpp"

#include <gtest/gtest.h>

namespace apps::fabtwin {
namespace {

TEST(HttpTwinProgram, KnowsWhatItHasAcknowledgedAndSaysWhatIsLost) {
  HttpTwin twin("http_twin");
  {
    const auto living = twin.start();
    ASSERT_TRUE(twin.say(1)) << twin.words();
    EXPECT_TRUE(twin.fresh());
    ASSERT_TRUE(twin.say_all(2, 40)) << twin.words();
    EXPECT_TRUE(twin.fresh());
    ASSERT_TRUE(twin.say(7));
    EXPECT_TRUE(twin.known());
    EXPECT_EQ(living->end(SIGKILL), 128 + SIGKILL);
  }
  EXPECT_EQ(twin.acknowledged().size(), 41U);
  EXPECT_EQ(twin.lost(), "");
  std::filesystem::remove_all(twin.at("record"));
  EXPECT_NE(twin.lost(), "");
}

}  // namespace
}  // namespace apps::fabtwin
