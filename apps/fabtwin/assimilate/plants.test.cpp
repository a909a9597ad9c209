// If these failed, instruments would show what did not happen.
#include "apps/fabtwin/assimilate/plants.hpp"

#include <gtest/gtest.h>

#include "apps/fabtwin/run_flags.hpp"

namespace apps::fabtwin::assimilate {
namespace {

TEST(QueuePlant, ShowsRatesAndLength) {
  // Rates would be in another unit.
  constexpr auto Unit = twins::toys::Mm1Queue::Unit;
  const QueuePlant::Reading before{.at = 0, .length_time = 0, .arrived = 10, .departed = 8};
  const QueuePlant::Reading after{
      .at = 50 * Unit, .length_time = 100 * Unit, .arrived = 50, .departed = 33};
  EXPECT_EQ(QueuePlant::seen(before, after), Eigen::Vector3d(0.8, 0.5, 2.0));
}

TEST(FabPlant, ShowsWhatToolGroupsDid) {
  // A share would not be one, or a group would stand at another's place: in 30 days every group of the
  // mini-fab works, and the sums agree with the counters.
  const auto layout = twins::fab::compile(read_fab("data/minifab"));
  const FabPlant plant(twins::fab::make_fab(layout));
  const auto theta = layout->nominal_theta();
  auto x = plant.initial(theta, {.seed = 1, .member = 0});
  const auto before = plant.read(x);
  plant.advance(x, theta, x.now + static_cast<twin::core::Tick>(30 * twins::fab::DayMs),
                {.seed = 1, .member = 0});
  const auto after = plant.read(x);
  const Eigen::VectorXd seen = plant.seen(before, after);
  for (std::size_t g = 0; g < layout->groups.size(); ++g) {
    const auto i = static_cast<Eigen::Index>(2 * g);
    const double tools = layout->description.tool_groups[g].tools;
    EXPECT_GE(seen[i], 0.0);
    EXPECT_LT(seen[i], 1.0);
    EXPECT_NEAR(seen[i + 1] * 720.0 * tools,
                static_cast<double>(after.groups[g].jobs - before.groups[g].jobs), 1e-9);
  }
  EXPECT_GT(seen[0], 0.3);
}

}  // namespace
}  // namespace apps::fabtwin::assimilate
