// If these failed, a plan would be shown otherwise than it is run.
#include "apps/fabtwin/group_schedule_text.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "twins/fab/semantics/tiny_fab.hpp"

namespace apps::fabtwin {
namespace {

using testing::HasSubstr;

// Two tools, three jobs of one hour of which the second needs a changeover of half an hour, two lots in the last.
struct ScheduleOfAnHour {
  ScheduleOfAnHour() {
    twins::fab::semantics::TinyFab fab;
    const auto g = fab.add_group("Etch", 2);
    fab.add_route({twins::fab::semantics::step_at(g, 60)});
    layout = twins::fab::compile(fab.description, fab.options);
    asked.hours = 4.0;
    auto& p = schedule.problem.machines;
    p.machines = {{.ready = 0}, {.ready = 360, .setup = 0}};
    p.families = {{.most = 2, .least = 1}, {}};
    p.setups = 2;
    p.changeover = {0, 180, 0, 0};
    p.setup_after = {0, 1, 1, 1};
    for (const std::uint32_t family : {0U, 1U, 0U, 0U})
      p.jobs.push_back(
          {.release = family == 1 ? 100 : 0, .takes = 360, .occupies = 360, .family = family});
    schedule.problem.lots = {{11, 0}, {12, 0}, {13, 0}, {14, 0}};
    schedule.problem.steps = {0, 0, 0, 0};
    schedule.dispatched = twin::decide::timed(p, {{0, {0}}, {0, {1}}, {0, {2, 3}}});
    schedule.found.schedule = twin::decide::timed(p, {{0, {0}}, {0, {1}}, {1, {2, 3}}});
    schedule.found.optimal = true;
    schedule.alternative.rule = "fifo:plan";
  }
  std::shared_ptr<const twins::fab::Layout> layout;
  twins::fab::decide::GroupScheduleAsked asked;
  twins::fab::decide::GroupSchedule schedule;
};

TEST(GroupScheduleText, ShowsBarsAndJobs) {
  const ScheduleOfAnHour one;
  const std::string text = group_schedule_text({*one.layout, one.asked, one.schedule, 3.0});
  EXPECT_THAT(text, HasSubstr("day 3.0, Etch: 2 tools, the next 4 h; 3 lots wait, 1 are expected"));
  EXPECT_THAT(text, HasSubstr("proved: no plan is better"));
  EXPECT_THAT(text, HasSubstr("Etch#1 |################~~~~~~~~================"
                              "........................|"));
  EXPECT_THAT(text, HasSubstr("Etch#2 |                ################"
                              "................................|"));
  EXPECT_THAT(text, HasSubstr("13+14"));
}

TEST(GroupScheduleText, SaysThatThereIsNothing) {
  ScheduleOfAnHour one;
  one.schedule.problem.machines.jobs.clear();
  EXPECT_THAT(group_schedule_text({*one.layout, one.asked, one.schedule, 3.0}),
              HasSubstr("Nothing to plan."));
}

TEST(GroupScheduleText, AsJson) {
  const ScheduleOfAnHour one;
  const Json json = group_schedule_json({*one.layout, one.asked, one.schedule, 3.0});
  EXPECT_EQ(json["lots_waiting"], 3);
  EXPECT_EQ(json["jobs"].size(), 3U);
  EXPECT_EQ(json["jobs"][1]["from_hours"], 1.0);
  EXPECT_EQ(json["jobs"][1]["changed_hours"], 1.5);
  EXPECT_EQ(json["jobs"][2]["lots"][1]["lot"], 14);
  EXPECT_EQ(json["rule"], "fifo:plan");
  EXPECT_LT(json["cost"], json["cost_dispatched"]);
}

}  // namespace
}  // namespace apps::fabtwin
