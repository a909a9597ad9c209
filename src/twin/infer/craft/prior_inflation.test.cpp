// If these failed, an ensemble would stay too sure of itself though its innovations say so, or be
// blown up though they do not.
#include "twin/infer/craft/prior_inflation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "twin/contract/refusal.hpp"
#include "twin/core/archive.hpp"
#include "twin/infer/ensemble/example.hpp"
#include "twin/math/statistics.hpp"

namespace twin::infer {
namespace {

constexpr Eigen::Index Size = 20;
constexpr Eigen::Index Members = 10;

// Forecasts whose truth is `factor` times more variable than their ensembles say: 20 independent
// variables of ensemble variance 1, all observed with error 0.5, a new one each occasion.
struct Forecast {
  Eigen::MatrixXd x{Size, Members};
  Eigen::VectorXd y{Size};
  Forecast(double factor, std::uint32_t occasion) {
    const core::Draw draw{.seed = 17, .member = 0};
    standard_normal(draw, 1, occasion, x);
    // The sample's mean is not the centre: the truth is as far from it as a member is from its own.
    Eigen::MatrixXd z(Size, 2);
    standard_normal({.seed = 18, .member = 0}, 2, occasion, z);
    for (Eigen::Index i = 0; i < Size; ++i) {
      x.row(i).array() -= x.row(i).mean();
      x.row(i) *= std::sqrt((Members - 1.0) / x.row(i).squaredNorm());
      y[i] = std::sqrt(factor) * z(i, 0) + std::sqrt(0.5) * z(i, 1);
    }
  }
};

TEST(PriorInflation, MomentsFindTheMissingVariance) {
  // An ensemble of half the true variance would stay so: lambda must come to 2. Each analysis tells it
  // with variance 2/20 (2.5/1)^2; a filter of gain g = 0.0016/0.626 averages 2/g of them, so its
  // standard error is sqrt(0.625 g/2) = 0.028; and 1000 analyses leave exp(-1000 g) of the start, 0.08.
  const Noise noise = Noise::equal(Size, 0.5);
  for (const double factor : {1.0, 2.0}) {
    MomentInflation inflation;
    for (std::uint32_t i = 0; i < 3000; ++i) {
      const Forecast f(factor, i);
      inflation.update(f.x, f.y, noise);
    }
    EXPECT_NEAR(inflation.lambda, factor, 5.0 * 0.028) << "seed 17";
  }
}

TEST(PriorInflation, EachVariableFindsItsOwn) {
  // Where the forecast is honest it would be inflated with the rest: variables 0 to 9 miss half of
  // their variance, the others nothing. With a belief 0.3 wide the innovation moves lambda by 0.09
  // f(lambda), f = (t0/t^2 - 1/t), t = 2 lambda + 1, which draws it back over 140 (50) occasions and
  // lets it spread by 0.21; so a mean over 10 variables and 2000 occasions has a standard error of
  // 0.025 (0.015). What f bends adds 0.04 (0.06). Five standard errors and that are below 0.2.
  const Noise noise = Noise::equal(Size, 0.5);
  std::vector<Reach> own(Size);
  for (Eigen::Index i = 0; i < Size; ++i)
    own[static_cast<std::size_t>(i)] = {{i}, {1.0}, {i}, {1.0}};
  SpatialInflation inflation{
      .first_deviation = 0.3, .least_deviation = 0.3, .damping = 1.0, .least = 0.1};
  math::Moments missing, honest;
  for (std::uint32_t i = 0; i < 3000; ++i) {
    Forecast f(2.0, i), g(1.0, i);
    f.x.bottomRows(10) = g.x.bottomRows(10);
    f.y.tail(10) = g.y.tail(10);
    Eigen::MatrixXd observed = f.x;
    inflation.update(own, f.y, noise, observed, f.x);
    if (i < 1000) continue;
    for (std::size_t v = 0; v < 10; ++v) missing.add(inflation.lambda[v]);
    for (std::size_t v = 10; v < 20; ++v) honest.add(inflation.lambda[v]);
  }
  EXPECT_NEAR(missing.mean(), 2.0, 0.2) << "seed 17";
  EXPECT_NEAR(honest.mean(), 1.0, 0.2) << "seed 17";
}

TEST(PriorInflation, ForecastAndWhatItShowsAreInflatedAlike) {
  // The analysis would compare an inflated state with what an uninflated one shows.
  const Forecast f(1.0, 3);
  Eigen::MatrixXd x = f.x, observed = f.x;
  std::vector<Reach> own(Size);
  for (Eigen::Index i = 0; i < Size; ++i)
    own[static_cast<std::size_t>(i)] = {{i}, {1.0}, {i}, {1.0}};
  SpatialInflation inflation{.damping = 1.0};
  inflation.lambda.assign(Size, 1.44);
  inflation.deviation.assign(Size, 0.6);
  inflation.update(own, f.y, Noise::equal(Size, 0.5), observed, x);
  EXPECT_LT((x - 1.2 * f.x).norm(), 1e-12);  // its mean is 0
  EXPECT_LT((observed - x).norm(), 1e-12);
}

TEST(PriorInflation, TheModeIsThatOfTheLinearLikelihood) {
  // The belief about lambda would not be Bayes's: the mode of prior times linearised likelihood,
  // searched for on a grid.
  const LambdaBelief before{.mean = 1.3, .deviation = 0.4};
  for (const double square : {0.1, 3.0, 9.0}) {
    const double prior = 0.8, error = 0.5, gamma = 0.7;
    const auto log_likelihood = [&](double lambda) {
      const double root = 1.0 + gamma * (std::sqrt(lambda) - 1.0);
      const double total = root * root * prior + error;
      return -0.5 * (square / total + std::log(total));
    };
    const double h = 1e-6;
    const double slope = (log_likelihood(1.3 + h) - log_likelihood(1.3 - h)) / (2.0 * h);
    double best = 0.0, at = 0.0;
    for (double lambda = 0.3; lambda < 3.0; lambda += 1e-5) {
      const double off = (lambda - 1.3) / 0.4;
      const double p = (1.0 + slope * (lambda - 1.3)) * std::exp(-0.5 * off * off);
      if (p > best) best = p, at = lambda;
    }
    const LambdaBelief after = lambda_after(before, square, prior, error, gamma);
    EXPECT_NEAR(after.mean, at, 2e-5) << square;
    EXPECT_LE(after.deviation, before.deviation);
    EXPECT_GT(after.deviation, 0.0);
  }
  const LambdaBelief same = lambda_after(before, 9.0, 1.0, 1.0, 0.0);
  EXPECT_EQ(same.mean, before.mean);
}

TEST(PriorInflation, WithoutNewsNothingChanges) {
  // Silence, or members that agree, would inflate.
  MomentInflation inflation{.lambda = 1.2};
  inflation.update(Eigen::MatrixXd(0, 4), Eigen::VectorXd(), Noise::equal(0, 1.0));
  inflation.update(Eigen::MatrixXd::Ones(2, 4), Eigen::VectorXd::Ones(2), Noise::equal(2, 1.0));
  EXPECT_EQ(inflation.lambda, 1.2);
  const SpatialInflation spatial{.lambda = {1.1, 1.2}, .deviation = {0.6, 0.6}};
  EXPECT_EQ(core::load<SpatialInflation>(core::save(spatial)), spatial);
  EXPECT_EQ(core::load<MomentInflation>(core::save(inflation)), inflation);
}

TEST(PriorInflation, SaysWhatIsWrong) {
  // Mistaken settings would deflate, or never adapt.
  const auto moment = [](const MomentInflation& i) {
    return contract::refusal([&] { check_inflation(i); });
  };
  const auto spatial = [](const SpatialInflation& i) {
    return contract::refusal([&] { check_inflation(i); });
  };
  EXPECT_EQ(moment({}), "accepted");
  EXPECT_EQ(spatial({}), "accepted");
  EXPECT_EQ(moment({.variance = -1.0}),
            "variance = -1 of the inflation (must be positive and finite)");
  EXPECT_EQ(moment({.least = 2.0, .most = 1.0}),
            "adaptive inflation between 2 and 1 (must be positive, the least first)");
  EXPECT_EQ(spatial({.least_deviation = 0.7}),
            "deviations 0.6 and 0.7 of the inflation (must be positive, the least not above the "
            "first)");
  EXPECT_EQ(spatial({.damping = 0.0}), "damping = 0 of the inflation (must lie in (0, 1])");
  const Example e = random_example(3, 3, 5, 1);
  Eigen::MatrixXd x = e.x, hx = e.hx();
  SpatialInflation s;
  EXPECT_EQ(
      contract::refusal([&] { s.update({}, e.y, Noise::full(e.r), hx, x); }),
      "adaptive inflation with correlated observation errors (each observation needs an error "
      "of its own) give a diagonal covariance?");
  s.lambda.assign(2, 1.0);
  s.deviation.assign(2, 1.0);
  EXPECT_EQ(contract::refusal([&] { s.update({}, e.y, Noise::equal(3, 1.0), hx, x); }),
            "adaptive inflation of 2 variables for a state of 3");
}

}  // namespace
}  // namespace twin::infer
