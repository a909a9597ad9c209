// If these failed, the model would run another fab than the description says.
#include "twins/fab/layout.hpp"

#include <gmock/gmock.h>

#include <set>

#include "twin/core/error.hpp"
#include "twins/fab/semantics/busy_fab.hpp"

namespace twins::fab {
namespace {

using semantics::step_at;
using semantics::TinyFab;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StrEq;

// Wrong: tools or steps would belong to another group or route.
TEST(Layout, NumbersToolsAndSteps) {
  TinyFab fab;
  fab.add_group("A", 2);
  fab.add_group("B", 3);
  fab.add_route({step_at(0, 1), step_at(1, 2)});
  fab.add_route({step_at(1, 3)});
  const auto m = compile(fab.description);
  EXPECT_THAT(m->tool_group, ElementsAre(0U, 0U, 1U, 1U, 1U));
  EXPECT_EQ(m->groups[1].first_tool, 2U);
  ASSERT_EQ(m->steps.size(), 3U);
  EXPECT_EQ(m->steps[2].route, 1U);
  EXPECT_EQ(m->steps[2].index, 0U);
  EXPECT_TRUE(m->steps[1].last);
  EXPECT_FALSE(m->steps[0].last);
  EXPECT_EQ(m->tool_name(4), "B#3");
  EXPECT_EQ(m->step_name(2), "r1/1");
}

// Wrong: links within a route would point into another route.
TEST(Layout, LinksAreGlobalSteps) {
  TinyFab fab;
  fab.add_group("A");
  fab.add_route({step_at(0, 1)});
  Step first = step_at(0, 1), last = step_at(0, 1);
  first.dedicates = first.queue_time_exit = 2;
  last.rework = 0.1;
  last.rework_to = 1;
  fab.add_route({first, step_at(0, 1), last});
  const auto m = compile(fab.description);
  EXPECT_EQ(m->steps[1].dedicates, 3U);
  EXPECT_EQ(m->steps[1].window_exit, 3U);
  EXPECT_EQ(m->steps[3].rework_to, 2U);
  EXPECT_EQ(m->steps[1].dedication_out, m->steps[3].dedication_in);
  EXPECT_EQ(m->dedication_slots, 1U);
}

// Wrong: overlapping dedications of a lot would overwrite each other. 0 -> 2, 1 -> 3 overlap.
TEST(Layout, OverlappingDedicationsGetSlotsOfTheirOwn) {
  TinyFab fab;
  fab.add_group("A");
  Step a = step_at(0, 1), b = step_at(0, 1);
  a.dedicates = 2;
  b.dedicates = 3;
  fab.add_route({a, b, step_at(0, 1), step_at(0, 1)});
  const auto m = compile(fab.description);
  EXPECT_NE(m->steps[0].dedication_out, m->steps[1].dedication_out);
  EXPECT_EQ(m->dedication_slots, 2U);
}

// Wrong: from no setup, and from pairs without an entry, the blank entry would not count.
TEST(Layout, SetupTimesExactOrBlank) {
  TinyFab fab;
  fab.add_group("A");
  const auto x = fab.add_setup("X"), y = fab.add_setup("Y"), z = fab.add_setup("Z");
  fab.add_change(x, y, 12);
  fab.add_change(None, y, 6);
  const auto m = compile(fab.description);
  const auto ticks = [&](std::uint32_t from, std::uint32_t to) {
    const std::uint32_t row = from == None ? 0 : m->setup_rank_of[from];
    return m->setup_ticks[row * m->setup_ranks + m->setup_rank_of[to]];
  };
  EXPECT_EQ(ticks(x, y), 12 * 60'000);
  EXPECT_EQ(ticks(None, y), 6 * 60'000);
  EXPECT_EQ(ticks(z, y), 6 * 60'000);  // Z has no entry: it counts as any setup
  EXPECT_EQ(ticks(y, x), 0);
}

// Wrong: a parameter of theta would move another one's value, or two would share a name.
TEST(Layout, ThetaHasOnePlaceForEachName) {
  const auto m = compile(semantics::busy_fab().description);
  const auto parameters = m->parameters();
  ASSERT_EQ(parameters.size(), m->theta_map.size());
  std::set<std::string> names;
  for (const auto& p : parameters) {
    names.insert(p.name);
    EXPECT_EQ(p.nominal, 1.0);
    EXPECT_LE(p.lower, 1.0);
    EXPECT_GE(p.upper, 1.0);
    EXPECT_EQ(p.unit, "1");
  }
  EXPECT_EQ(names.size(), parameters.size());
  EXPECT_EQ(twin::core::index_of(parameters, "process.Etch"), m->theta_map.process(3));
  EXPECT_EQ(twin::core::index_of(parameters, "transport"), m->theta_map.transport());
  EXPECT_THAT(m->nominal_theta(), testing::Each(1.0));
}

// Wrong: what cannot be run would be run.
TEST(Layout, RefusesWhatIsNotModelled) {
  const auto refusal = [](auto change) {
    TinyFab fab;
    fab.add_group("A");
    fab.add_stream(fab.add_route({step_at(0, 1)}), 10, 5);
    change(fab);
    try {
      compile(fab.description, fab.options);
    } catch (const twin::core::Error& e) {
      return std::string(e.what());
    }
    return std::string("accepted");
  };
  EXPECT_EQ(refusal([](TinyFab&) {}), "accepted");
  EXPECT_THAT(refusal([](TinyFab& f) { f.group(0).job_slots = 3; }), HasSubstr("job slots = 3"));
  EXPECT_THAT(refusal([](TinyFab& f) {
                f.add_group("F");
                f.group(1).batch = true;
                Step bake = step_at(1, 1, Step::Per::Batch);
                bake.batch_min = bake.batch_max = 25;
                Step first = bake;
                first.dedicates = 2;
                f.add_route({first, step_at(0, 1), bake});
              }),
              StrEq("step 'r1/1' is dedicated to batch tool group 'F' (lots of one batch could be "
                    "kept for different tools)"));
  EXPECT_THAT(refusal([](TinyFab& f) { f.options.load = 0.0; }), HasSubstr("load = 0"));
  EXPECT_THAT(refusal([](TinyFab& f) { f.options.load = 1e9; }), HasSubstr("stream0"));
}

}  // namespace
}  // namespace twins::fab
