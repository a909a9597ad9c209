// If these failed, the fluid would go up and down with something else than the fab, and what is made cheaper with
// it would cost as much as before.
#include "twins/fab/fluid/fluid_model.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "twin/contract/refusal.hpp"
#include "twins/fab/any_fab.hpp"
#include "twins/fab/import/read.hpp"
#include "twins/fab/kpi.hpp"
#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab::fluid {
namespace {

using namespace semantics;

// One group of tools of an hour a lot, and releases that would keep it busy for such a share of the time.
std::shared_ptr<const Layout> one_group(double utilisation, std::uint32_t tools, Duration process,
                                        const std::vector<Breakdown>& breakdowns = {}) {
  TinyFab fab;
  const auto a = fab.add_group("A", tools);
  fab.description.tool_groups[a].breakdowns = breakdowns;
  Step step = step_at(a, 60);
  step.process = process;
  fab.description.routes.push_back({"r", {step}});
  fab.description.products.push_back({"P", "F", 0});
  Stream stream;
  stream.product = 0;
  stream.interval = minutes(60 / utilisation / tools);
  stream.count = 1'000'000;
  fab.description.streams.push_back(stream);
  return compile(fab.description);
}

FluidFigures figures_of(const std::shared_ptr<const Layout>& layout, const FluidOptions& o) {
  return FluidModel(layout, o).figures(layout->nominal_theta());
}

constexpr FluidOptions AtRest = {.warmup_days = 400, .days = 500};

TEST(FluidModel, AtRestIsTheQueueAtRest) {
  for (const double u : {0.3, 0.7, 0.9}) {
    // M/M/1, and M/D/1 (Pollaczek and Khinchine): u / (1 - u) h of waiting, and half of that.
    const auto m = figures_of(one_group(u, 1, exponential(60)), AtRest);
    EXPECT_NEAR(m.wait_hours[0], u / (1 - u), 0.02 * u / (1 - u)) << u;
    EXPECT_NEAR(m.cycle_days * 24, 1 + u / (1 - u), 0.02 / (1 - u)) << u;
    EXPECT_NEAR(m.wip, m.outs_per_day * m.cycle_days, 1e-6 * m.wip) << u;  // Little
    const auto d = figures_of(one_group(u, 1, minutes(60)), AtRest);
    EXPECT_NEAR(d.wait_hours[0], 0.5 * u / (1 - u), 0.01 * u / (1 - u)) << u;
  }
  // M/M/5 at 0.8 (Erlang): 0.5541 of the lots wait, for an hour; Sakasegawa's formula is off by some percent.
  const auto c = figures_of(one_group(0.8, 5, exponential(60)), AtRest);
  EXPECT_NEAR(c.wait_hours[0], 0.5541, 0.04);
}

TEST(FluidModel, ToolsThatFailDoLessAndMakeLotsWaitLonger) {
  // A fifth of the time down, for two hours each: capacity 0.8; te = 1.25, ce^2 = 2 x 0.8 x 0.2 x 2 (Hopp and
  // Spearman, eq. 8.6). Arrivals of 0.5 an hour: u = 0.625.
  const auto layout =
      one_group(0.5, 1, minutes(60), {{"b", exponential(480), exponential(480), exponential(120)}});
  const double wait = (1 + 0.64) / 2 * 1.25 * 0.625 / 0.375;
  EXPECT_NEAR(figures_of(layout, AtRest).wait_hours[0], wait, 0.01 * wait);
}

TEST(FluidModel, WhatIsTooMuchPilesUp) {
  // 1.2 lots an hour for tools that do one: 0.2 stay each hour, and one leaves.
  const auto f = figures_of(one_group(1.2, 1, exponential(60)), {.warmup_days = 99, .days = 100});
  EXPECT_NEAR(f.outs_per_day, 24, 0.1);
  // 477.6 and some more: while the queue is short, the tool is idle now and then; longer than it would be, as the
  // queue at rest with as many lots is.
  EXPECT_GT(f.wip, 0.2 * 99.5 * 24);
  EXPECT_LT(f.wip, 1.06 * 0.2 * 99.5 * 24);
  // Who leaves on day 99.5 came when 1.2 t = 99.5 x 24 lots had come, first come first served: 16.6 days. Here all
  // that wait are mixed, and some leave sooner.
  EXPECT_GT(f.cycle_days, 0.85 * 99.5 * (1 - 1 / 1.2));
  EXPECT_LT(f.cycle_days, 99.5 * (1 - 1 / 1.2));
}

TEST(FluidModel, NothingGetsLost) {
  // Near its capacity, where it takes years to come to rest.
  const auto layout = compile(import::read("data/minifab"));
  double in = 0.0;
  for (const FluidRoute& r : fluid_plan(*layout).routes) in += r.lots * 24;
  const auto f = figures_of(layout, {.warmup_days = 1'900, .days = 2'000});
  EXPECT_NEAR(f.outs_per_day, in, 1e-3 * in);
}

TEST(FluidModel, GoesWithTheFab) {
  // Minifab under 24 theta, each with its own chance: means of 60 days go with the fluid's cycle times. With a
  // correlation of 0 a sample of 24 has one of 0.8 or more once in a million (t of 22 degrees of freedom).
  const auto layout = compile(import::read("data/minifab"));
  const auto fab = make_fab(layout, "fifo");
  const auto parameters = layout->parameters();
  const FluidModel fluid(layout, {.warmup_days = 20, .days = 80});
  std::vector<double> x, y;
  for (std::uint32_t k = 0; k < 24; ++k) {
    const twin::core::Draw draw{20271202, k};
    std::vector<double> theta = layout->nominal_theta();
    for (std::uint32_t i = 0; i < theta.size(); ++i)
      if (!parameters[i].name.starts_with("spread"))
        theta[i] = std::exp(0.3 * (2 * draw.uniform(900, i, 0) - 1));
    State state = fab->initial(theta, draw);
    fab->advance(state, theta, static_cast<Tick>(20 * DayMs), draw);
    const Reading from = read_counters(*layout, state);
    fab->advance(state, theta, static_cast<Tick>(80 * DayMs), draw);
    y.push_back(std::log(key_figures(*layout, from, read_counters(*layout, state)).all.cycle_days));
    x.push_back(std::log(fluid.figures(theta).cycle_days));
  }
  double mx = 0.0, my = 0.0, xx = 0.0, yy = 0.0, xy = 0.0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    mx += x[k] / 24;
    my += y[k] / 24;
  }
  for (std::size_t k = 0; k < x.size(); ++k) {
    xx += (x[k] - mx) * (x[k] - mx);
    yy += (y[k] - my) * (y[k] - my);
    xy += (x[k] - mx) * (y[k] - my);
  }
  const double correlation = xy / std::sqrt(xx * yy);
  RecordProperty("correlation", std::to_string(correlation));
  EXPECT_GT(correlation, 0.8);
}

TEST(FluidModel, StepsOfTimeMatterLittle) {
  const auto layout = compile(import::read("data/minifab"));
  const auto fine = figures_of(layout, {.warmup_days = 20, .days = 80, .step_hours = 0.5}),
             coarse = figures_of(layout, {.warmup_days = 20, .days = 80});
  EXPECT_NEAR(coarse.cycle_days, fine.cycle_days, 0.1 * fine.cycle_days);
}

TEST(FluidModel, SaysWhatCannotBe) {
  const auto layout = compile(import::read("data/minifab"));
  const auto refused = [&](const FluidOptions& o) {
    return twin::contract::refusal([&] { (void)FluidModel(layout, o); });
  };
  EXPECT_EQ(refused({.warmup_days = 5, .days = 5}),
            "5 days with a warm-up of 5 (must be more, and finite)");
  EXPECT_EQ(refused({.step_hours = 0}), "steps of 0 hours (must be above 0, at most 24)");
}

}  // namespace
}  // namespace twins::fab::fluid
