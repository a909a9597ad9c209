// If these failed, a twin that is wrong would be called right, or the other way round.
#include "apps/plant/comparison.hpp"

#include <gtest/gtest.h>

#include "apps/plant/arrival.hpp"
#include "apps/plant/site.hpp"
#include "twin/event/packed.hpp"
#include "twins/fab/live/dialect.hpp"
#include "twins/fab/lively_fab.hpp"

namespace apps::plant {
namespace {

namespace live = twins::fab::live;

constexpr Tick Hour = 3'600'000, End = 24 * Hour;

// A plant and who hears each of its events at once; `spoil` may change what is heard.
struct Heard {
  explicit Heard(const std::function<void(twin::event::Event&)>& spoil = [](auto&) {})
      : layout(twins::fab::lively_fab()),
        fab(twins::fab::make_fab(layout, "fifo")),
        follower(*fab, {.time_zero_ms = 0, .reach = 100 * Hour}),
        belief(follower.start()),
        certain(*layout, Demand::Certain),
        everything(*layout, Demand::Everything),
        places(*layout, Demand::Places) {
    follower.absorb(belief, twin::core::Note{.kind = "names",
                                             .text = live::names_note(follower.names(), 10'000)});
    twin::event::Packer packer;
    Site::Watch watch;
    watch.event = [&](const twin::event::Event& e) {
      certain.happened(e);
      twin::event::Event told = e;
      spoil(told);
      twin::core::Observation o{.at = told.at, .arrived = told.at, .clock = told.at};
      o.sensor = e.source;
      o.sensor_seq = e.source_seq;
      packer.pack(std::span(&told, 1), o.event);
      follower.absorb(belief, o);
    };
    Site site(layout, {}, watch);
    site.run_until(End, [](const Delivery&) {});
    instant = {.at = End, .truth = site.fab().view()};
    belief.newest = End + Hour;
    follower.settle(belief);
  }
  [[nodiscard]] Audit audit(const Comparison& by) { return by.audit(follower, belief, instant); }

  std::shared_ptr<const twins::fab::Layout> layout;
  std::unique_ptr<twins::fab::AnyFab> fab;
  live::Follower follower;
  live::Live belief;
  Comparison certain, everything, places;
  Instant instant;
};

TEST(Comparison, FindsTheTruthTrue) {
  Heard run;
  for (const Comparison* by : {&run.everything, &run.places, &run.certain}) {
    const Audit a = run.audit(*by);
    EXPECT_EQ(a.first, "");
    EXPECT_EQ(a.lots_wrong + a.tools_wrong + a.queues_wrong + a.doubted, 0U);
    EXPECT_GT(a.lots, 0U);
  }
}

TEST(Comparison, NamesALotThatIsElsewhere) {
  Heard run;
  for (auto& lot : run.instant.truth.lots) ++lot.step;
  for (const Comparison* by : {&run.everything, &run.places, &run.certain}) {
    const Audit a = run.audit(*by);
    EXPECT_NE(a.first, "");
    EXPECT_EQ(a.lots_wrong, a.lots);
    EXPECT_GT(a.lots, 0U);
  }
}

TEST(Comparison, LeavesTimesAloneOutOfPlaces) {
  Heard run;
  for (auto& lot : run.instant.truth.lots) lot.since += 7;
  EXPECT_NE(run.audit(run.everything).first, "");
  EXPECT_EQ(run.audit(run.places).first, "");
  EXPECT_EQ(run.audit(run.certain).first, "");
}

TEST(Comparison, LeavesOutWhatTheTwinDoubtsAndNothingElse) {
  // What a lot does last before the instant is told in bad quality: the twin has it elsewhere than it
  // is, and says so. A comparison that was told of it by the plant would excuse a twin that did not.
  const Heard truth;
  std::uint32_t lot = twins::fab::None;
  Tick last = 0;
  for (const auto& l : truth.instant.truth.lots)
    if (l.since < End - 60'000) lot = l.id, last = l.since;
  ASSERT_NE(lot, twins::fab::None);
  Heard run([&](twin::event::Event& e) {
    if (e.lot == lot && e.at >= last) e.quality = twin::event::Quality::Bad;
  });
  const Audit in_places = run.audit(run.places), of_certain = run.audit(run.certain);
  EXPECT_GE(in_places.lots_wrong, 1U);
  EXPECT_EQ(of_certain.first, "");
  EXPECT_GE(of_certain.doubted, 1U);
  EXPECT_GE(of_certain.doubted_lots_wrong + of_certain.in_flight, 1U);
  EXPECT_LT(of_certain.doubted, 5U);
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
