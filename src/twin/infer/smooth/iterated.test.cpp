// If these failed, the start of a window would not be the most likely one, or a window gone wrong would
// be taken for a good one.
#include "twin/infer/smooth/iterated.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "twin/contract/refusal.hpp"
#include "twin/infer/ensemble/example.hpp"
#include "twin/infer/smooth/example.hpp"
#include "twin/infer/smooth/trail.hpp"

namespace twin::infer::smooth {
namespace {

constexpr core::Draw IteratedSeed{.seed = 8, .member = 0};
constexpr double IteratedNan = std::numeric_limits<double>::quiet_NaN();

// A linear model over the window: end = F x, observed at the end.
struct IteratedWindow {
  Example e;
  Eigen::MatrixXd f;
  Noise noise;

  explicit IteratedWindow(Eigen::Index members)
      : e(random_example(5, 3, members, 71)), f(5, 5), noise(Noise::diagonal(e.r.diagonal())) {
    standard_normal(IteratedSeed, 9, 0, f);
  }
  [[nodiscard]] Forward forward() const {
    return [this](const Eigen::MatrixXd& x) {
      return Passage{.observed = e.h * (f * x), .end = f * x};
    };
  }
};

TEST(Iterated, OneStepOnALinearModelIsTheEnsembleKalmanSmoother) {
  // The two would not agree where they must: start and end are those of the EnKS at lag one, members
  // and all, inflation and rotation too.
  for (const Eigen::Index members : {4, 12}) {
    const IteratedWindow w(members);
    Eigen::MatrixXd end = w.f * w.e.x;
    std::vector<Eigen::MatrixXd> start = {w.e.x};
    const Innovation told = analyse({}, w.e.h * end, w.e.y, w.noise, IteratedSeed, 0, end, start);
    for (const auto linearisation : {Linearisation::Transform, Linearisation::Bundle}) {
      Eigen::MatrixXd x = w.e.x;
      const Smoothed s = iterate({.linearisation = linearisation, .most = 1}, w.forward(), w.e.y,
                                 w.noise, IteratedSeed, 0, x);
      EXPECT_LT((x - start[0]).norm(), 1e-10) << members;
      EXPECT_LT((s.end - end).norm(), 1e-10) << members;
      EXPECT_NEAR(s.innovation.log_likelihood, told.log_likelihood, 1e-10);
      EXPECT_EQ(s.outcome, Outcome::Stopped);
      EXPECT_EQ(s.runs, 1);
    }
  }
}

TEST(Iterated, InflatesAndRotatesTheStartAsAFilterDoes) {
  // Tuned figures would mean something else here.
  const IteratedWindow w(6);
  const Scheme scheme{.inflation = {.factor = 1.2, .rtps = 0.3}, .rotation = Rotation::Random};
  Eigen::MatrixXd filtered = w.e.x;
  analyse(scheme, w.e.h * w.f * w.e.x, w.e.y, w.noise, IteratedSeed, 3, filtered);
  Eigen::MatrixXd x = w.e.x;
  const Smoothed s =
      iterate({.most = 1, .inflation = scheme.inflation, .rotation = scheme.rotation}, w.forward(),
              w.e.y, w.noise, IteratedSeed, 3, x);
  EXPECT_LT((x - filtered).norm(), 1e-10);
}

TEST(Iterated, MoreStepsChangeNothingOnALinearModel) {
  // It would wander off the minimum that the first step found.
  const IteratedWindow w(6);
  Eigen::MatrixXd once = w.e.x, often = w.e.x;
  iterate({.most = 1}, w.forward(), w.e.y, w.noise, IteratedSeed, 0, once);
  const Smoothed s =
      iterate({.most = 9, .tolerance = 1e-12}, w.forward(), w.e.y, w.noise, IteratedSeed, 0, often);
  EXPECT_LT((once - often).norm(), 1e-10);
  EXPECT_EQ(s.outcome, Outcome::Converged);
  EXPECT_EQ(s.runs, 2);
  EXPECT_LT(s.cost[1], s.cost[0]);
}

// Observations of a cubic, so that Gauss-Newton has something to do.
Passage cubic(const Eigen::MatrixXd& x) {
  const Eigen::MatrixXd end = (x.array() + 0.2 * x.array().cube()).matrix();
  return {.observed = end.topRows(3), .end = end};
}

TEST(Iterated, FindsTheMinimumOfTheCost) {
  // The smoothed mean would not be the most likely one: half the squares of whitened misfits and of
  // weights must rise in every direction from it. A bundle sees the slope at the mean itself.
  const IteratedWindow w(5);
  const Eigen::VectorXd y = Eigen::Vector3d(2.0, -1.0, 0.5);
  const Eigen::VectorXd mean = w.e.x.rowwise().mean();
  const Eigen::MatrixXd a = w.e.x.colwise() - mean;
  const auto cost = [&](const Eigen::VectorXd& weights) {
    Eigen::MatrixXd missed = y - cubic(mean + a * weights).observed.col(0);
    w.noise.whiten(missed);
    return 0.5 * (missed.squaredNorm() + 4.0 * weights.squaredNorm());
  };
  Eigen::MatrixXd x = w.e.x;
  const Smoothed s = iterate(
      {.linearisation = Linearisation::Bundle, .most = 50, .tolerance = 1e-9, .bundle = 1e-6},
      cubic, y, w.noise, IteratedSeed, 0, x);
  ASSERT_EQ(s.outcome, Outcome::Converged);
  const Eigen::VectorXd weights =
      a.completeOrthogonalDecomposition().solve(x.rowwise().mean() - mean);
  for (Eigen::Index i = 0; i < 5; ++i) {
    for (const double h : {1e-3, -1e-3}) {
      Eigen::VectorXd beside = weights;
      beside[i] += h;
      beside.array() -= h / 5.0;  // along the weights that count
      EXPECT_GT(cost(beside), cost(weights));
      EXPECT_NEAR((cost(beside) - cost(weights)) / h, 0.0, 0.02);  // half the curvature times h
    }
  }
  // The transform looks about as far as the members lie, and so elsewhere, but near.
  Eigen::MatrixXd other = w.e.x;
  const Smoothed t =
      iterate({.most = 50, .tolerance = 1e-9}, cubic, y, w.noise, IteratedSeed, 0, other);
  EXPECT_EQ(t.outcome, Outcome::Converged);
  EXPECT_LT((other.rowwise().mean() - x.rowwise().mean()).norm(), 0.3);
}

TEST(Iterated, FiniteSizePriorIsThatOfTheFilter) {
  // The inflation found in the primal would not be the dual's on a linear model.
  const IteratedWindow w(6);
  for (const double certainty : {1.0, 2.0}) {
    Eigen::MatrixXd end = w.f * w.e.x;
    std::vector<Eigen::MatrixXd> start = {w.e.x};
    analyse({.filter = Filter::FiniteSize, .certainty = certainty}, w.e.h * end, w.e.y, w.noise,
            IteratedSeed, 0, end, start);
    Eigen::MatrixXd x = w.e.x;
    const Smoothed s = iterate({.most = 300, .tolerance = 0.0, .certainty = certainty}, w.forward(),
                               w.e.y, w.noise, IteratedSeed, 0, x);
    EXPECT_LT((x - start[0]).norm(), 1e-9);
    EXPECT_LT((s.end - end).norm(), 1e-9);
    EXPECT_NE(s.prior_inflation, 1.0);
  }
}

TEST(Iterated, IsTheSameForAnyNumberOfThreads) {
  // A smoothed window would depend on the machine.
  const Swing model;
  const auto run = [&](unsigned threads) {
    const Members<Swing> members(model, {0.5, 0.02}, IteratedSeed, 7, threads);
    Eigen::MatrixXd x = Members<Swing>(members).x();
    const std::vector<core::Tick> moments = {10, 20};
    const Forward forward = [&](const Eigen::MatrixXd& start) {
      return members.run(
          start, moments, [](std::size_t, const Eigen::MatrixXd& at) { return at; }, 20);
    };
    const Smoothed s =
        iterate({.rotation = Rotation::Random, .certainty = 1.0}, forward,
                Eigen::VectorXd::LinSpaced(8, -1.0, 1.0), Noise::equal(8, 0.1), IteratedSeed, 0, x);
    EXPECT_GT(s.runs, 1);
    return x;
  };
  const Eigen::MatrixXd one = run(1);
  for (const unsigned threads : {2U, 3U, 7U}) EXPECT_EQ(run(threads), one) << threads;
}

TEST(Iterated, AMemberThatIsLostLeavesTheStartAsItWas) {
  // Numbers gone bad would be taken for a state.
  const IteratedWindow w(4);
  Eigen::MatrixXd x = w.e.x;
  int run = 0;
  const Forward fails_later = [&](const Eigen::MatrixXd& at) {
    Passage p = cubic(at);
    if (++run == 2) p.observed(0, 1) = IteratedNan;
    return p;
  };
  const Smoothed s = iterate({.tolerance = 0.0}, fails_later, w.e.y, w.noise, IteratedSeed, 0, x);
  EXPECT_EQ(s.outcome, Outcome::Lost);
  EXPECT_EQ(s.end.size(), 0);
  EXPECT_EQ(x, w.e.x);
}

TEST(Iterated, WithoutObservationsNothingChanges) {
  // A silent sensor would move the start.
  const IteratedWindow w(4);
  Eigen::MatrixXd x = w.e.x;
  const Forward silent = [](const Eigen::MatrixXd& at) {
    return Passage{.observed = Eigen::MatrixXd(0, at.cols()), .end = 2.0 * at};
  };
  const Smoothed s = iterate({.inflation = {.factor = 2.0}, .rotation = Rotation::Random}, silent,
                             Eigen::VectorXd(), Noise::equal(0, 1.0), IteratedSeed, 0, x);
  EXPECT_EQ(x, w.e.x);
  EXPECT_EQ(s.end, 2.0 * w.e.x);
  EXPECT_EQ(s.outcome, Outcome::Converged);
}

TEST(Iterated, SaysWhatIsWrong) {
  // A user would search in the wrong place.
  const IteratedWindow w(4);
  const auto of = [&](const Iteration& iteration, const Eigen::VectorXd& y, Eigen::MatrixXd x) {
    return contract::refusal([&] {
      static_cast<void>(iterate(iteration, cubic, y, Noise::equal(3, 1.0), IteratedSeed, 0, x));
    });
  };
  const Eigen::VectorXd y = w.e.y;
  EXPECT_EQ(of({}, y, w.e.x.leftCols(1)),
            "the ensemble has 1 member (its covariance needs at least 2)");
  EXPECT_EQ(of({}, Eigen::Vector3d(1.0, IteratedNan, 1.0), w.e.x),
            "observation 1 is nan (must be finite) leave it out where it is missing?");
  EXPECT_EQ(of({}, Eigen::Vector2d(1.0, 1.0), w.e.x),
            "2 observations for an observed ensemble of 3 (must be as many)");
  EXPECT_EQ(of({.most = 0}, y, w.e.x), "0 iterations (must be at least 1)");
  EXPECT_EQ(of({.tolerance = -1.0}, y, w.e.x), "tolerance = -1 (must not be negative)");
  EXPECT_EQ(of({.bundle = 0.0}, y, w.e.x), "bundle = 0 (must be positive and finite)");
  EXPECT_EQ(of({.certainty = 0.0}, y, w.e.x), "certainty = 0 (must be positive and finite)");
  EXPECT_EQ(of({.inflation = {.factor = -1.0}}, y, w.e.x),
            "inflation = -1 (must be positive and finite)");
  Eigen::MatrixXd x = w.e.x;
  const Forward fewer = [](const Eigen::MatrixXd& at) { return cubic(at.leftCols(3)); };
  EXPECT_EQ(contract::refusal([&] {
              static_cast<void>(iterate({}, fewer, y, Noise::equal(3, 1.0), IteratedSeed, 0, x));
            }),
            "the run of 4 members shows 3 observed ones and 3 at its end (must be as many)");
}

}  // namespace
}  // namespace twin::infer::smooth
