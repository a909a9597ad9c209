// If these failed, what the twin learns about its promises and about those who follow them would not be so. Bounds
// are 4.9 standard errors: one false alarm in a million each.
#include "twin/people/operators.hpp"

#include <gtest/gtest.h>

#include <map>

#include "twin/people/learning_json.hpp"

namespace twin::people::toy {
namespace {

constexpr double Alarm = 4.9;
constexpr World Calibrated{.seed = 20'261'129}, Boasting{.seed = 20'261'129, .boast = 2.0};
enum : std::size_t { AcceptsAll, RejectsAll, Slow, Biased, Honest };

const Shift& shift(const World& world, std::size_t op) {
  static std::map<std::pair<double, std::size_t>, Shift> all;
  auto at = all.find({world.boast, op});
  if (at == all.end())
    at = all.emplace(std::pair(world.boast, op), worked(world, Operators[op])).first;
  return at->second;
}
template <class F>
void for_each_shift(F f) {
  for (const World& world : {Calibrated, Boasting}) {
    for (std::size_t op = 0; op < Operators.size(); ++op) {
      SCOPED_TRACE(std::string(Operators[op].name) + ", boast " + std::to_string(world.boast) +
                   ", seed " + std::to_string(world.seed));
      f(world, op, shift(world, op));
    }
  }
}
double phi(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

// Hidden from People: what was done with a case, and what a replay would show of it.
Response response(const Instance& c) {
  return !c.in_time          ? Response::Lapsed
         : c.choice.approves ? Response::Followed
                             : Response::Overruled;
}
Effect effect(const Instance& c) {
  const double half = Z * ReplayDeviation;
  return c.truth.replayed > half    ? Effect::Helped
         : c.truth.replayed < -half ? Effect::Harmed
                                    : Effect::Unclear;
}

TEST(Operators, AcceptanceIsCountedExactly) {
  for_each_shift([](const World& world, std::size_t op, const Shift& s) {
    std::map<std::string, std::array<std::uint64_t, 3>> truth;  // by class: approved, no, expired
    for (const Instance& c : s.cases) {
      const std::size_t what = !c.in_time ? 2 : c.choice.approves ? 0 : 1;
      ++truth[""][what];
      ++truth[c.kind][what];
    }
    const auto same = [&](const Tally& tally, const std::string& kind) {
      const auto& t = truth[kind];
      EXPECT_EQ(tally.at(Stage::Proposed), t[0] + t[1] + t[2]);
      EXPECT_EQ(tally.at(Stage::Approved), t[0]);
      EXPECT_EQ(tally.at(Stage::Verified), t[0]);
      EXPECT_EQ(tally.at(Stage::Rejected), t[1]);
      EXPECT_EQ(tally.at(Stage::Expired), t[2]);
      const TallyView view = view_of(tally, kind);
      EXPECT_EQ(view.accepted.count, t[0]);
      EXPECT_EQ(view.accepted.of, t[0] + t[1]);
    };
    const Learning& learning = s.people.learning();
    same(learning.all(), "");
    ASSERT_EQ(learning.classes().size(), 2U);
    for (const auto& [kind, tally] : learning.classes()) same(tally, kind);
    if (op == AcceptsAll) {
      EXPECT_EQ(truth[""][0], world.cases);
    }
    if (op == RejectsAll) {
      EXPECT_EQ(truth[""][1], world.cases);
    }
    if (op == Biased) {
      EXPECT_EQ(truth[Disliked][0], 0U);
      const Tally& all = learning.all();
      EXPECT_EQ(all.reasons.at({Step::Reject, Reason::KnownConstraint}), truth[""][1]);
    }
  });
}

TEST(Operators, TheSlowOnesTimesAndExpiriesAreThoseOfTheirLaw) {
  const Shift& s = shift(Calibrated, Slow);
  const Tally& tally = s.people.learning().all();
  const double n = Calibrated.cases;
  const double late = std::exp(-static_cast<double>(Lifetime) / SlowMean);
  EXPECT_NEAR(static_cast<double>(tally.at(Stage::Expired)), n * late,
              Alarm * std::sqrt(n * late * (1.0 - late)));
  std::vector<core::Tick> waits;
  for (const Instance& c : s.cases) {
    if (c.in_time) waits.push_back(c.choice.after_ms);
  }
  std::ranges::sort(waits);
  const auto median = static_cast<double>(waits[(waits.size() + 1) / 2 - 1]);
  EXPECT_NEAR(static_cast<double>(*tally.waits.quantile(0.5)), median, median / 16.0 + 1.0);
  // Those who never came to decide are not in it: the law's own median is longer.
  EXPECT_LT(median, SlowMean * std::numbers::ln2);
}

TEST(Operators, PromisesAreFoundToHoldOrNot) {
  for_each_shift([](const World& world, std::size_t, const Shift& s) {
    const Held& held = s.people.learning().all().held;
    ASSERT_EQ(held.count, world.cases);
    EXPECT_NEAR(held.nominal, 0.9 * world.cases, 1e-9 * world.cases);
    // Given what is expected, a replay finds N(expected, PromiseDeviation); the interval stands (boast - 1) * expected
    // beside its middle.
    double mean = 0.0, variance = 0.0;
    for (const Instance& c : s.cases) {
      const double aside = (c.promised - c.truth.expected) / PromiseDeviation;
      const double p = phi(Z + aside) - phi(-Z + aside);
      mean += p;
      variance += p * (1.0 - p);
    }
    const auto inside = static_cast<double>(held.inside);
    EXPECT_NEAR(inside, mean, Alarm * std::sqrt(variance));
    const double right = 0.9 * world.cases;
    const double least = right - Alarm * std::sqrt(0.1 * right);
    if (world.boast == 1.0) {
      EXPECT_NEAR(mean, right, 1e-6);
      EXPECT_GE(inside, least);
    } else {
      EXPECT_LT(inside, least);
      const Portion told = view_of(s.people.learning().all()).held;
      EXPECT_LT(*told.high, 0.9) << "the bounds that people see say so too";
    }
  });
}

TEST(Operators, WhatPromisesAreWorthIsFound) {
  for_each_shift([](const World& world, std::size_t, const Shift& s) {
    const Tally& tally = s.people.learning().all();
    ASSERT_EQ(tally.measures.size(), 1U);
    const Gains& gains = tally.measures[0].gains;
    double squares = 0.0, sum = 0.0;
    for (const Instance& c : s.cases) {
      squares += c.promised * c.promised;
      sum += c.promised;
    }
    const double n = world.cases;
    const double error = PromiseDeviation / std::sqrt(squares);
    EXPECT_NEAR(gains.slope()->value, 1.0 / world.boast, Alarm * error);
    EXPECT_LT(Alarm * error, 0.25) << "1 and 0.5 are told apart";
    EXPECT_NEAR(*gains.slope()->error / error, 1.0, Alarm / std::sqrt(2.0 * (n - 1.0)));
    const double bias = sum / n * (1.0 / world.boast - 1.0);
    EXPECT_NEAR(gains.bias()->value, bias, Alarm * PromiseDeviation / std::sqrt(n));
  });
}

TEST(Operators, RelianceIsThatOfTheHiddenTruth) {
  for_each_shift([](const World&, std::size_t op, const Shift& s) {
    std::map<std::string, Reliance> truth;
    std::uint64_t useless = 0, wrongly_helped = 0;  // of what brings nothing
    for (const Instance& c : s.cases) {
      for (const std::string& kind : {std::string(), c.kind})
        ++truth[kind]
              .cases[static_cast<std::size_t>(response(c))][static_cast<std::size_t>(effect(c))];
      if (c.truth.brings > 0.0) continue;
      ++useless;
      if (effect(c) == Effect::Helped) ++wrongly_helped;
    }
    const Learning& learning = s.people.learning();
    EXPECT_EQ(learning.all().reliance, truth[""]);
    for (const auto& [kind, tally] : learning.classes()) EXPECT_EQ(tally.reliance, truth[kind]);
    // What is called helpful is so: the replay's error must be beyond 1.645 of its deviations.
    const auto n = static_cast<double>(useless);
    EXPECT_GT(n, 50.0);
    EXPECT_LE(static_cast<double>(wrongly_helped), 0.05 * n + Alarm * std::sqrt(0.05 * 0.95 * n));
    const TallyView all = view_of(learning.all());
    if (op == AcceptsAll) {
      EXPECT_EQ(all.over_reliance.share, 1.0);
      EXPECT_EQ(all.under_reliance.share, 0.0);
    }
    if (op == RejectsAll) {
      EXPECT_EQ(all.over_reliance.share, 0.0);
      EXPECT_EQ(all.under_reliance.share, 1.0);
    }
    if (op == Slow) {
      EXPECT_EQ(all.under_reliance.share, 0.0) << "who comes late overrules nothing";
    }
    if (op == Biased) {
      const TallyView disliked = view_of(learning.classes().at(Disliked));
      EXPECT_EQ(disliked.under_reliance.share, 1.0);
    }
  });
}

TEST(Operators, WhoSeesSomethingReliesBetterThanWhoIsBlind) {
  // Where a replay shows harm, the truth is below zero but for one case in twenty, and symmetric noise turns the sign
  // of what somebody sees in less than half of all cases.
  const TallyView honest = view_of(shift(Calibrated, Honest).people.learning().all());
  EXPECT_LT(*honest.over_reliance.high, 0.5);
  EXPECT_LT(*honest.under_reliance.high, 0.5);
  const TallyView boasted = view_of(shift(Boasting, Honest).people.learning().all());
  EXPECT_EQ(honest.over_reliance, boasted.over_reliance) << "who does not read promises is not led";
}

TEST(Operators, ABoastLeadsThoseWhoBelieveIt) {
  // The biased accept what promises more than a limit: of the same actions, more pass when more is promised.
  const TallyView plain =
      view_of(shift(Calibrated, Biased).people.learning().classes().at("prefer"));
  const TallyView led = view_of(shift(Boasting, Biased).people.learning().classes().at("prefer"));
  EXPECT_GT(led.accepted.count, plain.accepted.count);
  EXPECT_GE(led.over_reliance.count, plain.over_reliance.count);
}

}  // namespace
}  // namespace twin::people::toy
