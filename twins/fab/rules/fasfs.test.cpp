#include "twins/fab/rules/fasfs.hpp"

#include <gmock/gmock.h>

#include "twins/fab/rules/queue_at_a.hpp"

namespace twins::fab {
namespace {

using semantics::step_at;
using testing::ElementsAre;

// Wrong: who came last to this queue would count, not who is oldest in the fab. Lots 1 to 3 come at
// minutes 1 to 3; lot 1 is at B until 31 and joins the queue of A last, but is older than both.
TEST(Fasfs, OldestInTheFabFirst) {
  const auto fab =
      queue_at_a({{{step_at(1, 30), step_at(0, 10)}}, {{step_at(0, 10)}}, {{step_at(0, 10)}}});
  EXPECT_THAT(semantics::Shift<Fasfs>(fab).to(200).order(), ElementsAre("0", "1", "1", "2", "3"));
}

}  // namespace
}  // namespace twins::fab
