// If these failed, a test that believes to run with faults would run without.
#include "apps/plant/faults.hpp"

#include <gtest/gtest.h>

#include "twin/core/error.hpp"

namespace apps::plant {
namespace {

std::string refusal(const std::string& text) {
  try {
    read_faults(text, "f.toml");
  } catch (const twin::core::Error& e) {
    return e.what();
  }
  return "";
}

TEST(FaultRates, BeginAtALevelAndAreChangedByName) {
  EXPECT_EQ(faults_of_level("none"), Faults{});
  EXPECT_GT(faults_of_level("heavy").drop, faults_of_level("light").drop);
  EXPECT_GT(faults_of_level("light").drop, 0.0);
  Faults f = faults_of_level("light");
  f.drop = 0.25;
  f.latency_ms = 70;
  f.ghosts = 0.5;
  EXPECT_EQ(read_faults("level = \"light\"\ndrop = 0.25\nlatency_ms = 70\nghosts = 0.5", "f.toml"),
            f);
  EXPECT_EQ(read_faults("", "f.toml"), Faults{});
  EXPECT_TRUE(f.any_lies());
  EXPECT_FALSE(Faults{}.any_lies());
}

TEST(FaultRates, AreRefusedWhereTheyCannotBe) {
  EXPECT_EQ(refusal("drpo = 0.1"), "f.toml:1: unknown key 'drpo' (faults has no such key)");
  EXPECT_EQ(refusal("drop = 1"), "f.toml:1: drop = 1 (must be from 0 to 0.9)");
  EXPECT_EQ(refusal("latency_ms = -1"), "f.toml:1: latency_ms = -1 (must be from 0 to 604800000)");
  EXPECT_EQ(refusal("level = \"hevy\""),
            "f.toml:1: level = \"hevy\" (one of none, light, heavy) did you mean heavy?");
  try {
    static_cast<void>(faults_of_level("hevy"));
    FAIL();
  } catch (const twin::core::Error& e) {
    EXPECT_STREQ(e.what(),
                 "unknown level of faults 'hevy' (known: none light heavy) did you mean heavy?");
  }
}

}  // namespace
}  // namespace apps::plant
