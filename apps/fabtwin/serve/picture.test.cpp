// If these failed, the people at the screen would see another fab than the twin does, or not see that
// its data are old.
#include "apps/fabtwin/serve/picture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace apps::fabtwin::serve {
namespace {

using testing::HasSubstr;
using testing::Not;

Picture lively() {
  Picture p;
  p.site = "north";
  p.now_ms = 1'769'817'600'000 + 3'600'000;
  p.speed = 60.0;
  p.data_age_ms = 400;
  p.wip = 1'312;
  p.left.out_day = 14;
  p.left.out_week = 99;
  p.left.cycle_days = 12.34;
  p.down = 4;
  p.processing = 41;
  p.entries = 182'201;
  p.messages_s = 12.4;
  p.links = {{.name = "secs", .state = "60 of 61 selected", .well = false}};
  p.bottlenecks = {{.group = "LithoTrack_1",
                    .able = 5,
                    .tools = 6,
                    .queue = 23,
                    .forecast = true,
                    .queue_ahead = {11.0, 19.0, 30.0}}};
  p.forecast = true;
  p.forecast_ms = p.now_ms - 60'000;
  p.members = 200;
  p.horizon = "1 d";
  p.wip_ahead = {1'290.0, 1'315.0, 1'331.0};
  p.out_ahead = {{.horizon = "1 d", .out = {26.0, 31.0, 37.0}},
                 {.horizon = "3 d", .out = {80.0, 92.0, 101.0}}};
  p.out_days = {{26.0, 31.0, 37.0}, {24.0, 30.0, 38.0}, {20.0, 29.0, 40.0}};
  p.scores = {{.quantity = "WIP",
               .horizon = "1 d",
               .scores = 412,
               .coverage = 0.911,
               .low = 0.87,
               .high = 0.93,
               .skill_nominal = 0.12,
               .skill = 0.39,
               .rule = "persistence"}};
  return p;
}

TEST(Picture, SaysWhatThePeopleAskFirst) {
  const std::string text = picture_text(lively(), 120, Colours::No);
  EXPECT_THAT(text, HasSubstr("fabtwin  north  2026-01-31 01:00:00 UTC  (60 x real time)\n"));
  EXPECT_THAT(text, HasSubstr("data 400 ms old\n"));
  EXPECT_THAT(text, HasSubstr("WIP 1,312 lots   out 14 in 24 h, 99 in 7 d   cycle time 12.3 d\n"));
  EXPECT_THAT(text, HasSubstr("link secs: 60 of 61 selected\n"));
  EXPECT_THAT(text, HasSubstr("19 [11, 30]"));
  EXPECT_THAT(text, HasSubstr("in 1 d: WIP 1315 [1290, 1331] lots (median"));
  EXPECT_THAT(text, HasSubstr("lots out: 31 [26, 37] in 1 d, 92 [80, 101] in 3 d\n"));
  EXPECT_THAT(text, HasSubstr("day by day: 31 [26, 37], 30 [24, 38], 29 [20, 40]\n"));
  EXPECT_THAT(text, HasSubstr("+12 %"));
  EXPECT_THAT(text, HasSubstr("+39 %"));
  EXPECT_THAT(text, HasSubstr("91.1 %"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(Picture, SaysWhatIsAdvised) {
  Picture p = lively();
  EXPECT_THAT(picture_text(p, 120, Colours::No), Not(HasSubstr("dispatching by")));
  p.rule = "fifo";
  EXPECT_THAT(picture_text(p, 120, Colours::No),
              HasSubstr("dispatching by fifo; nothing was advised yet\n"));
  p.advice = {"proposed: Dispatch by cr", "verified: Hold lot L7"};
  const std::string text = picture_text(p, 120, Colours::No);
  EXPECT_THAT(text, HasSubstr("dispatching by fifo\nADVICE proposed: Dispatch by cr\n"));
  EXPECT_THAT(text, HasSubstr("ADVICE verified: Hold lot L7\n"));
  EXPECT_THAT(picture_line(p), HasSubstr("; ADVICE proposed: Dispatch by cr"));
}

TEST(Picture, SaysPlainlyThatDataAreOldAndThatItIsNotReady) {
  Picture p = lively();
  p.stale = true;
  p.data_age_ms = 3 * 3'600'000;
  p.silent = {{.lines = "secs", .count = 61, .age_ms = 3 * 3'600'000}};
  p.forecasts_missed = 2;
  p.missing = {"the WIP of 3 tool groups is not known"};
  p.alarms = {"clock of secs/A is 90 s off"};
  const std::string text = picture_text(p, 120, Colours::No);
  EXPECT_THAT(text, HasSubstr("NOT READY: the WIP of 3 tool groups is not known\n"));
  EXPECT_THAT(text, HasSubstr("data 3 h old: STALE, forecasts are widened\n"));
  EXPECT_THAT(text, HasSubstr("SILENT: 61 secs lines for 3 h; forecasts begin before that\n"));
  EXPECT_THAT(text, HasSubstr("2 moments were not scored"));
  EXPECT_THAT(text, HasSubstr("ALARM clock of secs/A is 90 s off\n"));
  EXPECT_THAT(picture_line(p), HasSubstr("not ready"));
  EXPECT_THAT(picture_line(p), HasSubstr("ALARM"));
}

// If this failed, a twin that is blind, or that has been wrong for days, would act on what it believes.
TEST(Picture, OfATwinThatIsUnwellSaysWhyItDoesNotAct) {
  Picture p = lively();
  EXPECT_EQ(unwell(p), "");
  p.diverged = "forecasts of the fab's WIP a day ahead: mean shifted";
  EXPECT_EQ(unwell(p),
            "to be validated again, forecasts of the fab's WIP a day ahead: mean shifted");
  EXPECT_THAT(picture_text(p, 120, Colours::No),
              HasSubstr("NOT VALID: forecasts of the fab's WIP"));
  EXPECT_THAT(picture_line(p), HasSubstr("; NOT VALID: forecasts of the fab's WIP"));
  p.stale = true;
  EXPECT_EQ(unwell(p), "the data are stale");
  p.trouble = "full";
  EXPECT_EQ(unwell(p), "the record: full");
}

TEST(Picture, StaysWithinTheTerminalWhateverIsInAName) {
  // A tool's name with an escape sequence would do things to the terminal.
  Picture p = lively();
  p.bottlenecks[0].group = "\x1b[2J" + std::string(300, 'x');
  p.links[0].state = "a\nb";
  std::size_t column = 0;
  for (const char c : picture_text(p, 80, Colours::No)) {
    column = c == '\n' ? 0 : column + 1;
    EXPECT_LE(column, 80U);
    EXPECT_NE(c, '\x1b');
  }
}

TEST(Picture, ColoursOnlyWhereAskedFor) {
  EXPECT_THAT(picture_text(lively(), 120, Colours::Ansi), HasSubstr("\x1b[1mfabtwin"));
}

}  // namespace
}  // namespace apps::fabtwin::serve
