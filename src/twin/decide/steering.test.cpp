// If these failed, metrology's capacity would go to lots that tell nothing, or a decision be taken blind.
#include "twin/decide/steering.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "twin/contract/refusal.hpp"
#include "twin/core/draw.hpp"
#include "twin/math/distributions.hpp"
#include "twin/math/statistics.hpp"
#include "twin/uq/linear_design.hpp"

namespace twin::decide {
namespace {

using contract::refusal;
constexpr std::uint64_t SteeringSeed = 20261207;

double z(std::uint32_t world, std::uint32_t what, std::uint32_t who, std::uint32_t occasion) {
  return math::normal(core::Draw{SteeringSeed, world}.uniform(what, who, occasion));
}

// An ensemble of `members` whose tools have offsets; candidates are lots that went through three tools
// each, with noises very unequal; questions are a KPI of all tools and the worst tool.
Steering fab(std::uint32_t world, std::size_t candidates, std::uint32_t members) {
  constexpr std::uint32_t Tools = 6;
  Steering s;
  for (std::uint32_t c = 0; c < candidates; ++c) {
    s.seen.emplace_back();
    s.noise.push_back(math::exp(z(world, 1, c, 0)));
    for (std::uint32_t m = 0; m < members; ++m) {
      double sum = 0.0;
      for (std::uint32_t k = 0; k < 3; ++k) {
        const auto tool =
            static_cast<std::uint32_t>(core::Draw{SteeringSeed, world}.uniform(2, c, k) *
                                       core::Draw{SteeringSeed, world}.uniform(3, c, k) * Tools);
        sum += (1.0 + tool) * z(world, 4, tool, m);
      }
      s.seen.back().push_back(sum);
    }
  }
  s.asked.resize(2);
  for (std::uint32_t m = 0; m < members; ++m) {
    double kpi = 0.0;
    for (std::uint32_t t = 0; t < Tools; ++t) kpi += z(world, 4, t, m);
    s.asked[0].push_back(kpi);
    s.asked[1].push_back(5.0 + 6.0 * z(world, 4, Tools - 1, m));
  }
  return s;
}

// ln det of a symmetric positive matrix, by elimination.
double log_det(std::vector<std::vector<double>> a) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum += std::log(a[i][i]);
    for (std::size_t r = i + 1; r < a.size(); ++r) {
      const double f = a[r][i] / a[i][i];
      for (std::size_t c = i; c < a.size(); ++c) a[r][c] -= f * a[i][c];
    }
  }
  return sum;
}
double covariance(const std::vector<double>& a, const std::vector<double>& b) {
  double ma = 0.0, mb = 0.0, sum = 0.0;
  const auto n = static_cast<double>(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) ma += a[i] / n, mb += b[i] / n;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - ma) * (b[i] - mb);
  return sum / (n - 1);
}
// Of these candidates' noisy values and these questions, jointly.
double log_det_of(const Steering& s, unsigned set, bool with_questions) {
  std::vector<const std::vector<double>*> rows;
  std::vector<double> noise;
  for (std::size_t i = 0; i < s.seen.size(); ++i) {
    if ((set >> i & 1U) != 0) rows.push_back(&s.seen[i]), noise.push_back(s.noise[i]);
  }
  for (std::size_t q = 0; with_questions && q < s.asked.size(); ++q)
    rows.push_back(&s.asked[q]), noise.push_back(0.0);
  std::vector<std::vector<double>> a(rows.size(), std::vector<double>(rows.size()));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < rows.size(); ++j)
      a[i][j] = covariance(*rows[i], *rows[j]) + (i == j ? noise[i] : 0.0);
  }
  return log_det(a);
}
// I(all that is uncertain; values): the determinant with noise by the one of noise alone.
double information_of(const Steering& s, unsigned set) {
  double noise = 0.0;
  for (std::size_t i = 0; i < s.seen.size(); ++i)
    noise += (set >> i & 1U) != 0 ? std::log(s.noise[i]) : 0.0;
  return 0.5 * (log_det_of(s, set, false) - noise);
}
// I(questions; values) = H(values) + H(questions) - H(both).
double information_on_asked(const Steering& s, unsigned set) {
  return 0.5 * (log_det_of(s, set, false) + log_det_of(s, 0, true) - log_det_of(s, set, true));
}
double variance_gone(const Steering& s, unsigned set, std::vector<double>* each = nullptr) {
  uq::LinearDesign d = uq::LinearDesign::of_members(s.seen, s.noise, s.asked);
  const double before = d.variance_left(), first = d.variance(0);
  for (std::size_t i = 0; i < s.seen.size(); ++i) {
    if ((set >> i & 1U) != 0) d.take(i);
  }
  if (each != nullptr) each->push_back(first - d.variance(0));
  return before - d.variance_left();
}
unsigned set_of(const std::vector<std::size_t>& order) {
  unsigned set = 0;
  for (const std::size_t i : order) set |= 1U << i;
  return set;
}
template <class F>
double best_of_four(std::size_t n, const F& value) {
  double best = 0.0;
  for (unsigned set = 0; set < 1U << n; ++set) {
    if (std::popcount(set) == 4) best = std::max(best, value(set));
  }
  return best;
}

// Wrong: the choice would be worth less than 63.2 % of the best one. 4 of 12 lots, all 495 choices, 60
// ensembles of 40 members; the value by determinants of covariances.
TEST(Steering, InformationKeepsItsBoundOnEveryInstance) {
  SCOPED_TRACE(SteeringSeed);
  double worst = 1.0;
  for (std::uint32_t w = 0; w < 60; ++w) {
    const Steering s = fab(w, 12, 40);
    const SteeringPlan plan = steer(s, Aim::Information, 4.0);
    ASSERT_EQ(plan.order.size(), 4U);
    EXPECT_EQ(plan.bound, uq::GreedyBound);
    EXPECT_NEAR(plan.value, information_of(s, set_of(plan.order)), 1e-9);
    const double best = best_of_four(12, [&](unsigned set) { return information_of(s, set); });
    EXPECT_GE(plan.value, uq::GreedyBound * best) << w;
    worst = std::min(worst, plan.value / best);
  }
  RecordProperty("worst_share_information", std::to_string(worst));
}

// Wrong: the other aims would not be what they say: information on the questions, variance that goes, the
// worth of a decision, each computed another way. Their shares of the best are shown; no bound is claimed.
TEST(Steering, OtherAimsAreWhatTheySay) {
  SCOPED_TRACE(SteeringSeed);
  double worst_asked = 1.0, worst_variance = 1.0, worst_decision = 1.0;
  for (std::uint32_t w = 0; w < 20; ++w) {
    Steering s = fab(1'000 + w, 12, 40);
    const SteeringPlan asked = steer(s, Aim::InformationOnAsked, 4.0);
    EXPECT_NEAR(asked.value, information_on_asked(s, set_of(asked.order)), 1e-8) << w;
    worst_asked = std::min(worst_asked, asked.value / best_of_four(12, [&](unsigned set) {
                                          return information_on_asked(s, set);
                                        }));
    const SteeringPlan variance = steer(s, Aim::Variance, 4.0);
    EXPECT_NEAR(variance.value, variance_gone(s, set_of(variance.order)), 1e-9);
    EXPECT_NEAR(variance.variance_before - variance.variance_after, variance.value, 1e-9);
    worst_variance = std::min(worst_variance, variance.value / best_of_four(12, [&](unsigned set) {
                                                return variance_gone(s, set);
                                              }));
    s.asked = {s.asked[1]};
    const SteeringPlan decision = steer(s, Aim::Decision, 4.0);
    double mean = 0.0;
    for (const double x : s.asked[0]) mean += x / 40.0;
    const auto worth = [&](unsigned set) {
      std::vector<double> gone;
      variance_gone(s, set, &gone);
      return worth_of_learning(mean, std::sqrt(std::max(0.0, gone[0])));
    };
    EXPECT_NEAR(decision.value, worth(set_of(decision.order)), 1e-9);
    worst_decision = std::min(worst_decision, decision.value / best_of_four(12, worth));
    EXPECT_EQ(asked.bound + variance.bound + decision.bound, 0.0);
  }
  EXPECT_GE(std::min({worst_asked, worst_variance, worst_decision}), 0.5);
  RecordProperty("worst_share_information_on_asked", std::to_string(worst_asked));
  RecordProperty("worst_share_variance", std::to_string(worst_variance));
  RecordProperty("worst_share_decision", std::to_string(worst_decision));
}

// Wrong: measuring would be worth another sum than what deciding afterwards gains. E max(0, -D') - max(0,
// -mean) by 10^6 normal draws, 5 standard errors.
TEST(WorthOfLearning, IsWhatDecidingLaterGains) {
  SCOPED_TRACE(SteeringSeed);
  for (const auto& [mean, moved] : {std::pair{0.5, 1.0}, {-2.0, 1.5}, {0.0, 0.3}, {3.0, 1.0}}) {
    math::Moments gain;
    for (std::uint32_t i = 0; i < 1'000'000; ++i) {
      const double later = mean + moved * z(0, 9, i, 0);
      gain.add(std::max(0.0, -later) - std::max(0.0, -mean));
    }
    EXPECT_NEAR(worth_of_learning(mean, moved), gain.mean(), 5.0 * gain.deviation() / 1e3);
  }
  EXPECT_EQ(worth_of_learning(1.0, 0.0), 0.0);
  EXPECT_EQ(worth_of_learning(100.0, 1.0), 0.0);  // it does not hang on it
}

// Wrong: a candidate that tells of the decision would be passed over for one that is uncertain but beside
// the point.
TEST(Steering, ADecisionLooksAtWhatItHangsOn) {
  Steering s;
  s.seen.resize(2);
  s.noise = {1.0, 1.0};
  s.asked.resize(1);
  for (std::uint32_t m = 0; m < 400; ++m) {
    s.seen[0].push_back(100.0 * z(5, 1, 0, m));  // most uncertain, and irrelevant
    s.seen[1].push_back(2.0 * z(5, 1, 1, m));
    s.asked[0].push_back(0.5 + z(5, 1, 1, m));
  }
  EXPECT_EQ(steer(s, Aim::Information, 1.0).order, std::vector<std::size_t>{0});
  EXPECT_EQ(steer(s, Aim::Decision, 1.0).order, std::vector<std::size_t>{1});
  EXPECT_EQ(steer(s, Aim::Variance, 1.0).order, std::vector<std::size_t>{1});
  EXPECT_EQ(steer(s, Aim::InformationOnAsked, 1.0).order, std::vector<std::size_t>{1});
  for (double& x : s.asked[0]) x += 1e6;  // clear beforehand: nothing is worth a measurement
  EXPECT_TRUE(steer(s, Aim::Decision, 1.0).order.empty());
}

// Wrong: a budget would be overrun, what is measured anyway be charged or chosen twice, weights not count.
TEST(Steering, KeepsBudgetAndWhatIsFixed) {
  SCOPED_TRACE(SteeringSeed);
  Steering s = fab(7, 12, 40);
  const std::vector<std::size_t> fixed = {3, 8};
  for (const Aim aim : {Aim::Information, Aim::InformationOnAsked, Aim::Variance}) {
    const SteeringPlan plan = steer(s, aim, 3.0, fixed);
    EXPECT_EQ(plan.order.size(), 3U);
    for (const std::size_t i : plan.order) EXPECT_TRUE(i != 3 && i != 8);
    EXPECT_EQ(plan.cost, 3.0);
  }
  EXPECT_EQ(steer(s, Aim::Information, 99.0, fixed).order.size(), 10U);
  EXPECT_TRUE(steer(s, Aim::Information, 0.5).order.empty());
  s.cost.assign(12, 1.0);
  s.cost[0] = 0.25;
  const SteeringPlan priced = steer(s, Aim::Information, 2.3, fixed);
  EXPECT_LE(priced.cost, 2.3);
  EXPECT_EQ(priced.bound, uq::GreedyBudgetBound);
  for (const std::size_t i : priced.order) EXPECT_TRUE(i != 3 && i != 8);
  s.cost.clear();
  s.weight = {1e-9, 1.0};
  Steering second = s;
  second.weight.clear();
  second.asked = {s.asked[1]};
  EXPECT_EQ(steer(s, Aim::Variance, 3.0).order, steer(second, Aim::Variance, 3.0).order);
}

// Wrong: members that are missing, or a question that is not there, would steer.
TEST(Steering, RefusesNonsense) {
  const Steering good = fab(1, 3, 5);
  const auto with = [&](Aim aim, auto change) {
    Steering s = good;
    change(s);
    return refusal([&] { steer(s, aim, 1.0); });
  };
  EXPECT_EQ(with(Aim::Variance, [](Steering&) {}), "accepted");
  EXPECT_EQ(with(Aim::Variance, [](Steering& s) { s.seen.clear(); }),
            "no candidates (needs at least one to measure)");
  EXPECT_EQ(with(Aim::Decision, [](Steering&) {}),
            "2 questions (a decision hangs on one difference, other aims on at least one)");
  EXPECT_NE(with(Aim::InformationOnAsked, [](Steering& s) { s.asked.clear(); }), "accepted");
  EXPECT_NE(with(Aim::Variance, [](Steering& s) { s.seen[1].pop_back(); }), "accepted");
  EXPECT_NE(with(Aim::Variance, [](Steering& s) { s.asked[1][0] = std::nan(""); }), "accepted");
  EXPECT_NE(with(Aim::Variance, [](Steering& s) { s.noise[0] = 0.0; }), "accepted");
  EXPECT_NE(with(Aim::Variance, [](Steering& s) { s.cost = {1.0}; }), "accepted");
  EXPECT_NE(with(Aim::Variance, [](Steering& s) { s.cost = {1.0, 0.0, 1.0}; }), "accepted");
  EXPECT_NE(with(Aim::Variance, [](Steering& s) { s.weight = {1.0}; }), "accepted");
  EXPECT_EQ(with(Aim::Information, [](Steering& s) { s.asked.clear(); }), "accepted");
}

}  // namespace
}  // namespace twin::decide
