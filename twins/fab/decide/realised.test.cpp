// If this failed, the twin would tell people that its advice had helped when luck had, and learn from it.
#include "twins/fab/decide/realised.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "twin/math/statistics.hpp"
#include "twins/fab/decide/rank_anew.hpp"
#include "twins/fab/decide/scene.hpp"

namespace twins::fab::decide {
namespace {

// A fab of its own luck: what is known of it at the decision, and what it comes to under either rule.
struct Fate {
  State seen;
  Outcome standing, other;
};

struct World {
  std::shared_ptr<const Layout> layout = example_fab();
  std::unique_ptr<AnyFab> fifo = make_fab(layout, "fifo"), edd = make_fab(layout, "edd");
  std::vector<double> theta = layout->nominal_theta();
  Tick now = 10 * Scene::Day, end = now + 72 * Scene::Hour;
  Outlook outlook;

  World() {
    const State x = lived(1);
    outlook = learn_outlook(*fifo, Mirror(*fifo).follow(x), {}, {2, 40.0, 3, 2});
  }
  [[nodiscard]] State lived(std::uint64_t seed) const {
    State x = fifo->initial(theta, {seed, 0});
    fifo->advance(x, theta, now, {seed, 0});
    return x;
  }
  [[nodiscard]] Fate fate(std::uint64_t seed) const {
    const twin::core::Draw draw{seed, 0};
    const State x = lived(seed);
    State a = x, b = x;
    fifo->advance(a, theta, end, draw);
    rank_anew(*edd, b);
    edd->advance(b, theta, end, draw);
    return {Mirror(*fifo).follow(x), outcome_of(*layout, outlook, x, a),
            outcome_of(*layout, outlook, x, b)};
  }
  [[nodiscard]] Rollouts rollouts(const Fate& f) const {
    RolloutsAsked asked;
    asked.now = f.seen.now;
    asked.standing = "fifo";
    asked.seed = 77;
    asked.outlook = outlook;
    return {layout, f.seen, {}, {{"as it is", "", {}}, {"rule edd", "edd", {}}}, asked};
  }
};

TEST(Realised, IntervalsHoldWhatTheOtherLifeWouldHaveBrought) {
  const World w;
  constexpr int Fates = 24;
  int inside = 0, below = 0;
  twin::math::Moments with, without, explained;
  for (std::uint64_t seed = 1; seed <= Fates; ++seed) {
    const Fate f = w.fate(seed);
    const double truth = f.standing.tardy_hours - f.other.tardy_hours;
    Rollouts rollouts = w.rollouts(f);
    const Realised r = realised(rollouts, f.other, {.pairs = 30}, 2);
    ASSERT_EQ(r.members, 30U);
    inside += r.low <= truth && truth <= r.high ? 1 : 0;
    below += truth < r.mean ? 1 : 0;
    with.add((truth - r.mean) * (truth - r.mean));
    explained.add(r.explained);
    twin::math::Moments plain;
    for (std::size_t k = 0; k < r.members; ++k)
      plain.add(rollouts.outcomes(0)[k].tardy_hours - rollouts.outcomes(1)[k].tardy_hours);
    without.add((truth - plain.mean()) * (truth - plain.mean()));
  }
  // Of 24 at 0.9: below 15 with probability 5e-5 (binomial); of fair sides 22 or more on one with 4e-5.
  EXPECT_GE(inside, 15) << "seeds 1 to " << Fates;
  EXPECT_LE(std::abs(below - Fates / 2), 9);
  // What was lived must tell something of what was not, or it need not be looked at.
  EXPECT_LT(with.mean(), without.mean());
  EXPECT_GT(explained.mean(), 0.0);
  RecordProperty("rms_with", std::to_string(std::sqrt(with.mean())));
  RecordProperty("rms_without", std::to_string(std::sqrt(without.mean())));
  RecordProperty("inside", inside);
}

TEST(Realised, SaysTheOppositeOfTheOtherLife) {
  const World w;
  const Fate f = w.fate(3);
  Rollouts rollouts = w.rollouts(f);
  const Realised a = realised(rollouts, f.other, {.pairs = 30}, 1);
  const Realised b = realised(rollouts, f.standing, {.lived = 0, .other = 1, .pairs = 30}, 3);
  EXPECT_LT(a.low, a.mean);
  EXPECT_LT(a.mean, a.high);
  // Both are told of one fab: the gain of the one life is the loss of the other, within both doubts.
  EXPECT_LT(std::abs(a.mean + b.mean), (a.high - a.low + b.high - b.low) / 2.0);
  EXPECT_EQ(realised(rollouts, f.other, {.pairs = 30}, 4).mean, a.mean);
}

TEST(Realised, DoesNotTrustALifeThatNoMemberCouldLive) {
  const World w;
  const Fate f = w.fate(4);
  Rollouts rollouts = w.rollouts(f);
  const Realised like = realised(rollouts, f.other, {.pairs = 30}, 2);
  Outcome strange = f.other;
  strange.out += 500.0;
  strange.cycle_hours *= 3.0;
  const Realised unlike = realised(rollouts, strange, {.pairs = 30}, 2);
  EXPECT_GT(like.likeness, 1e-4);
  EXPECT_LT(unlike.likeness, 1e-6);
  EXPECT_GT(unlike.high - unlike.low, 3.0 * (like.high - like.low));
}

}  // namespace
}  // namespace twins::fab::decide
