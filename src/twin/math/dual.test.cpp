// If these failed, samplers that follow slopes would go astray, or arrive with a law that is not asked for.
#include "twin/math/dual.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <functional>
#include <initializer_list>
#include <limits>
#include <numbers>
#include <thread>

namespace twin::math {
namespace {

using TwoWays = Dual<2>;
constexpr double Ulp = std::numeric_limits<double>::epsilon();
constexpr double Endless = std::numeric_limits<double>::infinity();

TwoWays along(double v) { return TwoWays::input(v, 0); }

// A function against its slope in closed form, worked out with 64 bits of mantissa. A slope is two to four
// operations of at most one ulp each, so 6 ulps hold; erf's lose half an ulp of x^2 in the exponent besides.
template <class F, class S>
void expect_slope(const char* what, const F& f, const S& right,
                  std::initializer_list<double> places, double ulps = 6.0) {
  for (const double x : places) {
    const TwoWays y = f(TwoWays::input(x, 1));
    EXPECT_DOUBLE_EQ(y.value, f(x)) << what << " " << x;  // a compiler may work out one of them
    EXPECT_EQ(y.slope[0], 0.0) << what << " " << x;
    const auto exact = static_cast<double>(right(static_cast<long double>(x)));
    EXPECT_NEAR(y.slope[1], exact, ulps * Ulp * std::abs(exact)) << what << " " << x;
    // Central differences, which know nothing of the closed form. Twice the step errs by four times as much of the
    // third derivative, so their own distance is three times the error; an ulp of f adds to it over the step.
    const double h = 6e-6 * (1 + std::abs(x));
    const auto difference = [&](double step) {
      const double up = x + step, down = x - step;
      return (f(up) - f(down)) / (up - down);
    };
    const double near = difference(h), far = difference(2 * h);
    EXPECT_NEAR(y.slope[1], near, std::abs(far - near) + 2 * Ulp * (1 + std::abs(f(x))) / h)
        << what << " " << x;
  }
}

TEST(Dual, ElementaryFunctionsHaveTheirSlopes) {
  using L = long double;
  expect_slope(
      "exp", [](auto x) { return exp(x); }, [](L x) { return std::exp(x); }, {-30, -3, 0, 2});
  expect_slope(
      "expm1", [](auto x) { return expm1(x); }, [](L x) { return std::exp(x); },
      {-40, -1, 1e-9, 1});
  expect_slope(
      "log", [](auto x) { return log(x); }, [](L x) { return 1 / x; }, {0.1, 1, 50, 1e9});
  expect_slope(
      "log1p", [](auto x) { return log1p(x); }, [](L x) { return 1 / (1 + x); },
      {-0.9, -0.5, 1e-9, 3});
  expect_slope(
      "sqrt", [](auto x) { return sqrt(x); }, [](L x) { return 0.5L / std::sqrt(x); },
      {0.3, 1, 9, 1e9});
  expect_slope(
      "square", [](auto x) { return square(x); }, [](L x) { return 2 * x; }, {-3, 0, 0.1, 7});
  expect_slope(
      "abs", [](auto x) { return fabs(x); }, [](L x) { return x < 0 ? -1.0L : 1.0L; }, {-1.5, 2.5});
}

TEST(Dual, TrigonometricAndHyperbolicFunctionsHaveTheirSlopes) {
  using L = long double;
  expect_slope(
      "sin", [](auto x) { return sin(x); }, [](L x) { return std::cos(x); }, {-2, 0, 0.5, 30});
  expect_slope(
      "cos", [](auto x) { return cos(x); }, [](L x) { return -std::sin(x); }, {-2, 0.5, 3, 30});
  expect_slope(
      "tan", [](auto x) { return tan(x); }, [](L x) { return 1 / (std::cos(x) * std::cos(x)); },
      {-1, 0, 0.3, 1.2});
  expect_slope(
      "atan", [](auto x) { return atan(x); }, [](L x) { return 1 / (1 + x * x); },
      {-100, -1, 0, 0.3});
  expect_slope(
      "sinh", [](auto x) { return sinh(x); }, [](L x) { return std::cosh(x); }, {-2, 0, 0.1, 20});
  expect_slope(
      "cosh", [](auto x) { return cosh(x); }, [](L x) { return std::sinh(x); }, {-2, 0, 0.1, 20});
  expect_slope(  // at 10 and 20 the digits of 1 - tanh^2 would be gone
      "tanh", [](auto x) { return tanh(x); }, [](L x) { return 1 / (std::cosh(x) * std::cosh(x)); },
      {-2, 0, 0.1, 10, 20});
}

TEST(Dual, SpecialFunctionsHaveTheirSlopes) {
  const auto bell = [](long double x) {
    return 2 * std::numbers::inv_sqrtpi_v<long double> * std::exp(-x * x);
  };
  for (const double x : {-1.0, 0.0, 0.2, 1.7, 5.0}) {
    const double ulps = 6 + x * x;
    expect_slope(
        "erf", [](auto y) { return erf(y); }, bell, {x}, ulps);
    expect_slope(
        "erfc", [](auto y) { return erfc(y); }, [&](long double y) { return -bell(y); }, {x}, ulps);
  }
  // Digamma where it is known in closed form (Abramowitz and Stegun 6.3.2 to 6.3.5). Near its root at 1.46, and at
  // -1/2, it is small beside its terms: 8 ulps of 1 + itself.
  constexpr double Euler = std::numbers::egamma, Ln2 = std::numbers::ln2;
  double harmonic = 0.0;
  for (int n = 1; n <= 40; ++n) {
    const double right = harmonic - Euler;
    EXPECT_NEAR(lgamma(along(n)).slope[0], right, 8 * Ulp * (1 + std::abs(right))) << n;
    harmonic += 1.0 / n;
  }
  EXPECT_NEAR(lgamma(along(0.5)).slope[0], -Euler - 2 * Ln2, 24 * Ulp);
  EXPECT_NEAR(lgamma(along(1.5)).slope[0], 2 - Euler - 2 * Ln2, 8 * Ulp);
  EXPECT_NEAR(lgamma(along(-0.5)).slope[0], 2 - Euler - 2 * Ln2, 24 * Ulp);
  EXPECT_NEAR(lgamma(along(0.25)).slope[0], -Euler - std::numbers::pi / 2 - 3 * Ln2, 48 * Ulp);
  for (const double x : {-2.5, 0.01, 1.0, 3.3, 1e6})
    EXPECT_EQ(lgamma(along(x)).value, std::lgamma(x)) << x;
}

TEST(Dual, PowersHaveTheirSlopes) {
  using L = long double;
  expect_slope(
      "x^2.5",
      [](auto x) {
        using std::pow;
        return pow(x, 2.5);
      },
      [](L x) { return 2.5L * std::pow(x, 1.5L); }, {0.2, 1, 3});
  expect_slope(
      "x^-3",
      [](auto x) {
        using std::pow;
        return pow(x, -3);
      },
      [](L x) { return -3 / (x * x * x * x); }, {-2, 0.5, 4});
  expect_slope(
      "2^x",
      [](auto x) {
        using std::pow;
        return pow(2.0, x);
      },
      [](L x) { return std::numbers::ln2_v<L> * std::pow(2.0L, x); }, {-3, 0, 1.5});
  expect_slope(
      "x^x",
      [](auto x) {
        using std::pow;
        return pow(x, x);
      },
      [](L x) { return std::pow(x, x) * (1 + std::log(x)); }, {0.5, 1, 1.5, 3});
  EXPECT_EQ(pow(along(3), 2U).slope[0], 6.0);
  EXPECT_EQ(pow(along(3), 2L).slope[0], 6.0);
  EXPECT_EQ(pow(along(1e-200), 2).slope[0], 2e-200);  // where the value itself is gone
}

TEST(Dual, HypotAndTheLargerAndSmallerHaveTheirSlopes) {
  using L = long double;
  expect_slope(
      "hypot",
      [](auto x) {
        using std::hypot;
        return hypot(x, 2 * x + 1);
      },
      [](L x) { return (5 * x + 2) / std::hypot(x, 2 * x + 1); }, {-2, -0.3, 0, 2});
  expect_slope(
      "hypot to a number",
      [](auto x) {
        using std::hypot;
        return hypot(x, 3.0);
      },
      [](L x) { return x / std::hypot(x, 3.0L); }, {-2, 0, 4});
  expect_slope(
      "fmax",
      [](auto x) {
        using std::fmax;
        return fmax(x, x * x);
      },
      [](L x) { return x < 0 || x > 1 ? 2 * x : 1; }, {-2, 0.5, 3});
  expect_slope(
      "fmin",
      [](auto x) {
        using std::fmin;
        return fmin(0.5, x * x);
      },
      [](L x) { return x * x < 0.5L ? 2 * x : 0; }, {-2, 0.5, 3});
}

// By a step into the complex plane, which loses no digits (W. Squire and G. Trapp, SIAM Review 40, 1998).
TEST(Dual, AWholeFormulaHasTheSlopeOfTheComplexStep) {
  const auto f = [](const auto& x) {
    auto y = 3.0 - x / 2.0;
    y *= x;
    y += 1.0;
    y -= 0.25 * sin(x) / (2.0 + cos(x));
    y /= 1.0 / x + x;
    y *= 0.5;
    y /= 0.25;
    y -= exp(-x * x) * sqrt(x) + tanh(x) - sinh(x) / cosh(x + 1.0);
    y += +x - (-x) + pow(x, 1.5) + pow(x, x) + pow(2.0, x) + log(x) * tan(x / 3.0) + atan(x);
    return 1.0 - (y - 2.0) * (1.0 + y);
  };
  for (const double x : {0.1, 0.5, 1.0, 1.7, 2.5}) {
    const std::complex<double> y = f(std::complex<double>(x, 1e-50));
    const TwoWays z = f(along(x));
    EXPECT_NEAR(z.value, y.real(), 1e-13 * (1 + std::abs(y.real()))) << x;
    EXPECT_NEAR(z.slope[0], y.imag() / 1e-50, 1e-13 * (1 + std::abs(y.imag() / 1e-50))) << x;
    EXPECT_EQ(z.slope[1], 0.0);
  }
}

TEST(Dual, RulesOfProductsAndQuotientsHoldForSeveralDirections) {
  const TwoWays x = TwoWays::input(1.5, 0), y = TwoWays::input(-0.4, 1);
  const TwoWays z = (x * y - 3.0) / (2.0 + x) + y / x - (-y);
  EXPECT_DOUBLE_EQ(z.value, (1.5 * -0.4 - 3) / 3.5 + -0.4 / 1.5 - 0.4);
  EXPECT_NEAR(z.slope[0], -0.4 / 3.5 - (1.5 * -0.4 - 3) / (3.5 * 3.5) + 0.4 / (1.5 * 1.5), 1e-15);
  EXPECT_NEAR(z.slope[1], 1.5 / 3.5 + 1 / 1.5 + 1, 1e-15);
  EXPECT_TRUE(x > y && x >= y && y < 0.0 && 0.0 > y && x == 1.5 && 2 > x && x != y);
  EXPECT_EQ(value_of(x) + value_of(2.0) + square(3.0), 12.5);
  TwoWays itself = x;
  const TwoWays& as_well = itself;
  itself *= as_well;
  EXPECT_EQ(itself.slope[0], 3.0);
  itself /= as_well;
  EXPECT_EQ(itself.value, 1.0);
  EXPECT_EQ(itself.slope[0], 0.0);
}

TEST(Dual, KinksAreAsTold) {
  EXPECT_EQ(abs(along(0)).slope[0], 0.0);
  EXPECT_EQ(hypot(along(0), TwoWays(0.0)).slope[0], 0.0);
  EXPECT_EQ(fmax(along(1), 1.0).slope[0], 1.0);
  EXPECT_EQ(fmax(1.0, along(1)).slope[0], 0.0);
  EXPECT_EQ(fmin(along(1), 1.0).slope[0], 1.0);
  EXPECT_EQ(fmin(1.0, along(1)).slope[0], 0.0);
  EXPECT_EQ(pow(along(0), 2).slope[0], 0.0);
  EXPECT_EQ(pow(along(0), 1.0).slope[0], 1.0);
  EXPECT_EQ(pow(along(0), 0.0).slope[0], 0.0);
  EXPECT_EQ(pow(0.0, along(2)).slope[0], 0.0);
  EXPECT_EQ(pow(along(-2), TwoWays(2.0)).slope[0], -4.0);
}

TEST(Dual, AnInfiniteSlopeStaysInItsOwnDirection) {
  const auto expect_own = [](const TwoWays& y, double slope) {
    EXPECT_EQ(y.slope[0], slope);
    EXPECT_EQ(y.slope[1], 0.0);
  };
  expect_own(sqrt(along(0)), Endless);
  expect_own(log(along(0)), Endless);
  expect_own(log1p(along(-1)), Endless);
  expect_own(pow(along(0), 0.5), Endless);
  expect_own(pow(along(0), -1), -Endless);
  expect_own(exp(along(800)), Endless);
  expect_own(sqrt(TwoWays(0.0)), 0.0);
  expect_own(log(TwoWays(0.0)), 0.0);
  expect_own(pow(-2.0, TwoWays(2.0)), 0.0);
  EXPECT_TRUE(std::isnan(lgamma(along(-1)).slope[0]));  // a pole
  EXPECT_EQ(lgamma(along(-1)).slope[1], 0.0);
}

TEST(Dual, ValuesAreThoseOfDoublesWhereverTheyEnd) {
  const double none = std::numeric_limits<double>::quiet_NaN();
  const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
  for (const double x : {none, Endless, -Endless, 0.0, -0.0, -1.0, -1.5, 1e308, 1e-310, 800.0}) {
    const auto expect_same = [&](const char* what, const auto& f) {
      EXPECT_TRUE(same(f(along(x)).value, f(x))) << what << " " << x;
    };
    using std::pow, std::fmax, std::fmin, std::hypot;
    expect_same("exp", [](auto v) { return exp(v) + expm1(v); });
    expect_same("log", [](auto v) { return log(v); });
    expect_same("log1p", [](auto v) { return log1p(v); });
    expect_same("sqrt", [](auto v) { return sqrt(v); });
    expect_same("atan", [](auto v) { return atan(v) + tanh(v); });
    expect_same("sinh", [](auto v) { return sinh(v); });
    expect_same("cosh", [](auto v) { return cosh(v); });
    expect_same("erf", [](auto v) { return erf(v) + erfc(v); });
    expect_same("lgamma", [](auto v) { return lgamma(v); });
    expect_same("abs", [](auto v) { return fabs(v); });
    expect_same("pow", [](auto v) { return pow(v, 2) + pow(v, 0.5) + pow(2.0, v); });
    expect_same("hypot", [](auto v) { return hypot(v, 1.0); });
    expect_same("fmax", [](auto v) { return fmax(v, 2.0) + fmax(2.0, v); });
    expect_same("fmin", [](auto v) { return fmin(v, 2.0) + fmin(2.0, v); });
    expect_same("quotient", [](auto v) { return v / 0.0 + 1.0 / v; });
    expect_same("product", [](auto v) { return v * 2.0 - 3.0 * v * v; });
    EXPECT_EQ(isfinite(along(x)), std::isfinite(x));
    EXPECT_EQ(isnan(along(x)), std::isnan(x));
    EXPECT_EQ(along(x) < 1.0, x < 1.0);
    EXPECT_EQ(along(x) == x, x == x);
    EXPECT_EQ(along(x) != x, x != x);
  }
}

// As the thread sanitizer sees: std::lgamma would be a race.
TEST(Dual, ThreadsMayTakeGammaFunctionsAtOnce) {
  const auto work = [](double& sum) {
    for (int k = 1; k < 200; ++k) sum += lgamma(along(0.37 * k)).value;
  };
  double a = 0.0, b = 0.0;
  {
    const std::jthread other(work, std::ref(a));
    work(b);
  }
  EXPECT_EQ(a, b);
}

}  // namespace
}  // namespace twin::math
