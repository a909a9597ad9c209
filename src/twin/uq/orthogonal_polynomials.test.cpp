// If these failed, coefficients would not be parts of a variance, and no sensitivity that is read from them true.
#include "twin/uq/orthogonal_polynomials.hpp"

#include <gtest/gtest.h>

#include <boost/math/quadrature/exp_sinh.hpp>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <functional>
#include <numbers>
#include <vector>

#include "twin/math/distributions.hpp"

namespace twin::uq {
namespace {

using enum PolynomialFamily;

// Of degrees 0 to 12 at one place.
std::vector<double> polynomials_at(PolynomialFamily family, double x) {
  std::vector<double> p(13, 1.0);
  OrthonormalPolynomials(family, 12).fill<1>(&x, p.data() + 1);
  return p;
}

// The mean of a function of the family's variable under its law.
double law_mean(PolynomialFamily family, const std::function<double(double)>& f) {
  switch (family) {
    case Legendre: return boost::math::quadrature::gauss<double, 30>::integrate(f, -1.0, 1.0) / 2;
    case Hermite: {
      // The trapezoidal rule of what falls this fast, and its derivatives with it, is exact to rounding.
      double sum = 0.0;
      for (int k = -600; k <= 600; ++k) {
        const double x = k / 40.0;
        sum += f(x) * std::exp(-x * x / 2) / 40.0;
      }
      return sum / std::sqrt(2 * std::numbers::pi);
    }
    default: {
      boost::math::quadrature::exp_sinh<double> rule;
      return rule.integrate([&](double x) { return x > 600.0 ? 0.0 : f(x) * std::exp(-x); });
    }
  }
}

TEST(OrthogonalPolynomials, AreThoseOfTheStandardLibrary) {
  // Those have other lengths: sqrt(2 n + 1), sqrt(n! 2^n) in sqrt(2) x, and (-1)^n. Rounding: n steps of some ulp
  // each, of the size of the largest terms.
  const auto standard = [](PolynomialFamily family, unsigned n, double x) {
    switch (family) {
      case Legendre: return std::legendre(n, x) * std::sqrt(2.0 * n + 1);
      case Hermite:
        return std::hermite(n, x / std::numbers::sqrt2) /
               std::sqrt(std::tgamma(n + 1) * std::exp2(n));
      default: return std::laguerre(n, x) * (n % 2 == 0 ? 1 : -1);
    }
  };
  for (const PolynomialFamily family : {Legendre, Hermite, Laguerre}) {
    for (const double x : {0.0, 0.3, 0.77, 1.0, 2.5}) {
      if (family == Legendre && x > 1.0) continue;
      const auto p = polynomials_at(family, x);
      for (unsigned n = 0; n <= 12; ++n)
        EXPECT_NEAR(p[n], standard(family, n, x), 1e-12 * (1 + std::abs(p[n])))
            << static_cast<int>(family) << " " << n << " " << x;
    }
  }
}

TEST(OrthogonalPolynomials, AreOrthonormalUnderTheirLaws) {
  for (const PolynomialFamily family : {Legendre, Hermite, Laguerre}) {
    for (std::size_t a = 0; a <= 12; a += 3) {
      for (std::size_t b = 0; b <= 12; b += 2) {
        const auto product = [&](double x) {
          const auto p = polynomials_at(family, x);
          return p[a] * p[b];
        };
        EXPECT_NEAR(law_mean(family, product), a == b ? 1.0 : 0.0, 1e-9)
            << static_cast<int>(family) << " " << a << " " << b;
      }
    }
  }
}

TEST(OrthogonalPolynomials, ManyPlacesAreAsOne) {
  const std::vector<double> x = {-0.9, 0.1, 0.2, 0.95};
  std::vector<double> all(3 * 4), one(3);
  const OrthonormalPolynomials p(Hermite, 3);
  EXPECT_EQ(p.degree(), 3U);
  p.fill<4>(x.data(), all.data());
  for (std::size_t k = 0; k < 4; ++k) {
    p.fill<1>(&x[k], one.data());
    for (std::size_t n = 0; n < 3; ++n) EXPECT_EQ(all[n * 4 + k], one[n]);
  }
}

TEST(OrthogonalPolynomials, VariablesAreThoseOfTheLaws) {
  const auto germ = [](PolynomialFamily family, double u) {
    germs(family, {&u, 1});
    return u;
  };
  EXPECT_EQ(germ(Legendre, 0.75), 0.5);
  EXPECT_EQ(germ(Hermite, 0.975), math::normal(0.975));
  EXPECT_NEAR(germ(Laguerre, 1 - std::exp(-2.0)), 2.0, 1e-14);
  EXPECT_EQ(germ(Legendre, 0.0), -1.0);
  EXPECT_EQ(germ(Legendre, 1.0), 1.0);
  EXPECT_EQ(germ(Laguerre, 0.0), 0.0);
  for (const auto& [family, u] : {std::pair{Legendre, -0.1},
                                  {Legendre, 1.1},
                                  {Legendre, std::nan("")},
                                  {Hermite, 0.0},
                                  {Hermite, 1.0},
                                  {Hermite, std::nan("")},
                                  {Laguerre, 1.0},
                                  {Laguerre, -1e-9}})
    EXPECT_TRUE(std::isnan(germ(family, u))) << static_cast<int>(family) << " " << u;
  // One that has no variable leaves the others theirs.
  std::vector<double> u = {0.2, 1.0, 0.9};
  germs(Hermite, u);
  EXPECT_EQ(u[0], math::normal(0.2));
  EXPECT_TRUE(std::isnan(u[1]));
  EXPECT_EQ(u[2], math::normal(0.9));
}

}  // namespace
}  // namespace twin::uq
