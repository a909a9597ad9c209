// If these failed, a fab's future would depend on where it was paused, saved or run.
#include "twins/fab/fab.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "twin/contract/check_model.hpp"
#include "twins/fab/rules/atc.hpp"
#include "twins/fab/rules/atcs.hpp"
#include "twins/fab/rules/batcs.hpp"
#include "twins/fab/rules/cr.hpp"
#include "twins/fab/rules/edd.hpp"
#include "twins/fab/rules/fasfs.hpp"
#include "twins/fab/rules/fifo.hpp"
#include "twins/fab/rules/fsvct.hpp"
#include "twins/fab/rules/mod.hpp"
#include "twins/fab/rules/odd.hpp"
#include "twins/fab/rules/published.hpp"
#include "twins/fab/rules/random.hpp"
#include "twins/fab/rules/spt.hpp"
#include "twins/fab/rules/srpt.hpp"
#include "twins/fab/rules/wmod.hpp"
#include "twins/fab/rules/wspt.hpp"
#include "twins/fab/semantics/busy_fab.hpp"

namespace twins::fab {
namespace {

using twin::contract::ModelCase;

template <class Rule>
ModelCase<Fab<Rule>> busy(LayoutOptions options = {}, Beside beside = {}) {
  options.setup_lines = Rule::WeighsSetup;
  const auto layout = compile(semantics::busy_fab().description, options);
  return {.model = Fab<Rule>(layout, Rule{}, std::move(beside)),
          .theta = layout->nominal_theta(),
          .draw = {.seed = 20240229, .member = 0},
          .horizon = static_cast<Tick>(2 * DayMs),
          .pauses = 12,
          .next_event = [](const State& x) {
            State copy = x;
            return copy.agenda.next_at();
          }};
}

TWIN_CHECK_MODEL(FabPublished, busy<Published>);
TWIN_CHECK_MODEL(FabFifo, busy<Fifo>);
TWIN_CHECK_MODEL(FabCr, busy<Cr>);
TWIN_CHECK_MODEL(FabSpt, busy<Spt>);
TWIN_CHECK_MODEL(FabEdd, busy<Edd>);
TWIN_CHECK_MODEL(FabOdd, busy<Odd>);
TWIN_CHECK_MODEL(FabSrpt, busy<Srpt>);
TWIN_CHECK_MODEL(FabFsvct, busy<Fsvct>);
TWIN_CHECK_MODEL(FabAtcs, busy<Atcs>);
TWIN_CHECK_MODEL(FabBatcs, busy<Batcs>);
TWIN_CHECK_MODEL(FabFasfs, busy<Fasfs>);
TWIN_CHECK_MODEL(FabRandom, busy<Random>);
TWIN_CHECK_MODEL(FabWspt, busy<Wspt>);
TWIN_CHECK_MODEL(FabMod, busy<Mod>);
TWIN_CHECK_MODEL(FabWmod, busy<Wmod>);
TWIN_CHECK_MODEL(FabAtc, busy<Atc>);

// What stands beside the rule.
ModelCase<Fab<Cr>> fullest() {
  return busy<Cr>({},
                  Dispatching{.batch = {BatchPolicy::Start::Fullest}, .setups = SetupRank::Ignore});
}
TWIN_CHECK_MODEL(FabFullest, fullest);
ModelCase<Fab<Batcs>> best_of_family() {
  return busy<Batcs>({}, Dispatching{.batch = {BatchPolicy::Start::BestOfFamily}});
}
TWIN_CHECK_MODEL(FabBestOfFamily, best_of_family);

// Lots that wait outside, under each control: their row is linked through the lots, and the gate is made anew whenever
// the run goes on.
template <class Rule>
ModelCase<Fab<Rule>> controlled(std::string_view name, std::string_view value) {
  const auto layout = compile(semantics::busy_fab().description);
  const std::vector<NamedValue> named = {{name, value}};
  Beside beside;
  beside.release = std::make_shared<const ReleaseControl>(*release_control(*layout, named, "test"));
  return busy<Rule>({}, beside);
}
ModelCase<Fab<Fifo>> conwip() { return controlled<Fifo>("conwip", "10"); }
ModelCase<Fab<Cr>> product_conwip() { return controlled<Cr>("conwip.p1", "6"); }
ModelCase<Fab<Cr>> workload() { return controlled<Cr>("workload", "1.2"); }
ModelCase<Fab<Fifo>> starvation() { return controlled<Fifo>("starvation", "0.3"); }
TWIN_CHECK_MODEL(FabConwip, conwip);
TWIN_CHECK_MODEL(FabProductConwip, product_conwip);
TWIN_CHECK_MODEL(FabWorkload, workload);
TWIN_CHECK_MODEL(FabStarvation, starvation);

// Wrong: the cases above would run fabs at whose gate nobody waits.
TEST(FabUnderControl, LotsWaitOutside) {
  const auto most_outside = [](const auto& of) {
    State x = of.initial();
    std::size_t most = 0;
    for (Tick at = 0; at <= of.horizon; at += static_cast<Tick>(HourMs)) {
      of.model.advance(x, of.theta, at, of.draw);
      most = std::max(most, waiting_outside(x).size());
    }
    return most;
  };
  EXPECT_GT(most_outside(conwip()), 3U);
  EXPECT_GT(most_outside(product_conwip()), 3U);
  EXPECT_GT(most_outside(workload()), 3U);
  EXPECT_GT(most_outside(starvation()), 3U);
}

ModelCase<Fab<Cr>> qualified() {
  const auto layout = compile(semantics::busy_fab().description);
  const std::vector<NamedValue> named = {{"only.litho#1", "p0"}, {"not.furnace#2", "p1"}};
  Beside beside;
  beside.qualified = std::make_shared<const Qualification>(*qualification(*layout, named, "test"));
  return busy<Cr>({}, beside);
}
TWIN_CHECK_MODEL(FabQualified, qualified);

// The options that change the laws.
ModelCase<Fab<Fifo>> suspending() {
  LayoutOptions options;
  options.breakdown = LayoutOptions::Breakdowns::Suspend;
  options.cascade = LayoutOptions::Cascade::AtSlotFree;
  options.second_setup = LayoutOptions::SecondSetup::AtSlotFree;
  options.wake = LayoutOptions::Wake::All;
  options.super_hot_reservation = true;
  options.due_spread = 0.2;
  return busy<Fifo>(options);
}
TWIN_CHECK_MODEL(FabSuspending, suspending);

// Wrong: writing down what happens would change it.
TEST(Fab, ASinkNeverChangesTheRun) {
  const auto c = busy<Fifo>();
  State told = c.initial();
  semantics::Trace trace;
  c.model.advance(told, c.theta, c.horizon, c.draw, trace);
  EXPECT_EQ(twin::contract::difference(told, c.run(), "with a sink"), "");
  EXPECT_GT(trace.lines.size(), 1000U);
}

// Wrong: two seeds would give the same fab.
TEST(Fab, TheSeedMatters) {
  auto c = busy<Fifo>();
  const State one = c.run();
  c.draw.seed += 1;
  EXPECT_FALSE(one == c.run());
}

// Wrong: a tool that became slower would be as fast as its group, or the others slow with it.
TEST(FabPace, BelongsToOneTool) {
  const auto layout = compile(semantics::busy_fab().description);
  const Fab<Fifo> fab(layout);
  const twin::core::Draw draw{.seed = 7, .member = 0};
  const auto end = static_cast<Tick>(2 * DayMs);
  std::vector<double> theta = layout->nominal_theta();
  State plain = fab.initial(theta, draw), paced = plain, slow = plain;
  fab.advance(plain, theta, end, draw);
  theta.resize(layout->theta_map.pace(layout->tools()), 1.0);
  fab.advance(paced, theta, end, draw);
  EXPECT_TRUE(plain == paced) << "a pace of 1 changes bits";

  const std::uint32_t t = 0;
  theta[layout->theta_map.pace(t)] = 3.0;
  const auto process_of_first_job = [&](std::uint32_t tool, std::span<const double> by) {
    State x = fab.initial(layout->nominal_theta(), draw);
    for (Tick at = 0; at < end; at += 1000) {
      fab.advance(x, by, at, draw);
      const Job& job = x.tools[tool].jobs[0];
      if (job.first_lot != None) return job.process_end - job.process_start;
    }
    return Tick{0};
  };
  const std::vector<double> nominal = layout->nominal_theta();
  for (const std::uint32_t tool : {0U, 1U}) {
    const Tick usual = process_of_first_job(tool, nominal);
    ASSERT_GT(usual, 0) << tool;
    const Tick now = process_of_first_job(tool, theta);
    EXPECT_NEAR(static_cast<double>(now), (tool == t ? 3.0 : 1.0) * static_cast<double>(usual), 3.0)
        << tool;
  }
}

}  // namespace
}  // namespace twins::fab
