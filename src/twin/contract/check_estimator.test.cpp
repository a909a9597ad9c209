// If these failed, a broken estimator could pass the contract. Every check is shown the faults it is
// for.
#include "twin/contract/check_estimator.hpp"

#include <gmock/gmock.h>

namespace twin::contract {
namespace {

using testing::HasSubstr;

// The exact filter of ToyWalk as a belief of its own.
struct Exact {
  core::Tick now = 0;
  double mean = 0.0, variance = 0.0;
  bool operator==(const Exact&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("now", self.now);
    archive("mean", self.mean);
    archive("variance", self.variance);
  }
};

enum class EstimatorFault { None, Forgets, GainTooLarge, TakesNan, TooSure };

template <EstimatorFault F = EstimatorFault::None>
EstimatorCase<Exact> kalman() {
  EstimatorCase<Exact> c;
  c.accuracy = Accuracy::Exact;
  const ToyWalk walk = c.walk;
  c.prior = [walk](core::Draw) { return Exact{0, walk.start.mean, walk.start.variance}; };
  c.forecast = [walk](Exact& b, core::Tick until, core::Draw) {
    for (; b.now < until; ++b.now) {
      const Normal next = walk.forecast({b.mean, b.variance});
      b.mean = next.mean;
      b.variance = next.variance;
    }
  };
  c.estimator = [walk](unsigned) {
    return [walk, updates = 0](Exact& b, const core::Observation& y, core::Draw,
                               std::uint32_t) mutable {
      if (y.values.size() > 1) {
        throw core::Error(std::to_string(y.values.size()) +
                          " values were observed (the sensor has 1)");
      }
      if (y.values.empty()) return;
      if (std::isinf(y.values[0])) throw core::Error("observation 0 is inf (must be finite)");
      if (F != EstimatorFault::TakesNan && std::isnan(y.values[0])) return;
      Normal next = walk.updated({b.mean, b.variance}, y.values[0]);
      ++updates;
      if (F == EstimatorFault::Forgets) next.mean += 1e-6 * updates;
      if (F == EstimatorFault::GainTooLarge) next.mean += 1e-9;
      if (F == EstimatorFault::TooSure) next.variance *= 0.4;
      b.mean = next.mean;
      b.variance = next.variance;
    };
  };
  c.moments = [](const Exact& b) { return Normal{b.mean, b.variance}; };
  c.sample = [](const Exact& b, core::Draw draw, std::uint32_t k) {
    return b.mean + std::sqrt(b.variance) * box_muller(draw.block(0xC0FFEE, 0, k));
  };
  c.on_absurd = {Outcome::Kind::GivesNumbers, {}};
  return c;
}

// The sound filter passes all of them, by the one line that every estimator writes.
TWIN_CHECK_ESTIMATOR(ExactFilter, kalman<>);

// Importance weights only, in the plainest form; and what can be wrong with them.
template <EstimatorFault F = EstimatorFault::None>
struct Weigher {
  void update(core::Ensemble<ToyWalk>& b, const core::Observation& y, core::Draw,
              std::uint32_t) const {
    if (y.values.size() > 1) throw core::Error("2 values were observed (the sensor has 1)");
    if (y.values.empty() || std::isnan(y.values[0])) return;
    if (std::isinf(y.values[0])) throw core::Error("observation 0 is inf (must be finite)");
    const double sharper = F == EstimatorFault::TooSure ? 3.0 : 1.0;
    auto weight = b.log_weight;
    bool alive = false;
    for (std::size_t i = 0; i < b.size(); ++i) {
      weight[i] += sharper * ToyWalkSensor{}.log_likelihood(b.x[i], y.values);
      if (F == EstimatorFault::GainTooLarge) weight[i] -= 1.0 * static_cast<double>(i);
      alive = alive || std::isfinite(weight[i]);
    }
    if (alive) b.log_weight = weight;
  }
};

template <EstimatorFault F = EstimatorFault::None>
auto weigher() {
  return ensemble_case(1000, [](unsigned) { return Weigher<F>{}; });
}

TWIN_CHECK_ESTIMATOR(ImportanceWeights, weigher<>);

TEST(CheckEstimator, SeesAHiddenCounter) {
  EXPECT_THAT(check_same_update(kalman<EstimatorFault::Forgets>()),
              HasSubstr("seen other things: mean"));
  EXPECT_THAT(check_saved(kalman<EstimatorFault::Forgets>()), HasSubstr("resumed: mean"));
}

TEST(CheckEstimator, SeesAWrongMean) {
  EXPECT_THAT(check_against_kalman(kalman<EstimatorFault::GainTooLarge>()),
              HasSubstr("the mean of cycle 1 is"));
}

TEST(CheckEstimator, SeesAWrongVariance) {
  EXPECT_THAT(check_against_kalman(kalman<EstimatorFault::TooSure>()),
              HasSubstr("the variance of cycle 1"));
  EXPECT_THAT(check_ranks(kalman<EstimatorFault::TooSure>()), HasSubstr("chi-square of the ranks"));
  EXPECT_THAT(check_against_kalman(weigher<EstimatorFault::TooSure>()), HasSubstr("over runs is"));
  EXPECT_THAT(check_ranks(weigher<EstimatorFault::TooSure>()),
              HasSubstr("chi-square of the ranks"));
}

TEST(CheckEstimator, SeesMembersFavouredByTheirPlace) {
  EXPECT_THAT(check_order(weigher<EstimatorFault::GainTooLarge>()),
              HasSubstr("of reversed members"));
}

TEST(CheckEstimator, SeesANanThatWentIn) {
  EXPECT_THAT(check_outcomes(kalman<EstimatorFault::TakesNan>()), HasSubstr("NaN: mean"));
}

TEST(CheckEstimator, SeesAnotherRefusal) {
  auto c = kalman<>();
  c.on_infinite = refuses("no");
  EXPECT_THAT(check_outcomes(c), HasSubstr("infinity: 'observation 0 is inf"));
  c = kalman<>();
  c.on_absurd = {};
  EXPECT_THAT(check_outcomes(c), HasSubstr("1e200: mean"));
  c.on_absurd = {Outcome::Kind::Refuses, "too far"};
  EXPECT_THAT(check_outcomes(c), HasSubstr("1e200: 'accepted', not 'too far'"));
}

TEST(CheckEstimator, SeesThreadsAndAFoldThatIsAnother) {
  auto c = weigher<>();
  const auto plain = c.estimator;
  c.estimator = [plain](unsigned threads) {
    return [plain, threads](core::Ensemble<ToyWalk>& b, const core::Observation& y, core::Draw d,
                            std::uint32_t o) {
      plain(1)(b, y, d, o);
      b.log_weight[0] += 1e-9 * threads;
    };
  };
  EXPECT_THAT(check_estimator_threads(c), HasSubstr("2 threads: log_weight"));
  EXPECT_THAT(check_fold(c), HasSubstr("absorbed: log_weight"));
}

// A case in which nothing happens would pass every check.
TEST(CheckEstimator, RefusesACaseThatChecksNothing) {
  auto c = kalman<>();
  c.estimator = [](unsigned) {
    return [](Exact&, const core::Observation&, core::Draw, std::uint32_t) {};
  };
  EXPECT_THAT(check_same_update(c), HasSubstr("checks nothing"));
}

}  // namespace
}  // namespace twin::contract
