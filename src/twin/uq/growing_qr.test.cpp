// If these failed, coefficients would be wrong where columns are nearly alike, and errors that are told without
// refitting would be no errors.
#include "twin/uq/growing_qr.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "twin/core/draw.hpp"

namespace twin::uq {
namespace {

std::vector<double> column_by_chance(std::size_t rows, std::uint32_t number) {
  std::vector<double> column(rows);
  for (std::uint32_t i = 0; i < rows; ++i) column[i] = core::Draw{5}.uniform(number, i, 0) - 0.3;
  return column;
}

TEST(GrowingQr, IsTheColumnsAndOrthonormal) {
  // Powers on (0, 1): the columns' condition number is above 10^8. Rounding: some ulp a row.
  constexpr std::size_t Rows = 50, Columns = 12;
  GrowingQr qr(Rows);
  std::vector<std::vector<double>> columns;
  for (std::size_t k = 0; k < Columns; ++k) {
    columns.emplace_back(Rows);
    for (std::size_t i = 0; i < Rows; ++i)
      columns[k][i] = std::pow((static_cast<double>(i) + 0.5) / Rows, static_cast<double>(k));
    ASSERT_TRUE(qr.add(columns[k]));
  }
  ASSERT_EQ(qr.size(), Columns);
  for (std::size_t k = 0; k < Columns; ++k) {
    for (std::size_t j = 0; j < Columns; ++j) {
      double product = 0.0;
      for (std::size_t i = 0; i < Rows; ++i) product += qr.q(k)[i] * qr.q(j)[i];
      EXPECT_NEAR(product, j == k ? 1.0 : 0.0, 1e-14);
    }
    for (std::size_t i = 0; i < Rows; ++i) {
      double made = 0.0;
      for (std::size_t j = 0; j <= k; ++j) made += qr.q(j)[i] * qr.r()[upper_at(j, k)];
      EXPECT_NEAR(made, columns[k][i], 1e-14);
    }
  }
}

TEST(GrowingQr, LeveragesAndTraceAreTheirDefinitions) {
  constexpr std::size_t Rows = 20, Columns = 6;
  GrowingQr qr(Rows);
  std::vector<std::vector<double>> columns;
  for (std::uint32_t k = 0; k < Columns; ++k) {
    columns.push_back(column_by_chance(Rows, k));
    ASSERT_TRUE(qr.add(columns[k]));
  }
  // (A'A)^-1 column by column: R x = y with R' y = unit vector.
  std::vector<std::vector<double>> inverse;
  double trace = 0.0;
  for (std::size_t k = 0; k < Columns; ++k) {
    std::vector<double> x(Columns, 0.0);
    x[k] = 1.0;
    solve_upper_transposed(qr.r(), x);
    solve_upper(qr.r(), x);
    for (std::size_t j = 0; j < Columns; ++j) {
      double one = 0.0;  // A'A x
      for (std::size_t i = 0; i < Rows; ++i) {
        double told = 0.0;
        for (std::size_t l = 0; l < Columns; ++l) told += columns[l][i] * x[l];
        one += columns[j][i] * told;
      }
      EXPECT_NEAR(one, j == k ? 1.0 : 0.0, 1e-13);
    }
    trace += x[k];
    inverse.push_back(x);
  }
  EXPECT_NEAR(qr.inverse_trace(), trace, 1e-13 * trace);
  for (std::size_t i = 0; i < Rows; ++i) {
    double leverage = 0.0;
    for (std::size_t k = 0; k < Columns; ++k)
      for (std::size_t j = 0; j < Columns; ++j)
        leverage += columns[k][i] * inverse[k][j] * columns[j][i];
    EXPECT_NEAR(qr.leverages()[i], leverage, 1e-13);
  }
}

TEST(GrowingQr, RefusesWhatItHas) {
  constexpr std::size_t Rows = 9;
  GrowingQr qr(Rows);
  const auto a = column_by_chance(Rows, 0), b = column_by_chance(Rows, 1);
  ASSERT_TRUE(qr.add(a));
  ASSERT_TRUE(qr.add(b));
  std::vector<double> mixed(Rows);
  for (std::size_t i = 0; i < Rows; ++i) mixed[i] = 3 * a[i] - 0.1 * b[i];
  const std::vector<double> before(qr.leverages().begin(), qr.leverages().end());
  const double trace = qr.inverse_trace();
  EXPECT_FALSE(qr.add(mixed));
  EXPECT_FALSE(qr.add(std::vector<double>(Rows, 0.0)));
  EXPECT_EQ(qr.size(), 2U);
  EXPECT_EQ(qr.r().size(), 3U);
  EXPECT_EQ(qr.inverse_trace(), trace);
  EXPECT_TRUE(std::equal(before.begin(), before.end(), qr.leverages().begin()));
  // As many columns as rows, and no more.
  for (std::uint32_t k = 2; k < Rows; ++k) EXPECT_TRUE(qr.add(column_by_chance(Rows, k)));
  EXPECT_FALSE(qr.add(column_by_chance(Rows, 77)));
}

TEST(GrowingQr, ProductsAreWholeForAnyLength) {
  for (std::size_t n = 0; n < 20; ++n) {
    const auto a = column_by_chance(n, 3), b = column_by_chance(n, 4);
    double sum = 0.0;
    for (std::size_t i = 0; i < n; ++i) sum += a[i] * b[i];
    EXPECT_NEAR(lane_product(a.data(), b.data(), n), sum, 1e-15 * static_cast<double>(n + 1));
  }
}

}  // namespace
}  // namespace twin::uq
