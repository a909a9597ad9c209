// A soak as short as one can be: 20 seconds of kills, stops, broken lines and rude clients. If it
// failed, the twin that people start would end, forget, or keep what it no longer needs.
#include "apps/fabtwin/soak.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace apps::fabtwin {
namespace {

using ::testing::HasSubstr;

TEST(SoakProgram, LivesThroughAllOfItAndForgetsNothing) {
  if (!twin::link::MosquittoBroker::present()) GTEST_SKIP() << "no mosquitto (package mosquitto)";
  const Soaked s = Soak(FABTWIN_PROGRAM, {}).run();
  EXPECT_EQ(s.trouble, "");
  EXPECT_GT(s.kills, 0);
  EXPECT_GT(s.stops + s.broker_kills + s.rude, 1);
  EXPECT_THAT(s.verified, HasSubstr("whole\n"));
  // What is believed doesn't depend on where the fold begins.
  const auto belief_of = [](const std::string& text) {
    return text.substr(std::min(text.find("belief "), text.size()));
  };
  EXPECT_THAT(s.replayed, HasSubstr("belief "));
  EXPECT_EQ(belief_of(s.replayed), belief_of(s.replayed_from_start));
  // Too short for a slope, which soak.long.test.cpp takes: nothing runs away, and no line is kept.
  // A block is 0.4 s; the lines of a plant that comes back may be open by the last of them only.
  ASSERT_GE(s.kib.size(), 8U);
  EXPECT_LT(s.kib.back(), 1.5 * s.kib.front() + 16'384.0);
  EXPECT_LT(s.files.back(), s.files.front() + 64.0);
}

}  // namespace
}  // namespace apps::fabtwin
