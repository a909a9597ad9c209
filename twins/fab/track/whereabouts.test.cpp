// If these failed, the probabilities of where a lot is would not be those of its ways: here they are reckoned by hand.
#include "twins/fab/track/whereabouts.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab::track {
namespace {

using semantics::step_at;

constexpr auto WhereaboutsMinute = static_cast<Tick>(MinuteMs);
constexpr double Fab = 0.3, Tools = 0.2;  // shares missing

class WhereaboutsByHand : public ::testing::Test {
 protected:
  // One tool a step; 10 minutes of process, 5 of transport.
  WhereaboutsByHand() {
    fab.add_group("A");
    fab.add_group("B");
    fab.description.transports = {{"Fab", "Fab", semantics::minutes(5)}};
    for (std::uint32_t s = 0; s < 3; ++s) steps.push_back(step_at(s % 2, 10));
    seen.lot = 0;
    seen.route = 0;
    seen.wafers = seen.job_wafers = 25;
    seen.location = 0;
    seen.visit = 1;
  }

  void compile_it() {
    fab.add_lot(fab.add_route(steps));
    layout = compile(fab.description);
    laws = std::make_unique<Laws>(*layout, layout->nominal_theta());
  }

  double share(Tick at, Phase phase, std::uint32_t step) {
    double sum = 0.0, all = 0.0;
    for (const Whereabouts& w :
         whereabouts(*layout, *laws, missing, seen, at, {.seed = 4, .member = 0})) {
      all += w.weight;
      if (w.phase == phase && w.step == step) sum += w.weight;
    }
    EXPECT_NEAR(all, 1.0, 1e-12);
    return sum;
  }

  semantics::TinyFab fab;
  std::vector<Step> steps;
  std::shared_ptr<const Layout> layout;
  std::unique_ptr<Laws> laws;
  Missing missing{Fab, Tools, 0.0, {}};
  Sighting seen;
};

// Wrong: a step that may be left out, or done again, would be believed in by another share than its probability and
// that of missing what tells it. Exactly: all is decided at one instant.
TEST_F(WhereaboutsByHand, DecisionsAtOneInstant) {
  steps[0].rework = 0.25;
  steps[0].rework_to = 0;
  steps[1].sampling = 0.6;
  compile_it();
  seen.phase = Phase::Done;
  seen.step = 0;
  const double next = 0.75 * 0.6 * Fab, skipped = 0.75 * 0.4 * Fab * Fab, again = 0.25 * Fab * Fab;
  const double all = next + skipped + again;
  EXPECT_NEAR(share(0, Phase::Moving, 1), next / all, 1e-12);
  EXPECT_NEAR(share(0, Phase::Moving, 2), skipped / all, 1e-12);
  EXPECT_NEAR(share(0, Phase::Moving, 0), again / all, 1e-12);
}

// Wrong: silence would say nothing about whether a phase has ended. Half of the durations are above the mean; who has
// left went through three (last step) missed events: the end, unloading, finishing.
TEST_F(WhereaboutsByHand, SilenceSpeaksForStaying) {
  steps[2].process.law = Duration::Law::Uniform;
  steps[2].process.half_width_ms = 2 * MinuteMs;
  compile_it();
  seen.phase = Phase::Processing;
  seen.step = 2;
  seen.tool = 0;
  const double left = 0.5 * Tools * Tools * Fab;
  EXPECT_NEAR(share(10 * WhereaboutsMinute, Phase::Processing, 2), 0.5 / (0.5 + left), 1e-12);
  EXPECT_NEAR(share(10 * WhereaboutsMinute, Phase::Left, 2), left / (0.5 + left), 1e-12);
  EXPECT_NEAR(share(7 * WhereaboutsMinute, Phase::Processing, 2), 1.0, 1e-12);  // none is as short
}

// Wrong: what a tool's other events tell would not count. They say it was still inside, or that it had left.
TEST_F(WhereaboutsByHand, OtherEventsOfTheToolCount) {
  steps[2].process.law = Duration::Law::Uniform;
  steps[2].process.half_width_ms = 2 * MinuteMs;
  compile_it();
  seen.phase = Phase::Processing;
  seen.step = 2;
  seen.tool = 0;
  seen.inside = 10 * WhereaboutsMinute;
  EXPECT_NEAR(share(10 * WhereaboutsMinute, Phase::Processing, 2), 1.0, 1e-12);
  const double stays =
      laws->process[0].beyond(1.1) / 0.5;  // of those beyond 10 minutes, those beyond 11
  const double left = (1.0 - stays) * Tools * Tools * Fab;
  EXPECT_NEAR(share(11 * WhereaboutsMinute, Phase::Processing, 2), stays / (stays + left), 1e-12);
  seen.inside = 0;
  seen.out = 10 * WhereaboutsMinute;
  EXPECT_NEAR(share(10 * WhereaboutsMinute, Phase::Left, 2), 1.0, 1e-12);
}

// Wrong: the time of unseen changes would not be drawn from their laws. A lot seen to be unloaded an hour ago: on the
// way 5 minutes, in an empty queue not at all, processed 10 minutes; of three steps none is left. All is certain but
// how likely missing all of it is, and that no other way exists.
TEST_F(WhereaboutsByHand, FollowsTheWholeWay) {
  compile_it();
  for (int i = 0; i < 200; ++i) laws->wait[0].saw(0.0), laws->wait[2].saw(0.0);
  seen.phase = Phase::Done;
  seen.step = 0;
  EXPECT_NEAR(share(4 * WhereaboutsMinute, Phase::Moving, 1), 1.0, 1e-12);
  EXPECT_NEAR(share(14 * WhereaboutsMinute, Phase::Processing, 1), 1.0, 1e-12);
  EXPECT_NEAR(share(16 * WhereaboutsMinute, Phase::Moving, 2), 1.0, 1e-12);
  EXPECT_NEAR(share(29 * WhereaboutsMinute, Phase::Processing, 2), 1.0, 1e-12);
  EXPECT_NEAR(share(31 * WhereaboutsMinute, Phase::Left, 2), 1.0, 1e-12);
}

// Wrong: a silent link would make lots seem to stay where they are. In an outage of the fab's own system, moves are
// missed for sure.
TEST_F(WhereaboutsByHand, OutagesExplainSilence) {
  steps[2].process.law = Duration::Law::Uniform;
  steps[2].process.half_width_ms = 2 * MinuteMs;
  compile_it();
  seen.phase = Phase::Processing;
  seen.step = 2;
  seen.tool = 0;
  missing.fab_outages = {{WhereaboutsMinute, 10 * WhereaboutsMinute}};
  const double left = 0.5 * Tools * Tools;
  EXPECT_NEAR(share(10 * WhereaboutsMinute, Phase::Left, 2), left / (0.5 + left), 1e-12);
  missing.dark_tools = 0.1;
  const double dark = 0.9 * left + 0.1 * 0.5;
  EXPECT_NEAR(share(10 * WhereaboutsMinute, Phase::Left, 2), dark / (0.5 + dark), 1e-12);
}

// Wrong: a held lot would wander off; one that has left would come back.
TEST_F(WhereaboutsByHand, SomeStay) {
  compile_it();
  seen.step = 1;
  for (const Phase phase : {Phase::Held, Phase::Left}) {
    seen.phase = phase;
    EXPECT_NEAR(share(1000 * WhereaboutsMinute, phase, 1), 1.0, 1e-12);
  }
}

// Wrong: waits would be drawn from another law than the queue's. The share still waiting is exact, the share of those
// in process needs particles: 400 strata, whose counts are off by a few.
TEST_F(WhereaboutsByHand, UnseenStartsFollowTheLawOfWaits) {
  compile_it();
  for (int i = 1; i <= 128; ++i) laws->wait[2].saw(i / 128.0);
  // Slow time: one lot in a mean process time, 10 minutes; none ahead: the reading at 8 minutes is 0.8.
  seen.phase = Phase::Waiting;
  seen.step = 1;
  const double waits = laws->wait[2].beyond(0.8);
  // All who started are in process still, having missed loading and its end.
  const double inside = (1.0 - waits) * Tools * Tools;
  EXPECT_NEAR(share(8 * WhereaboutsMinute, Phase::Waiting, 1), waits / (waits + inside), 1e-9);
  // At 15 minutes: started before the fifth minute are out. Weights by hand, to the width of one stratum.
  const double still = laws->wait[2].beyond(1.5), early = 1.0 - laws->wait[2].beyond(0.5);
  const double in = (1.0 - still - early) * Tools * Tools;
  const double out = early * std::pow(Tools, 4) * Fab;
  EXPECT_NEAR(share(15 * WhereaboutsMinute, Phase::Processing, 1), in / (still + in + out),
              1.0 / 32);
}

}  // namespace
}  // namespace twins::fab::track
