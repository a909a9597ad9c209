#include "twins/fab/rules/cr.hpp"

#include <gmock/gmock.h>

#include "twins/fab/rules/queue_at_a.hpp"

namespace twins::fab {
namespace {

using semantics::Shift;
using semantics::step_at;
using testing::ElementsAre;

// Wrong: the ratio would be taken the other way up, or once for all. At 50: (200 - 50)/60 = 2.5,
// (140 - 50)/30 = 3, (70 - 50)/40 = 0.5: lot 3. At 70: 130/60 = 2.17, 70/30 = 2.33: lot 1.
TEST(Cr, SmallestTimeLeftOverWorkLeftFirst) {
  const auto fab = queue_at_a({{{step_at(0, 10), step_at(1, 50)}, 200},
                               {{step_at(0, 30)}, 140},
                               {{step_at(0, 20), step_at(1, 20)}, 70}});
  EXPECT_THAT(Shift<Cr>(fab).to(80).lines_of("start"),
              ElementsAre("0 start 0 A#1", "50 start 3 A#1", "70 start 3 B#1", "70 start 1 A#1",
                          "80 start 1 B#2", "80 start 2 A#1"));
}

}  // namespace
}  // namespace twins::fab
