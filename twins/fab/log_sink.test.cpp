#include "twins/fab/log_sink.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

#include "twin/core/archive.hpp"
#include "twins/fab/any_fab.hpp"
#include "twins/fab/import/read.hpp"
#include "twins/fab/lively_fab.hpp"

namespace twins::fab {
namespace {

using twin::core::Draw;
using twin::event::Event;
using twin::event::Kind;
using Breakdowns = LayoutOptions::Breakdowns;

constexpr auto LogSinkHour = static_cast<Tick>(HourMs), LogSinkDay = static_cast<Tick>(DayMs);

LogSink::Receive into(std::vector<Event>& events) {
  return [&events](std::span<const Event> batch) {
    events.insert(events.end(), batch.begin(), batch.end());
  };
}

struct LoggedFab {
  std::shared_ptr<const Layout> layout;
  std::unique_ptr<AnyFab> fab = make_fab(layout);
  std::vector<double> theta = layout->nominal_theta();
  Draw draw{.seed = 7};
};

class LogSinkLog : public ::testing::TestWithParam<Breakdowns> {
 protected:
  LoggedFab run{lively_fab({.breakdown = GetParam()})};
};

TEST_P(LogSinkLog, NeverChangesTheRun) {
  // Wrong: whoever watches the fab would see another fab than the one that runs unwatched.
  State with = run.fab->initial(run.theta, run.draw), without = with;
  std::vector<Event> events;
  LogSink log(*run.layout, with, into(events));
  for (int day = 1; day <= 28; ++day) {
    run.fab->advance(with, run.theta, day * LogSinkDay, run.draw, log);
    run.fab->advance(without, run.theta, day * LogSinkDay, run.draw);
    ASSERT_TRUE(with == without) << "day " << day;
  }
  EXPECT_EQ(twin::core::fingerprint(with), twin::core::fingerprint(without));
  EXPECT_GT(events.size(), 10'000U);
}

TEST_P(LogSinkLog, IsInOrderOfTimeWithoutGaps) {
  // Wrong: a reader would have to sort, or would take a loss for an order, or an order for a loss.
  State x = run.fab->initial(run.theta, run.draw);
  std::vector<Event> events;
  LogSink log(*run.layout, x, into(events));
  run.fab->advance(x, run.theta, 28 * LogSinkDay, run.draw, log);
  std::vector<std::uint64_t> next(run.layout->tools() + 1, 0);
  std::map<Kind, int> kinds;
  Tick last = 0;
  for (const Event& e : events) {
    EXPECT_GE(e.at, last);
    last = e.at;
    EXPECT_EQ(e.arrived, e.at);
    ASSERT_LT(e.source, next.size());
    EXPECT_EQ(e.source_seq, next[e.source]++);
    EXPECT_EQ(e.source, e.tool == None ? EventNames::Fab : EventNames::source_of(e.tool));
    ++kinds[e.kind];
  }
  EXPECT_EQ(next, log.cursor().source_seq);
  for (const Kind kind :
       {Kind::LotReleased, Kind::ArrivedAtQueue, Kind::SkippedBySampling, Kind::SetupStarted,
        Kind::LoadStarted, Kind::ProcessingStarted, Kind::ProcessingEnded, Kind::Unloaded,
        Kind::BatchFormed, Kind::ReworkDecided, Kind::Moved, Kind::PriorityChanged, Kind::Finished,
        Kind::PmDue, Kind::PmStarted, Kind::PmEnded, Kind::ToolDown, Kind::ToolUp}) {
    EXPECT_GT(kinds[kind], 0) << to_string(kind);
  }
  EXPECT_EQ(kinds[Kind::ProcessingSuspended] > 0, GetParam() == Breakdowns::Suspend);
  EXPECT_GE(kinds[Kind::ProcessingSuspended], kinds[Kind::ProcessingResumed]);
}

TEST_P(LogSinkLog, TellsTheTimesOfTheJobs) {
  // Wrong: process times read from the log would not be those that were drawn. Checked against the
  // State just before each job ends: the times a lot was in process, less its suspensions.
  State x = run.fab->initial(run.theta, run.draw);
  std::vector<Event> events;
  LogSink log(*run.layout, x, into(events));
  std::map<std::uint32_t, Tick> net;  // lot -> process time told so far [tick]
  std::map<std::uint32_t, Tick> begun;
  std::size_t done = 0, compared = 0;
  std::map<std::uint32_t, std::pair<Tick, Tick>> truth;  // lot -> process start and end as planned
  while (x.now < 10 * LogSinkDay) {
    run.fab->advance(x, run.theta, x.agenda.next_at(), run.draw, log);
    for (; done < events.size(); ++done) {
      const Event& e = events[done];
      const bool stops = e.kind == Kind::ProcessingSuspended || e.kind == Kind::ProcessingEnded;
      if (e.kind == Kind::ProcessingStarted) {
        net[e.lot] = 0;
        begun[e.lot] = e.at;
      } else if (e.kind == Kind::ProcessingResumed && net.count(e.lot) != 0) {
        begun[e.lot] = e.at;
      } else if (stops && begun.count(e.lot) != 0) {
        net[e.lot] += e.at - begun[e.lot];
        begun.erase(e.lot);
      }
      if (e.kind == Kind::Unloaded && truth.count(e.lot) != 0) {
        EXPECT_EQ(net[e.lot], truth[e.lot].second - truth[e.lot].first) << "lot " << e.lot;
        net.erase(e.lot);
        begun.erase(e.lot);
        ++compared;
      }
    }
    for (const Tool& tool : x.tools)
      for (const Job& job : tool.jobs)
        for (std::uint32_t l = job.first_lot; l != None; l = x.lots[l].next)
          truth[x.lots[l].id] = {job.process_start, job.process_end};
  }
  EXPECT_GT(compared, 500U);
}

TEST_P(LogSinkLog, GoesOnWhereItStopped) {
  // Wrong: a run that was saved and taken up again would leave another log than one in one go.
  State x = run.fab->initial(run.theta, run.draw);
  std::vector<Event> whole, parts, anew;
  LogSink one(*run.layout, x, into(whole));
  State y = x;
  run.fab->advance(x, run.theta, 7 * LogSinkDay, run.draw, one);
  std::uint32_t fresh_checked = 0;
  {
    LogSink first(*run.layout, y, into(parts));
    run.fab->advance(y, run.theta, 5 * LogSinkHour + 1234, run.draw, first);
    LogCursor cursor = first.cursor();
    for (int part = 1; part < 40; ++part) {
      cursor = twin::core::load<LogCursor>(twin::core::save(cursor));
      LogSink next(*run.layout, y, into(parts), cursor);
      const std::size_t told = parts.size();
      anew.clear();
      LogSink fresh(*run.layout, y, into(anew));  // no cursor: other numbers, the same happenings
      State z = y;
      const Tick until = std::min<Tick>(part * 5 * LogSinkHour, 7 * LogSinkDay);
      if (until < y.now) continue;
      run.fab->advance(y, run.theta, until, run.draw, next);
      run.fab->advance(z, run.theta, until, run.draw, fresh);
      ASSERT_EQ(anew.size(), parts.size() - told);
      for (std::size_t k = 0; k < anew.size(); ++k, ++fresh_checked) {
        Event a = anew[k], b = parts[told + k];
        a.source_seq = b.source_seq;
        a.job = b.job;
        ASSERT_EQ(a, b);
      }
      cursor = next.cursor();
    }
    LogSink last(*run.layout, y, into(parts), cursor);
    run.fab->advance(y, run.theta, 7 * LogSinkDay, run.draw, last);
  }
  ASSERT_EQ(parts.size(), whole.size());
  for (std::size_t k = 0; k < whole.size(); ++k) ASSERT_EQ(parts[k], whole[k]) << k;
  EXPECT_GT(fresh_checked, 1'000U);
}

INSTANTIATE_TEST_SUITE_P(Breakdowns, LogSinkLog,
                         ::testing::Values(Breakdowns::AfterJob, Breakdowns::Suspend),
                         [](const auto& p) {
                           return p.param == Breakdowns::AfterJob ? "AfterJob" : "Suspend";
                         });

// One lot on one tool: 1 min load, 100 min process, 1 min unload; down from minute 51 for 30.
TEST(LogByHand, SuspensionMovesThePhasesAhead) {
  // Wrong: a log would say that a recipe ended while its tool was broken.
  Description d;
  ToolGroup g;
  g.name = "A";
  g.load_ms = g.unload_ms = MinuteMs;
  const auto constant = [](double minutes) {
    return Duration{Duration::Law::Constant, minutes * MinuteMs, 0.0};
  };
  g.breakdowns = {{"b", constant(51), constant(1e6), constant(30)}};
  d.tool_groups = {g};
  Step s;
  s.group = 0;
  s.process = constant(100);
  d.routes = {{"r", {s}}};
  d.products = {{"p", "", 0}};
  Stream stream;
  stream.name = "lots";
  stream.product = 0;
  stream.interval = constant(1000);
  stream.count = 1;
  stream.due_offset_ms = DayMs;
  d.streams = {stream};
  const auto layout = compile(d, {.breakdown = Breakdowns::Suspend});
  const auto fab = make_fab(layout);
  const std::vector<double> theta = layout->nominal_theta();
  State x = fab->initial(theta, Draw{});
  std::vector<Event> events;
  LogSink log(*layout, x, into(events));
  fab->advance(x, theta, LogSinkDay, Draw{}, log);
  const auto minute = [](double m) { return static_cast<Tick>(m * MinuteMs); };
  const std::vector<std::pair<Kind, Tick>> expected = {{Kind::LotReleased, 0},
                                                       {Kind::Moved, 0},
                                                       {Kind::ArrivedAtQueue, 0},
                                                       {Kind::LoadStarted, 0},
                                                       {Kind::ProcessingStarted, minute(1)},
                                                       {Kind::ToolDown, minute(51)},
                                                       {Kind::ProcessingSuspended, minute(51)},
                                                       {Kind::ToolUp, minute(81)},
                                                       {Kind::ProcessingResumed, minute(81)},
                                                       {Kind::ProcessingEnded, minute(131)},
                                                       {Kind::Unloaded, minute(132)},
                                                       {Kind::Finished, minute(132)}};
  ASSERT_EQ(events.size(), expected.size());
  for (std::size_t k = 0; k < events.size(); ++k) {
    EXPECT_EQ(events[k].kind, expected[k].first) << k;
    EXPECT_EQ(events[k].at, expected[k].second) << k;
  }
  EXPECT_EQ(events[0].value, DayMs);
  EXPECT_EQ(events[4].visit, 0U);
  EXPECT_EQ(events[4].job, 0U);
}

}  // namespace
}  // namespace twins::fab
