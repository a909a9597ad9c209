// If this failed, people would read a change where there is none for sure, or in the wrong direction.
#include "apps/fabtwin/what_if_answer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "twins/fab/decide/scene.hpp"

namespace apps::fabtwin {
namespace {

using namespace twins::fab::decide;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

// Told by hand: the words are tested, not the runs.
struct WhatIfAnswerTold {
  std::shared_ptr<const twins::fab::Layout> layout = example_fab();
  WhatIfAsked asked;
  WhatIfResult result;

  WhatIfAnswerTold() {
    asked.standing = "fifo";
    result.pairs = 60;
    result.tardy_hours = {1.0, 1.25, {0.25, 0.125, 0.95, 60}};
    result.cycle_hours = {700.0, 699.0, {-1.0, 2.0, 0.95, 60}};
    result.out = {1234.0, 1200.0, {-34.0, 4.0, 0.95, 60}};
    result.queues = {{1, {10.0, 4.5, {-5.5, 1.0, 0.95, 60}}}};
  }
  [[nodiscard]] WhatIfShown shown(bool stopped = false) const {
    return {*layout, asked, {"LithoTrack_1#2 down from 0.0 h to 9.0 h"}, result, 20.0, stopped};
  }
};

TEST(WhatIfAnswer, SaysWhatWasAskedAndWhatIsSure) {
  const WhatIfAnswerTold told;
  const std::string text = what_if_text(told.shown());
  EXPECT_THAT(text, HasSubstr("day 20.0, fifo; 60 pairs, 168 h ahead"));
  EXPECT_THAT(text, HasSubstr("  LithoTrack_1#2 down from 0.0 h to 9.0 h\n"));
  EXPECT_THAT(text, ContainsRegex("mean tardiness h +1.000 +1.250 +0.250 ± 0.125 +more"));
  EXPECT_THAT(text, ContainsRegex("cycle time h +700.00 +699.00 +-1.00 ± 2.00 *\n"));
  EXPECT_THAT(text, ContainsRegex("lots out +1,234.0 +1,200.0 +-34.0 ± 4.0 +less"));
  EXPECT_THAT(text, ContainsRegex("LithoTrack_2 +10.0 +4.5 +-5.5 ± 1.0 +less"));
  EXPECT_THAT(text, Not(HasSubstr("interrupted")));
  EXPECT_THAT(what_if_text(told.shown(true)), HasSubstr("interrupted: what was known by then"));
}

TEST(WhatIfAnswer, IsWholeForPrograms) {
  WhatIfAnswerTold told;
  told.result.wip.by.half_width = std::numeric_limits<double>::infinity();
  const Json answer = what_if_json(told.shown());
  EXPECT_EQ(answer["what_if"][0], "LithoTrack_1#2 down from 0.0 h to 9.0 h");
  EXPECT_EQ(answer["outcome"].size(), 8U);
  EXPECT_EQ(answer["outcome"]["tardy_hours"]["change"]["mean"], 0.25);
  EXPECT_TRUE(answer["outcome"]["wip"]["change"]["half_width"].is_null()) << "of one pair";
  EXPECT_EQ(answer["queues"][0]["group"], "LithoTrack_2");
  EXPECT_EQ(answer["queues"][0]["otherwise"], 4.5);
  EXPECT_EQ(answer["pairs"], 60);
}

}  // namespace
}  // namespace apps::fabtwin
