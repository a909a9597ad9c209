// If these failed, two messages would have one number, a lie would go uncounted, or a clock would
// tell another time than it was set to.
#include "apps/plant/source.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "apps/plant/fab.hpp"
#include "twins/fab/lively_fab.hpp"

namespace apps::plant {
namespace {

using twin::event::Event;
using twin::event::Kind;
using twins::fab::DayMs;

constexpr auto SourceDay = static_cast<Tick>(DayMs);

std::vector<Event> events_of(const std::shared_ptr<const twins::fab::Layout>& layout, Tick until) {
  std::vector<Event> all;
  Fab fab(layout, {.seed = 11});
  fab.advance(until, [&](std::span<const Event> e) { all.insert(all.end(), e.begin(), e.end()); });
  return all;
}

TEST(Sources, ToolsTellOfToolsAndTheMesOfLots) {
  const auto layout = twins::fab::lively_fab();
  const auto events = events_of(layout, SourceDay);
  Sources per_tool(*layout, {}), per_group(*layout, {.links = Links::PerGroup});
  EXPECT_EQ(per_tool.size(), layout->tools() + 1);
  EXPECT_EQ(per_group.size(), layout->groups.size() + 1);
  EXPECT_EQ(per_tool.name(per_tool.mes()), "mqtt/mes");
  EXPECT_EQ(per_tool.name(0), "secs/Litho#1");
  EXPECT_EQ(per_group.name(0), "secs/Litho");
  std::set<Kind> of_mes, of_tools;
  for (const Event& e : events) {
    const std::uint32_t source = per_tool.source_of(e);
    (source == per_tool.mes() ? of_mes : of_tools).insert(e.kind);
    if (source == per_tool.mes()) continue;
    EXPECT_EQ(source, e.tool);
    EXPECT_EQ(per_group.source_of(e), layout->tool_group[e.tool]);
  }
  for (const Kind kind : {Kind::LotReleased, Kind::Moved, Kind::ArrivedAtQueue, Kind::Finished})
    EXPECT_TRUE(of_mes.contains(kind)) << to_string(kind);
  for (const Kind kind : of_mes) EXPECT_FALSE(of_tools.contains(kind)) << to_string(kind);
  EXPECT_TRUE(of_tools.contains(Kind::ToolDown));
  EXPECT_TRUE(of_tools.contains(Kind::ProcessingEnded));
}

TEST(Sources, NumberWithoutHolesAndBeginAnewWhenTheyRestart) {
  const auto layout = twins::fab::lively_fab();
  Faults f;
  f.reboots_per_month = 60.0;
  std::uint64_t reboots = 0;
  Sources sources(*layout, {.faults = f},
                  [&](const Fault& fault) { reboots += fault.kind == Fault::Kind::Rebooted; });
  std::map<std::uint32_t, std::pair<std::uint32_t, std::uint64_t>> next;  // source -> epoch, seq
  std::map<std::uint32_t, Tick> last;
  std::vector<Message> out;
  for (const Event& e : events_of(layout, 10 * SourceDay)) {
    out.clear();
    sources.tell(e, out);
    ASSERT_EQ(out.size(), 1U);
    const Message& m = out.front();
    auto& [epoch, seq] = next[m.source];
    ASSERT_GE(m.epoch, epoch);
    if (m.epoch > epoch) seq = 0;
    epoch = m.epoch;
    last[m.source] = m.at;
    ASSERT_EQ(m.seq, seq++);
    EXPECT_EQ(m.at, e.at);
    EXPECT_EQ(m.event, e);
  }
  // Restarts of each come at the rate asked for, up to its last word: a Poisson count, z = 5.
  double expected = 0.0;
  for (const auto& [source, at] : last) expected += 2.0 * static_cast<double>(at) / DayMs;
  EXPECT_GT(expected, 100.0);
  EXPECT_NEAR(static_cast<double>(reboots), expected, 5.0 * std::sqrt(expected));
}

TEST(Sources, HaveClocksThatAreWrongAsAsked) {
  const auto layout = twins::fab::lively_fab();
  Faults f;
  f.skew_ms = 90'000;
  f.drift_ppm = 1000;
  Sources exact(*layout, {}), wrong(*layout, {.faults = f});
  double most = 0.0;
  for (std::uint32_t s = 0; s < wrong.size(); ++s) {
    EXPECT_EQ(exact.clock(s, 5 * SourceDay), exact.time_zero_ms() + 5 * SourceDay);
    const auto off = static_cast<double>(wrong.clock(s, 0) - wrong.time_zero_ms());
    EXPECT_LE(std::abs(off), 90'000.0);
    most = std::max(most, std::abs(off));
    const auto later =
        static_cast<double>(wrong.clock(s, SourceDay) - wrong.time_zero_ms() - SourceDay);
    EXPECT_LE(std::abs(later - off), 86'400.0 + 1.0);  // 1000 ppm of a day
  }
  EXPECT_GT(most, 9'000.0);
  f.clock_steps_per_month = 300;
  f.clock_step_ms = 3'600'000;
  double set = 0.0;
  Sources stepping(*layout, {.faults = f}, [&](const Fault& fault) {
    if (fault.source == 0) set += fault.value;
  });
  const Tick before = wrong.clock(0, 3 * SourceDay), after = stepping.clock(0, 3 * SourceDay);
  EXPECT_NE(set, 0.0);
  EXPECT_EQ(static_cast<double>(after - before), set);
}

TEST(Sources, LieAsOftenAsAskedAndCountIt) {
  const auto layout = twins::fab::lively_fab();
  Faults f;
  f.lies = 0.02;
  f.ghosts = 0.03;
  std::uint64_t lied = 0, ghosted = 0;
  std::set<std::string> how;
  Sources sources(*layout, {.faults = f}, [&](const Fault& fault) {
    lied += fault.kind == Fault::Kind::Lied;
    ghosted += fault.kind == Fault::Kind::Ghosted;
    how.insert(fault.text);
  });
  const auto events = events_of(layout, 10 * SourceDay);
  std::uint64_t lies = 0, ghosts = 0, truths = 0;
  std::vector<Message> out;
  for (const Event& e : events) {
    out.clear();
    sources.tell(e, out);
    ASSERT_GE(out.size(), 1U);
    for (const Message& m : out) {
      lies += m.told == Told::Lie;
      ghosts += m.told == Told::Ghost;
      truths += m.told == Told::True;
      const bool same = m.event == e;  // a NaN differs from itself
      ASSERT_EQ(same, m.told == Told::True);
    }
    ASSERT_EQ(out.back().seq, out.front().seq + out.size() - 1);
  }
  EXPECT_EQ(lies, lied);
  EXPECT_EQ(ghosts, ghosted);
  EXPECT_EQ(truths + lies, events.size());
  EXPECT_EQ(how, (std::set<std::string>{"lot", "step", "tool", "value", "wafers"}));
  const auto n = static_cast<double>(events.size());
  EXPECT_NEAR(static_cast<double>(lies), 0.02 * n, 5.0 * std::sqrt(0.02 * n));
  EXPECT_NEAR(static_cast<double>(ghosts), 0.03 * n, 5.0 * std::sqrt(0.03 * n));
}

TEST(Sources, EveryFaultHasAName) {
  std::set<std::string_view> names;
  for (int k = 0; k <= static_cast<int>(Fault::Kind::SpoolFull); ++k)
    names.insert(to_string(static_cast<Fault::Kind>(k)));
  EXPECT_EQ(names.size(), 13U);
  EXPECT_FALSE(names.contains(""));
}

}  // namespace
}  // namespace apps::plant
