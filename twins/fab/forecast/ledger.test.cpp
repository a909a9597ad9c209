// If this failed, forecasts would be scored by what did not come, twice, or not at all.
#include "twins/fab/forecast/ledger.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "twin/core/archive.hpp"
#include "twin/score/crps.hpp"
#include "twins/fab/floor.hpp"
#include "twins/fab/forecast/sightings.hpp"
#include "twins/fab/lively_fab.hpp"
#include "twins/fab/mirror.hpp"

namespace twins::fab::forecast {
namespace {

constexpr Tick Hour = 3'600'000, Day = 24 * Hour;

struct Scene {
  std::shared_ptr<const Layout> layout = lively_fab();
  std::unique_ptr<AnyFab> fab = make_fab(layout, "fifo");
  std::vector<double> theta = layout->nominal_theta();
  State truth = fab->initial(theta, {5, 0});
  std::vector<bool> none = std::vector<bool>(layout->groups.size(), false);
  std::map<std::uint32_t, Tick> left;  // by lot

  Scene() { fab->advance(truth, theta, 5 * Day, {5, 0}); }
  [[nodiscard]] State seen() const { return Mirror(*fab).follow(truth); }
  [[nodiscard]] Ahead forecast(std::uint64_t seed) const {
    return ahead(*fab, seen(), {}, {truth.now, {30, 24, 1}, seed, 1});
  }
  [[nodiscard]] Count counted() const {
    Count c;
    count(*layout, truth, c);
    return c;
  }
  // Reality goes on; the lots that leave are told.
  void on(Tick until, Ledger* ledger) {
    const State before = truth;
    Sightings sightings(before, none);
    fab->advance(truth, theta, until, {5, 0}, sightings);
    for (std::uint32_t slot = 0; slot < before.lots.size(); ++slot) {
      const Tick at = sightings.of_slot(slot).finished;
      if (before.lots[slot].place == LotPlace::Free || at == Sightings::NotYet) continue;
      left[before.lots[slot].id] = at;
      if (ledger != nullptr) ledger->left(before.lots[slot].id, at);
    }
  }
};

const Window* window_of(const Ledger& ledger, Quantity q) {
  for (const Window& w : ledger.windows())
    if (w.quantity == q) return &w;
  return nullptr;
}

// Against the obvious: every score again from the members, one by one.
TEST(Ledger, ScoresWhatCame) {
  Scene s;
  Ledger ledger;
  const Ahead told = s.forecast(3);
  const Count start = s.counted();
  ASSERT_EQ(ledger.open(*s.layout, s.seen(), told, &told.members), Ledger::Opened::Kept);
  EXPECT_EQ(ledger.next_look(), s.truth.now);
  ledger.look(*s.layout, start);
  EXPECT_EQ(ledger.next_look(), s.truth.now + Day);
  EXPECT_TRUE(ledger.windows().empty());
  s.on(s.truth.now + Day, &ledger);
  const Count end = s.counted();
  ledger.look(*s.layout, end);
  EXPECT_EQ(ledger.next_look(), std::nullopt);
  EXPECT_EQ(ledger.open_forecasts(), 0U);

  const Members& m = told.members;
  const auto of = [&](const std::vector<float>& all, std::size_t i, float most) {
    std::vector<double> v;
    for (std::size_t k = 0; k < 30; ++k)
      v.push_back(static_cast<double>(std::min(all[i * 30 + k], most)));
    return v;
  };
  std::uint32_t n = 0, held = 0;
  double crps = 0.0;
  const auto score = [&](const std::vector<double>& members, double came) {
    std::vector<float> sorted(members.begin(), members.end());
    std::sort(sorted.begin(), sorted.end());
    ++n;
    held += static_cast<double>(quantile_of_sorted(sorted, 0.05)) <= came &&
            came <= static_cast<double>(quantile_of_sorted(sorted, 0.95));
    crps += twin::score::fair_crps(members, came);
  };
  for (std::size_t l = 0; l < m.lots.size(); ++l) {
    if (told.forecast.lots[l].done_hours.back() > 24.0F) continue;
    const bool gone = s.left.contains(m.lots[l]);
    score(of(m.done_hours, l, 24.0F),
          gone ? static_cast<double>(
                     static_cast<float>(static_cast<double>(s.left[m.lots[l]] - start.at) / HourMs))
               : 24.0);
  }
  const Window* lots = window_of(ledger, Quantity::Completion);
  ASSERT_NE(lots, nullptr);
  EXPECT_GT(n, 0U);
  EXPECT_EQ(lots->n, n);
  EXPECT_EQ(lots->raw[Ninety], held);
  EXPECT_EQ(lots->recalibrated, lots->raw);  // nothing was learnt before
  EXPECT_NEAR(lots->crps[0], crps, 1e-9);
  EXPECT_EQ(lots->crps[2], lots->crps[0]);  // the nominal one was the same

  n = held = 0, crps = 0.0;
  for (std::size_t g = 0; g < s.layout->groups.size(); ++g) {
    const auto members = of(m.moments[0].moves, g, Beyond);
    std::vector<float> sorted(members.begin(), members.end());
    std::sort(sorted.begin(), sorted.end());
    if (quantile_of_sorted(sorted, 0.5) >= 10.0F)
      score(members, static_cast<double>(end.moves[g] - start.moves[g]));
  }
  const Window* moves = window_of(ledger, Quantity::Moves);
  ASSERT_NE(moves, nullptr);
  EXPECT_EQ(moves->n, n);
  EXPECT_EQ(moves->raw[Ninety], held);
  EXPECT_NEAR(moves->crps[0], crps, 1e-9);
  EXPECT_EQ(ledger.pits(Quantity::Moves, 0).total(), n);
}

// Wrong: a twin that is started again from its record would score otherwise.
TEST(Ledger, GoesOnWhereItWasSaved) {
  Scene s;
  Ledger ledger;
  for (std::uint64_t day = 0; day < 3; ++day) {
    ASSERT_EQ(ledger.open(*s.layout, s.seen(), s.forecast(day), nullptr), Ledger::Opened::Kept);
    ledger.look(*s.layout, s.counted());
    ledger = twin::core::load<Ledger>(twin::core::save(ledger));
    s.on(s.truth.now + Day, &ledger);
    Ledger loaded = twin::core::load<Ledger>(twin::core::save(ledger));
    EXPECT_EQ(loaded, ledger);
    ledger.look(*s.layout, s.counted());
    loaded.look(*s.layout, s.counted());
    EXPECT_EQ(loaded, ledger);
  }
  EXPECT_EQ(ledger.watches()[0].count(), 3U);
  EXPECT_FALSE(ledger.due());
  EXPECT_GT(window_of(ledger, Quantity::Moves)->n, 0U);
  EXPECT_NE(ledger.recalibration(Quantity::Moves, 0), Recalibration{});
}

TEST(Ledger, IsBounded) {
  Scene s;
  Ledger ledger({1, 2, 24});
  const Ahead told = s.forecast(1);
  EXPECT_EQ(ledger.open(*s.layout, s.seen(), told, nullptr), Ledger::Opened::Kept);
  EXPECT_EQ(ledger.open(*s.layout, s.seen(), told, nullptr), Ledger::Opened::Full);
  EXPECT_EQ(ledger.refused(), 1U);
  ledger.look(*s.layout, s.counted());
  s.on(s.truth.now + Day, &ledger);
  ledger.look(*s.layout, s.counted());
  EXPECT_EQ(ledger.windows().size(), 2U);
  EXPECT_EQ(ledger.open(*s.layout, s.seen(), s.forecast(2), nullptr), Ledger::Opened::Kept);
}

// Wrong: what the rules say would not be what they are said to be.
TEST(Ledger, ComparesWithRulesOnceTheyHaveLearnt) {
  Scene s;
  Ledger ledger;
  for (std::uint64_t day = 0; day < 4; ++day) {
    ASSERT_EQ(ledger.open(*s.layout, s.seen(), s.forecast(day), nullptr), Ledger::Opened::Kept);
    ledger.look(*s.layout, s.counted());
    s.on(s.truth.now + Day, &ledger);
    ledger.look(*s.layout, s.counted());
  }
  std::map<Quantity, std::uint32_t> first, later;
  const Tick begun = 5 * Day;
  for (const Window& w : ledger.windows())
    (w.now == begun ? first : later)[w.quantity] += w.compared[3];
  EXPECT_EQ(first[Quantity::Completion], 0U);  // no lot has taught its rule yet
  EXPECT_GT(later[Quantity::Completion], 0U);
  EXPECT_EQ(first[Quantity::Moves], 0U);  // no day before is known
  EXPECT_GT(later[Quantity::Moves], 0U);
}

}  // namespace
}  // namespace twins::fab::forecast
