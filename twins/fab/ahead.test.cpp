// If this failed, a forecast from what the events tell would be another one than the fab's own laws give: every
// forecast of a live fab would be wrong from its first minute.
#include "twins/fab/ahead.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "twin/core/archive.hpp"
#include "twin/score/rank_histogram.hpp"
#include "twins/fab/import/read.hpp"
#include "twins/fab/invariants.hpp"
#include "twins/fab/kpi.hpp"
#include "twins/fab/lively_fab.hpp"
#include "twins/fab/log_sink.hpp"
#include "twins/fab/mirror.hpp"

namespace twins::fab {
namespace {

using twin::core::Draw;

constexpr auto Hour = static_cast<Tick>(HourMs);
constexpr auto Day = static_cast<Tick>(DayMs);

// What is compared of a State, apart: each looks at another part of the future.
std::vector<std::pair<std::string, double>> figures(const Layout& m, const State& before,
                                                    const State& after) {
  std::vector<std::pair<std::string, double>> all;
  const auto add = [&](std::string name, double value) {
    all.emplace_back(std::move(name), value);
  };
  double jobs = 0, finished = 0, cycle = 0, reworks = 0, waits = 0, setups = 0, released = 0;
  for (std::size_t g = 0; g < m.groups.size(); ++g) {
    const GroupTally &a = before.group_tally[g], &b = after.group_tally[g];
    add("jobs of " + m.description.tool_groups[g].name, static_cast<double>(b.jobs - a.jobs));
    jobs += static_cast<double>(b.jobs - a.jobs);
    reworks += static_cast<double>(b.reworks - a.reworks);
    setups += static_cast<double>(b.setups - a.setups);
    waits += static_cast<double>(b.wait_ticks - a.wait_ticks);
  }
  for (std::size_t c = 0; c < m.classes.size(); ++c) {
    const ClassTally &a = before.class_tally[c], &b = after.class_tally[c];
    released += static_cast<double>(b.released - a.released);
    finished += static_cast<double>(b.finished - a.finished);
    cycle += static_cast<double>(b.cycle_ticks - a.cycle_ticks);
  }
  double moving = 0;
  for (const Lot& lot : after.lots) moving += lot.place == LotPlace::Moving;
  add("jobs", jobs);
  add("reworks", reworks);
  add("setups", setups);
  add("waits", waits);
  add("released", released);
  add("finished", finished);
  add("cycle times", cycle);
  double down = 0;
  for (const Tool& tool : after.tools) down += tool.breakdowns;
  add("moving", moving);
  add("down", down);
  add("WIP", after.wip);
  for (std::size_t k = 0; k < ToolTimes; ++k) {
    double time = 0;
    for (std::uint32_t t = 0; t < m.tools(); ++t)
      time += static_cast<double>(tool_times_now(m, after, t)[k] - tool_times_now(m, before, t)[k]);
    add("tool time " + std::to_string(k), time);
  }
  return all;
}

struct Trial {
  std::uint32_t truths = 300, members = 9;
  Tick origin = 6 * Day + 5 * Hour;
  std::vector<Tick> horizons = {Hour / 4, 2 * Hour, Day};
  std::string rule = "fifo";
};

// Truths and members are exchangeable if the future drawn for a mirror is what the fab's own laws give for all that the
// events have told: then each truth takes every rank among its members equally often. Chi-square over truths, one false
// alarm in a million for each of about 60 figures.
void expect_exchangeable(const std::shared_ptr<const Layout>& layout, const Trial& trial) {
  const auto fab = make_fab(layout, trial.rule);
  const std::vector<double> theta = layout->nominal_theta();
  Mirror mirror(*fab);
  std::vector<std::pair<std::string, twin::score::RankHistogram>> ranks;
  constexpr std::uint64_t Seed = 20261128;
  for (std::uint32_t r = 0; r < trial.truths; ++r) {
    const Draw draw{Seed, r};
    State truth = fab->initial(theta, draw);
    State mirrored = mirror.start();
    LogSink log(*layout, truth, [&](std::span<const twin::event::Event> batch) {
      for (const twin::event::Event& e : batch) {
        const Applied outcome = mirror.apply(mirrored, e);
        ASSERT_TRUE(outcome == Applied::Moved || outcome == Applied::NotAMove)
            << to_string(outcome);
      }
    });
    fab->advance(truth, theta, trial.origin, draw, log);
    mirrored.now = trial.origin;
    std::vector<State> members;
    for (std::uint32_t i = 0; i < trial.members; ++i) {
      members.push_back(with_future(*fab, mirrored, theta, {Seed + 1, r * trial.members + i}));
      if (i == 0) {
        ASSERT_EQ(check_state(*layout, members.back()), std::vector<std::string>{})
            << "truth " << r;
      }
    }
    const State before = mirrored;
    std::size_t at = 0;
    for (const Tick horizon : trial.horizons) {
      const Tick until = trial.origin + horizon;
      const State start = truth;
      fab->advance(truth, theta, until, draw);
      // The truth's counters since the origin: those of jobs under way are in the mirror's too.
      const auto real = figures(*layout, before, truth);
      std::vector<std::vector<double>> forecast(real.size());
      for (std::uint32_t i = 0; i < trial.members; ++i) {
        fab->advance(members[i], theta, until, {Seed + 1, r * trial.members + i});
        const auto f = figures(*layout, before, members[i]);
        for (std::size_t k = 0; k < f.size(); ++k) forecast[k].push_back(f[k].second);
      }
      for (std::size_t k = 0; k < real.size(); ++k, ++at) {
        if (at == ranks.size())
          ranks.emplace_back(real[k].first + " after " + std::to_string(horizon / 60'000) + " min",
                             twin::score::RankHistogram(trial.members));
        ranks[at].second.add(forecast[k], real[k].second,
                             Draw{Seed + 2, r}.uniform(9, static_cast<std::uint32_t>(at), 0));
      }
    }
  }
  for (const auto& [name, histogram] : ranks) {
    const auto flat = histogram.flatness();
    ASSERT_TRUE(flat) << name;
    EXPECT_GT(flat->all.p_value, 1e-6) << name;
    EXPECT_GT(flat->slope.p_value, 1e-6) << name;
    EXPECT_GT(flat->bowl.p_value, 1e-6) << name;
  }
}

// The lively fab has all that happens in one: cascading tools, batches, setups with minimum runs, dedication, sampling,
// rework, two causes of breakdown a tool and calendars of both kinds.
TEST(Ahead, ForecastsAreOfTheFabsOwnLaws) { expect_exchangeable(lively_fab(), {}); }

TEST(Ahead, WithJobsSuspendedByBreakdowns) {
  LayoutOptions o;
  o.breakdown = LayoutOptions::Breakdowns::Suspend;
  o.super_hot_reservation = true;
  expect_exchangeable(lively_fab(o), {});
}

TEST(Ahead, WithSlotsThatAreWaitedFor) {
  LayoutOptions o;
  o.cascade = LayoutOptions::Cascade::AtSlotFree;
  o.second_setup = LayoutOptions::SecondSetup::AtSlotFree;
  expect_exchangeable(lively_fab(o), {});
}

TEST(Ahead, UnderARuleThatLooksAtTheClock) {
  LayoutOptions o = with_rule({}, "atcs");
  o.second_setup = LayoutOptions::SecondSetup::AtToolEmpty;
  Trial trial;
  trial.rule = "atcs";
  expect_exchangeable(lively_fab(o), trial);
}

// What a tool at work hides: a breakdown that waits for the end of its job, and how soon a cascading
// tool let its next job begin. Long jobs and half as many failures as hours make it tell.
TEST(Ahead, WithWhatIsHiddenByJobs) {
  Description d = lively_description();
  for (ToolGroup& g : d.tool_groups)
    for (Breakdown& b : g.breakdowns) b.first.mean_ms = b.time_to_failure.mean_ms = 3.0 * HourMs;
  for (Route& r : d.routes)
    for (Step& s : r.steps)
      if (s.process.law != Duration::Law::Constant)
        s.process = {Duration::Law::Uniform, s.process.mean_ms, 0.9 * s.process.mean_ms};
  Trial trial;
  trial.truths = 2000;
  trial.horizons = {Hour / 3, Hour};
  trial.origin = 3 * Day;
  expect_exchangeable(compile(d), trial);
}

// A cascading tool whose next job waited for slot 1 has told when the job before it will end. To a tick a unit: slots
// are timed in whole ticks.
TEST(Ahead, KnowsTheEndOfAJobThatAnotherOneWaitedFor) {
  Description d = lively_description();
  for (Route& r : d.routes)
    for (Step& s : r.steps) s.cascade_interval_ms *= 0.3;  // slot 2 is the narrow one
  LayoutOptions o;
  o.load = 1.5;
  const auto layout = compile(d, o);
  const auto fab = make_fab(layout, "fifo");
  const std::vector<double> theta = layout->nominal_theta();
  Mirror mirror(*fab);
  State truth = fab->initial(theta, {}), mirrored = mirror.start();
  LogSink log(*layout, truth, [&](std::span<const twin::event::Event> batch) {
    for (const twin::event::Event& e : batch) ASSERT_EQ(mirror.apply(mirrored, e), Applied::Moved);
  });
  std::size_t met = 0;
  for (int k = 1; k <= 4000; ++k) {
    fab->advance(truth, theta, k * Hour / 3, {}, log);
    mirrored.now = truth.now;
    const State ahead = with_future(*fab, mirrored, theta, {77, 5});
    for (std::uint32_t t = 0; t < layout->tools(); ++t) {
      const Tool& tool = truth.tools[t];
      if (tool.jobs_inside != 2 || tool.breakdowns != 0) continue;
      const std::uint32_t last = tool.jobs[1].start > tool.jobs[0].start ? 1 : 0;
      const Job &a = tool.jobs[1 - last], &b = tool.jobs[last];
      const StepInfo& step = layout->steps[a.step];
      if (a.start == b.start || step.cascade_ms == 0.0 || step.per != Step::Per::Piece) continue;
      if (b.process_start > truth.now || b.process_start <= b.load_end) continue;
      if (a.process_end <= truth.now) continue;
      ++met;
      EXPECT_NEAR(static_cast<double>(ahead.tools[t].jobs[1 - last].process_end),
                  static_cast<double>(a.process_end), a.wafers + 1.0);
    }
  }
  EXPECT_GT(met, 10U);
}

TEST(Ahead, WithOtherLaws) {
  Description d = lively_description();
  // The last lot of product A is still in the fab when the next one comes; of B it may not be.
  for (Stream& s : d.streams) {
    s.interval.law = s.product == 0 ? Duration::Law::Uniform : Duration::Law::Exponential;
    s.interval.half_width_ms = s.product == 0 ? 0.4 * s.interval.mean_ms : 0.0;
  }
  for (Route& r : d.routes)
    for (Step& s : r.steps)
      if (s.process.law == Duration::Law::Uniform)
        s.process.half_width_ms = 0.6 * s.process.mean_ms;
  expect_exchangeable(compile(d), {});
  for (Route& r : d.routes)
    for (Step& s : r.steps) s.process = {Duration::Law::Exponential, 0.8 * s.process.mean_ms, 0.0};
  for (Stream& s : d.streams) s.interval.law = Duration::Law::Exponential;
  expect_exchangeable(compile(d), {});
}

TEST(Ahead, OnFabsOfRealisticSize) {
  Trial trial;
  trial.truths = 100;
  for (const char* folder : {"data/minifab", "data/example-fab"}) {
    SCOPED_TRACE(folder);
    expect_exchangeable(compile(import::read(folder)), trial);
    trial.truths = 30;
  }
}

// Where nothing is left to chance the mirror's future is the fab's, but for which of two equal lots or
// tools goes first; without setups that does not matter.
TEST(Ahead, WithoutChanceItIsTheFabItself) {
  Description d = lively_description();
  for (ToolGroup& g : d.tool_groups) {
    g.breakdowns.clear();
    for (Maintenance& k : g.maintenances) k.duration = {Duration::Law::Constant, HourMs, 0.0};
  }
  for (Route& r : d.routes) {
    for (Step& s : r.steps) {
      s.process = {Duration::Law::Constant, s.process.mean_ms, 0.0};
      s.setup = None;
      s.sampling = 1.0;
      s.rework = 0.0;
    }
  }
  for (Stream& s : d.streams) s.interval.law = Duration::Law::Constant;
  for (Transport& t : d.transports) t.duration = {Duration::Law::Constant, 5 * MinuteMs, 0.0};
  const auto layout = compile(d);
  const auto fab = make_fab(layout, "fifo");
  const std::vector<double> theta = layout->nominal_theta();
  Mirror mirror(*fab);
  State truth = fab->initial(theta, {}), mirrored = mirror.start();
  LogSink log(*layout, truth, [&](std::span<const twin::event::Event> batch) {
    for (const twin::event::Event& e : batch) ASSERT_EQ(mirror.apply(mirrored, e), Applied::Moved);
  });
  for (int k = 1; k <= 40; ++k) {
    fab->advance(truth, theta, k * 7 * Hour, {}, log);
    mirrored.now = truth.now;
    State ahead = with_future(*fab, mirrored, theta, {77, 5});
    ASSERT_EQ(check_state(*layout, ahead), std::vector<std::string>{}) << k;
    State further = truth;
    fab->advance(further, theta, k * 7 * Hour + Day, {});
    fab->advance(ahead, theta, k * 7 * Hour + Day, {77, 5});
    EXPECT_EQ(ahead.class_tally, further.class_tally) << k;
    EXPECT_EQ(ahead.group_tally, further.group_tally) << k;
    EXPECT_EQ(read_counters(*layout, ahead).group_times,
              read_counters(*layout, further).group_times)
        << k;
  }
}

TEST(Ahead, IsTheSameForTheSameDrawAndAnotherForAnother) {
  // Wrong: members would be one, or a forecast could not be repeated.
  const auto layout = lively_fab();
  const auto fab = make_fab(layout, "fifo");
  const std::vector<double> theta = layout->nominal_theta();
  State truth = fab->initial(theta, {});
  fab->advance(truth, theta, 3 * Day, {});
  const State x = Mirror(*fab).follow(truth);
  const State a = with_future(*fab, x, theta, {5, 1});
  EXPECT_EQ(a, with_future(*fab, x, theta, {5, 1}));
  EXPECT_FALSE(a == with_future(*fab, x, theta, {5, 2}));
  EXPECT_FALSE(a == with_future(*fab, x, theta, {6, 1}));
}

// What the model's laws do not allow: times beyond all durations, breakdowns where there are none, a lot that was
// released and nothing more. Wrong: a real fab's log would stop its twin.
TEST(Ahead, TakesWhatNoLawAllows) {
  LayoutOptions o;
  o.breakdowns = false;
  const auto layout = lively_fab(o);
  const auto fab = make_fab(layout, "fifo");
  const std::vector<double> theta = layout->nominal_theta();
  Mirror mirror(*fab);
  State x = mirror.start();
  twin::event::Event e;
  e.at = 1000;
  e.kind = twin::event::Kind::LotReleased;
  e.lot = 3;
  e.item = mirror.names().product_item[0];
  ASSERT_EQ(mirror.apply(x, e), Applied::Moved);
  e.lot = 4;
  ASSERT_EQ(mirror.apply(x, e), Applied::Moved);
  e.kind = twin::event::Kind::ArrivedAtQueue;
  e.step = 0;
  ASSERT_EQ(mirror.apply(x, e), Applied::Moved);
  e.kind = twin::event::Kind::ProcessingStarted;
  e.tool = 0;
  ASSERT_EQ(mirror.apply(x, e), Applied::Moved);
  e = {};
  e.at = 2000;
  e.kind = twin::event::Kind::ToolDown;
  e.tool = 2;
  ASSERT_EQ(mirror.apply(x, e), Applied::Moved);
  x.now = 400 * Day;
  State ahead = with_future(*fab, x, theta, {});
  EXPECT_EQ(check_state(*layout, ahead), std::vector<std::string>{});
  EXPECT_EQ(ahead.tools[2].breakdowns, 0);
  EXPECT_EQ(ahead.tools[0].jobs[0].process_end, x.now + 1);
  fab->advance(ahead, theta, x.now + 2 * Day, {});
  EXPECT_EQ(check_state(*layout, ahead), std::vector<std::string>{});
  EXPECT_EQ(find_lot(ahead, 3), None);  // finished both
  EXPECT_EQ(find_lot(ahead, 4), None);
}

}  // namespace
}  // namespace twins::fab
