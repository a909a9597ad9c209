// If these failed, people would be told of what is usual, too often, or not of what matters.
#include "apps/fabtwin/serve/alarm_watch.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "apps/fabtwin/serve/duration.hpp"
#include "apps/fabtwin/serve/rig_example.hpp"
#include "twin/contract/refusal.hpp"
#include "twin/core/archive.hpp"
#include "twin/core/draw.hpp"

namespace apps::fabtwin::serve {
namespace {

using twin::core::Note;
using twin::event::Event;
using twin::event::Kind;

Event of_tool(Tick at, Kind kind, std::uint32_t tool, std::uint32_t item = twin::event::None) {
  Event e;
  e.at = at;
  e.kind = kind;
  e.tool = tool;
  e.item = item;
  return e;
}

class AlarmWatchTest : public testing::Test {
 protected:
  void at(Tick until) { (void)watch.advance(memory, until); }
  void saw(Tick at, Kind kind, std::uint32_t tool, std::uint32_t item = twin::event::None) {
    for (const auto& a : watch.saw(memory, of_tool(at, kind, tool, item))) told.push_back(a);
  }
  void heard(Tick at, const std::string& text, const std::string& kind = "alarm") {
    watch.heard(memory, {.at = at, .kind = kind, .text = text}, at);
  }
  std::vector<AlarmRow> rows() const { return watch.rows(memory); }
  // The tools of the first group that has three.
  std::vector<std::uint32_t> group_of_three() const {
    for (const auto& g : layout->groups) {
      if (g.tools == 3) return {g.first_tool, g.first_tool + 1, g.first_tool + 2};
    }
    return {};
  }

  std::shared_ptr<const twins::fab::Layout> layout = example_fab();
  AlarmWatch watch{*layout, "fab"};
  AlarmMemory memory = watch.start();
  std::vector<alarms::Announcement> told;
};

TEST_F(AlarmWatchTest, ALongRepairIsAnAlarmAndAUsualOneIsNone) {
  const Tick patience = watch.patience(0);
  EXPECT_GE(patience, HourMs);
  saw(1'000, Kind::ToolDown, 0);
  saw(1'000 + patience - 1, Kind::ToolUp, 0);
  at(patience + DayMs);
  EXPECT_EQ(memory.annunciator.totals().sets, 0U);
  const Tick down = patience + DayMs;
  saw(down, Kind::ToolDown, 0);
  saw(down + 5, Kind::ToolDown, 0);  // said twice
  at(down + patience - 1);
  EXPECT_TRUE(rows().empty());
  at(down + patience);
  ASSERT_EQ(rows().size(), 1U);
  EXPECT_THAT(rows()[0].alarm, "long repair");
  EXPECT_EQ(rows()[0].since, down + patience);
  EXPECT_TRUE(rows()[0].announced);
  EXPECT_NE(rows()[0].response, "");
  EXPECT_EQ(memory.annunciator.totals().sets, 1U);
  saw(down + patience + 10, Kind::ToolUp, 0);
  at(down + patience + 10);
  EXPECT_TRUE(rows().empty());
  EXPECT_EQ(memory.pending.size() + memory.grounds.size(), 0U);
}

TEST_F(AlarmWatchTest, ToolsOfOneGroupAreOneCause) {
  const auto tools = group_of_three();
  ASSERT_EQ(tools.size(), 3U);
  for (const std::uint32_t t : tools) saw(1'000, Kind::AlarmSet, t, 7);
  at(2'000);
  ASSERT_EQ(rows().size(), 1U);
  EXPECT_EQ(rows()[0].active, 3U);
  EXPECT_THAT(layout->tool_name(tools[0]), testing::StartsWith(rows()[0].cause));
  EXPECT_THAT(rows()[0].of,
              testing::ElementsAre(layout->tool_name(tools[0]), layout->tool_name(tools[1]),
                                   layout->tool_name(tools[2])));
  // Of two alarms of a tool the first to end ends nothing.
  saw(3'000, Kind::AlarmSet, tools[0], 8);
  saw(4'000, Kind::AlarmCleared, tools[0], 7);
  saw(4'000, Kind::AlarmCleared, tools[0], 99);  // never set
  at(HourMs);
  EXPECT_EQ(rows()[0].active, 3U);
  for (const std::uint32_t t : tools) saw(HourMs, Kind::AlarmCleared, t, t == tools[0] ? 8 : 7);
  at(2 * HourMs);
  EXPECT_TRUE(rows().empty());
}

TEST_F(AlarmWatchTest, ClocksAndSilenceEndWithTheLastThatIsOff) {
  heard(1'000, "skew\tsecs/A\traised\t90000");
  heard(2'000, "skew\tsecs/B\traised\t-70000");
  heard(3'000, "skew\tsecs/A\tcleared\t0");
  at(MinuteMs);
  ASSERT_EQ(rows().size(), 1U);
  EXPECT_EQ(rows()[0].cause, "secs lines");
  EXPECT_EQ(rows()[0].text, "the clock of secs/B is -70000 ms off");
  heard(2 * MinuteMs, "skew\tsecs/B\tcleared\t0");
  at(2 * MinuteMs);
  EXPECT_TRUE(rows().empty());
  heard(3 * MinuteMs, silence_note("mqtt", true));
  at(5 * MinuteMs);
  ASSERT_EQ(rows().size(), 1U);
  EXPECT_EQ(rows()[0].cause, "mqtt lines");
  EXPECT_EQ(rows()[0].alarm, "silent lines");
  heard(6 * MinuteMs, silence_note("mqtt", false));
  at(6 * MinuteMs);
  EXPECT_TRUE(rows().empty());
}

TEST_F(AlarmWatchTest, WhatNobodySaysIsOverEndsAfterThreeDays) {
  const std::string tool = layout->tool_name(3);
  heard(HourMs, "re-validation due: process times of " + tool + " are 1.30 times its group's");
  heard(HourMs, "re-validation due: forecasts of the fab's WIP a day ahead: too narrow");
  heard(HourMs, "the roof leaks");
  at(2 * HourMs);
  std::vector<std::string> causes, texts;
  for (const AlarmRow& row : rows()) causes.push_back(row.cause), texts.push_back(row.text);
  // Forecasts and record together are the twin, which says the worse.
  EXPECT_THAT(causes, testing::UnorderedElementsAre(tool, "twin"));
  EXPECT_THAT(texts, testing::Contains(testing::StartsWith("re-validation due: forecasts")));
  heard(2 * DayMs, "re-validation due: process times of " + tool + " are 1.40 times its group's");
  at(4 * DayMs);
  ASSERT_EQ(rows().size(), 1U);
  EXPECT_THAT(rows()[0].text, testing::HasSubstr("1.40 times"));
  at(6 * DayMs);
  EXPECT_TRUE(rows().empty());
}

TEST_F(AlarmWatchTest, ForecastsThatWereValidatedAgainRingNoMore) {
  heard(HourMs, "re-validation due: forecasts of the fab's WIP a day ahead: too narrow");
  heard(HourMs, "the roof leaks");
  at(2 * HourMs);
  heard(3 * HourMs, "anna\tlooked", ValidationNote);
  at(4 * HourMs);
  ASSERT_EQ(rows().size(), 1U);
  EXPECT_EQ(rows()[0].text, "the roof leaks");
  heard(5 * HourMs, "re-validation due: forecasts of the fab's WIP a day ahead: too narrow");
  const AlarmMemory before = memory;
  at(2 * DayMs);
  ASSERT_EQ(rows().size(), 1U);
  EXPECT_THAT(rows()[0].text, testing::StartsWith("re-validation due"));
  EXPECT_EQ(before.pending.size(), 3U) << "it rings, and both end by themselves";
}

TEST_F(AlarmWatchTest, APersonHasSeenAnAlarmAndIsNamedBesideIt) {
  const std::string tool = layout->tool_name(0);
  EXPECT_EQ(twin::contract::refusal([&] { (void)watch.acknowledgement(memory, "otto", tool, ""); }),
            "'" + tool + "' has no open group of alarms to acknowledge");
  saw(1'000, Kind::AlarmSet, 0, 7);
  at(2'000);
  const std::string note = watch.acknowledgement(memory, "otto", tool, "I am on my way");
  EXPECT_EQ(note, "otto\t" + tool + "\t" + std::to_string(static_cast<int>(rows().at(0).priority)) +
                      "\tI am on my way");
  EXPECT_TRUE(rows().at(0).acknowledged.who.empty());
  heard(3'000, note, "acknowledgement");
  at(4'000);
  EXPECT_EQ(rows().at(0).acknowledged, (alarms::Acknowledgement{"otto", 3'000}));
  const AlarmMemory before = memory;
  for (const char* nonsense : {"otto", "otto\tnobody\t1\t", "otto\tsite\t3\t", "otto\tsite\tx\t"})
    heard(4'000, nonsense, "acknowledgement");
  EXPECT_EQ(memory, before);
  heard(4'000, "otto\ttwin\t2\t", "acknowledgement");  // it was over before it settled
  at(5'000);
  EXPECT_EQ(memory.annunciator.totals().acknowledged, 1U);
}

TEST_F(AlarmWatchTest, APersonPutsAnAlarmAsideForATime) {
  const std::string tool = layout->tool_name(0);
  saw(1'000, Kind::AlarmSet, 0, 7);
  at(2'000);
  ASSERT_EQ(rows().size(), 1U);
  heard(3'000, shelf_note("otto", tool, "equipment alarm", HourMs, "the lamp is on order"),
        "shelf");
  at(4'000);
  EXPECT_TRUE(rows().empty());
  ASSERT_EQ(memory.annunciator.shelved().size(), 1U);
  EXPECT_EQ(memory.annunciator.shelved()[0].who, "otto");
  at(HourMs + 1);
  EXPECT_EQ(rows().size(), 1U);
  heard(2 * HourMs, shelf_note("otto", tool, "equipment alarm", DayMs, "still"), "shelf");
  heard(3 * HourMs, shelf_note("anna", tool, "equipment alarm", 0, "it is there"), "shelf");
  at(2 * HourMs);
  EXPECT_TRUE(rows().empty());
  at(3 * HourMs);
  EXPECT_EQ(rows().size(), 1U);
  // A week from when it was asked, which is a minute after what has settled.
  heard(3 * HourMs, shelf_note("otto", tool, "equipment alarm", 171 * HourMs + MinuteMs, "x"),
        "shelf");
  at(4 * HourMs);
  EXPECT_TRUE(rows().empty());
  EXPECT_EQ(memory.annunciator.shelved().size(), 1U);
  const AlarmMemory before = memory;
  heard(4 * HourMs, "otto\tnobody\tequipment alarm\t99999999\tx", "shelf");
  heard(4 * HourMs, "otto", "shelf");
  EXPECT_EQ(memory, before);
  EXPECT_EQ(twin::contract::refusal([&] { (void)watch.named("X", "slow tool"); }),
            "'X' is no cause of alarms (a tool, a group, an area?)");
  EXPECT_EQ(
      twin::contract::refusal([&] { (void)watch.named(tool, "fire"); }),
      "'fire' is no kind of alarm (one of note, equipment alarm, long repair, clock off, slow "
      "tool, forecasts off, silent lines)");
}

// Wrong: ten times the usual traffic would be ten times the announcements, or something would be lost.
TEST_F(AlarmWatchTest, AStormKeepsToTheBudgetAndCountsAll) {
  constexpr std::uint64_t Seed = 20261129;
  SCOPED_TRACE(Seed);
  const twin::core::Draw draw{Seed, 1};
  constexpr std::uint32_t Alarms = 20'000;  // in ten minutes
  std::uint64_t sets = 0;
  for (std::uint32_t i = 0; i < Alarms; ++i) {
    const auto tool = static_cast<std::uint32_t>(draw.uniform(0, i, 0) * layout->tools());
    const auto item = static_cast<std::uint32_t>(5.0 * draw.uniform(1, i, 0));
    const bool set = draw.uniform(2, i, 0) < 0.6;
    sets += set ? 1U : 0U;
    saw(Tick{i} * 600'000 / Alarms, set ? Kind::AlarmSet : Kind::AlarmCleared, tool, item);
  }
  EXPECT_LE(told.size(), 6U);
  EXPECT_GE(told.size(), 1U);
  EXPECT_TRUE(memory.annunciator.flood());
  EXPECT_EQ(memory.annunciator.totals().sets, sets);
  EXPECT_LE(memory.grounds.size(), layout->tools() * 5U);
}

// Wrong: a restart, which folds in other pieces, would show other alarms.
TEST_F(AlarmWatchTest, IsTheSameInWhateverPiecesTimePasses) {
  constexpr std::uint64_t Seed = 20261130;
  SCOPED_TRACE(Seed);
  const twin::core::Draw draw{Seed, 2};
  AlarmMemory other = watch.start();
  Tick now = 0;
  constexpr std::array<Kind, 4> Kinds = {Kind::ToolDown, Kind::ToolUp, Kind::AlarmSet,
                                         Kind::AlarmCleared};
  for (std::uint32_t i = 0; i < 3'000; ++i) {
    now += static_cast<Tick>(30.0 * MinuteMs * draw.uniform(0, i, 0));
    const auto tool = static_cast<std::uint32_t>(draw.uniform(1, i, 0) * layout->tools());
    const auto kind = Kinds.at(static_cast<std::size_t>(4.0 * draw.uniform(2, i, 0)));
    const Event e = of_tool(now, kind, tool, 7);
    (void)watch.saw(memory, e);
    for (int piece = 1; piece <= 3; ++piece)
      (void)watch.advance(other, std::max(other.annunciator.now(), now - 4'000 + piece * 1'000));
    (void)watch.saw(other, e);
    if (i % 50 != 0) continue;
    const Note note{.at = now, .kind = "alarm", .text = silence_note("secs", i % 100 == 0)};
    watch.heard(memory, note, now);
    watch.heard(other, note, now);
  }
  (void)watch.advance(memory, now);
  (void)watch.advance(other, now);
  EXPECT_GT(memory.annunciator.totals().activations, 500U);
  EXPECT_EQ(memory, other);
  const auto loaded = twin::core::decode<AlarmMemory>(twin::core::encode(memory));
  EXPECT_EQ(loaded, memory);
  EXPECT_TRUE(watch.fits(loaded));
  EXPECT_FALSE(AlarmWatch(*layout, "another").fits(loaded));
}

}  // namespace
}  // namespace apps::fabtwin::serve
