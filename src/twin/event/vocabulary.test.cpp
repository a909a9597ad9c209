#include "twin/event/vocabulary.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace twin::event {
namespace {

using Golden = std::vector<std::pair<unsigned, std::string>>;

template <class Words>
Golden table_of(const Words& words) {
  Golden table;
  for (const auto& word : words) {
    table.emplace_back(static_cast<unsigned>(word.value), std::string(word.text));
  }
  return table;
}

TEST(Vocabulary, KindsKeepTheirNumbers) {
  // If this failed, every log written so far would be read as something else. Add at the end of a
  // group; change none.
  const Golden golden = {
      {0, "unknown"},
      {1, "lot_released"},
      {2, "arrived_at_queue"},
      {3, "skipped_by_sampling"},
      {4, "setup_started"},
      {5, "load_started"},
      {6, "processing_started"},
      {7, "processing_suspended"},
      {8, "processing_resumed"},
      {9, "processing_ended"},
      {10, "unloaded"},
      {11, "batch_formed"},
      {12, "rework_decided"},
      {13, "moved"},
      {14, "held"},
      {15, "released_from_hold"},
      {16, "split"},
      {17, "merged"},
      {18, "scrapped"},
      {19, "priority_changed"},
      {20, "finished"},
      {40, "tool_state_changed"},
      {41, "pm_due"},
      {42, "pm_started"},
      {43, "pm_ended"},
      {44, "tool_down"},
      {45, "tool_up"},
      {60, "recipe_changed"},
      {61, "constant_changed"},
      {62, "clock_changed"},
      {80, "alarm_set"},
      {81, "alarm_cleared"},
      {100, "measurement"},
      {101, "trace_samples"},
      {120, "command_approved"},
      {121, "command_sent"},
      {122, "command_acknowledged"},
      {123, "command_failed"},
      {124, "command_verified"},
  };
  EXPECT_EQ(table_of(kinds()), golden);
}

TEST(Vocabulary, UnitsKeepTheirNumbers) {
  // If this failed, a length in an old log would be read as a pressure.
  const Golden golden = {
      {0, ""},     {1, "count"}, {2, "tick"},    {3, "ms"},      {4, "s"},      {5, "min"},
      {6, "h"},    {7, "d"},     {8, "nm"},      {9, "um"},      {10, "mm"},    {11, "m"},
      {12, "Cel"}, {13, "K"},    {14, "Pa"},     {15, "Torr"},   {16, "W"},     {17, "V"},
      {18, "A"},   {19, "Hz"},   {20, "sccm"},   {21, "%"},      {22, "[ppm]"}, {23, "nm/min"},
      {24, "deg"}, {25, "Ohm"},  {26, "Ohm/sq"}, {27, "mJ/cm2"}, {28, "/cm2"},  {29, "keV"},
      {30, "g"},   {31, "L"},    {32, "mL/min"}, {33, "kW.h"},   {34, "state"},
  };
  EXPECT_EQ(table_of(units()), golden);
}

TEST(Vocabulary, QualitiesAndToolStatesKeepTheirNumbers) {
  // If this failed, bad measurements in old logs would be taken for good ones.
  EXPECT_EQ(table_of(qualities()),
            (Golden{{0, "good"}, {1, "uncertain"}, {2, "bad"}, {3, "substituted"}}));
  EXPECT_EQ(table_of(tool_states()), (Golden{{1, "productive"},
                                             {2, "standby"},
                                             {3, "engineering"},
                                             {4, "scheduled_down"},
                                             {5, "unscheduled_down"},
                                             {6, "non_scheduled"}}));
}

template <class Words, class Parse>
void expect_both_ways(const Words& words, Parse parse) {
  std::set<std::string_view> texts;
  for (const auto& word : words) {
    EXPECT_EQ(to_string(word.value), word.text);
    EXPECT_EQ(parse(word.text), word.value) << word.text;
    EXPECT_TRUE(texts.insert(word.text).second) << word.text;
  }
}

TEST(Vocabulary, TextsAndNumbersGoBothWays) {
  // If this failed, what CSV says would not be what the log says.
  expect_both_ways(kinds(), parse_kind);
  expect_both_ways(units(), parse_unit);
  expect_both_ways(qualities(), parse_quality);
  expect_both_ways(tool_states(), parse_tool_state);
}

TEST(Vocabulary, WhatIsNoWordIsRefused) {
  // If this failed, a mistyped kind would be taken for another one.
  for (const char* text : {"Moved", "move", "moved ", "zzz", "finishedd"}) {
    EXPECT_FALSE(parse_kind(text)) << text;
    EXPECT_FALSE(parse_unit(text)) << text;
    EXPECT_FALSE(parse_quality(text)) << text;
    EXPECT_FALSE(parse_tool_state(text)) << text;
  }
  EXPECT_FALSE(parse_kind(""));
  std::size_t meant = 0;
  for (unsigned number = 0; number < 65'536; ++number) {
    if (!to_string(static_cast<Kind>(number)).empty()) ++meant;
  }
  EXPECT_EQ(meant, kinds().size());
  EXPECT_TRUE(to_string(static_cast<Unit>(35)).empty());
  EXPECT_TRUE(to_string(static_cast<Quality>(4)).empty());
  EXPECT_TRUE(to_string(static_cast<ToolState>(0)).empty());
  EXPECT_TRUE(to_string(static_cast<ToolState>(7)).empty());
}

}  // namespace
}  // namespace twin::event
