// If these failed, what the tracker is tested on would not be what it says.
#include "twins/fab/track/thin.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "twin/contract/refusal.hpp"
#include "twins/fab/description.hpp"

namespace twins::fab::track {
namespace {

twin::event::Event event(std::uint32_t source, std::uint64_t seq, twin::event::Tick at = 0) {
  twin::event::Event e;
  e.source = source;
  e.source_seq = seq;
  e.at = at;
  return e;
}

// Wrong: another share than asked for, or another one each time. 5 standard errors: one false alarm in two million.
TEST(Thinner, LosesTheShareWhateverTheOrder) {
  Thinner thinner({.share = 0.2, .seed = 3});
  constexpr int N = 20'000;
  std::vector<bool> lost;
  int count = 0;
  for (int i = 0; i < N; ++i) {
    lost.push_back(thinner.loses(event(7, static_cast<std::uint64_t>(i))));
    count += lost.back() ? 1 : 0;
  }
  EXPECT_NEAR(count, 0.2 * N, 5.0 * std::sqrt(0.2 * 0.8 * N)) << "seed 3";
  for (int i = N - 1; i >= 0; --i)
    EXPECT_EQ(thinner.loses(event(7, static_cast<std::uint64_t>(i))),
              lost[static_cast<std::size_t>(i)]);
}

// Wrong: an outage would let events through, or never end. Every mean 1 day up and 6 h out: a fifth of the time.
TEST(Thinner, LosesAllOfAnOutage) {
  Thinner thinner({.share = 0.0, .outage_days = 1.0, .outage_hours = 6.0, .seed = 5});
  int out = 0, changes = 0;
  bool before = false;
  constexpr int Hours = 24 * 1000;
  for (int h = 0; h < Hours; ++h) {
    const bool lost = thinner.loses(
        event(0, static_cast<std::uint64_t>(h), static_cast<twin::event::Tick>(h * HourMs)));
    out += lost ? 1 : 0;
    changes += lost != before ? 1 : 0;
    before = lost;
  }
  // 800 renewals of 1.25 days, of which the up time has a standard deviation of 1 day: 3.5 % of 800.
  EXPECT_NEAR(out, 0.2 * Hours, 5.0 * 0.035 * 0.2 * Hours) << "seed 5";
  EXPECT_NEAR(changes, 1600, 5.0 * 0.035 * 1600);
}

// Wrong: a mistyped share would thin something else in silence.
TEST(Thinner, RefusesWhatIsNoShare) {
  using twin::contract::refusal;
  EXPECT_EQ(refusal([] { Thinner({.share = 1.5}); }),
            "share of lost events = 1.5 (must lie between 0 and 1)");
  EXPECT_EQ(refusal([] { Thinner({.share = std::nan("")}); }),
            "share of lost events = nan (must lie between 0 and 1)");
  EXPECT_EQ(refusal([] { Thinner({.outage_days = -1.0}); }),
            "outages every -1 days of 0 hours (must not be negative)");
}

}  // namespace
}  // namespace twins::fab::track
