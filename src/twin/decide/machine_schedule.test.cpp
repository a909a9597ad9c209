// If these failed, a plan would be shown whose times cannot be kept, or the better of two plans be called the worse.
#include "twin/decide/machine_schedule.hpp"

#include <gmock/gmock.h>

#include <functional>

#include "twin/decide/machine_example.hpp"

namespace twin::decide {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

// Two machines, a changeover of 5 from setup 0 to 1 and none back; jobs of family 0 and 1.
MachineProblem two_machines() {
  MachineProblem p;
  p.setups = 2;
  p.machines = {{.ready = 10}, {.ready = 0, .setup = 1}};
  p.families = {{}, {}};
  p.changeover = {0, 5, 0, 0};
  p.setup_after = {0, 1, 0, 1};
  p.jobs = {{.release = 0, .due = 20, .weight = 2, .takes = 10, .occupies = 10, .family = 0},
            {.release = 3, .due = 20, .latest = 24, .takes = 10, .occupies = 4, .family = 1},
            {.release = 0, .due = 50, .takes = 10, .occupies = 10, .family = 1}};
  return p;
}

TEST(MachineSchedule, IsAsEarlyAsCanBe) {
  const MachineProblem p = two_machines();
  const MachineSchedule s = timed(p, {{1, {2}}, {0, {0}}, {0, {1}}});
  ASSERT_THAT(s.runs, SizeIs(3));
  // Machine 0 is free at 10; its second job waits for it, then for the changeover of 5.
  EXPECT_EQ(s.runs[0], (MachineRun{0, {0}, 10, 10, 20}));
  EXPECT_EQ(s.runs[1], (MachineRun{0, {1}, 20, 25, 35}));
  EXPECT_EQ(s.runs[2], (MachineRun{1, {2}, 0, 0, 10}));
  // Job 0: on time, 20 under way, weight 2. Job 1: 15 too late, 32 under way, begun 1 after its limit. Job 2: 10.
  EXPECT_EQ(s.cost, 2 * 20 + (10 * 15 + 32 + 50 * 1) + 10);
  EXPECT_EQ(schedule_flaw(p, s), "");
}

// A machine is free for the next job before the last one is done.
TEST(MachineSchedule, WhatOccupiesForLessIsFollowedSooner) {
  MachineProblem p = two_machines();
  p.jobs[2].release = 3;
  const MachineSchedule s = timed(p, {{1, {1}}, {1, {2}}, {0, {0}}});
  EXPECT_EQ(s.runs[1], (MachineRun{1, {1}, 3, 3, 13}));
  EXPECT_EQ(s.runs[2], (MachineRun{1, {2}, 7, 7, 17}));
}

// The job that no full batch could be made of counts as if it began when it is said that such jobs do.
TEST(MachineSchedule, WhatIsLeftCosts) {
  MachineProblem p = single_machine({{10, 1, 0}, {10, 1, 0}, {10, 1, 0}});
  p.families = {{.most = 2, .least = 2}};
  p.left_at = 25;
  const MachineSchedule s = timed(p, {{0, {1, 0}}});
  EXPECT_THAT(s.left, ElementsAre(2U));
  EXPECT_EQ(s.cost, 10 + 10 + 35);
  EXPECT_EQ(schedule_flaw(p, s), "");
}

TEST(MachineSchedule, SaysWhatIsWrong) {
  const MachineProblem p = two_machines();
  const MachineSchedule good = timed(p, {{1, {2}}, {0, {0}}, {0, {1}}});
  const auto flaw = [&](const std::function<void(MachineSchedule&)>& spoil) {
    MachineSchedule s = good;
    spoil(s);
    return schedule_flaw(p, s);
  };
  EXPECT_THAT(flaw([](auto& s) { s.runs[2].jobs = {1}; }), HasSubstr("twice"));
  EXPECT_THAT(flaw([](auto& s) { s.runs.pop_back(); }), HasSubstr("nowhere"));
  EXPECT_THAT(flaw([](auto& s) { s.runs[2].jobs = {7}; }), HasSubstr("job 7"));
  EXPECT_THAT(flaw([](auto& s) { s.runs[2].machine = 2; }), HasSubstr("machine 2"));
  EXPECT_THAT(flaw([](auto& s) { s.runs[1].start = 19; }), HasSubstr("is free at 20"));
  EXPECT_THAT(flaw([](auto& s) { s.runs[1].changed = 24; }), HasSubstr("changeover of 4"));
  EXPECT_THAT(flaw([](auto& s) { s.runs[1].done = 34; }), HasSubstr("done at 34"));
  EXPECT_THAT(flaw([](auto& s) { s.runs[0].start = s.runs[0].changed = 9; }), HasSubstr("10"));
  EXPECT_THAT(flaw([](auto& s) { s.left = {0}; }), HasSubstr("left"));
  EXPECT_THAT(flaw([](auto& s) { s.cost += 1; }), HasSubstr("a cost of"));
  EXPECT_THAT(flaw([](auto& s) {
                s.runs[1].jobs = {1, 2}, s.runs.pop_back();
              }),
              HasSubstr("batch"));
}

TEST(MachineSchedule, SaysWhatIsWrongWithAProblem) {
  const auto flaw = [](const std::function<void(MachineProblem&)>& spoil) {
    MachineProblem p = two_machines();
    spoil(p);
    return flaw_of(p);
  };
  EXPECT_EQ(flaw([](auto&) {}), "");
  EXPECT_THAT(flaw([](auto& p) { p.changeover.pop_back(); }), HasSubstr("3 changeovers"));
  EXPECT_THAT(flaw([](auto& p) { p.changeover[1] = -1; }), HasSubstr("changeover of -1"));
  EXPECT_THAT(flaw([](auto& p) { p.setup_after[0] = 2; }), HasSubstr("setup 2 of 2"));
  EXPECT_THAT(flaw([](auto& p) { p.machines[0].setup = 2; }), HasSubstr("setup 2"));
  EXPECT_THAT(flaw([](auto& p) {
                p.families[1] = {.most = 2, .least = 2};
                p.left_at = 2;
              }),
              HasSubstr("left at 2"));
  EXPECT_THAT(flaw([](auto& p) { p.jobs[0].family = 2; }), HasSubstr("family 2"));
  EXPECT_THAT(flaw([](auto& p) { p.jobs[0].takes = -1; }), HasSubstr("duration -1"));
  EXPECT_THAT(flaw([](auto& p) { p.jobs[0].machines = {true}; }), HasSubstr("1 machines of 2"));
  EXPECT_THAT(flaw([](auto& p) {
                p.jobs[0].machines = {false, false};
              }),
              HasSubstr("no machine may"));
  EXPECT_THAT(flaw([](auto& p) {
                p.families[1].most = 2;
                p.jobs[1].takes = 11;
              }),
              HasSubstr("takes 10"));
  EXPECT_THAT(flaw([](auto& p) {
                p.families[0].most = 2;
                p.jobs[0].size = 3;
              }),
              HasSubstr("3 wafers"));
}

// One machine; first come, earliest due, least time for its weight: three orders.
TEST(AsDispatched, EachOrderItsOwn) {
  MachineProblem p = single_machine({{10, 1, 90}, {4, 1, 80}, {9, 9, 70}});
  p.jobs[1].release = 0;
  const auto order = [&](ListOrder by) {
    std::vector<std::uint32_t> jobs;
    for (const MachineRun& run : as_dispatched(p, by).runs) jobs.push_back(run.jobs.front());
    return jobs;
  };
  EXPECT_THAT(order(ListOrder::Release), ElementsAre(0U, 1U, 2U));
  EXPECT_THAT(order(ListOrder::Due), ElementsAre(2U, 1U, 0U));
  EXPECT_THAT(order(ListOrder::Weight), ElementsAre(2U, 1U, 0U));
  p.jobs[1].weight = 8;
  EXPECT_THAT(order(ListOrder::Weight), ElementsAre(1U, 2U, 0U));
}

TEST(AsDispatched, LeastChangeoverKeepsASetup) {
  MachineProblem p = two_machines();
  p.machines = {{.setup = 1}};
  for (MachineJob& job : p.jobs) job.release = 0;
  const MachineSchedule s = as_dispatched(p, ListOrder::Changeover);
  // From setup 1 nothing costs a changeover, so first come decides; from 0 family 1 does.
  EXPECT_EQ(s.runs.front().jobs.front(), 0U);
  EXPECT_EQ(schedule_flaw(p, s), "");
}

// Never wrong, whatever the problem; and what is left is what no batch could be made of.
TEST(AsDispatched, IsSound) {
  for (std::uint32_t k = 0; k < 300; ++k)
    for (const ListOrder by :
         {ListOrder::Release, ListOrder::Due, ListOrder::Weight, ListOrder::Changeover}) {
      const MachineProblem p = drawn_problem(12, {20261130, k});
      const MachineSchedule s = as_dispatched(p, by);
      ASSERT_EQ(schedule_flaw(p, s), "") << k;
      for (const std::uint32_t j : s.left) EXPECT_EQ(p.jobs[j].family, 0U);
    }
}

TEST(MachineScheduleDeath, RefusesARunOfNothing) {
  EXPECT_DEATH((void)timed(two_machines(), {{0, {}}}), "expected");
}

}  // namespace
}  // namespace twin::decide
