// If this failed, another question would be answered than the one that was typed.
#include "apps/fabtwin/what_if_words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"
#include "twins/fab/decide/scene.hpp"

namespace apps::fabtwin {
namespace {

using namespace twins::fab::decide;
using twin::contract::refusal;
using twins::fab::Tick;

TEST(WhatIfWords, AreReadAsTheyAreMeant) {
  const Scene s(Scene::Day);
  const auto& m = *s.layout;
  const Tick now = s.seen.now, hour = Scene::Hour;
  const std::uint32_t lot = s.waiting_lot();
  WhatIfWords words;
  EXPECT_TRUE(words.empty());
  EXPECT_EQ(what_if_of(words, m, s.seen, "fifo"), WhatIf{});
  words.downs = {"LithoTrack_1#2:0:4.5"};
  words.mixes = {"part_2=12.5"};
  words.bought = {"LithoTrack_1+2", "LithoTrack_2+1@6"};
  words.hot = {std::to_string(lot)};
  words.pms = {"LithoTrack_1#2:LithoTrack_1_WK:24"};
  EXPECT_FALSE(words.empty());
  const WhatIf w = what_if_of(words, m, s.seen, "fifo");
  EXPECT_EQ(w.downs, (std::vector<Down>{{1, now, now + 9 * hour / 2}}));
  EXPECT_EQ(w.mixes, (std::vector<Mix>{{1, 12.5}}));
  EXPECT_EQ(w.bought, (std::vector<Bought>{{0, 2, now}, {1, 1, now + 6 * hour}}));
  ASSERT_EQ(w.acts.size(), 2U);
  const auto& hot = std::get<SetPriority>(w.acts[0]);
  EXPECT_EQ(hot.lot, lot);
  for (const auto& l : s.seen.lots)
    EXPECT_TRUE(l.place == twins::fab::LotPlace::Free || hot.priority > l.priority);
  const auto& moved = std::get<ShiftPm>(w.acts[1]);
  EXPECT_EQ(moved.tool, 1U);
  EXPECT_EQ(m.description.tool_groups[0].maintenances[moved.calendar].name, "LithoTrack_1_WK");
  EXPECT_EQ(moved.due, now + 24 * hour);
}

TEST(WhatIfWords, ChangeThePolicyThatStands) {
  const Scene s(Scene::Day);
  const auto rule = [&](const WhatIfWords& words, const std::string& standing) {
    EXPECT_FALSE(words.empty());
    return what_if_of(words, *s.layout, s.seen, standing).rule;
  };
  EXPECT_EQ(rule({.rule = "cr"}, "fifo:conwip=9"), "cr");
  EXPECT_EQ(rule({.release = "conwip=9"}, "fifo"), "fifo:conwip=9");
  EXPECT_EQ(rule({.release = "workload=9"}, "fifo:conwip=9,batch=mcb"),
            "fifo:batch=mcb,workload=9");
  EXPECT_EQ(rule({.release = "scheduled"}, "fifo:conwip=9"), "fifo");
  EXPECT_EQ(rule({.rule = "cr", .release = "conwip=9"}, "fifo"), "cr:conwip=9");
  EXPECT_EQ(rule({.qualifications = {"not.a#1=p", "not.a#2=q"}}, "fifo"),
            "fifo:not.a#1=p,not.a#2=q");
  EXPECT_EQ(rule({.qualifications = {"all"}}, "fifo:not.a#1=p"), "fifo");
}

TEST(WhatIfWords, ThatMeanNothingAreSaidWithTheNearestThatDoes) {
  const Scene s(Scene::Day);
  const auto why = [&](WhatIfWords words) {
    return refusal([&] { (void)what_if_of(words, *s.layout, s.seen, "fifo"); });
  };
  EXPECT_EQ(why({.downs = {"LithoTrak_1#2:0:4"}}),
            "--down LithoTrak_1#2:0:4 (no tool 'LithoTrak_1#2' in this fab) did you mean "
            "LithoTrack_1#2?");
  EXPECT_EQ(why({.downs = {"LithoTrack_1#2:4"}}),
            "--down LithoTrack_1#2:4 (must be TOOL:FROM_H:UNTIL_H)");
  EXPECT_EQ(why({.downs = {"LithoTrack_1#2:0:x"}}),
            "--down LithoTrack_1#2:0:x ('x' is no number; must be TOOL:FROM_H:UNTIL_H)");
  EXPECT_EQ(why({.downs = {"LithoTrack_1#2:-1:4"}}),
            "--down LithoTrack_1#2:-1:4 (-1 h must be 0 to 87600)");
  EXPECT_THAT(why({.mixes = {"prat_2=1"}}), testing::HasSubstr("did you mean part_2?"));
  EXPECT_EQ(why({.mixes = {"part_2"}}), "--mix part_2 (must be PRODUCT=STARTS_PER_DAY)");
  EXPECT_EQ(why({.bought = {"LithoTrack_1+x"}}),
            "--buy LithoTrack_1+x ('x' is no whole number; must be GROUP+N or GROUP+N@FROM_H)");
  EXPECT_EQ(why({.hot = {"7a"}}), "--hot 7a ('7a' is no whole number; must be a lot's number)");
  EXPECT_THAT(why({.pms = {"LithoTrack_1#2:LithoTrack_1_WEEK:24"}}),
              testing::HasSubstr("no maintenance 'LithoTrack_1_WEEK' in this fab"));
}

}  // namespace
}  // namespace apps::fabtwin
