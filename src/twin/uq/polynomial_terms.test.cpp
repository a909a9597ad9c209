// If these failed, an expansion would give at a point among many what it does not give there alone.
#include "twin/uq/polynomial_terms.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "twin/math/batch.hpp"
#include "twin/math/distributions.hpp"

namespace twin::uq {
namespace {

using enum PolynomialFamily;

struct TermsAtPoints {
  std::vector<PolynomialFamily> families = {Legendre, Hermite, Laguerre, Legendre};
  MultiIndices terms;
  std::vector<std::vector<double>> u;
  std::vector<const double*> columns;
  explicit TermsAtPoints(std::size_t points) : u(4, std::vector<double>(points)) {
    for (const auto& term : std::vector<std::vector<PolynomialFactor>>{
             {}, {{0, 1}}, {{1, 3}}, {{0, 2}, {2, 1}}, {{0, 1}, {1, 2}, {2, 2}}, {{2, 4}}})
      terms.add(term);
    for (std::uint32_t i = 0; i < 4; ++i) {
      math::uniforms({9, 0}, 0, i, 0, u[i]);
      columns.push_back(u[i].data());
    }
  }
};

TEST(PolynomialTerms, AreProductsOfPolynomials) {
  const TermsAtPoints t(70);
  const PolynomialTerms terms(t.families, t.terms);
  ASSERT_EQ(terms.size(), 6U);
  std::vector<double> out(6 * 70), some(2 * 70);
  terms.fill({t.columns, 70}, 0, 6, out);
  terms.fill({t.columns, 70}, 3, 5, some);
  for (std::size_t k = 0; k < 70; ++k) {
    const double a = 2 * t.u[0][k] - 1, b = math::normal(t.u[1][k]), c = -std::log1p(-t.u[2][k]);
    const double legendre = std::sqrt(3.0) * a, hermite = (b * b - 1) / std::sqrt(2.0),
                 laguerre = (c * c - 4 * c + 2) / 2;
    const double size = 1e-13 * (1 + c * c * c * c + std::abs(b * b * b));
    EXPECT_EQ(out[k], 1.0);
    EXPECT_NEAR(out[70 + k], legendre, size);
    EXPECT_NEAR(out[140 + k], (b * b * b - 3 * b) / std::sqrt(6.0), size);
    EXPECT_NEAR(out[210 + k], std::sqrt(5.0) * (3 * a * a - 1) / 2 * (c - 1), size);
    EXPECT_NEAR(out[280 + k], legendre * hermite * laguerre, size * (1 + b * b));
    EXPECT_NEAR(out[350 + k], std::laguerre(4, c), size);
    EXPECT_EQ(some[k], out[210 + k]);
    EXPECT_EQ(some[70 + k], out[280 + k]);
  }
}

TEST(PolynomialTerms, OnePointIsAsManyAre) {
  const std::vector<double> coefficients = {0.5, -1, 2, 0.25, 3, -0.125};
  for (const std::size_t points : {1U, 63U, 64U, 65U, 200U}) {
    const TermsAtPoints t(points);
    const PolynomialTerms terms(t.families, t.terms);
    std::vector<double> y(points), out(6 * points), one(6), u(4);
    terms.sum({t.columns, points}, 0, coefficients, y);
    terms.fill({t.columns, points}, 0, 6, out);
    for (std::size_t k = 0; k < points; ++k) {
      for (std::size_t i = 0; i < 4; ++i) u[i] = t.u[i][k];
      EXPECT_EQ(y[k], terms.sum(u, coefficients));
      terms.fill(u, one);
      for (std::size_t j = 0; j < 6; ++j) EXPECT_EQ(out[j * points + k], one[j]);
    }
    // Some of the points.
    std::vector<double> last(points / 2);
    terms.sum({t.columns, points}, points - last.size(), coefficients, last);
    for (std::size_t k = 0; k < last.size(); ++k) EXPECT_EQ(last[k], y[points - last.size() + k]);
  }
}

TEST(PolynomialTerms, HaveNoValueOutsideOfTheCube) {
  TermsAtPoints t(64);
  t.u[1][5] = 0.0;
  t.u[2][9] = 1.0;
  t.u[3][11] = 7.0;  // no term has this input
  t.u[0][13] = std::numeric_limits<double>::quiet_NaN();
  const PolynomialTerms terms(t.families, t.terms);
  std::vector<double> y(64);
  terms.sum({t.columns, 64}, 0, std::vector<double>(6, 1.0), y);
  for (std::size_t k = 0; k < 64; ++k)
    EXPECT_EQ(std::isnan(y[k]), k == 5 || k == 9 || k == 13) << k;
}

TEST(PolynomialTerms, ManyInputsFindRoom) {
  // More polynomials than one point has room for on the stack.
  MultiIndices indices;
  for (std::uint32_t i = 0; i < 300; ++i) indices.add(std::vector<PolynomialFactor>{{i, 1}});
  const PolynomialTerms terms(std::vector<PolynomialFamily>(300), indices);
  const std::vector<double> u(300, 0.75), ones(300, 1.0);
  EXPECT_NEAR(terms.sum(u, ones), 300 * std::sqrt(3.0) / 2, 1e-11);
}

}  // namespace
}  // namespace twin::uq
