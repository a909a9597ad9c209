// If these failed, a change would be believed on an evidence that the numbers do not give.
#include "twin/bayes/series.hpp"

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <boost/math/distributions/gamma.hpp>
#include <cmath>

namespace twin::bayes {
namespace {

const std::vector<double> Times = {0.5, 1.4, 2.5, 3.6}, Values = {1.02, 0.99, 1.05, 1.07},
                          Precisions = {900.0, 400.0, 2'500.0, 0.0};

NormalSeries series() {
  NormalSeries s;
  for (std::size_t i = 0; i < Times.size(); ++i) s.add(Times[i], Values[i], Precisions[i]);
  return s;
}

// The dense normal law of the values in [first, last) under the prior of a segment.
double dense(const Segment& s) {
  const double middle = 0.5 * (Times[s.first] + Times[s.last - 1]);
  std::vector<std::size_t> told;
  for (std::size_t i = s.first; i < s.last; ++i)
    if (Precisions[i] > 0.0) told.push_back(i);
  const auto n = static_cast<Eigen::Index>(told.size());
  Eigen::MatrixXd c(n, n);
  Eigen::VectorXd y(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    const std::size_t a = told[static_cast<std::size_t>(i)];
    y(i) = Values[a] - 1.0;
    for (Eigen::Index k = 0; k < n; ++k) {
      const std::size_t b = told[static_cast<std::size_t>(k)];
      c(i, k) = 0.09 +
                (s.shape == Shape::Line ? 1e-4 * (Times[a] - middle) * (Times[b] - middle) : 0.0) +
                (i == k ? 1.0 / Precisions[a] : 0.0);
    }
  }
  const Eigen::LLT<Eigen::MatrixXd> root(c);
  return -0.5 * y.dot(root.solve(y)) -
         root.matrixL().toDenseMatrix().diagonal().array().log().sum();
}

// Wrong: the running sums would not give the marginal likelihood. Against the dense normal law, up to what each window
// adds to all segments: exp(-p y^2 / 2) sqrt(p).
TEST(NormalSeries, AgreesWithTheDenseLaw) {
  const NormalSeries s = series();
  for (std::uint32_t first = 0; first < 4; ++first)
    for (std::uint32_t last = first + 1; last <= 4; ++last)
      for (const Shape shape : {Shape::Constant, Shape::Line}) {
        double own = 0.0;
        for (std::size_t i = first; i < last; ++i)
          if (Precisions[i] > 0.0)
            own += 0.5 * std::log(Precisions[i]) -
                   0.5 * Precisions[i] * (Values[i] - 1.0) * (Values[i] - 1.0);
        const Segment segment{first, last, shape};
        EXPECT_NEAR(s.log_evidence(segment) + own, dense(segment), 1e-10);
      }
}

// Wrong: what is forecast from a line would be off, or be surer than the line is. Against the normal equations.
TEST(NormalSeries, FitsTheLine) {
  Eigen::Matrix2d a = Eigen::Vector2d(1.0 / 0.09, 1e4).asDiagonal();
  Eigen::Vector2d b = Eigen::Vector2d::Zero();
  const double middle = 0.5 * (0.5 + 3.6);
  for (std::size_t i = 0; i < Times.size(); ++i) {
    const Eigen::Vector2d x(1.0, Times[i] - middle);
    a += Precisions[i] * x * x.transpose();
    b += Precisions[i] * (Values[i] - 1.0) * x;
  }
  const Eigen::Matrix2d covariance = a.inverse();
  const Eigen::Vector2d best = covariance * b, at(1.0, 6.0 - middle);
  const auto fit = series().fit({0, 4, Shape::Line}, 6.0);
  EXPECT_NEAR(fit.value, 1.0 + best.dot(at), 1e-10);
  EXPECT_NEAR(fit.value_deviation, std::sqrt(at.dot(covariance * at)), 1e-10);
  EXPECT_NEAR(fit.slope, best(1), 1e-10);
  EXPECT_NEAR(fit.slope_deviation, std::sqrt(covariance(1, 1)), 1e-10);
}

// Wrong: the rate's evidence would not be the integral over the rate. By the midpoint rule, 4e4 cells.
TEST(RateSeries, AgreesWithTheIntegral) {
  RateSeries rates;
  rates.add(3.0, 2.0);
  rates.add(0.0, 1.5);
  rates.add(5.0, 9.0);
  const boost::math::gamma_distribution<> prior(4.0, 0.25);
  double sum = 0.0;
  constexpr double Cell = 1e-3;
  for (int i = 0; i < 40'000; ++i) {
    const double rate = (i + 0.5) * Cell;
    sum += Cell * boost::math::pdf(prior, rate) * std::pow(rate, 8.0) * std::exp(-12.5 * rate);
  }
  EXPECT_NEAR(rates.log_evidence({0, 3, Shape::Constant}), std::log(sum), 1e-7);
}

}  // namespace
}  // namespace twin::bayes
