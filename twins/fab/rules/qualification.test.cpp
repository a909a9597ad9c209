// If these failed, a tool would do what it must not, stand still though it might work, or a qualification that leaves
// a step without a tool would stop the fab at night.
#include "twins/fab/rules/qualification.hpp"

#include <gmock/gmock.h>

#include "twin/core/error.hpp"
#include "twins/fab/any_fab.hpp"
#include "twins/fab/invariants.hpp"
#include "twins/fab/rules/cr.hpp"
#include "twins/fab/rules/policy_text.hpp"
#include "twins/fab/semantics/busy_fab.hpp"

namespace twins::fab {
namespace {

using semantics::Shift;
using semantics::step_at;
using semantics::TinyFab;
using testing::ElementsAre;
using testing::HasSubstr;

Beside with(const TinyFab& fab, const std::vector<NamedValue>& named) {
  Beside beside;
  beside.qualified = std::make_shared<const Qualification>(
      *qualification(*compile(fab.description, fab.options), named, "test"));
  return beside;
}

// Two tools, two products of 10 min; at once come two lots of p0 and two of p1.
TinyFab two_qualified_tools() {
  TinyFab fab;
  const auto a = fab.add_group("A", 2);
  for (int p = 0; p < 2; ++p) fab.add_route({step_at(a, 10)});
  for (const std::uint32_t p : {0U, 0U, 1U, 1U}) fab.add_lot(p);
  return fab;
}

TEST(Qualification, AToolDoesNotWhatItIsNotFor) {
  const TinyFab fab = two_qualified_tools();
  EXPECT_THAT(Shift(fab).to(60).lines_of("start"),
              ElementsAre("0 start 0 A#1", "0 start 1 A#2", "10 start 2 A#1", "10 start 3 A#2"));
  // A#2 passes over both of p0: it takes lot 2 at once, and lot 3 when that is done; lot 1 waits for A#1.
  const std::vector<std::string> narrow = {"0 start 0 A#1", "0 start 2 A#2", "10 start 1 A#1",
                                           "10 start 3 A#2"};
  EXPECT_EQ(Shift(fab, Fifo{}, with(fab, {{"not.a#2", "P0"}})).to(60).lines_of("start"), narrow);
  EXPECT_EQ(Shift(fab, Cr{}, with(fab, {{"not.a#2", "P0"}})).to(60).lines_of("start"), narrow);
  EXPECT_EQ(Shift(fab, Fifo{}, with(fab, {{"only.a#2", "p1"}})).to(60).lines_of("start"), narrow);
  EXPECT_EQ(Shift(fab, Fifo{}, with(fab, {{"not.a#2", "r0/1"}})).to(60).lines_of("start"), narrow);
}

// A#1 alone does p0: it goes on with lot 1 while A#2, which has nothing that it may do, is idle.
TEST(Qualification, WhoIsNotQualifiedStandsIdle) {
  TinyFab fab;
  const auto a = fab.add_group("A", 2);
  fab.add_route({step_at(a, 10)});
  fab.add_route({step_at(a, 10)});
  for (int n = 0; n < 3; ++n) fab.add_lot(0);
  EXPECT_THAT(Shift(fab, Fifo{}, with(fab, {{"not.a#2", "p0"}})).to(60).lines_of("start"),
              ElementsAre("0 start 0 A#1", "10 start 1 A#1", "20 start 2 A#1"));
}

// By a setup, as a recipe family: A#2 keeps Y, so X is made ready once and never changed.
TEST(Qualification, OfASetup) {
  TinyFab fab;
  const auto a = fab.add_group("A", 2);
  const auto x = fab.add_setup("X"), y = fab.add_setup("Y");
  fab.add_change(None, x, 1);
  fab.add_change(None, y, 1);
  fab.add_change(x, y, 5);
  fab.add_change(y, x, 5);
  Step of_x = step_at(a, 10), of_y = step_at(a, 10);
  of_x.setup = x;
  of_y.setup = y;
  fab.add_route({of_x});
  fab.add_route({of_y});
  for (const std::uint32_t p : {0U, 0U, 1U, 1U}) fab.add_lot(p);
  const auto lines = Shift(fab, Fifo{}, with(fab, {{"only.a#1", "x"}, {"only.a#2", "y"}}))
                         .to(60)
                         .lines_of("start");
  EXPECT_THAT(lines, ElementsAre("0 start 0 A#1 setup X", "0 start 2 A#2 setup Y", "11 start 1 A#1",
                                 "11 start 3 A#2"));
}

// Batches of a line that a tool does not do are passed over, whatever stands before.
TEST(Qualification, OfBatches) {
  TinyFab fab;
  const auto a = fab.add_group("A", 2);
  fab.group(a).batch = true;
  for (int p = 0; p < 2; ++p) {
    Step step = step_at(a, 10, Step::Per::Batch);
    step.batch_min = 50;
    step.batch_max = 50;
    fab.add_route({step});
  }
  for (const std::uint32_t p : {0U, 0U, 0U, 0U, 1U, 1U}) fab.add_lot(p);
  EXPECT_THAT(Shift(fab, Fifo{}, with(fab, {{"not.a#2", "p0"}})).to(60).lines_of("start"),
              ElementsAre("0 start 0+1 A#1", "0 start 4+5 A#2", "10 start 2+3 A#1"));
}

// A lot that is bound to a tool by an earlier step goes on there.
TEST(Qualification, DedicationGoesBefore) {
  TinyFab fab;
  const auto a = fab.add_group("A", 2), b = fab.add_group("B");
  Step first = step_at(a, 10);
  first.dedicates = 2;
  fab.add_route({first, step_at(b, 1), step_at(a, 10)});
  fab.add_lot(0);
  EXPECT_THAT(Shift(fab, Fifo{}, with(fab, {{"not.a#1", "r0/3"}})).to(60).lines_of("start"),
              ElementsAre("0 start 0 A#1", "10 start 0 B#1", "11 start 0 A#1"));
}

std::string why_wrong(const Layout& m, const std::vector<NamedValue>& named) {
  try {
    (void)qualification(m, named, "fifo:...");
  } catch (const twin::core::Error& e) {
    return e.what();
  }
  return "";
}

TEST(Qualification, RefusesWhatCannotBeMeant) {
  const auto m = compile(semantics::busy_fab().description);
  EXPECT_FALSE(qualification(*m, {}, ""));
  EXPECT_THAT(why_wrong(*m, {{"not.Lito#1", "p0"}}), HasSubstr("did you mean Litho#1?"));
  EXPECT_THAT(why_wrong(*m, {{"not.Litho#1", "p9"}}), HasSubstr("no product, step or setup"));
  EXPECT_THAT(why_wrong(*m, {{"not.Litho#1", "P"}}), HasSubstr("does nothing of that"));
  EXPECT_THAT(why_wrong(*m, {{"not.Metro#1", "p0"}}), HasSubstr("no tool of Metro is left"));
  EXPECT_THAT(
      why_wrong(*m, {{"only.Litho#1", "p0"}, {"only.Litho#2", "p0"}, {"not.Litho#3", "p1"}}),
      HasSubstr("no tool of Litho is left"));
  EXPECT_EQ(why_wrong(*m, {{"only.Litho#1", "p0"}, {"not.Litho#3", "p1"}}), "");
  for (const char* name : {"not.a", "only.a"}) EXPECT_TRUE(is_qualification_parameter(name));
  for (const char* name : {"nota", "conwip", ""}) EXPECT_FALSE(is_qualification_parameter(name));
}

// With every feature on: what a restricted tool starts, it is qualified for or bound to; and no State breaks.
TEST(Qualification, HoldsInABusyFab) {
  const TinyFab fab = semantics::busy_fab();
  const auto m = compile(fab.description);
  const auto theta = m->nominal_theta();
  for (const char* rule : {"fifo", "cr", "spt:batch=mcb"}) {
    std::string text = rule;
    for (const char* more :
         {"only.litho#1=p0", "not.furnace#2=p1", "only.implant#3=q", "not.etch#1=p0"})
      text = with_parameter(text, more);
    const auto made = make_fab(m, text);
    State x = made->initial(theta, {4, 0});
    const Qualification& q = *made->beside().qualified;
    std::uint32_t seen = 0;
    for (Tick at = 0; at < static_cast<Tick>(3 * DayMs); at += 5 * static_cast<Tick>(MinuteMs)) {
      made->advance(x, theta, at, {4, 0});
      for (std::uint32_t t = 0; t < m->tools(); ++t)
        for (const Job& job : x.tools[t].jobs)
          if (job.first_lot != None && q.row[t] != None) {
            ++seen;
            const bool bound = m->steps[job.step].dedication_in != None;
            EXPECT_TRUE(bound || q.allows(t, job.step)) << m->tool_name(t) << " " << job.step;
          }
    }
    EXPECT_GT(seen, 500U) << rule;
    EXPECT_TRUE(check_state(*m, x).empty());
  }
}

}  // namespace
}  // namespace twins::fab
