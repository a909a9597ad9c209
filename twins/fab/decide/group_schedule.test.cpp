// If these failed, a plan would be made for a tool group that is not the one that there is, or its run in the twin
// would not be the plan's.
#include "twins/fab/decide/group_schedule.hpp"

#include <gmock/gmock.h>

#include "twins/fab/decide/advise.hpp"
#include "twins/fab/decide/menu.hpp"
#include "twins/fab/decide/scene.hpp"
#include "twins/fab/rules/policy_text.hpp"
#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab::decide {
namespace {

using semantics::Shift;
using semantics::step_at;
using semantics::TinyFab;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr Tick ScheduleMinute = 60'000;

// The tiny fab at a minute, as its mirror has it, and what is planned for group 0 then.
struct Planned {
  Planned(const TinyFab& tiny, double minute, GroupScheduleAsked how = {})
      : layout(compile(tiny.description, tiny.options)), fab(make_fab(layout, "fifo")) {
    State truth = fab->initial(layout->nominal_theta(), tiny.draw);
    fab->advance(truth, layout->nominal_theta(), static_cast<Tick>(minute * ScheduleMinute),
                 tiny.draw);
    x = Mirror(*fab).follow(truth);
    how.standing = "fifo";
    schedule = schedule_group(*fab, x, {}, how);
  }
  // "5 A#1 1+2": minute of the start, tool, lots.
  [[nodiscard]] std::vector<std::string> starts() const {
    std::vector<std::string> lines;
    for (const twin::decide::MachineRun& run : schedule.found.schedule.runs) {
      std::string lots;
      for (const std::uint32_t j : run.jobs)
        lots += (lots.empty() ? "" : "+") + std::to_string(schedule.problem.lots[j].lot);
      lines.push_back(
          fmt::format("{:.10g} start {} {}",
                      static_cast<double>(x.now) / MinuteMs + static_cast<double>(run.start) / 6.0,
                      lots, layout->tool_name(run.machine)));
    }
    return lines;
  }
  // What the fab does by the plan from then on.
  [[nodiscard]] std::vector<std::string> done(const TinyFab& tiny) const {
    Beside beside;
    beside.planned = make_fab(layout, schedule.alternative.rule)->beside().planned;
    Shift shift(tiny, Fifo{}, beside);
    return shift.to(600).lines_of("start");
  }

  std::shared_ptr<const Layout> layout;
  std::unique_ptr<AnyFab> fab;
  State x;
  GroupSchedule schedule;
};

#define NEEDS_A_SOLVER()                      \
  if (!twin::decide::has_constraint_solver()) \
  GTEST_SKIP() << "this build has no Gecode (libgecode-dev)"

// One tool that changes between X and Y in 30 minutes, jobs of 10, and a queue that does not look at setups: first come
// first served changes each time.
TinyFab alternating_setups() {
  TinyFab fab;
  const auto a = fab.add_group("A");
  fab.group(a).rank = {Criterion::HighestPriority, Criterion::Fifo};
  const auto x = fab.add_setup("X"), y = fab.add_setup("Y");
  fab.add_change(x, y, 30);
  fab.add_change(y, x, 30);
  for (const auto setup : {x, y}) {
    Step step = step_at(a, 10);
    step.setup = setup;
    fab.add_route({step});
  }
  for (int n = 0; n < 5; ++n)
    fab.add_lot(static_cast<std::uint32_t>(n % 2), {.at = static_cast<double>(n)});
  return fab;
}

TEST(GroupSchedule, KeepsASetup) {
  NEEDS_A_SOLVER();
  const Planned planned(alternating_setups(), 5.0);
  EXPECT_TRUE(planned.schedule.found.optimal);
  EXPECT_THAT(planned.starts(),
              ElementsAre("10 start 2 A#1", "20 start 4 A#1", "30 start 1 A#1", "70 start 3 A#1"));
  EXPECT_THAT(planned.schedule.alternative.rule, HasSubstr("fifo:plan.A#1=2@1~"));
  // The fab does it: lot 0 first, as it had begun, then as planned. The queue's own order would take 190 minutes.
  EXPECT_THAT(planned.done(alternating_setups()),
              ElementsAre("0 start 0 A#1 setup X", "10 start 2 A#1", "20 start 4 A#1",
                          "30 start 1 A#1 setup Y", "70 start 3 A#1"));
}

// Lot 1 waits, lot 2 is to come 15 minutes after it: a furnace of an hour had better wait for both.
TinyFab furnace() {
  TinyFab fab;
  const auto a = fab.add_group("A"), b = fab.add_group("B");
  fab.group(a).batch = true;
  Step batch = step_at(a, 60, Step::Per::Batch);
  batch.batch_min = 25;
  batch.batch_max = 50;
  fab.add_route({batch});
  fab.add_route({step_at(b, 20), batch});
  batch.process = semantics::minutes(20);
  fab.add_route({batch});
  fab.add_lot(2);
  fab.add_lot(0, {.at = 5});
  fab.add_lot(1, {.at = 15});
  return fab;
}

TEST(GroupSchedule, WaitsForABatch) {
  NEEDS_A_SOLVER();
  TinyFab fab = furnace();
  for (std::size_t r = 0; r < 2; ++r) fab.description.routes[r].steps.back().batch_key = 7;
  const Planned planned(fab, 16.0);
  EXPECT_THAT(planned.starts(), ElementsAre("35 start 1+2 A#1"));
  EXPECT_THAT(planned.done(fab), testing::Contains("35 start 1+2 A#1"));
}

// Where the route alone makes the batch, they are none: then nobody waits.
TEST(GroupSchedule, KnowsWhoMayShareABatch) {
  NEEDS_A_SOLVER();
  const Planned planned(furnace(), 16.0);
  EXPECT_THAT(planned.starts(), ElementsAre("20 start 1 A#1", "80 start 2 A#1"));
}

TEST(GroupSchedule, NothingToPlan) {
  NEEDS_A_SOLVER();
  TinyFab fab;
  const auto a = fab.add_group("A");
  fab.add_route({step_at(a, 10)});
  fab.add_lot(0, {.at = 1000});
  const Planned planned(fab, 1.0);
  EXPECT_TRUE(planned.schedule.jobs.empty());
  EXPECT_EQ(planned.schedule.alternative.rule, "");
}

// What binds lots to tools binds the plan: of two tools one is not for the product.
TEST(GroupSchedule, KeepsToQualifications) {
  NEEDS_A_SOLVER();
  TinyFab fab;
  const auto a = fab.add_group("A", 2);
  fab.add_route({step_at(a, 10)});
  for (int n = 0; n < 6; ++n) fab.add_lot(0);
  const auto layout = compile(fab.description, fab.options);
  const auto narrow = make_fab(layout, "fifo:not.a#1=p0");
  State truth = narrow->initial(layout->nominal_theta(), fab.draw);
  narrow->advance(truth, layout->nominal_theta(), ScheduleMinute, fab.draw);
  const GroupSchedule made =
      schedule_group(*narrow, Mirror(*narrow).follow(truth), {}, {.standing = "fifo:not.a#1=p0"});
  EXPECT_EQ(made.jobs.size(), 5U);
  for (const PlannedJob& job : made.jobs) EXPECT_EQ(job.tool, 1U);
  EXPECT_THAT(made.alternative.rule, HasSubstr("fifo:not.a#1=p0,plan.A#2="));
}

// The busiest groups of the example fab: sound problems, plans that are no worse than a dispatcher's in their own
// terms, the same for whoever asks again, and runs of which the twin says what they bring.
TEST(GroupSchedule, OfTheExampleFab) {
  NEEDS_A_SOLVER();
  const Scene scene;
  const std::vector<std::uint32_t> groups = waited_for(*scene.layout, scene.seen);
  ASSERT_GE(groups.size(), 3U);
  std::vector<Alternative> menu = {{"as it is: fifo", "", {}}};
  for (std::size_t g = 0; g < 3; ++g) {
    GroupScheduleAsked asked{.group = groups[g], .lots_most = 20, .standing = "fifo", .seed = 4};
    asked.search = {.whole = 200, .rounds = 20};
    const GroupSchedule made = schedule_group(*scene.fab, scene.seen, {}, asked);
    const twin::decide::MachineProblem& p = made.problem.machines;
    EXPECT_EQ(twin::decide::flaw_of(p), "");
    EXPECT_EQ(twin::decide::schedule_flaw(p, made.found.schedule), "");
    EXPECT_LE(made.found.schedule.cost, made.dispatched.cost);
    EXPECT_EQ(schedule_group(*scene.fab, scene.seen, {}, asked).jobs, made.jobs);
    if (!made.jobs.empty()) menu.push_back(made.alternative);  // else too few for any batch
  }
  EXPECT_GE(menu.size(), 3U);
  RolloutsAsked asked;
  asked.now = scene.seen.now;
  asked.horizon_hours = 24.0;
  asked.standing = "fifo";
  asked.outlook.paces = {{0, 2.0, 0.0, 0}};
  Rollouts rollouts(scene.layout, scene.seen, {}, menu, asked);
  for (std::size_t a = 1; a < menu.size(); ++a) {
    const Weighed weighed = weigh(rollouts, a, 4, {}, 2);
    EXPECT_NE(weighed.benefit.mean, 0.0) << menu[a].name;  // it did something
    EXPECT_TRUE(rollouts.broken(a, 0).empty());
  }
}

}  // namespace
}  // namespace twins::fab::decide
