// If this failed, the forecasts' experiments would be about another plant than they say.
#include "cases/forecast/plant.hpp"

#include <gtest/gtest.h>

#include "twins/fab/calibrate/evidence.hpp"
#include "twins/fab/import/read.hpp"
#include "twins/fab/invariants.hpp"

namespace cases {
namespace {

constexpr twins::fab::Tick Day = 86'400'000;

// The tool with the most jobs that tell of their law; the others are the control.
TEST(Plant, MakesOneToolSlowerAndLeavesTheOthers) {
  const auto layout = twins::fab::compile(twins::fab::import::read("data/example-fab"));
  const auto fab = twins::fab::make_fab(layout, "published");
  const Hidden hidden = hidden_of(*layout, 1);
  struct Seen {
    double ratios = 0.0, jobs = 0.0;
  };
  const auto run = [&](std::uint32_t slow) {
    Plant plant(*fab, hidden, 1);
    if (slow != twins::fab::None) plant.make_slower({slow, 1.3, 2 * Day});
    twins::fab::calibrate::Witness witness(*layout, 0);
    std::vector<Seen> seen(layout->tools());
    plant.advance(8 * Day, [&](std::span<const twin::event::Event> events) {
      for (const twin::event::Event& e : events) {
        if (const auto told = witness.would_tell(e); told && told->start > 2 * Day)
          seen[told->tool].ratios += told->duration / told->kind.nominal, ++seen[told->tool].jobs;
        witness.saw(e);
      }
    });
    EXPECT_TRUE(twins::fab::check_state(*layout, plant.state()).empty());
    return seen;
  };
  const std::vector<Seen> before = run(twins::fab::None);
  std::uint32_t busiest = 0;
  for (std::uint32_t t = 0; t < before.size(); ++t)
    if (before[t].jobs > before[busiest].jobs) busiest = t;
  ASSERT_GT(before[busiest].jobs, 50.0);
  const std::vector<Seen> after = run(busiest);
  const auto mean = [](const Seen& s) { return s.ratios / s.jobs; };
  EXPECT_NEAR(mean(after[busiest]) / mean(before[busiest]), 1.3, 0.03);
  for (std::uint32_t t = 0; t < before.size(); ++t)
    if (t != busiest && before[t].jobs > 50.0 && after[t].jobs > 50.0) {
      EXPECT_NEAR(mean(after[t]) / mean(before[t]), 1.0, 0.05) << t;
    }
}

}  // namespace
}  // namespace cases
