#include "twins/fab/floor.hpp"

#include <gtest/gtest.h>

#include "twins/fab/invariants.hpp"
#include "twins/fab/lively_fab.hpp"

namespace twins::fab {
namespace {

TEST(Floor, RanksAQueueAsTheRuleDoes) {
  // Wrong: a lot that comes back from hold would stand at another place than the rule gives it.
  for (const RuleName& rule : rule_names()) {
    const auto layout = compile(lively_description(), with_rule({}, rule.name));
    const auto fab = make_fab(layout, rule.name);
    const std::vector<double> theta = layout->nominal_theta();
    State x = fab->initial(theta, {});
    std::uint32_t queued = 0;
    for (int hour = 1; hour <= 400; ++hour) {
      fab->advance(x, theta, hour * static_cast<Tick>(HourMs), {});
      for (std::uint32_t slot = 0; slot < x.lots.size(); ++slot) {
        if (x.lots[slot].place != LotPlace::Queued) continue;
        ++queued;
        State y = x;
        Floor floor(*fab, y);
        floor.leave_queue(slot);
        floor.laws().enqueue(slot);
        ASSERT_TRUE(y == x) << rule.name << ", lot " << x.lots[slot].id;
      }
    }
    EXPECT_GT(queued, 100U) << rule.name;
  }
}

TEST(Floor, FindsLotsInTheFabOnly) {
  // Wrong: an action could move a lot that has left.
  const auto layout = lively_fab();
  const auto fab = make_fab(layout);
  const std::vector<double> theta = layout->nominal_theta();
  State x = fab->initial(theta, {});
  fab->advance(x, theta, static_cast<Tick>(8 * DayMs), {});
  std::uint32_t found = 0;
  for (std::uint32_t id = 0; id < x.next_lot_id; ++id) {
    const std::uint32_t slot = find_lot(x, id);
    if (slot == None) continue;
    EXPECT_EQ(x.lots[slot].id, id);
    ++found;
  }
  EXPECT_EQ(found, x.wip);
  EXPECT_LT(found, x.next_lot_id);
}

}  // namespace
}  // namespace twins::fab
