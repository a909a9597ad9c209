// If this failed, what is learnt beside the forecasts would not be what calibration learns, or one bad tool would
// spoil what is believed of its whole group.
#include "twins/fab/forecast/learner.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"
#include "twin/core/archive.hpp"
#include "twins/fab/any_fab.hpp"
#include "twins/fab/lively_fab.hpp"
#include "twins/fab/log_sink.hpp"

namespace twins::fab::forecast {
namespace {

constexpr Tick LearnerDay = 86'400'000;

struct LearnerScene {
  std::shared_ptr<const Layout> layout = lively_fab();
  std::vector<twin::event::Event> events;

  LearnerScene() {
    const auto fab = make_fab(layout, "fifo");
    std::vector<double> theta = layout->nominal_theta();
    theta[layout->theta_map.process(0)] = 1.1;
    State x = fab->initial(theta, {6, 0});
    LogSink log(*layout, x, [&](std::span<const twin::event::Event> batch) {
      events.insert(events.end(), batch.begin(), batch.end());
    });
    fab->advance(x, theta, 12 * LearnerDay, {6, 0}, log);
  }
};

TEST(Learner, LearnsWhatCalibrationLearns) {
  const LearnerScene s;
  Learner learner(*s.layout, 0);
  calibrate::Witness witness(*s.layout, 0);
  std::size_t told = 0;
  bool half = false;
  for (const twin::event::Event& e : s.events) {
    if (!half && e.at > 6 * LearnerDay) half = true, (void)learner.posterior(6 * LearnerDay);
    told += witness.would_tell(e).has_value();
    learner.saw(e);
    witness.saw(e);
  }
  EXPECT_GT(told, 100U);
  const auto ours = learner.posterior(12 * LearnerDay);
  const auto theirs = posteriors(*s.layout, witness.evidence(12 * LearnerDay));
  ASSERT_EQ(ours.size(), theirs.size());
  for (std::size_t i = 0; i < ours.size(); ++i)
    EXPECT_EQ(ours[i].quantiles, theirs[i].quantiles) << ours[i].name;
  EXPECT_TRUE(learner.tools().alarms().empty());
}

// Wrong: a group that drifts while nobody asks for a forecast would have its tools called changed one by one.
TEST(Learner, AGroupThatDriftsTakesItsLawWithIt) {
  const auto layout = lively_fab();
  const auto fab = make_fab(layout, "fifo");
  std::vector<double> theta = layout->nominal_theta();
  State x = fab->initial(theta, {6, 0});
  Learner learner(*layout, 0);
  LogSink log(*layout, x, [&](std::span<const twin::event::Event> batch) {
    for (const twin::event::Event& e : batch) learner.saw(e);
  });
  for (Tick day = 1; day <= 16; ++day) {
    if (day > 4)
      for (std::uint32_t g = 0; g < layout->theta_map.groups; ++g)
        theta[layout->theta_map.process(g)] *= 1.008;
    fab->advance(x, theta, day * LearnerDay, {6, 0}, log);
    if (day == 4) (void)learner.posterior(day * LearnerDay);
  }
  EXPECT_TRUE(learner.tools().alarms().empty());
  theta[layout->theta_map.process(0)] *= 1.2;
  fab->advance(x, theta, 18 * LearnerDay, {6, 0}, log);
  EXPECT_FALSE(learner.tools().alarms().empty());  // a step it still tells
}

TEST(Learner, SavedInTheMiddleItGoesOnAsIfNothingHadBeen) {
  const LearnerScene s;
  Learner whole(*s.layout, 0), first(*s.layout, 0), second(*s.layout, 0);
  std::size_t k = 0;
  for (; k < s.events.size() && s.events[k].at < 5 * LearnerDay + LearnerDay / 3; ++k) {
    whole.saw(s.events[k]);
    first.saw(s.events[k]);
  }
  (void)whole.posterior(5 * LearnerDay), (void)first.posterior(5 * LearnerDay);
  second.restore(twin::core::load<Learner::Memory>(twin::core::save(first.memory())));
  EXPECT_EQ(second.memory(), first.memory());
  for (; k < s.events.size(); ++k) {
    whole.saw(s.events[k]);
    second.saw(s.events[k]);
  }
  EXPECT_EQ(second.memory(), whole.memory());
  const auto ours = second.posterior(12 * LearnerDay), theirs = whole.posterior(12 * LearnerDay);
  ASSERT_EQ(ours.size(), theirs.size());
  for (std::size_t i = 0; i < ours.size(); ++i)
    EXPECT_EQ(ours[i].quantiles, theirs[i].quantiles) << ours[i].name;
  EXPECT_NE(first.memory(), whole.memory()) << "nothing was learnt after the break";
}

TEST(Learner, WhatAnotherFabTaughtIsRefused) {
  const LearnerScene s;
  Learner learner(*s.layout, 0);
  EXPECT_EQ(twin::contract::refusal([&] { learner.restore({}); }),
            "what was learnt is of another fab than this one");
  Learner::Memory other = learner.memory();
  other.seen.causes.pop_back();
  EXPECT_EQ(twin::contract::refusal([&] { learner.restore(other); }),
            "what was learnt is of another fab than this one");
}

// A tool whose jobs end twice as late as they did, from day 6 on, as the log tells it: its group's law stays, and what
// the group can do is less.
TEST(Learner, OneBadToolDoesNotSpoilItsGroup) {
  const LearnerScene s;
  Learner learner(*s.layout, 0), honest(*s.layout, 0);
  const std::uint32_t tool = s.layout->groups[0].first_tool;
  std::vector<Tick> started;
  bool half = false;
  for (twin::event::Event e : s.events) {
    if (!half && e.at > 6 * LearnerDay)
      half = true, (void)learner.posterior(6 * LearnerDay), (void)honest.posterior(6 * LearnerDay);
    honest.saw(e);
    if (e.tool == tool && e.job != twin::event::None) {
      if (e.job >= started.size()) started.resize(e.job + 1, -1);
      if (e.kind == twin::event::Kind::ProcessingStarted) started[e.job] = e.at;
      if (half && e.kind == twin::event::Kind::ProcessingEnded && started[e.job] >= 0)
        e.at += e.at - started[e.job];
    }
    learner.saw(e);
  }
  ASSERT_FALSE(learner.tools().alarms().empty());
  for (const ToolAlarm& a : learner.tools().alarms()) EXPECT_EQ(a.tool, tool);
  EXPECT_NEAR(learner.tools().factor(tool), 2.0, 0.1);
  const std::size_t p = s.layout->theta_map.process(0);
  const double factor = learner.tools().group_factor(*s.layout, 0);
  EXPECT_GT(factor, 1.0);
  EXPECT_NEAR(learner.posterior(12 * LearnerDay)[p].median(),
              factor * honest.posterior(12 * LearnerDay)[p].median(), 0.02);
}

}  // namespace
}  // namespace twins::fab::forecast
