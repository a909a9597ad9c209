// If these failed, data and members would be lost without a word, or budgets, faults and localisation
// have no effect on a twin.
#include "twin/infer/craft/estimator_core.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "twin/contract/refusal.hpp"
#include "twin/contract/toy_walk.hpp"
#include "twin/infer/craft/example_twins.hpp"

namespace twin::infer {
namespace {

using contract::ToyWalk;
using EstimatorCoreWalkers = core::Ensemble<ToyWalk>;

TEST(EstimatorCore, NamesAndCountsWhatBecameOfEverything) {
  // Observations would be dropped in silence. One sensor of five components, one for each fate.
  const ToyWalk model;
  SensorTraits traits{.name = "five",
                      .noise = Noise::equal(5, 0.5),
                      .quality = {.gross = 8.0, .moderation = 1.0},
                      .lower = {-1e9, -1e9, -1e9, -1e9, 0.5}};
  const Sensor<ToyWalk> five{
      traits, [](const ToyWalk::State& x, std::span<const double>, std::span<double> out) {
        for (double& o : out) o = x.x[0];
      }};
  EnsembleEstimator<ToyWalk> estimator({.scheme = SerialScheme{}}, {five});
  EstimatorCoreWalkers belief = walkers<ToyWalk>(30);
  estimator.update(belief, seen(0, 0, {1.0, Nan, 100.0, 6.0, -3.0}), {1, 0xFFFFFFFF}, 0);
  EXPECT_EQ(estimator.report().fates,
            (std::vector{Fate::Used, Fate::Missing, Fate::Gross, Fate::Moderated, Fate::Censored}));
  EXPECT_EQ(estimator.memory().counts[0], (FateCounts{1, 1, 1, 1, 1, 0, 0, 0, 0}));
  EXPECT_EQ(estimator.report().present, 2U);
  EXPECT_GT(estimator.report().spread_before, estimator.report().spread_after);
}

TEST(EstimatorCore, ABudgetFromTheRecordBindsAndIsFlagged) {
  // A deadline would change the result without a trace; or a replay do other work.
  const Cart model;
  const auto run = [&] {
    SensorTraits traits{.name = "both", .noise = Noise::equal(2, 0.5)};
    CartTwin twin(
        model, {.seed = 1}, carts(),
        EnsembleEstimator<Cart>(
            {}, {Sensor<Cart>{traits, [](const Cart::State& s, auto, std::span<double> out) {
                                out[0] = s.x[0];
                                out[1] = s.x[1];
                              }}}));
    const WorkDecision d =
        decide({.per_member_observation = 1.0}, {.wanted = {14, 1, 2}, .least = {14, 1, 0}}, 20.0);
    twin.absorb(note_of(d, 0));
    twin.absorb(seen(0, 0, {2.0, 0.0}));
    return twin;
  };
  const CartTwin twin = run();
  // The variance of x[0] is the larger: it is what is taken in.
  EXPECT_EQ(twin.estimator().report().fates, (std::vector{Fate::Used, Fate::OverBudget}));
  EXPECT_TRUE(twin.estimator().report().limited);
  Exact exact;
  exact.see(0, 2.0, 0.5);
  EXPECT_LT((rows(twin.belief()).rowwise().mean() - exact.m).norm(), 1e-10);
  CartTwin replayed(model, twin.record().head(), carts(),
                    EnsembleEstimator<Cart>(twin.estimator()));
  EXPECT_EQ(run().belief(), twin.belief());
}

TEST(EstimatorCore, ReplacesLostMembersAndSaysSo) {
  // A member that failed would spoil all others, or vanish unseen.
  EstimatorCoreWalkers belief = walkers<ToyWalk>(20);
  belief.x[4].x[0] = Nan;
  belief.x[9].x[0] = std::numeric_limits<double>::infinity();
  EnsembleEstimator<ToyWalk> estimator({}, {thermometer<ToyWalk>({.noise = Noise::equal(1, 0.5)})});
  estimator.update(belief, seen(0, 0, {1.0}), {1, 0xFFFFFFFF}, 0);
  EXPECT_EQ(estimator.report().lost, 2U);
  EXPECT_EQ(estimator.memory().lost, 2U);
  for (const auto& x : belief.x) EXPECT_TRUE(std::isfinite(x.x[0]));
  EXPECT_NE(belief.x[4].x[0], belief.x[9].x[0]);
  EstimatorCoreWalkers gone = walkers<ToyWalk>(3);
  gone.x[0].x[0] = gone.x[1].x[0] = Nan;
  const auto before = estimator.memory();
  EXPECT_EQ(contract::refusal([&] {
              estimator.update(gone, seen(0, 0, {1.0}), {1, 0xFFFFFFFF}, 1);
            }),
            "1 of 3 members survive (at least 2 must)");
  EXPECT_EQ(estimator.memory(), before) << "refused, and yet remembered";
}

TEST(EstimatorCore, ExcludesASensorThatDrifts) {
  // A broken sensor would lead the belief astray; and a good one be blamed for it. From tick 50 on the
  // second sensor is 4 too high.
  const ToyWalk model;
  const FaultPolicy fault{.threshold = 12.0};
  SensorTraits a{.name = "a", .noise = Noise::equal(1, 0.5), .fault = fault};
  SensorTraits b{.name = "b", .noise = Noise::equal(1, 0.5), .fault = fault};
  core::Twin twin(
      model, {.seed = 11}, walkers<ToyWalk>(50),
      EnsembleEstimator<ToyWalk>({}, {thermometer<ToyWalk>(a), thermometer<ToyWalk>(b)}));
  const core::Draw hidden{.seed = 13, .member = TruthMember};
  auto truth = model.initial({}, hidden);
  Eigen::MatrixXd noise(2, 100);
  standard_normal(hidden, 77, 0, noise);
  for (int k = 1; k <= 100; ++k) {
    model.advance(truth, {}, k, hidden);
    twin.absorb(core::Advance{k});
    twin.absorb(seen(0, k, {truth.x[0] + std::sqrt(0.5) * noise(0, k - 1)}));
    const double drift = k > 50 ? 4.0 : 0.0;
    twin.absorb(seen(1, k, {truth.x[0] + drift + std::sqrt(0.5) * noise(1, k - 1)}));
    if (k == 50) {
      EXPECT_FALSE(twin.estimator().memory().faults[1].excluded());
    }
  }
  EXPECT_TRUE(twin.estimator().memory().faults[1].excluded());
  EXPECT_FALSE(twin.estimator().memory().faults[0].excluded());
  EXPECT_GT(twin.estimator().memory().counts[1][static_cast<std::size_t>(Fate::Excluded)], 35U);
}

TEST(EstimatorCore, LocalisesByADistanceOfTheUsers) {
  // An observation would move what the user said is too far; a parameter feels all.
  struct Spy {
    static double far(Eigen::Index v, std::uint32_t, Eigen::Index) { return v == 0 ? 0.0 : 9.0; }
    static double same(std::uint32_t, Eigen::Index, std::uint32_t, Eigen::Index) { return 0.0; }
  };
  for (const bool serial : {false, true}) {
    EstimatorOptions options;
    if (serial) options.scheme = SerialScheme{};
    options.localisation = {{.half_support = 1.0}, Spy::far, Spy::same};
    EnsembleEstimator<Cart> estimator(options, {ruler("slow", 0, 0.5)});
    auto belief = carts();
    for (auto& x : belief.x) x.x[1] += x.x[0];  // related, and yet too far
    const auto before = rows(belief);
    estimator.update(belief, seen(0, 0, {3.0}), {1, 0xFFFFFFFF}, 0);
    const auto after = rows(belief);
    EXPECT_LT((after.row(1) - before.row(1)).norm(), 1e-12);
    EXPECT_NEAR(after.row(0).mean(), 1.0 + 2.0 / 2.5 * 2.0, 1e-12);
    EXPECT_NEAR(covariance_of(after)(0, 0), 2.0 * 0.5 / 2.5, 1e-12);
  }
}

TEST(EstimatorCore, AddsModelErrorOfTheTimePassed) {
  // A model that is not right would be believed: variance per tick times ticks, in expectation; 2000
  // members, five standard errors.
  EstimatorOptions options;
  options.model_error = ModelError::diagonal(Eigen::VectorXd::Constant(1, 0.5));
  EnsembleEstimator<ToyWalk> estimator(options,
                                       {thermometer<ToyWalk>({.noise = Noise::equal(1, 1e12)})});
  EstimatorCoreWalkers belief = walkers<ToyWalk>(2000);
  const auto variance = [&] {
    Eigen::MatrixXd x(1, 2000);
    for (std::size_t j = 0; j < 2000; ++j) x(0, static_cast<Eigen::Index>(j)) = belief.x[j].x[0];
    return covariance_of(x)(0, 0);
  };
  const double before = variance();
  estimator.update(belief, seen(0, 0, {}), {1, 0xFFFFFFFF}, 0);
  EXPECT_EQ(variance(), before);
  for (auto& x : belief.x) x.now = 4;
  estimator.update(belief, seen(0, 4, {}), {1, 0xFFFFFFFF}, 1);
  // Var of the sum's sample variance: relative sqrt(2/N), and the cross term 2 sqrt(before 2.0/N).
  EXPECT_NEAR(variance(), before + 2.0,
              5.0 * (2.0 * std::sqrt(2.0 / 2000.0) + 2.0 * std::sqrt(before * 2.0 / 2000.0)));
}

TEST(EstimatorCore, SaysWhatIsWrong) {
  // Mistakes in options and data would come out as beliefs.
  using E = EnsembleEstimator<ToyWalk>;
  const auto made = [](EstimatorOptions o, SensorTraits t) {
    return contract::refusal([&] { E(std::move(o), {thermometer<ToyWalk>(std::move(t))}); });
  };
  EXPECT_EQ(made({}, {}), "accepted");
  EXPECT_EQ(contract::refusal([] { E({}, {}); }), "an estimator without a sensor");
  EXPECT_EQ(contract::refusal([] {
              E({}, {Sensor<ToyWalk>{{.name = "s"}, {}}});
            }),
            "sensor s has no prediction");
  EXPECT_EQ(made({.lost = {.replacement = Replacement::Drop}}, {}),
            "lost members of a twin cannot be dropped (members keep their numbers) replace them?");
  EXPECT_EQ(made({.threads = 0}, {}), "an estimator with 0 threads (needs at least 1)");
  EXPECT_EQ(made({.discount = 0.2}, {}),
            "discount = 0.2 of the parameters' kernel (must lie in (1/3, 1])");
  EXPECT_EQ(made({}, {.lower = {0.0}}),
            "sensor thermometer has limits of detection (only a serial scheme takes censored "
            "readings)");
  EXPECT_EQ(made({.localisation = EstimatorLocalisation{{.half_support = 1.0}, {}, {}}}, {}),
            "a localisation without both its distances");
  EXPECT_EQ(made({.localisation = EstimatorLocalisation{{.half_support = 0.0}, {}, {}}}, {}),
            "half support = 0 of the localisation (must be positive)");
  EXPECT_EQ(made({.inflation = MomentInflation{.variance = 0.0}}, {}),
            "variance = 0 of the inflation (must be positive and finite)");
  E good({.parameters = {{"bias", 0, 0.0, 1.0}}}, {thermometer<ToyWalk>()});
  EstimatorCoreWalkers belief = walkers<ToyWalk>(4, {0.1, 0.2, 0.3, 1.0});
  const auto refused = [&](const core::Observation& y) {
    return contract::refusal([&] { good.update(belief, y, {1, 0xFFFFFFFF}, 0); });
  };
  EXPECT_EQ(refused(seen(0, 0, {1.0})), "parameter bias of member 3 is 1 (must lie inside (0, 1))");
  EXPECT_EQ(refused(seen(1, 0, {1.0})), "observation of sensor 1 (there are 1)");
  EXPECT_EQ(refused(seen(0, 7, {1.0})), "observation of thermometer at 7 (the twin is at 0)");
  belief.log_weight[1] = -1.0;
  EXPECT_EQ(refused(seen(0, 0, {1.0})),
            "members of unequal weight (an ensemble filter needs equal ones) resample?");
  belief = walkers<ToyWalk>(4, {0.1, 0.2, 0.3, 0.4});
  E absent({.parameters = {{"shift", 5}}}, {thermometer<ToyWalk>()});
  EXPECT_EQ(contract::refusal([&] { absent.update(belief, seen(0, 0, {1.0}), {}, 0); }),
            "parameter shift is element 5 of theta (it has 1)");
  E biased({}, {thermometer<ToyWalk>({.bias = 3})});
  EXPECT_EQ(contract::refusal([&] { biased.update(belief, seen(0, 0, {1.0}), {}, 0); }),
            "the bias of sensor thermometer is element 3 of theta (it has 1)");
  EXPECT_EQ(
      contract::refusal([&] { good.admit(core::Note{.kind = "work-budget", .text = "all"}); }),
      "\"all\" is no work budget (must read \"members 40, iterations 1, observations 500, "
      "full\")");
}

}  // namespace
}  // namespace twin::infer
