// If these failed, a twin that is wrong would be called right, or the other way round.
#include "apps/plant/comparison.hpp"

#include <gtest/gtest.h>

#include "apps/plant/arrival.hpp"
#include "apps/plant/site.hpp"
#include "twins/fab/lively_fab.hpp"

namespace apps::plant {
namespace {

constexpr Tick Hour = 3'600'000;

struct Lived {
  explicit Lived(Tick until)
      : layout(twins::fab::lively_fab()), comparison(*layout, 5'000), site(layout, {}, watch()) {
    site.run_until(until, [](const Delivery&) {});
    instant = {.at = until, .truth = site.fab().view()};
    for (std::uint32_t lot = 0; lot < 10'000; ++lot) dialect.lots.push_back(lot_name(lot));
  }
  Site::Watch watch() {
    Site::Watch all;
    all.event = [this](const twin::event::Event& e) { comparison.happened(e); };
    return all;
  }
  std::shared_ptr<const twins::fab::Layout> layout;
  Comparison comparison;
  Site site;
  Instant instant;
  twins::fab::live::Dialect dialect;
};

TEST(Comparison, FindsTheTruthTrue) {
  const Lived run(24 * Hour);
  const Audit a = run.comparison.audit(run.site.fab().state(), run.dialect, run.instant);
  EXPECT_EQ(a.first, "");
  EXPECT_EQ(a.lots_wrong + a.tools_wrong + a.queues_wrong, 0U);
  EXPECT_GT(a.lots, 0U);
}

TEST(Comparison, NamesALotThatIsElsewhere) {
  Lived run(24 * Hour);
  for (auto& lot : run.instant.truth.lots) ++lot.step;
  const Audit a = run.comparison.audit(run.site.fab().state(), run.dialect, run.instant);
  EXPECT_NE(a.first, "");
  EXPECT_EQ(a.lots_wrong, a.lots);
}

TEST(Comparison, NumbersLotsAsThePlantDoes) {
  twins::fab::View view;
  view.groups.resize(1);
  view.groups[0].queue = {{.line = 0, .lot = 0, .step = 3}};
  view.tools.resize(1);
  view.tools[0].jobs.resize(1);
  view.tools[0].jobs[0].lots = {1};
  view.lots.resize(2);
  view.lots[0].id = 0;
  view.lots[1].id = 1;
  twins::fab::live::Dialect dialect;
  EXPECT_EQ(dialect.number_lot("L9"), 0U);
  EXPECT_EQ(dialect.number_lot("L4"), 1U);
  view = in_plant_numbers(view, dialect);
  EXPECT_EQ(view.groups[0].queue[0].lot, 9U);
  EXPECT_EQ(view.tools[0].jobs[0].lots[0], 4U);
  EXPECT_EQ(view.lots[0].id, 4U);  // by number
  EXPECT_EQ(view.lots[1].id, 9U);
}

}  // namespace
}  // namespace apps::plant
