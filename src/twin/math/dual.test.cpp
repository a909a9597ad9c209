// If these failed, samplers that follow slopes would go astray, or arrive with a law that is not asked for.
#include "twin/math/dual.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <span>

namespace twin::math {
namespace {

using TwoWays = Dual<2>;

// By central differences, whose error is of the order of 1e-10 for these.
template <class F>
double by_differences(const F& f, double x) {
  const double h = 6e-6 * (1 + std::abs(x));
  return (f(x + h) - f(x - h)) / (2 * h);
}

template <class F>
void expect_slope(const F& f, std::initializer_list<double> places) {
  for (const double x : places) {
    const TwoWays y = f(TwoWays::input(x, 1));
    EXPECT_DOUBLE_EQ(y.value, f(x)) << x;
    EXPECT_EQ(y.slope[0], 0.0);
    const double right = by_differences(f, x);
    EXPECT_NEAR(y.slope[1], right, 1e-8 * (1 + std::abs(right))) << x;
  }
}

TEST(Dual, FunctionsHaveTheirSlopes) {
  expect_slope(
      [](auto x) {
        using std::exp;
        return exp(x);
      },
      {-3, 0, 2});
  expect_slope(
      [](auto x) {
        using std::expm1;
        return expm1(x);
      },
      {-1, 0.001, 1});
  expect_slope(
      [](auto x) {
        using std::log;
        return log(x);
      },
      {0.1, 1, 50});
  expect_slope(
      [](auto x) {
        using std::log1p;
        return log1p(x);
      },
      {-0.5, 0.001, 3});
  expect_slope(
      [](auto x) {
        using std::sqrt;
        return sqrt(x);
      },
      {0.3, 1, 9});
  expect_slope(
      [](auto x) {
        using std::sin;
        using std::cos;
        return sin(x) * cos(x);
      },
      {-2, 0.5, 3});
  expect_slope(
      [](auto x) {
        using std::tan;
        using std::atan;
        return tan(x) + atan(x);
      },
      {-1, 0.3, 1.2});
  expect_slope(
      [](auto x) {
        using std::sinh;
        using std::cosh;
        using std::tanh;
        return sinh(x) / cosh(x) + tanh(x);
      },
      {-2, 0.1, 1.5});
  expect_slope(
      [](auto x) {
        using std::erf;
        using std::erfc;
        return erf(x) - 3 * erfc(x);
      },
      {-1, 0.2, 1.7});
  expect_slope(
      [](auto x) {
        using std::lgamma;
        return lgamma(x);
      },
      {0.4, 1, 7.5});
  expect_slope(
      [](auto x) {
        using std::abs;
        using std::fabs;
        return abs(x) + 2 * fabs(x);
      },
      {-1.5, 2.5});
  expect_slope(
      [](auto x) {
        using std::pow;
        return pow(x, 2.5) + pow(2.0, x) + pow(x, 3);
      },
      {0.2, 1, 3});
  expect_slope(
      [](auto x) {
        using std::pow;
        return pow(x, x);
      },
      {0.5, 1.5});
  expect_slope(
      [](auto x) {
        using std::hypot;
        return hypot(x, 2 * x + 1);
      },
      {-0.3, 0, 2});
  expect_slope(
      [](auto x) {
        using std::fmax;
        using std::fmin;
        return fmax(x, x * x) + fmin(x, 0.5 * x);
      },
      {-2, 0.5, 3});
}

TEST(Dual, RulesOfProductsAndQuotientsHoldForSeveralDirections) {
  const TwoWays x = TwoWays::input(1.5, 0), y = TwoWays::input(-0.4, 1);
  const TwoWays z = (x * y - 3.0) / (2.0 + x) + y / x - (-y);
  EXPECT_DOUBLE_EQ(z.value, (1.5 * -0.4 - 3) / 3.5 + -0.4 / 1.5 - 0.4);
  EXPECT_NEAR(z.slope[0], -0.4 / 3.5 - (1.5 * -0.4 - 3) / (3.5 * 3.5) + 0.4 / (1.5 * 1.5), 1e-15);
  EXPECT_NEAR(z.slope[1], 1.5 / 3.5 + 1 / 1.5 + 1, 1e-15);
  EXPECT_TRUE(x > y && x >= y && y < 0.0 && x == 1.5 && x != y);
  EXPECT_EQ(value_of(x) + value_of(2.0), 3.5);
}

TEST(Dual, KinksAndEdgesAreAsTold) {
  const auto at = [](double v) { return TwoWays::input(v, 0); };
  EXPECT_EQ(abs(at(0)).slope[0], 0.0);
  EXPECT_EQ(fmax(at(1), TwoWays(1.0)).slope[0], 1.0);
  EXPECT_EQ(fmax(TwoWays(1.0), at(1)).slope[0], 0.0);
  EXPECT_EQ(fmax(at(std::nan("")), TwoWays(2.0)).value, 2.0);
  EXPECT_EQ(fmin(TwoWays(2.0), at(std::nan(""))).value, 2.0);
  EXPECT_TRUE(std::isinf(sqrt(at(0)).slope[0]));
  EXPECT_EQ(pow(at(0), 2).slope[0], 0.0);
  EXPECT_EQ(pow(at(0), 1.0).slope[0], 1.0);
  EXPECT_EQ(pow(at(0), 0.0).slope[0], 0.0);
  EXPECT_EQ(pow(0.0, at(2)).slope[0], 0.0);
  EXPECT_TRUE(std::isnan(log(at(-1)).value));
  EXPECT_FALSE(isfinite(at(std::numeric_limits<double>::infinity())));
}

}  // namespace
}  // namespace twin::math
