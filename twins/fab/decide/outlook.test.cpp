// If this failed, what is still to come for the lots inside would be guessed wrong, and a horizon of days would prefer
// whatever empties the fab's last steps.
#include "twins/fab/decide/outlook.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "twin/math/distributions.hpp"
#include "twin/math/statistics.hpp"
#include "twins/fab/decide/scene.hpp"
#include "twins/fab/rules/rule.hpp"

namespace twins::fab::decide {
namespace {

OutlookAsked short_one() { return {6, 20.0, 3, 1}; }

TEST(Outlook, IsTheSameForAnyNumberOfThreads) {
  const Scene s;
  OutlookAsked asked = short_one();
  const Outlook one = learn_outlook(*s.fab, s.seen, {}, asked);
  for (const unsigned threads : {2U, 5U}) {
    asked.threads = threads;
    EXPECT_EQ(learn_outlook(*s.fab, s.seen, {}, asked), one);
  }
}

// Lots of the mirrored fab, by their outlook, against when they really left. The truth is one run, whose luck all lots
// share, so the tolerance is what whole runs differ by: five other members.
TEST(Outlook, MeetsWhatComes) {
  const Scene s;
  const Outlook outlook = learn_outlook(*s.fab, s.seen, {}, short_one());
  const auto mean_of = [&](State x, twin::core::Draw draw) {
    std::vector<std::pair<std::uint32_t, Tick>> inside;  // lot, promised [ms]
    double sum = 0.0, n = 0.0;
    const Tick start = x.now;
    for (const Lot& lot : x.lots)
      if (lot.place != LotPlace::Free) sum += outlook.remaining_ms(*s.layout, lot), n += 1.0;
    double real = 0.0;  // by the integral of how many are left
    for (Tick at = start; at < start + 60 * Scene::Day; at += Scene::Hour) {
      double left = 0.0;
      for (const Lot& lot : x.lots) left += lot.place != LotPlace::Free && lot.release <= start;
      real += left * HourMs;
      if (left == 0.0) break;
      s.fab->advance(x, s.theta, at + Scene::Hour, draw);
    }
    return std::pair{sum / n, real / n};
  };
  twin::math::Moments ratio;
  for (std::uint32_t k = 20; k < 25; ++k) {
    const auto [promised, real] = mean_of(s.member(k), {9, k});
    ratio.add(promised / real);
  }
  const auto [promised, real] = mean_of(s.truth, {5, 0});
  RecordProperty("promised_over_real", std::to_string(promised / real));
  EXPECT_NEAR(ratio.mean(), 1.0, 4.0 * ratio.deviation() / std::sqrt(5.0) + 0.03);
  EXPECT_NEAR(promised / real, ratio.mean(), 5.0 * ratio.deviation() + 0.02);
}

TEST(Outlook, ExpectsTheTardinessOfItsNormalLaw) {
  const Scene s;
  Outlook outlook;
  outlook.paces = {{0, 2.0, 3.6e6, 1}};
  Lot lot = s.seen.lots[0];
  for (const Lot& l : s.seen.lots)
    if (l.place == LotPlace::Queued) lot = l;
  const double work = fab::remaining_ms(*s.layout, lot);
  const double mean = outlook.remaining_ms(*s.layout, lot), deviation = std::sqrt(3.6e6 * work);
  EXPECT_DOUBLE_EQ(mean, 2.0 * work);
  for (const double slack : {-3.0, -1.0, 0.0, 0.5, 2.0}) {
    lot.due = s.seen.now + static_cast<Tick>(mean + slack * deviation);
    double sum = 0.0;
    constexpr int N = 200'000;
    for (int i = 0; i < N; ++i)
      sum += std::max(static_cast<double>(s.seen.now - lot.due) + mean +
                          deviation * twin::math::normal((i + 0.5) / N),
                      0.0);
    EXPECT_NEAR(outlook.tardy_ms(*s.layout, lot, s.seen.now), sum / N, 1e-4 * deviation) << slack;
  }
}

TEST(Outlook, KnowsThatHotLotsAreFaster) {
  const Scene s;
  const Outlook outlook = learn_outlook(*s.fab, s.seen, {}, short_one());
  ASSERT_GE(outlook.paces.size(), 2U);
  EXPECT_LT(outlook.paces.back().flow_factor, outlook.paces.front().flow_factor);
  EXPECT_EQ(&outlook.of(outlook.paces.back().priority + 5), &outlook.paces.back());
  EXPECT_EQ(&outlook.of(outlook.paces.front().priority - 5), &outlook.paces.front());
}

}  // namespace
}  // namespace twins::fab::decide
