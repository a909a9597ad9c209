// If these failed, the tracker's score would not be its score; and, on the example fab, not be worth it.
#include "twins/fab/track/audit.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "twins/fab/any_fab.hpp"
#include "twins/fab/import/read.hpp"
#include "twins/fab/log_sink.hpp"
#include "twins/fab/track/thin.hpp"

namespace twins::fab::track {
namespace {

// Wrong: sums would be taken over other lots, or sets.
TEST(Audit, CountsByHand) {
  State truth;
  truth.lots.resize(4);
  for (std::uint32_t i = 0; i < 3; ++i) {
    truth.lots[i].id = 10 + i;
    truth.lots[i].step = 5;
    truth.lots[i].place = LotPlace::Queued;
  }
  const auto belief = [](std::uint32_t lot, std::vector<StepShare> steps) {
    LotBelief b;
    b.last.lot = lot;
    b.last.step = 4;
    b.last.phase = Phase::Done;
    b.steps = std::move(steps);
    for (const StepShare& s : b.steps)
      b.places.push_back({.phase = s.step == None ? Phase::Left : Phase::Waiting,
                          .step = s.step,
                          .weight = s.share});
    return b;
  };
  const std::vector<LotBelief> beliefs = {belief(10, {{5, 0.95}, {6, 0.05}}),
                                          belief(11, {{6, 0.5}, {5, 0.45}, {None, 0.05}}),
                                          belief(33, {{None, 0.75}, {5, 0.25}})};
  const Audit a = audit(truth, beliefs, 0.9);
  EXPECT_EQ(a.lots, 3U);
  EXPECT_EQ(a.unknown, 1U);  // 12
  EXPECT_EQ(a.covered, 2U);
  EXPECT_NEAR(a.exactly_covered, 0.9 / 0.95 + 0.4 / 0.45, 1e-12);
  EXPECT_EQ(a.set_steps, 3U);
  EXPECT_EQ(a.single, 1U);
  EXPECT_EQ(a.right, 1U);
  EXPECT_DOUBLE_EQ(a.right_expected, 1.45);
  EXPECT_EQ(a.unsure, 2U);
  EXPECT_EQ(a.last_right, 0U);
  EXPECT_EQ(a.next_right, 2U);
  EXPECT_EQ(a.place_right, 1U);
  EXPECT_NEAR(a.log_score, -std::log(0.95) - std::log(0.45), 1e-12);
  EXPECT_EQ(a.believed, 3U);
  EXPECT_EQ(a.gone, 1U);
  EXPECT_NEAR(a.gone_expected, 0.05 + 0.75, 1e-12);
  Audit twice = a;
  twice += a;
  EXPECT_EQ(twice.lots, 6U);
  EXPECT_EQ(twice.audits, 2U);
  EXPECT_EQ(twice.next_right, 4U);
}

// Wrong: on a fab of 300 tools with a fifth of the events missing, fewer than 90 % of the lots would stand in their
// 90 % sets, or the probabilities would be no probabilities. Lots of one audit share their luck, and those of the next
// audit are mostly the same: the tolerance of the calibrated figures takes 20 lots for one independent one.
TEST(Audit, TheExampleFabIsTracked) {
  const auto layout = compile(import::read("data/example-fab"));
  const auto fab = make_fab(layout, "published");
  const auto theta = layout->nominal_theta();
  const twin::core::Draw draw{.seed = 12, .member = 0};
  State x = fab->initial(theta, draw);
  Tracker tracker(*layout, theta, Numbering::BySource);
  Thinner thinner({.share = 0.2, .seed = 12});
  LogSink log(*layout, x, [&](std::span<const twin::event::Event> told) {
    for (const auto& e : told)
      if (!thinner.loses(e)) (void)tracker.saw(e);
  });
  Audit all;
  for (double day = 4.0; day <= 8.0; day += 0.5) {
    fab->advance(x, theta, static_cast<Tick>(day * DayMs), draw, log);
    all += audit(x, believe(tracker, x.now, {.seed = static_cast<std::uint64_t>(2.0 * day)}), 0.9);
  }
  const auto n = static_cast<double>(all.lots);
  EXPECT_GT(all.lots, 3000U);
  EXPECT_GE(static_cast<double>(all.covered), 0.99 * n);
  EXPECT_LT(static_cast<double>(all.set_steps), 1.02 * n);
  EXPECT_NEAR(all.exactly_covered / n, 0.9, 5.0 * std::sqrt(0.09 * 20.0 / n));
  EXPECT_NEAR(static_cast<double>(all.right), all.right_expected,
              5.0 * std::sqrt(20.0 * all.right_variance));
  EXPECT_GT(all.right, all.next_right);
  EXPECT_GT(all.next_right, all.last_right);
}

}  // namespace
}  // namespace twins::fab::track
