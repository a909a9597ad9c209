#include "twins/fab/mirror_move.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "twin/core/archive.hpp"
#include "twin/event/csv.hpp"
#include "twin/event/log.hpp"
#include "twins/fab/import/read.hpp"
#include "twins/fab/invariants.hpp"
#include "twins/fab/kpi.hpp"
#include "twins/fab/lively_fab.hpp"
#include "twins/fab/log_sink.hpp"
#include "twins/fab/view.hpp"

namespace twins::fab {
namespace {

using twin::core::Draw;
using twin::event::Event;
using MirrorMoveBreakdowns = LayoutOptions::Breakdowns;

constexpr auto MirrorMoveHour = static_cast<Tick>(HourMs), MirrorMoveDay = static_cast<Tick>(DayMs);

struct Case {
  std::string name, rule;
  LayoutOptions options;
  bool counters = true;  // do the counters agree too, and not the View alone?
};

// Simulates, mirrors what the log says, and compares at every hour.
void follow_and_compare(const std::shared_ptr<const Layout>& layout, const std::string& rule,
                        Tick until, bool counters) {
  const auto fab = make_fab(layout, rule);
  const std::vector<double> theta = layout->nominal_theta();
  const Draw draw{.seed = 11};
  State x = fab->initial(theta, draw);
  Mirror mirror(*fab);
  State y = mirror.start();
  LogSink log(*layout, x, [&](std::span<const Event> batch) {
    for (const Event& e : batch) {
      const Applied outcome = mirror.apply(y, e);
      ASSERT_EQ(outcome, Applied::Moved)
          << to_string(outcome) << ": " << to_string(e.kind) << " of lot " << e.lot << ", tool "
          << e.tool << " at " << e.at;
    }
  });
  std::size_t waiting = 0;
  while (x.now < until) {
    fab->advance(x, theta, x.now + MirrorMoveHour, draw, log);
    ASSERT_FALSE(::testing::Test::HasFatalFailure());
    const View sim = observe(*layout, x), seen = observe(*layout, y);
    ASSERT_EQ(first_difference(*layout, sim, seen), "") << "hour " << x.now / MirrorMoveHour;
    ASSERT_TRUE(sim == seen);
    ASSERT_EQ(check_state(*layout, x), std::vector<std::string>{})
        << "hour " << x.now / MirrorMoveHour;
    ASSERT_EQ(check_state(*layout, y, Future::Unknown), std::vector<std::string>{});
    for (const GroupView& g : sim.groups) waiting += g.queue.size();
    if (!counters) continue;
    State at = y;  // time passes without an event too
    at.now = x.now;
    Reading a = read_counters(*layout, x), b = read_counters(*layout, at);
    a.events = b.events;
    ASSERT_EQ(twin::core::diff(a, b), "") << "hour " << x.now / MirrorMoveHour;
  }
  EXPECT_GT(waiting, 100U);
  EXPECT_TRUE(y.agenda.empty());
}

class Replay : public ::testing::TestWithParam<Case> {};

TEST_P(Replay, GivesQueuesToolsAndPlacesOfTheSimulation) {
  // Wrong: the live twin would show another fab than the one that sent the events.
  follow_and_compare(lively_fab(GetParam().options), GetParam().rule, 28 * MirrorMoveDay,
                     GetParam().counters);
}

INSTANTIATE_TEST_SUITE_P(
    Fabs, Replay,
    ::testing::Values(Case{"AfterJob", "published", {}},
                      Case{"Suspend", "fifo", {.breakdown = MirrorMoveBreakdowns::Suspend}},
                      Case{"Cr", "cr", {}},
                      Case{"Srpt", "srpt", {.breakdown = MirrorMoveBreakdowns::Suspend}},
                      // A setup that waits is told when it begins, and counted then.
                      Case{"SetupAtToolEmpty",
                           "fifo",
                           {.breakdown = MirrorMoveBreakdowns::Suspend,
                            .cascade = LayoutOptions::Cascade::AtSlotFree,
                            .second_setup = LayoutOptions::SecondSetup::AtToolEmpty},
                           false},
                      Case{"Reserving", "fifo", {.super_hot_reservation = true}}),
    [](const auto& p) { return p.param.name; });

TEST(Mirror, FollowsHvlm) {
  // Wrong: what holds for a small fab would not hold for a full-size one.
  const char* shared = std::getenv("FABTWIN_SHARED");
  const std::filesystem::path folder =
      std::filesystem::path(shared != nullptr ? shared : "../shared") / "data" / "smt2020" / "HVLM";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "reference data absent: set FABTWIN_SHARED";
  follow_and_compare(compile(import::read(folder)), "published", 3 * MirrorMoveDay, true);
}

TEST(Mirror, TakesUpARunUnderWay) {
  // Wrong: a mirror could only ever be started in an empty fab. It must know nothing of the future
  // and still follow what comes.
  const auto layout = lively_fab({.breakdown = MirrorMoveBreakdowns::Suspend});
  const auto fab = make_fab(layout);
  const std::vector<double> theta = layout->nominal_theta();
  const Draw draw{.seed = 5};
  State x = fab->initial(theta, draw);
  for (int start = 1; start <= 20; ++start) {
    fab->advance(x, theta, start * MirrorMoveDay + start * 7'654'321, draw);
    Mirror mirror(*fab);
    State y = mirror.follow(x);
    ASSERT_EQ(first_difference(*layout, observe(*layout, x), observe(*layout, y)), "");
    ASSERT_EQ(check_state(*layout, y, Future::Unknown), std::vector<std::string>{});
    for (const Tool& tool : y.tools) {
      for (const Job& job : tool.jobs) {
        ASSERT_TRUE(job.first_lot == None || job.end == twin::core::Never);
      }
    }
    State z = x;
    LogSink log(*layout, z, [&](std::span<const Event> batch) {
      for (const Event& e : batch)
        ASSERT_EQ(mirror.apply(y, e), Applied::Moved) << to_string(e.kind) << " at " << e.at;
    });
    fab->advance(z, theta, z.now + MirrorMoveDay, draw, log);
    ASSERT_EQ(first_difference(*layout, observe(*layout, z), observe(*layout, y)), "");
  }
}

TEST(Mirror, FilesCarryAllItNeeds) {
  // Wrong: a log kept in a file would not give the fab back.
  const auto layout = lively_fab({.breakdown = MirrorMoveBreakdowns::Suspend});
  const auto fab = make_fab(layout);
  const std::vector<double> theta = layout->nominal_theta();
  State x = fab->initial(theta, Draw{});
  const EventNames names(*layout);
  std::stringstream binary, csv;
  {
    twin::event::LogHeader header;
    header.names = names.names;
    twin::event::LogWriter log_writer(binary, header);
    twin::event::CsvWriter csv_writer(csv, names.names);
    LogSink log(*layout, x, [&](std::span<const Event> batch) {
      for (const Event& e : batch) {
        log_writer.add(e);
        csv_writer.add(e);
      }
    });
    fab->advance(x, theta, 10 * MirrorMoveDay, Draw{}, log);
    log_writer.close();
    csv_writer.flush();
  }
  const View truth = observe(*layout, x);
  const auto replay = [&](auto& reader) {
    Mirror mirror(*fab);
    State y = mirror.start();
    std::size_t events = 0;
    for (Event e; reader.next(e); ++events) EXPECT_EQ(mirror.apply(y, e), Applied::Moved);
    EXPECT_GT(events, 5'000U);
    EXPECT_EQ(first_difference(*layout, truth, observe(*layout, y)), "");
  };
  twin::event::LogReader log_reader(binary);
  replay(log_reader);
  twin::event::Names known = names.names;
  twin::event::CsvReader csv_reader(csv, known);
  replay(csv_reader);
}

}  // namespace
}  // namespace twins::fab
