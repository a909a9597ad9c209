// If these failed, "5 min" in a site's settings would be another time than five minutes.
#include "apps/fabtwin/serve/duration.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "twin/contract/refusal.hpp"

namespace apps::fabtwin::serve {
namespace {

TEST(Duration, ReadsEachUnit) {
  EXPECT_EQ(parse_duration("250 ms"), 250);
  EXPECT_EQ(parse_duration("30 s"), 30'000);
  EXPECT_EQ(parse_duration("30s"), 30'000);
  EXPECT_EQ(parse_duration("5 min"), 300'000);
  EXPECT_EQ(parse_duration("1.5 h"), 5'400'000);
  EXPECT_EQ(parse_duration("7 d"), 604'800'000);
  EXPECT_EQ(parse_duration("0 s"), 0);
}

TEST(Duration, RefusesWhatIsNone) {
  const std::vector<std::string> bad = {"",      "5",     "s",     "5 m",   "5 min ", "-1 s",
                                        "1e9 d", "nan s", "inf s", "5 s s", " 5 s",   "1,5 h"};
  for (const auto& text : bad) EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(Duration, IsShownToPeopleShortly) {
  EXPECT_EQ(duration_text(0), "0 s");
  EXPECT_EQ(duration_text(250), "250 ms");
  EXPECT_EQ(duration_text(90'000), "1.5 min");
  EXPECT_EQ(duration_text(-5'400'000), "-1.5 h");
  EXPECT_EQ(duration_text(604'800'000), "7 d");
}

TEST(Duration, IsRefusedWithItsLine) {
  const auto refused = [](std::string_view text) {
    return twin::contract::refusal([&] {
      twin::sheet::Sheet s(twin::sheet::read_toml(text, "site.toml"), "site.toml", "");
      (void)duration(s, "every", {.least = 1'000, .most = 60'000}, "5 s");
    });
  };
  EXPECT_EQ(refused("a = 1\nevery = \"5 m\""),
            "site.toml:2: every = \"5 m\" (no duration) \"30 s\", \"5 min\", \"1.5 h\"?");
  EXPECT_EQ(refused("every = \"2 min\""),
            "site.toml:1: every = \"2 min\" (must be from 1 s to 1 min)");
  EXPECT_EQ(refused("every = 5"), "site.toml:1: every = 5 (must be a text in quotes)");
}

}  // namespace
}  // namespace apps::fabtwin::serve
