// If these failed, an unsafe command would get a permit, or a safe one would not. The verdicts of the
// checks are held against tables of intervals, over every level of every quantity by ones, twos and
// threes, over the whole grid of values, moves and pasts, and over random ones.
#include "twin/guard/scenario.hpp"

#include <gtest/gtest.h>

#include "twin/guard/random_commands.hpp"

namespace twin::guard::scenario {
namespace {

std::string named_levels(const Levels& l) {
  std::string text;
  for (std::size_t q = 0; q < Quantities; ++q) {
    if (l[q] != 0) text += " " + std::to_string(q) + "=" + std::to_string(l[q]);
  }
  return text;
}

struct Tally {
  std::uint64_t tried = 0, passed = 0, unsafe = 0, refused_wrongly = 0;
  std::string first;
  void take(const Levels& l, Tried& t) {
    make(l, t);
    const Why why = verdict(t);
    const bool passes = why == Granted, may = may_pass(l);
    ++tried;
    passed += passes ? 1 : 0;
    unsafe += passes && !may ? 1 : 0;
    refused_wrongly += !passes && may ? 1 : 0;
    if (passes != may && first.empty()) first = named_levels(l) + " " + std::string(why);
  }
};

Tried fresh() {
  Tried t;
  t.limits = example::limits();
  return t;
}

void expect_exact(const Tally& tally) {
  EXPECT_EQ(tally.unsafe, 0U) << tally.first;
  EXPECT_EQ(tally.refused_wrongly, 0U) << tally.first;
  EXPECT_GT(tally.passed, 0U);
}

TEST(GuardGrid, EveryLevelByOnesTwosAndThreesIsAsTheIntervalsSay) {
  Tried t = fresh();
  Tally tally;
  tally.take({}, t);
  ASSERT_EQ(tally.passed, 1U) << tally.first;
  std::vector<std::pair<std::uint8_t, std::uint8_t>> all;
  for (std::uint8_t q = 0; q < Quantities; ++q) {
    for (std::uint8_t level = 1; level < count_of(Quantity{q}); ++level) all.emplace_back(q, level);
  }
  for (std::size_t a = 0; a < all.size(); ++a) {
    Levels one{};
    one[all[a].first] = all[a].second;
    tally.take(one, t);
    for (std::size_t b = a + 1; b < all.size(); ++b) {
      if (all[b].first == all[a].first) continue;
      Levels two = one;
      two[all[b].first] = all[b].second;
      tally.take(two, t);
      for (std::size_t c = b + 1; c < all.size(); ++c) {
        if (all[c].first == all[b].first) continue;
        Levels three = two;
        three[all[c].first] = all[c].second;
        tally.take(three, t);
      }
    }
  }
  expect_exact(tally);
  RecordProperty("tried", std::to_string(tally.tried));
  RecordProperty("passed", std::to_string(tally.passed));
  std::printf("tried %llu, passed %llu\n", static_cast<unsigned long long>(tally.tried),
              static_cast<unsigned long long>(tally.passed));
}

TEST(GuardGrid, EveryValueMoveAndPastTogetherAreAsTheIntervalsSay) {
  Tried t = fresh();
  Tally tally;
  Levels l{};
  for (l[Value] = 0; l[Value] < Values.size(); ++l[Value]) {
    for (l[Move] = 0; l[Move] < Moves.size(); ++l[Move]) {
      for (l[InPlace] = 0; l[InPlace] < Drifts.size(); ++l[InPlace]) {
        for (l[Past] = 0; l[Past] < pasts().size(); ++l[Past]) tally.take(l, t);
      }
    }
  }
  expect_exact(tally);
}

TEST(GuardGrid, TenMillionRandomCommandsLetNothingUnsafePass) {
  const char* fewer = std::getenv("TWIN_GUARD_RANDOM");  // for whoever mutates the guard
  const Tries tries = try_randomly(20'261'129, fewer != nullptr ? std::stoull(fewer) : 10'000'000);
  EXPECT_EQ(tries.unsafe, 0U) << tries.first;
  EXPECT_EQ(tries.refused_wrongly, 0U) << tries.first;
  EXPECT_GT(tries.passed, tries.tried / 50);  // or the refusals would be of little worth
  std::printf("tried %llu, passed %llu\n", static_cast<unsigned long long>(tries.tried),
              static_cast<unsigned long long>(tries.passed));
}

}  // namespace
}  // namespace twin::guard::scenario
