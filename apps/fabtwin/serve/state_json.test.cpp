// If these failed, whoever watches a twin live would see another fab than who asks for it.
#include "apps/fabtwin/serve/state_json.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <numeric>

#include "apps/fabtwin/serve/duration.hpp"
#include "apps/fabtwin/serve/rig_example.hpp"
#include "twin/record/simulated_disk.hpp"
#include "twins/fab/forecast/count.hpp"

namespace apps::fabtwin::serve {
namespace {

using nlohmann::json;

class WatchedTwin : public testing::Test {
 protected:
  Tick now_ms() { return rig_.plant().now() + rig_.living().site().time_zero_ms; }
  twin::record::SimulatedDisk disk_{1};
  Rig rig_{disk_, example_fab(), example_rig(1)};
};

TEST_F(WatchedTwin, TellsTheSameAtOnceAndAsNews) {
  rig_.run_until(2 * DayMs);
  const Picture p = rig_.living().picture(now_ms());
  const StateExtras extras = extras_of(rig_.living());
  const json whole = json::parse(state_json(p, extras));
  const std::string line = state_news(p, extras);
  EXPECT_EQ(line.find('\n'), std::string::npos) << "it goes into one line of a stream";
  const json news = json::parse(line);
  EXPECT_LT(line.size(), 2'500U) << "ten times a second, to each who watches";
  for (const auto& [key, value] : news.items()) EXPECT_EQ(whole[key], value) << key;
  for (const char* seldom : {"scores", "links", "alarms", "forecasts_missed"}) {
    EXPECT_TRUE(whole.contains(seldom));
    EXPECT_FALSE(news.contains(seldom));
  }
  EXPECT_EQ(whole["wip"], p.wip);
  EXPECT_EQ(whole["out_day"], p.left.out_day);
  EXPECT_EQ(whole["plan_day"], p.left.due_day);
  EXPECT_FALSE(whole.contains("forecast")) << "none was made";
}

TEST_F(WatchedTwin, ToldChangeByChangeIsTheFabThatItBelievesIn) {
  std::vector<GroupNow> told;  // what the twin remembers that it told
  std::vector<GroupNow> seen(example_fab()->groups.size());
  std::size_t changes = 0;
  for (int minute = 1; minute <= 240; ++minute) {
    rig_.run_until(minute * MinuteMs);
    const auto x = rig_.living().believed(now_ms()).x;
    const bool first = told.empty();
    const std::string line = groups_news(*example_fab(), x, now_ms(), told);
    if (!line.empty()) {
      const json news = json::parse(line);
      EXPECT_EQ(news["now_ms"], now_ms());
      if (first) {
        EXPECT_EQ(news["changes"].size(), seen.size());
      }
      for (const json& one : news["changes"]) {
        ++changes;
        GroupNow& group = seen[one[0].get<std::size_t>()];
        group.able = one[1], group.queue = one[2], group.wip = one[3];
        for (std::size_t k = 0; k < group.modes.size(); ++k) group.modes[k] = one[4 + k];
      }
    }
    ASSERT_EQ(seen, groups_now(*example_fab(), x)) << "minute " << minute;
  }
  EXPECT_LT(changes, 240 * seen.size() / 2) << "not all of it each time";
  const auto x = rig_.living().believed(now_ms()).x;
  EXPECT_EQ(groups_news(*example_fab(), x, now_ms(), told), "") << "where nothing changed";
}

TEST_F(WatchedTwin, CountsEachToolOnce) {
  rig_.run_until(DayMs);
  const auto x = rig_.living().believed(now_ms()).x;
  const auto groups = groups_now(*example_fab(), x);
  twins::fab::forecast::Count count;
  twins::fab::forecast::count(*example_fab(), x, count);
  const Picture p = rig_.living().picture(now_ms());
  std::array<std::uint32_t, 6> all{};
  for (std::size_t g = 0; g < groups.size(); ++g) {
    EXPECT_EQ(std::accumulate(groups[g].modes.begin(), groups[g].modes.end(), 0U),
              example_fab()->groups[g].tools);
    EXPECT_EQ(groups[g].queue, count.queue[g]);
    EXPECT_EQ(groups[g].able,
              example_fab()->groups[g].tools - groups[g].modes[4] - groups[g].modes[5]);
    for (std::size_t k = 0; k < all.size(); ++k) all[k] += groups[g].modes[k];
  }
  EXPECT_EQ(all, (std::array<std::uint32_t, 6>{p.processing, p.setup, p.handling, p.idle,
                                               p.maintenance, p.down}));
}

}  // namespace
}  // namespace apps::fabtwin::serve
