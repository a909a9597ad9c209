// If these failed, a twin would learn from its sensors something else than a Kalman filter does, or
// lose data and members without a word.
#include "twin/infer/craft/ensemble_estimator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "twin/contract/check_estimator.hpp"
#include "twin/core/archive.hpp"
#include "twin/core/twin.hpp"
#include "twin/infer/craft/example_twins.hpp"
#include "twin/math/distributions.hpp"
#include "twin/score/spread_skill.hpp"

namespace twin::infer {
namespace {

using contract::ToyWalk;
using Walkers = core::Ensemble<ToyWalk>;

// The contract: every law of estimators.
auto contract_case() {
  auto c = contract::ensemble_case(20, [](unsigned threads) {
    SensorTraits traits{.noise = Noise::equal(1, ToyWalk{}.r), .quality = {.gross = 10.0}};
    return EnsembleEstimator<ToyWalk>({.threads = threads}, {thermometer<ToyWalk>(traits)});
  });
  c.accuracy = contract::Accuracy::ExactUpdate;
  c.on_infinite = contract::refuses(
      "component 0 of an observation of thermometer is inf (must be finite; nan where it is "
      "missing)");
  c.on_too_many = contract::refuses("observation of thermometer with 2 values (it shows 1)");
  c.on_single = contract::refuses("the ensemble has 1 member (its covariance needs at least 2)");
  return c;
}
TWIN_CHECK_ESTIMATOR(EnsembleEstimatorContract, contract_case);

TEST(EnsembleEstimator, LateDataAreWhatTheyWouldHaveBeenInOrder) {
  // An observation that comes late, or out of sequence, would be worth something else than in time:
  // against the Kalman filter that sees all in order. Delayed by one and by two ticks, one of them as a
  // Correction, with model noise between.
  const Cart model;
  for (const bool serial : {false, true}) {
    EstimatorOptions options;
    if (serial) options.scheme = SerialScheme{};
    CartTwin twin = cart_twin(model, options);
    twin.absorb(core::Advance{1});
    twin.absorb(seen(1, 1, {0.3}));
    twin.absorb(core::Advance{2});
    twin.absorb(seen(0, 2, {}));  // a look, so that tick 2 is remembered
    twin.absorb(core::Advance{3});
    twin.absorb(seen(1, 3, {-0.4}));
    twin.absorb(core::Correction{.now = seen(0, 1, {2.5})});
    twin.absorb(seen(0, 2, {1.5}));
    Exact exact;
    exact.step();
    exact.see(1, 0.3, 0.2);
    exact.see(0, 2.5, 0.5);
    exact.step();
    exact.see(0, 1.5, 0.5);
    exact.step();
    exact.see(1, -0.4, 0.2);
    const Eigen::MatrixXd x = rows(twin.belief());
    EXPECT_LT((x.rowwise().mean() - exact.m).norm(), 1e-10);
    EXPECT_LT((covariance_of(x) - exact.p).norm(), 1e-10);
    EXPECT_EQ(twin.estimator().memory().counts[0][0], 2U);
  }
}

TEST(EnsembleEstimator, WhatIsTooLateIsCounted) {
  // Old data would vanish, or be taken for new ones.
  const Cart model;
  CartTwin twin = cart_twin(model);
  twin.absorb(core::Advance{3});
  const auto before = twin.belief();
  twin.absorb(seen(0, 1, {2.5}));  // nobody looked at tick 1
  EXPECT_EQ(twin.estimator().report().fates, std::vector{Fate::Unplaced});
  twin.absorb(core::Correction{.amends = 0, .now = seen(0, 3, {2.5})});
  EXPECT_EQ(twin.estimator().report().fates, std::vector{Fate::Unplaced});
  EXPECT_EQ(twin.belief(), before);
  EXPECT_EQ(twin.estimator().memory().counts[0][static_cast<std::size_t>(Fate::Unplaced)], 2U);
}

TEST(EnsembleEstimator, FusesSensorsOfManyRates) {
  // Sensors with their own rates and delays would not add up to one belief: a schedule's arrivals, in
  // the order they come, against the Kalman filter in the order of looks.
  const Cart model;
  const std::vector<Timing> timings = {{.sensor = 0, .period = 2, .first = 1, .delay = 1},
                                       {.sensor = 1, .period = 1, .first = 1, .delay = 0}};
  CartTwin twin = cart_twin(model);
  const auto value = [](const Arrival& a) {
    return 0.3 * static_cast<double>(a.at) - static_cast<double>(a.sensor);
  };
  auto all = arrivals(timings, 0, 3);
  for (const Arrival& a : all) {
    if (rows(twin.belief()).size() > 0 && twin.belief().x[0].now < a.arrived) {
      twin.absorb(core::Advance{a.arrived});
    }
    twin.absorb(core::Observation{.at = a.at,
                                  .arrived = a.arrived,
                                  .sensor = a.sensor,
                                  .sensor_seq = a.sensor_seq,
                                  .values = {value(a)}});
  }
  Exact exact;
  for (core::Tick t = 1; t <= 3; ++t) {
    exact.step();
    for (const Arrival& a : all) {
      if (a.at == t) exact.see(a.sensor, value(a), a.sensor == 0 ? 0.5 : 0.2);
    }
  }
  EXPECT_EQ(all.size(), 4U);  // slow: seen at 1, known at 2; fast: three times
  EXPECT_LT((rows(twin.belief()).rowwise().mean() - exact.m).norm(), 1e-10);
  EXPECT_LT((covariance_of(rows(twin.belief())) - exact.p).norm(), 1e-10);
}

TEST(EnsembleEstimator, MembersOfSavedTwinGoOn) {
  // What the estimator remembers would be lost when a twin is saved and resumed.
  const Cart model;
  CartTwin whole = cart_twin(model, {.inflation = MomentInflation{}});
  const std::vector<core::Entry> entries = {core::Advance{1}, seen(1, 1, {0.3}), core::Advance{2},
                                            seen(0, 2, {0.1}), seen(0, 1, {2.5})};
  for (const auto& e : entries) whole.absorb(e);
  EnsembleEstimator<Cart> estimator({.inflation = MomentInflation{}},
                                    {ruler("slow", 0, 0.5, 5), ruler("fast", 1, 0.2, 5)});
  auto belief = carts();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (const auto* a = std::get_if<core::Advance>(&entries[i])) {
      for (auto& x : belief.x) model.advance(x, {}, a->until, {});
      continue;
    }
    const auto memory = core::load<EstimatorMemory>(core::save(estimator.memory()));
    EXPECT_EQ(memory, estimator.memory());
    estimator = EnsembleEstimator<Cart>({.inflation = MomentInflation{}},
                                        {ruler("slow", 0, 0.5, 5), ruler("fast", 1, 0.2, 5)});
    estimator.resume(memory);
    estimator.update(belief, std::get<core::Observation>(entries[i]), {1, 0xFFFFFFFF},
                     static_cast<std::uint32_t>(i));
  }
  EXPECT_EQ(belief, whole.belief());
}

TEST(EnsembleEstimator, LearnsParametersAndBiasWithinTheirBounds) {
  // A sensor's bias would be taken for the state, or a parameter leave its bounds: an unbiased sensor
  // and one that is 1.5 too high look at the same walk; theta = {a of the walk, bias}, the
  // bias kept within (0, 4).
  const ToyWalk model;
  std::vector<double> theta;
  const std::size_t members = 80;
  for (std::size_t j = 0; j < members; ++j) {
    theta.push_back(model.a);
    theta.push_back(0.05 + 3.9 * (static_cast<double>(j) + 0.5) / static_cast<double>(members));
  }
  SensorTraits biased{.name = "biased", .noise = Noise::equal(1, 0.5), .bias = 1};
  SensorTraits good{.name = "good", .noise = Noise::equal(1, 0.5)};
  core::Twin twin(
      model, {.seed = 11}, walkers<ToyWalk>(members, theta),
      EnsembleEstimator<ToyWalk>({.parameters = {{"bias", 1, 0.0, 4.0}}, .discount = 0.99},
                                 {thermometer<ToyWalk>(good), thermometer<ToyWalk>(biased)}));
  const core::Draw hidden{.seed = 12, .member = TruthMember};
  auto truth = model.initial({}, hidden);
  Eigen::MatrixXd noise(2, 200);
  standard_normal(hidden, 77, 0, noise);
  for (int k = 1; k <= 200; ++k) {
    model.advance(truth, {}, k, hidden);
    twin.absorb(core::Advance{k});
    const double root = std::sqrt(0.5);
    twin.absorb(seen(0, k, {truth.x[0] + root * noise(0, k - 1)}));
    twin.absorb(seen(1, k, {truth.x[0] + 1.5 + root * noise(1, k - 1)}));
  }
  const auto& after = twin.belief().theta;
  double mean = 0.0;
  for (std::size_t j = 0; j < members; ++j) {
    EXPECT_EQ(after[2 * j], model.a) << "no parameter of the filter";
    const double b = after[2 * j + 1];
    EXPECT_GT(b, 0.0);
    EXPECT_LT(b, 4.0);
    mean += b / static_cast<double>(members);
  }
  // The difference of the two readings alone has a standard error of 1/sqrt(200); what the kernel
  // forgets leaves about the last 100 of them. Five of sqrt(2)/sqrt(200).
  EXPECT_NEAR(mean, 1.5, 5.0 * std::sqrt(2.0 / 200.0)) << "seed 12";
}

TEST(EnsembleEstimator, IsAsSureAsItMayBe) {
  // Spread against skill over many independent walks: 1 if the belief is honest. 50 members; 600 walks
  // of 5 ticks; the score's own standard error.
  const ToyWalk model;
  score::SpreadSkill skill;
  for (std::uint64_t seed = 100; seed < 700; ++seed) {
    core::Twin twin(
        model, {.seed = seed}, core::initial_ensemble(model, 50, {}, {.seed = seed}),
        EnsembleEstimator<ToyWalk>({}, {thermometer<ToyWalk>({.noise = Noise::equal(1, 0.5)})}));
    const core::Draw hidden{.seed = seed, .member = TruthMember};
    auto truth = model.initial({}, hidden);
    for (core::Tick k = 1; k <= 5; ++k) {
      model.advance(truth, {}, k, hidden);
      twin.absorb(core::Advance{k});
      twin.absorb(seen(0, k, {model.observe(truth, hidden)}));
    }
    std::vector<double> x;
    for (const auto& s : twin.belief().x) x.push_back(s.x[0]);
    skill.add(x, truth.x[0]);
  }
  const auto answer = skill.answer().value();
  EXPECT_NEAR(answer.ratio, 1.0, 5.0 * answer.standard_error);
  EXPECT_GT(answer.ratio, 0.9);
  EXPECT_LT(answer.ratio, 1.15);
}

// A queue driven by events: work arrives in lumps and is done at rate 1. The vector is the work left;
// what follows from it, the end of the busy period, must be put right.
struct WorkQueue {
  struct State {
    core::Tick now = 0;
    std::uint32_t arrived = 0;
    core::Tick arrival_at = 0;
    std::array<double, 1> work = {};  // [tick], left at `now`
    core::Tick idle_at = 0;           // when it would be empty without another arrival
    bool operator==(const State&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("now", self.now);
      archive("arrived", self.arrived);
      archive("arrival_at", self.arrival_at);
      archive("work", self.work);
      archive("idle_at", self.idle_at);
    }
  };
  static double exponential(double mean, core::Draw draw, std::uint32_t what, std::uint32_t who) {
    return math::exponential(draw.uniform(what, who, 0), mean);
  }
  // theta = {mean between arrivals, mean work} [tick]
  [[nodiscard]] State initial(std::span<const double> theta, core::Draw draw) const {
    State s;
    s.arrival_at = 1 + static_cast<core::Tick>(exponential(theta[0], draw, 0, 0));
    return s;
  }
  void advance(State& s, std::span<const double> theta, core::Tick until, core::Draw draw) const {
    while (s.arrival_at <= until) {
      serve(s, s.arrival_at);
      ++s.arrived;
      s.work[0] += exponential(theta[1], draw, 1, s.arrived);
      s.arrival_at = s.now + 1 + static_cast<core::Tick>(exponential(theta[0], draw, 0, s.arrived));
      reconcile(s);
    }
    serve(s, until);
    reconcile(s);
  }
  static void serve(State& s, core::Tick at) {
    s.work[0] = std::max(0.0, s.work[0] - static_cast<double>(at - s.now));
    s.now = at;
  }
  static std::span<double> vector(State& s) { return s.work; }
  static void reconcile(State& s) {
    s.work[0] = std::max(0.0, s.work[0]);
    s.idle_at = s.now + static_cast<core::Tick>(std::ceil(s.work[0]));
  }
};

TEST(EnsembleEstimator, CorrectsAStateDrivenByEvents) {
  // Kalman methods would serve models stepped in time only; or leave a calendar that contradicts the
  // corrected state. A gauge of the work left (standard deviation 5) every 50 ticks, over 200 looks:
  // the root mean square error of the mean against that of the members left alone.
  const WorkQueue model;
  const std::vector<double> theta = {20.0, 17.0};
  std::vector<double> all;
  for (int j = 0; j < 60; ++j) all.insert(all.end(), theta.begin(), theta.end());
  const auto belief = core::initial_ensemble(model, 60, all, {.seed = 21});
  const Sensor<WorkQueue> gauge{
      {.name = "gauge", .noise = Noise::equal(1, 25.0)},
      [](const WorkQueue::State& s, auto, std::span<double> out) { out[0] = s.work[0]; }};
  core::Twin twin(model, {.seed = 21}, belief, EnsembleEstimator<WorkQueue>({}, {gauge}));
  core::Twin alone(model, {.seed = 21}, belief);
  const core::Draw hidden{.seed = 22, .member = TruthMember};
  auto truth = model.initial(theta, hidden);
  Eigen::MatrixXd noise(1, 200);
  standard_normal(hidden, 77, 0, noise);
  double with = 0.0, without = 0.0;
  const auto error = [&](const core::Ensemble<WorkQueue>& b) {
    double mean = 0.0;
    for (const auto& s : b.x) mean += s.work[0] / static_cast<double>(b.size());
    return (mean - truth.work[0]) * (mean - truth.work[0]);
  };
  for (int k = 1; k <= 200; ++k) {
    const core::Tick now = 50 * k;
    model.advance(truth, theta, now, hidden);
    twin.absorb(core::Advance{now});
    alone.absorb(core::Advance{now});
    twin.absorb(seen(0, now, {truth.work[0] + 5.0 * noise(0, k - 1)}));
    for (const auto& s : twin.belief().x) {
      ASSERT_GE(s.work[0], 0.0);
      ASSERT_EQ(s.idle_at, now + static_cast<core::Tick>(std::ceil(s.work[0])));
    }
    with += error(twin.belief());
    without += error(alone.belief());
  }
  EXPECT_LT(std::sqrt(with / 200.0), 5.0) << "no better than the gauge alone, seed 22";
  EXPECT_LT(with, 0.1 * without) << "seed 22";
}

}  // namespace
}  // namespace twin::infer
