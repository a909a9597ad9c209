// If these failed, a value left out of a file would mean something.
#include "twins/fab/description.hpp"

#include <gtest/gtest.h>

namespace twins::fab {
namespace {

// Wrong: a step without setup, batch, sampling, rework, dedication or window would have one.
TEST(Description, WhatIsNotGivenIsNotThere) {
  const Step step;
  EXPECT_EQ(step.setup, None);
  EXPECT_EQ(step.batch_max, 0U);
  EXPECT_EQ(step.sampling, 1.0);
  EXPECT_EQ(step.rework, 0.0);
  EXPECT_EQ(step.dedicates, None);
  EXPECT_EQ(step.queue_time_exit, None);
  EXPECT_LT(step.setup_ms, 0.0);
  const ToolGroup group;
  EXPECT_EQ(group.tools, 1U);
  EXPECT_EQ(group.job_slots, 1U);
  EXPECT_EQ(group.initial_setup, None);
}

// Wrong: two data sets that differ would compare equal.
TEST(Description, ComparesByValue) {
  Description a, b;
  a.routes = b.routes = {{"r", {Step{}}}};
  EXPECT_EQ(a, b);
  b.routes[0].steps[0].queue_time_ms = 1.0;
  EXPECT_FALSE(a == b);
}

// Wrong: units would be off by a factor.
TEST(Description, UnitsInMilliseconds) {
  EXPECT_EQ(HourMs, 60 * MinuteMs);
  EXPECT_EQ(DayMs, 24 * HourMs);
}

}  // namespace
}  // namespace twins::fab
