// If these failed, the serial local filter would not be a Kalman filter where it should be one, or
// would move what lies out of reach.
#include "twin/infer/craft/serial.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "twin/contract/refusal.hpp"
#include "twin/infer/craft/correlation.hpp"
#include "twin/infer/ensemble/example.hpp"

namespace twin::infer {
namespace {

constexpr core::Draw SerialSeed{.seed = 3, .member = 0};

SerialObservations of(const Example& e) { return {.observed = e.hx(), .y = e.y, .readings = {}}; }

struct Ring {  // 12 variables, each observed, 8 members
  Example e = random_example(12, 12, 8, 5);
  Noise noise = Noise::diagonal(e.r.diagonal());
  Ring() { e.h.setIdentity(); }
  [[nodiscard]] std::vector<Reach> reaches(double half_support) const {
    return ring_reaches(12, Eigen::VectorXd::LinSpaced(12, 0.0, 11.0),
                        {.half_support = half_support, .least_weight = 1e-3});
  }
};

TEST(Serial, WithoutLocalisationIsTheKalmanFilter) {
  // The two steps of Anderson would not add up to one update; correlated errors included.
  Example e = random_example(4, 3, 8, 11);
  e.r << 0.5, 0.2, 0.0, 0.2, 0.6, -0.1, 0.0, -0.1, 0.7;
  const KalmanAnswer k = kalman_answer(e);
  for (const Order order : {Order::AsGiven, Order::Random}) {
    Eigen::MatrixXd x = e.x;
    const Innovation i =
        analyse_serially({.order = order}, {}, of(e), Noise::full(e.r), SerialSeed, 0, x);
    EXPECT_LT((x.rowwise().mean() - k.mean).norm(), 1e-10);
    EXPECT_LT((covariance_of(x) - k.covariance).norm(), 1e-10);
    EXPECT_NEAR(i.chi_square, k.chi_square, 1e-10);
    EXPECT_NEAR(i.log_likelihood, k.log_likelihood, 1e-10);
    EXPECT_EQ(i.observations, 3);
  }
}

TEST(Serial, WithoutLocalisationIsTheTransformOfItsKind) {
  // The two ways to write the serial filter would differ member by member.
  const Ring ring;
  Eigen::MatrixXd x = ring.e.x, y = ring.e.x;
  analyse_serially({}, ring.reaches(1e9), of(ring.e), ring.noise, SerialSeed, 0, x);
  analyse({.filter = Filter::SerialEnsrf}, ring.e.hx(), ring.e.y, ring.noise, SerialSeed, 0, y);
  EXPECT_LT((x - y).cwiseAbs().maxCoeff(), 1e-10);
}

TEST(Serial, PerturbedMembersHaveTheKalmanMean) {
  // One observation: each member moves by the gain of its own perturbed reading, whose mean is y.
  const Example e = random_example(5, 1, 9, 12);
  const KalmanAnswer k = kalman_answer(e);
  Eigen::MatrixXd x = e.x, y = e.x;
  const Noise noise = Noise::full(e.r);
  analyse_serially({.filter = SerialFilter::Perturbed}, {}, of(e), noise, SerialSeed, 4, x);
  EXPECT_LT((x.rowwise().mean() - k.mean).norm(), 1e-10);
  analyse({.filter = Filter::PerturbedEnkf}, e.hx(), e.y, noise, SerialSeed, 4, y);
  EXPECT_LT((x - y).norm(), 1e-10);
}

TEST(Serial, OneObservationMovesByTheTaperedGain) {
  // The taper would fall elsewhere than on the gain (Whitaker, Hamill 2002).
  Ring ring;
  ring.e.h = Eigen::MatrixXd::Identity(12, 12).row(3).eval();
  ring.e.y = ring.e.y.head(1).eval();
  ring.e.r = ring.e.r.topLeftCorner(1, 1).eval();
  const auto reaches = ring_reaches(12, Eigen::VectorXd::Constant(1, 3.0), {.half_support = 1.5});
  Eigen::MatrixXd x = ring.e.x;
  analyse_serially({}, reaches, of(ring.e), Noise::equal(1, ring.e.r(0, 0)), SerialSeed, 0, x);
  const KalmanAnswer k = kalman_answer(ring.e);
  Eigen::VectorXd taper = Eigen::VectorXd::Zero(12);
  for (std::size_t i = 0; i < reaches[0].variables.size(); ++i) {
    taper[reaches[0].variables[i]] = reaches[0].weights[i];
  }
  const Eigen::VectorXd mean = ring.e.x.rowwise().mean();
  EXPECT_LT((x.rowwise().mean() - mean - taper.cwiseProduct(k.mean - mean)).norm(), 1e-12);
  const double r = ring.e.r(0, 0), s = covariance_of(ring.e.hx())(0, 0);
  const double alpha = 1.0 / (1.0 + std::sqrt(r / (r + s)));
  const Eigen::MatrixXd a = ring.e.x.colwise() - mean;
  const Eigen::MatrixXd expected = a - alpha * taper.cwiseProduct(k.gain.col(0)) * a.row(3);
  EXPECT_LT((x.colwise() - x.rowwise().mean().eval() - expected).norm(), 1e-12);
  EXPECT_EQ(x.row(9), ring.e.x.row(9)) << "out of reach, and yet moved";
}

TEST(Serial, LaterObservationsAreTheStateTheyShow) {
  // With y = x the observed members must stay those of the state: else later observations would be
  // compared with what is no longer believed. The slow way observes anew after each observation.
  const Ring ring;
  const auto reaches = ring.reaches(2.0);
  for (const SerialFilter filter : {SerialFilter::Adjustment}) {
    Eigen::MatrixXd x = ring.e.x, slow = ring.e.x;
    analyse_serially({.filter = filter}, reaches, of(ring.e), ring.noise, SerialSeed, 0, x);
    for (Eigen::Index k = 0; k < 12; ++k) {
      Reach only = reaches[static_cast<std::size_t>(k)];
      only.observations.clear();
      only.observation_weights.clear();
      const SerialObservations one{
          .observed = slow.row(k), .y = ring.e.y.segment(k, 1), .readings = {}};
      analyse_serially({.filter = filter}, {only}, one, Noise::equal(1, ring.e.r(k, k)), SerialSeed,
                       0, slow);
    }
    EXPECT_LT((x - slow).cwiseAbs().maxCoeff(), 1e-12);
  }
}

TEST(Serial, OrderOfObservationsIsDrawnByName) {
  // A random order would not be found again, or not be random.
  const Ring ring;
  const auto run = [&](Order order, std::uint32_t occasion) {
    Eigen::MatrixXd x = ring.e.x;
    analyse_serially({.order = order}, ring.reaches(2.0), of(ring.e), ring.noise, SerialSeed,
                     occasion, x);
    return x;
  };
  EXPECT_EQ(run(Order::Random, 1), run(Order::Random, 1));
  EXPECT_NE(run(Order::Random, 1), run(Order::Random, 2));
  EXPECT_EQ(run(Order::AsGiven, 1), run(Order::AsGiven, 2));
}

TEST(Serial, InflationAndRotationAreThoseOfTheOtherFilters) {
  // A published setting would mean something else here.
  const Ring ring;
  for (const Inflation& inflation :
       {Inflation{.factor = 1.2}, Inflation{.factor = 1.1, .rtpp = 0.3, .rtps = 0.4}}) {
    Eigen::MatrixXd x = ring.e.x, y = ring.e.x;
    analyse_serially({.inflation = inflation, .rotation = Rotation::Random}, {}, of(ring.e),
                     ring.noise, SerialSeed, 6, x);
    analyse({.filter = Filter::SerialEnsrf, .inflation = inflation, .rotation = Rotation::Random},
            ring.e.hx(), ring.e.y, ring.noise, SerialSeed, 6, y);
    EXPECT_LT((x - y).cwiseAbs().maxCoeff(), 1e-10);
  }
}

TEST(Serial, SamplingErrorShrinksTheGain) {
  // An accident of few members would move what has nothing to do with the observation.
  Ring ring;
  ring.e.h = Eigen::MatrixXd::Identity(12, 12).row(3).eval();
  ring.e.y = ring.e.y.head(1).eval();
  const Noise noise = Noise::equal(1, 0.5);
  Eigen::MatrixXd plain = ring.e.x, corrected = ring.e.x, cut = ring.e.x;
  analyse_serially({}, {}, of(ring.e), noise, SerialSeed, 0, plain);
  analyse_serially({.adaptive = Adaptive::SamplingError}, {}, of(ring.e), noise, SerialSeed, 0,
                   corrected);
  analyse_serially({.adaptive = Adaptive::Threshold, .threshold = 0.6}, {}, of(ring.e), noise,
                   SerialSeed, 0, cut);
  const SamplingError table(8);
  const Eigen::MatrixXd c = covariance_of(ring.e.x);
  for (Eigen::Index v = 0; v < 12; ++v) {
    const double r = c(v, 3) / std::sqrt(c(v, v) * c(3, 3));
    const double before = ring.e.x.row(v).mean();
    const double moved = plain.row(v).mean() - before;
    EXPECT_NEAR(corrected.row(v).mean() - before, table.factor(r) * moved, 1e-12);
    EXPECT_NEAR(cut.row(v).mean() - before, correlation_taper(r, 0.6) * moved, 1e-12);
  }
}

TEST(Serial, CensoredReadingsGiveTheExactMoments) {
  // "Not detected" of a variable itself: mean and variance of the truncated posterior, in the state
  // that is read and, by regression, beside it; and readings that can be seen stay as they were.
  const Example e = random_example(3, 1, 6, 13);
  const double m = e.hx().mean(), s = covariance_of(e.hx())(0, 0);
  SerialObservations o{
      .observed = e.hx(), .y = Eigen::VectorXd::Constant(1, m - 0.4), .readings = {Reading::Below}};
  Example both = e;
  both.x.conservativeResize(4, Eigen::NoChange);
  both.x.row(3) = e.hx();
  Eigen::MatrixXd x = both.x;
  const Innovation i = analyse_serially({}, {}, o, Noise::equal(1, 0.3), SerialSeed, 0, x);
  const ScalarPosterior p = posterior_of({.mean = m, .variance = s}, Reading::Below, m - 0.4, 0.3);
  EXPECT_NEAR(x.row(3).mean(), p.belief.mean, 1e-12);
  EXPECT_NEAR(covariance_of(x)(3, 3), p.belief.variance, 1e-12);
  EXPECT_NEAR(i.log_likelihood, p.log_likelihood, 1e-12);
  EXPECT_EQ(i.observations, 0);
  const Eigen::MatrixXd c = covariance_of(both.x);
  for (Eigen::Index v = 0; v < 3; ++v) {
    EXPECT_NEAR(x.row(v).mean() - both.x.row(v).mean(), c(v, 3) / s * (p.belief.mean - m), 1e-12);
  }
}

TEST(Serial, CensoredPerturbedMembersFindTheExactMoments) {
  // The same by virtual readings. 20,000 members; standard errors from the exact variance.
  const Eigen::Index members = 20000;
  Eigen::MatrixXd x(1, members);
  standard_normal(SerialSeed, 9, 0, x);
  const SerialObservations o{
      .observed = x, .y = Eigen::VectorXd::Constant(1, -0.5), .readings = {Reading::Below}};
  analyse_serially({.filter = SerialFilter::Perturbed}, {}, o, Noise::equal(1, 0.5), SerialSeed, 0,
                   x);
  const ScalarPosterior p = posterior_of({.mean = 0.0, .variance = 1.0}, Reading::Below, -0.5, 0.5);
  const double n = static_cast<double>(members);
  EXPECT_NEAR(x.mean(), p.belief.mean, 5.0 * std::sqrt(1.0 / n));
  EXPECT_NEAR(covariance_of(x)(0, 0), p.belief.variance,
              5.0 * p.belief.variance * std::sqrt(3.0 / n));
}

TEST(Serial, WithoutObservationsOrSpreadNothingChanges) {
  // Silence, or an ensemble of one opinion, would still move the state.
  const Ring ring;
  Eigen::MatrixXd x = ring.e.x;
  const SerialObservations none{.observed = Eigen::MatrixXd(0, 8), .y = {}, .readings = {}};
  const SerialScheme scheme{.inflation = {.factor = 2.0}, .rotation = Rotation::Random};
  EXPECT_EQ(analyse_serially(scheme, {}, none, Noise::equal(0, 1.0), SerialSeed, 0, x).observations,
            0);
  EXPECT_EQ(x, ring.e.x);
  const SerialObservations same{
      .observed = Eigen::MatrixXd::Ones(1, 8), .y = Eigen::VectorXd::Ones(1), .readings = {}};
  analyse_serially({}, {}, same, Noise::equal(1, 1.0), SerialSeed, 0, x);
  EXPECT_EQ(x, ring.e.x);
}

TEST(Serial, SaysWhatIsWrong) {
  // Mistakes in a scheme or in the shapes would come out as numbers.
  const Ring ring;
  Eigen::MatrixXd x = ring.e.x;
  const auto run = [&](const SerialScheme& scheme, const std::vector<Reach>& reaches,
                       const SerialObservations& o, const Noise& noise) {
    return contract::refusal(
        [&] { analyse_serially(scheme, reaches, o, noise, SerialSeed, 0, x); });
  };
  const SerialObservations good = of(ring.e);
  EXPECT_EQ(run({.inflation = {.factor = 0.0}}, {}, good, ring.noise),
            "inflation = 0 (must be positive and finite)");
  EXPECT_EQ(run({.threshold = 1.0}, {}, good, ring.noise), "threshold = 1 (must lie in [0, 1))");
  EXPECT_EQ(run({.adaptive = Adaptive::Threshold}, {}, good, ring.noise),
            "accepted");  // sqrt(2 log 12 / 8) = 0.79
  x = ring.e.x;
  SerialObservations few = good;
  few.observed = ring.e.hx().leftCols(4);
  EXPECT_EQ(run({}, {}, few, ring.noise),
            "8 members of the state and 4 observed ones (must be as many)");
  Eigen::MatrixXd four = ring.e.x.leftCols(4);
  EXPECT_EQ(contract::refusal([&] {
              analyse_serially({.adaptive = Adaptive::Threshold}, {}, few, ring.noise, SerialSeed,
                               0, four);
            }),
            "the universal threshold of 12 correlations from 4 members is 1.11 (must be below 1) "
            "more members, or a threshold of your own?");
  EXPECT_EQ(run({}, ring.reaches(2.0), good, Noise::full(ring.e.r)),
            "localisation with correlated observation errors (each observation needs a weight of "
            "its own) give a diagonal covariance?");
  SerialObservations censored = good;
  censored.readings.assign(12, Reading::Below);
  EXPECT_EQ(run({}, {}, censored, Noise::full(ring.e.r)),
            "censored readings with correlated observation errors (each observation needs an error "
            "of its own) give a diagonal covariance?");
  censored.readings.resize(3);
  EXPECT_EQ(run({}, {}, censored, ring.noise),
            "12 observations with 3 kinds of reading (must be as many)");
  SerialObservations nan = good;
  nan.y[2] = std::nan("");
  EXPECT_EQ(run({}, {}, nan, ring.noise),
            "observation 2 is nan (must be finite) leave it out where it is missing?");
  EXPECT_EQ(x, ring.e.x) << "refused, and yet changed";
}

}  // namespace
}  // namespace twin::infer
