// If this failed, a forecast would change the fab that it watches, or would miss what it came for.
#include "twins/fab/forecast/sightings.hpp"

#include <gtest/gtest.h>

#include "twin/core/archive.hpp"
#include "twins/fab/any_fab.hpp"
#include "twins/fab/floor.hpp"
#include "twins/fab/lively_fab.hpp"

namespace twins::fab::forecast {
namespace {

// Wrong: members would not be the simulator's, or lots would be taken for those that use their slots later.
TEST(ForecastSightings, SeesLotsLeaveAndStartWithoutChangingTheRun) {
  const auto layout = lively_fab();
  const auto fab = make_fab(layout, "fifo");
  const auto theta = layout->nominal_theta();
  State x = fab->initial(theta, {3, 0});
  fab->advance(x, theta, 4 * 86'400'000, {3, 0});
  State plain = x, start = x;
  const std::vector<bool> all(layout->groups.size(), true);
  Sightings seen(x, all);
  std::uint32_t gone = 0, started = 0;
  for (int hour = 1; hour <= 72; ++hour) {
    const Tick until = start.now + hour * Tick{3'600'000};
    fab->advance(x, theta, until, {3, 0}, seen);
    fab->advance(plain, theta, until, {3, 0});
    for (std::uint32_t slot = 0; slot < start.lots.size(); ++slot) {
      const Lot& lot = start.lots[slot];
      if (lot.place == LotPlace::Free || lot.place == LotPlace::Finished) continue;
      const Sightings::Seen& of = seen.of_slot(slot);
      EXPECT_EQ(find_lot(x, lot.id) == None, of.finished != Sightings::NotYet) << lot.id;
      if (hour == 72) gone += of.finished != Sightings::NotYet;
      if (hour == 72) started += of.bottleneck != Sightings::NotYet;
      EXPECT_GE(of.bottleneck, start.now);  // also NotYet
    }
  }
  EXPECT_EQ(x, plain);
  EXPECT_GT(gone, 0U);
  EXPECT_GE(started, gone);
}

}  // namespace
}  // namespace twins::fab::forecast
