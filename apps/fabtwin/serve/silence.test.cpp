// If this failed, a forecast would be as sure as ever though no tool has said anything for hours.
#include "apps/fabtwin/serve/silence.hpp"

#include <gtest/gtest.h>

namespace apps::fabtwin::serve {
namespace {

using twins::fab::Tick;
using twins::fab::live::Hearing;

constexpr Tick Minute = 60'000;

twins::fab::live::Live heard(const std::vector<std::pair<std::string, Tick>>& sources) {
  twins::fab::live::Live live;
  for (const auto& [name, at] : sources) {
    live.dialect.sources.push_back(name);
    Hearing hearing;
    hearing.last_at = hearing.last_arrived = at;
    hearing.messages = 1;
    live.sources.push_back(hearing);
  }
  return live;
}

TEST(Silence, IsOfAKindOfLineThatTellsNothing) {
  const auto live =
      heard({{"secs/A", 10 * Minute}, {"mqtt/mes", 100 * Minute}, {"secs/B", 30 * Minute}});
  EXPECT_TRUE(silences(live, {}, 40 * Minute, 10 * Minute).empty());
  const auto silent = silences(live, {}, 101 * Minute, 10 * Minute);
  ASSERT_EQ(silent.size(), 1U);
  EXPECT_EQ(silent[0].lines, "secs");
  EXPECT_EQ(silent[0].count, 2U);
  EXPECT_EQ(silent[0].since, 30 * Minute);
  // Linktests say that the tools are up: they have nothing to tell.
  EXPECT_TRUE(silences(live, {{"secs", 95 * Minute}}, 101 * Minute, 10 * Minute).empty());
  const auto both = silences(live, {}, 200 * Minute, 10 * Minute);
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(both[0].lines, "secs");
  EXPECT_EQ(both[1].lines, "mqtt");
}

TEST(Silence, IsNotOverWhileALineCatchesUp) {
  // What comes now may tell of hours ago.
  auto live = heard({{"secs/A", 10 * Minute}});
  live.sources[0].last_arrived = 100 * Minute;
  EXPECT_EQ(silences(live, {}, 100 * Minute, 10 * Minute).size(), 1U);
  live.sources[0].last_at = 400 * Minute;  // a clock that is ahead
  EXPECT_EQ(silences(live, {}, 105 * Minute, 10 * Minute).size(), 0U);
  EXPECT_EQ(silences(live, {}, 111 * Minute, 10 * Minute).size(), 1U);
}

TEST(Silence, IsNotWhatComesWhenSomebodySendsIt) {
  auto live = heard({{"file/moves", 0}, {"http/clerk", 0}, {"secs/never", 0}});
  live.sources[2].messages = 0;
  live.sources.emplace_back();  // its name is not known yet
  EXPECT_TRUE(silences(live, {}, 1000 * Minute, Minute).empty());
}

}  // namespace
}  // namespace apps::fabtwin::serve
