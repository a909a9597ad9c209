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

constexpr Tick LedgerHour = 3'600'000, LedgerDay = 24 * LedgerHour;

struct LedgerScene {
  std::shared_ptr<const Layout> layout = lively_fab();
  std::unique_ptr<AnyFab> fab = make_fab(layout, "fifo");
  std::vector<double> theta = layout->nominal_theta();
  State truth = fab->initial(theta, {5, 0});
  std::vector<bool> none = std::vector<bool>(layout->groups.size(), false);
  std::map<std::uint32_t, Tick> left;  // by lot

  LedgerScene() { fab->advance(truth, theta, 5 * LedgerDay, {5, 0}); }
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
  LedgerScene s;
  Ledger ledger;
  const Ahead told = s.forecast(3);
  const Count start = s.counted();
  ASSERT_EQ(ledger.open(*s.layout, s.seen(), told, &told.members), Ledger::Opened::Kept);
  EXPECT_EQ(ledger.next_look(), s.truth.now);
  ledger.look(*s.layout, start);
  EXPECT_EQ(ledger.next_look(), s.truth.now + LedgerDay);
  EXPECT_TRUE(ledger.windows().empty());
  s.on(s.truth.now + LedgerDay, &ledger);
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
  LedgerScene s;
  Ledger ledger;
  for (std::uint64_t day = 0; day < 3; ++day) {
    ASSERT_EQ(ledger.open(*s.layout, s.seen(), s.forecast(day), nullptr), Ledger::Opened::Kept);
    ledger.look(*s.layout, s.counted());
    ledger = twin::core::load<Ledger>(twin::core::save(ledger));
    s.on(s.truth.now + LedgerDay, &ledger);
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
  LedgerScene s;
  Ledger ledger({1, 2, 24});
  const Ahead told = s.forecast(1);
  EXPECT_EQ(ledger.open(*s.layout, s.seen(), told, nullptr), Ledger::Opened::Kept);
  EXPECT_EQ(ledger.open(*s.layout, s.seen(), told, nullptr), Ledger::Opened::Full);
  EXPECT_EQ(ledger.refused(), 1U);
  ledger.look(*s.layout, s.counted());
  s.on(s.truth.now + LedgerDay, &ledger);
  ledger.look(*s.layout, s.counted());
  EXPECT_EQ(ledger.windows().size(), 2U);
  EXPECT_EQ(ledger.open(*s.layout, s.seen(), s.forecast(2), nullptr), Ledger::Opened::Kept);
}

// Wrong: the output of a day would be held against that of another, or of another product. Members and what comes are
// made up: member k says 100 + k lots of each product each day.
TEST(Ledger, ScoresEachDaysOutputAndTheWholeFabs) {
  LedgerScene s;
  Ledger ledger;
  constexpr std::uint32_t N = 39;
  Ahead told = ahead(*s.fab, s.seen(), {}, {s.truth.now, {N, 72, 1}, 4, 1});
  const auto products = static_cast<std::uint32_t>(s.layout->description.products.size());
  ASSERT_GT(products, 1U);
  ASSERT_EQ(told.members.out_days.size(), std::size_t{3} * products * N);
  for (std::size_t i = 0; i < told.members.out_days.size(); ++i)
    told.members.out_days[i] = 100.0F + static_cast<float>(i % N);
  for (Moment& moment : told.members.moments)
    for (std::size_t i = 0; i < moment.out.size(); ++i)
      moment.out[i] = static_cast<float>(moment.hours / 24) * (100.0F + static_cast<float>(i % N));
  ASSERT_EQ(ledger.open(*s.layout, s.seen(), told, &told.members), Ledger::Opened::Kept);
  Count c = s.counted();
  ledger.look(*s.layout, c);
  const std::vector<std::uint64_t> came = {119, 119, 250};  // a day, of each product
  for (std::size_t day = 0; day < 3; ++day) {
    c.at += LedgerDay;
    for (auto& out : c.out) out += came[day];
    ASSERT_EQ(ledger.next_look(), c.at);
    ledger.look(*s.layout, c);
  }
  EXPECT_EQ(ledger.open_forecasts(), 0U);
  std::map<std::pair<Quantity, std::uint8_t>, Window> of;
  for (const Window& w : ledger.windows()) of[{w.quantity, w.horizon}] = w;
  const auto held = [&](Quantity q, std::uint8_t h) { return of.at({q, h}).raw[Ninety]; };
  EXPECT_FALSE(of.contains({Quantity::OutDay, 0}));  // the first day is a horizon of its own
  EXPECT_EQ(of.at({Quantity::OutDay, 1}).n, 2 * (products + 1));
  EXPECT_EQ(held(Quantity::OutDay, 1), products + 1);  // the second day, not the third
  EXPECT_EQ(held(Quantity::FabOut, 0), 1U);
  EXPECT_EQ(held(Quantity::FabOut, 1), 0U);  // 488 a product; the members say 300 to 414
  EXPECT_EQ(held(Quantity::Out, 0), products);
  std::vector<double> members(N);
  for (std::size_t k = 0; k < N; ++k) members[k] = 100.0 + static_cast<double>(k);
  // All products together: as many times as large, and so is the score.
  const double one = twin::score::fair_crps(members, 119.0),
               other = twin::score::fair_crps(members, 250.0);
  EXPECT_NEAR(of.at({Quantity::OutDay, 1}).crps[0], 2.0 * products * (one + other), 1e-9);
  EXPECT_EQ(of.at({Quantity::OutDay, 1}).crps[2], of.at({Quantity::OutDay, 1}).crps[0]);
  EXPECT_NEAR(of.at({Quantity::FabOut, 0}).crps[0], products * one, 1e-9);
  // What is shown of a day is set right by what days have come to, and of the first by its horizon.
  EXPECT_NE(ledger.recalibration(Quantity::OutDay, 1), ledger.recalibration(Quantity::Out, 1));
  EXPECT_EQ(ledger.recalibration(Quantity::OutDay, 0), Recalibration{});
}

// Wrong: a moment of which nothing is known would be scored by another one's fab.
TEST(Ledger, GivesUpWhatCannotBeKnownAnyMore) {
  LedgerScene s;
  Ledger ledger;
  const Ahead told = ahead(*s.fab, s.seen(), {}, {s.truth.now, {10, 72, 1}, 4, 1});
  ASSERT_EQ(ledger.open(*s.layout, s.seen(), told, nullptr), Ledger::Opened::Kept);
  Count c = s.counted();
  ledger.look(*s.layout, c);
  c.at += LedgerDay;
  ledger.look(*s.layout, c);
  const std::size_t scored = ledger.windows().size();
  EXPECT_GT(scored, 0U);
  ledger.miss();  // of the second day: three are not told any more, the first was
  EXPECT_EQ(ledger.missed(), 1U);
  EXPECT_EQ(ledger.open_forecasts(), 0U);
  EXPECT_EQ(ledger.next_look(), std::nullopt);
  EXPECT_EQ(ledger.windows().size(), scored);
  ASSERT_EQ(ledger.open(*s.layout, s.seen(), told, nullptr), Ledger::Opened::Kept);
  ledger.miss();  // of its very beginning
  EXPECT_EQ(ledger.missed(), 3U);
  EXPECT_EQ(twin::core::load<Ledger>(twin::core::save(ledger)), ledger);
}

// Wrong: forecasts every few minutes would fill the ledger in an hour, and the rest of the week none would be scored.
TEST(Ledger, TakesForecastsThatAreApart) {
  LedgerScene s;
  Ledger ledger;
  const Ahead told = s.forecast(1);
  EXPECT_TRUE(ledger.wants(s.truth.now));
  EXPECT_EQ(ledger.open(*s.layout, s.seen(), told, nullptr), Ledger::Opened::Kept);
  Ahead next = told;
  next.forecast.now += 3 * LedgerHour - 1;
  EXPECT_FALSE(ledger.wants(next.forecast.now));
  EXPECT_EQ(ledger.open(*s.layout, s.seen(), next, nullptr), Ledger::Opened::Near);
  ++next.forecast.now;
  EXPECT_TRUE(ledger.wants(next.forecast.now));
  EXPECT_EQ(ledger.open(*s.layout, s.seen(), next, nullptr), Ledger::Opened::Kept);
  EXPECT_EQ(ledger.refused(), 0U);
  EXPECT_GE(LedgerOptions{}.open_max * LedgerOptions{}.apart_hours, ScoredHours.back());
}

// Wrong: what the rules say would not be what they are said to be.
TEST(Ledger, ComparesWithRulesOnceTheyHaveLearnt) {
  LedgerScene s;
  Ledger ledger;
  for (std::uint64_t day = 0; day < 4; ++day) {
    ASSERT_EQ(ledger.open(*s.layout, s.seen(), s.forecast(day), nullptr), Ledger::Opened::Kept);
    ledger.look(*s.layout, s.counted());
    s.on(s.truth.now + LedgerDay, &ledger);
    ledger.look(*s.layout, s.counted());
  }
  std::map<Quantity, std::uint32_t> first, later;
  const Tick begun = 5 * LedgerDay;
  for (const Window& w : ledger.windows())
    (w.now == begun ? first : later)[w.quantity] += w.compared[3];
  EXPECT_EQ(first[Quantity::Completion], 0U);  // no lot has taught its rule yet
  EXPECT_GT(later[Quantity::Completion], 0U);
  EXPECT_EQ(first[Quantity::Moves], 0U);  // no day before is known
  EXPECT_GT(later[Quantity::Moves], 0U);
}

}  // namespace
}  // namespace twins::fab::forecast
