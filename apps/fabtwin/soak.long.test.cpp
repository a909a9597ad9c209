// Test 30 of reliability: an hour with faults 1 to 17 mixed. If it failed, a twin that runs for
// months would fill its machine, or end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "apps/fabtwin/soak.hpp"

namespace apps::fabtwin {
namespace {

using ::testing::HasSubstr;

TEST(SoakProgram, HoldsNoMoreAfterAnHour) {
  if (!twin::link::MosquittoBroker::present()) GTEST_SKIP() << "no mosquitto (package mosquitto)";
  const char* said = std::getenv("FABTWIN_SOAK_SECONDS");
  // 120 times as fast: when it is watched, after 33 minutes, 67 hours of the fab have passed. The
  // mirror's 32 hours of events, the list of refused messages and the store's pages are full then.
  const SoakOptions options{
      .data = "data/example-fab",
      .seconds = said != nullptr ? std::atof(said) : 3'600.0,
      .speed = 120.0,
      .stroke_every = 45.0,
      .stands_still = 10.0,
      .forecast = "[forecast]\nevery = \"6 h\"\nhorizons = [\"12 h\", \"1 d\"]\nmembers = 20\n"};
  const Soaked s = Soak(FABTWIN_PROGRAM, options).run();
  std::printf(
      "soak of %.0f s: %d kills, %d stops, %d broker kills, %d times rude; in the last %.2f h "
      "%.0f to %.0f KiB, %.0f +- %.0f KiB/h; %.1f to %.1f descriptors, %.2f +- %.2f /h\n",
      options.seconds, s.kills, s.stops, s.broker_kills, s.rude, s.kept_hours, s.kib.front(),
      s.kib.back(), s.memory().per_hour, s.memory().error, s.files.front(), s.files.back(),
      s.descriptors().per_hour, s.descriptors().error);
  EXPECT_EQ(s.trouble, "");
  EXPECT_THAT(s.verified, HasSubstr("whole\n"));
  const auto belief_of = [](const std::string& text) {
    return text.substr(std::min(text.find("belief "), text.size()));
  };
  EXPECT_THAT(s.replayed, HasSubstr("belief "));
  EXPECT_EQ(belief_of(s.replayed), belief_of(s.replayed_from_start));
  // The page's figure for memory; lines that are cut and come back are within the error.
  EXPECT_TRUE(s.memory().flat(1'024.0)) << "KiB an hour";
  EXPECT_TRUE(s.descriptors().flat(0.0)) << "an hour";
}

}  // namespace
}  // namespace apps::fabtwin
