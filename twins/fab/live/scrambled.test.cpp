// Troubles that are what they say.
#include "twins/fab/live/scrambled.hpp"

#include <gtest/gtest.h>

#include <set>

namespace twins::fab::live {
namespace {

TEST(Scrambled, DoesWhatItIsTold) {
  // Wrong: tests of the live mirror would try it with less than they say.
  std::vector<twin::event::Event> log(4'000);
  for (std::size_t k = 0; k < log.size(); ++k) {
    log[k].at = static_cast<Tick>(k) * 1'000;
    log[k].source = static_cast<std::uint32_t>(k % 5);
    log[k].source_seq = k / 5;
  }
  const auto plain = scramble(log, {});
  ASSERT_EQ(plain.come.size(), log.size());
  for (std::size_t k = 0; k < log.size(); ++k) EXPECT_EQ(plain.come[k].arrived, log[k].at);

  const auto bad = scramble(
      log, {.draw = {.seed = 1}, .delay_max = 9'000, .skew_max = 500, .doubled = 0.2, .lost = 0.1});
  std::set<std::pair<std::uint32_t, std::uint64_t>> come;
  std::size_t skewed = 0;
  for (const auto& o : bad.come) {
    come.emplace(o.sensor, o.sensor_seq);
    EXPECT_GE(o.arrived, o.at);
    EXPECT_LE(o.arrived, o.at + 9'000);
    skewed += o.clock != o.at;
  }
  const auto share = static_cast<double>(come.size()) / static_cast<double>(log.size());
  EXPECT_NEAR(share, 0.9, 0.024);                   // 5 standard errors of 4,000
  EXPECT_GT(bad.come.size(), come.size() + 1'000);  // 720 doubled, 2 to 5 times
  EXPECT_GT(skewed, 2'000U);
  EXPECT_TRUE(std::is_sorted(bad.come.begin(), bad.come.end(),
                             [](const auto& a, const auto& b) { return a.arrived < b.arrived; }));
}

}  // namespace
}  // namespace twins::fab::live
