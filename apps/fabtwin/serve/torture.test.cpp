// If these failed, a twin would lose, double or forget something in a world in which things break.
#include "apps/fabtwin/serve/torture.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "apps/fabtwin/run_flags.hpp"
#include "apps/fabtwin/serve/duration.hpp"
#include "twins/fab/lively_fab.hpp"

namespace apps::fabtwin::serve {
namespace {

TEST(Torture, KeepsItsPromises) {
  const auto layout = twins::fab::lively_fab();
  std::uint64_t deaths = 0, audits = 0, acknowledged = 0;
  for (const char* level : {"none", "light", "heavy"}) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      const Tortured t = torture(layout, torture_options(level, seed, DayMs));
      EXPECT_EQ(t.broken, "") << level << " seed " << seed;
      deaths += t.counts.kills + t.counts.power_cuts;
      audits += t.counts.audits;
      acknowledged += t.counts.acknowledged;
    }
  }
  EXPECT_GT(deaths, 30U);
  EXPECT_GT(audits, 200U);
  EXPECT_GT(acknowledged, 10'000U);
}

struct Once {  // broke a promise
  const char* data;
  std::uint64_t seed;
  double days;
};

TEST(Torture, KeepsThemWhereItOnceDidNot) {
  // A clock thought slow while a slow disk let a backlog drain; a disk that failed after all was
  // healed; another one.
  for (const Once& once : {Once{"data/example-fab", 3, 0.4}, Once{"data/minifab", 130, 2.0},
                           Once{"data/minifab", 188, 2.0}}) {
    const auto layout = twins::fab::compile(read_fab(once.data));
    const auto length = static_cast<Tick>(once.days * static_cast<double>(DayMs));
    EXPECT_EQ(torture(layout, torture_options("heavy", once.seed, length)).broken, "")
        << once.data << " seed " << once.seed;
  }
}

TEST(Torture, DoubtsAToolUntilItsNextMaintenanceWhereItsWordOfOneWasFalse) {
  // Jobs ended the doubt, though they tell nothing of a maintenance that is due or not.
  const auto layout = twins::fab::compile(read_fab("data/minifab"));
  for (const std::uint64_t seed : {1047U, 1054U}) {
    auto options = torture_options("heavy", seed, 2 * DayMs);
    options.faults.lies = 0.001;
    EXPECT_EQ(torture(layout, options).broken, "") << "seed " << seed;
  }
}

TEST(Torture, TakesABatchInAsItsToolSaidThoughTheUnloadBeforeItIsALie) {
  // The batch had waited, and went by times that differ by how late each message came.
  const auto layout = twins::fab::compile(read_fab("data/minifab"));
  for (const auto& [level, seed] : {std::pair("light", 2480U), std::pair("heavy", 2449U)}) {
    auto options = torture_options(level, seed, 2 * DayMs);
    options.faults.lies = 0.001;
    EXPECT_EQ(torture(layout, options).broken, "") << level << " seed " << seed;
  }
}

TEST(Torture, DoesTheSameWithTheSameSeed) {
  const auto layout = twins::fab::lively_fab();
  const auto options = torture_options("heavy", 5, DayMs);
  const Tortured a = torture(layout, options), b = torture(layout, options);
  EXPECT_EQ(a.fingerprint, b.fingerprint);
  EXPECT_EQ(a.counts, b.counts);
  EXPECT_NE(a.fingerprint, torture(layout, torture_options("heavy", 6, DayMs)).fingerprint);
}

}  // namespace
}  // namespace apps::fabtwin::serve
