// If these failed, an expansion would be of the wrong terms, or be told to be better than it is.
#include "twin/uq/sparse_regression.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "twin/math/batch.hpp"

namespace twin::uq {
namespace {

struct SparseProblem {
  std::size_t rows, count;
  std::vector<double> columns;  // [column][row]
  std::vector<double> y;
  [[nodiscard]] double at(std::size_t row, std::size_t column) const {
    return columns[column * rows + row];
  }
};

// Normal columns beside the constant one; y of some of them, and noise.
SparseProblem sparse_problem(std::size_t rows, std::size_t count, std::uint64_t seed,
                             double noise) {
  SparseProblem r{.rows = rows,
                  .count = count,
                  .columns = std::vector<double>(rows * count, 1.0),
                  .y = std::vector<double>(rows)};
  for (std::size_t j = 1; j < count; ++j)
    math::normals({seed, 0}, 0, static_cast<std::uint32_t>(j), 0,
                  std::span(r.columns).subspan(j * rows, rows));
  math::normals({seed, 0}, 1, 0, 0, r.y);
  for (std::size_t i = 0; i < rows; ++i)
    r.y[i] = noise * r.y[i] + 2 + 3 * r.at(i, 1) - 2 * r.at(i, 4) + r.at(i, 7);
  return r;
}

// The slow and obvious: normal equations by elimination with pivots, in long double. Nothing where they are
// singular.
std::optional<std::vector<long double>> by_elimination(const SparseProblem& r,
                                                       const std::vector<std::size_t>& columns,
                                                       std::size_t without,
                                                       std::vector<long double> right = {}) {
  const std::size_t k = columns.size();
  std::vector<std::vector<long double>> a(k, std::vector<long double>(k + 1, 0.0L));
  for (std::size_t i = 0; i < r.rows; ++i) {
    if (i == without) continue;
    for (std::size_t p = 0; p < k; ++p) {
      const long double x = r.at(i, columns[p]);
      for (std::size_t q = 0; q < k; ++q) a[p][q] += x * r.at(i, columns[q]);
      a[p][k] += x * r.y[i];
    }
  }
  for (std::size_t p = 0; p < right.size(); ++p) a[p][k] = right[p];
  for (std::size_t p = 0; p < k; ++p) {
    std::size_t best = p;
    for (std::size_t q = p; q < k; ++q)
      if (std::abs(a[q][p]) > std::abs(a[best][p])) best = q;
    std::swap(a[p], a[best]);
    if (std::abs(a[p][p]) < 1e-12L) return std::nullopt;
    for (std::size_t q = 0; q < k; ++q) {
      if (q == p) continue;
      const long double f = a[q][p] / a[p][p];
      for (std::size_t s = p; s <= k; ++s) a[q][s] -= f * a[p][s];
    }
  }
  std::vector<long double> x(k);
  for (std::size_t p = 0; p < k; ++p) x[p] = a[p][k] / a[p][p];
  return x;
}

constexpr std::size_t WithAllRows = std::numeric_limits<std::size_t>::max();

// Refits without each row, one after the other; infinite where that cannot be done.
double brute_force_error(const SparseProblem& r, const std::vector<std::size_t>& columns) {
  const std::size_t k = columns.size();
  if (k >= r.rows) return std::numeric_limits<double>::infinity();
  long double missed = 0, mean = 0, squares = 0, trace = 0;
  for (std::size_t i = 0; i < r.rows; ++i) {
    const auto b = by_elimination(r, columns, i);
    if (!b) return std::numeric_limits<double>::infinity();
    long double told = 0;
    for (std::size_t p = 0; p < k; ++p) told += (*b)[p] * r.at(i, columns[p]);
    missed += (told - r.y[i]) * (told - r.y[i]) / r.rows;
    mean += static_cast<long double>(r.y[i]) / r.rows;
  }
  for (const double y : r.y) squares += (y - mean) * (y - mean);
  for (std::size_t p = 0; p < k; ++p) {
    std::vector<long double> unit(k, 0.0L);
    unit[p] = 1.0L;
    trace += (*by_elimination(r, columns, WithAllRows, unit))[p];
  }
  const auto n = static_cast<long double>(r.rows);
  return static_cast<double>(missed / (squares / (n - 1)) * n / (n - static_cast<long double>(k)) *
                             (1 + trace));
}

// Least angle regression as Efron et al. write it: eqs. 2.8 to 2.13, with each direction worked out anew.
std::vector<std::size_t> obvious_order(const SparseProblem& r) {
  SparseProblem s = r;  // centred and of length 1; y likewise centred
  const auto centre = [&](double* x) {
    double mean = 0.0;
    for (std::size_t i = 0; i < r.rows; ++i) mean += x[i] / static_cast<double>(r.rows);
    for (std::size_t i = 0; i < r.rows; ++i) x[i] -= mean;
  };
  centre(s.y.data());
  for (std::size_t j = 1; j < r.count; ++j) {
    double* x = s.columns.data() + j * r.rows;
    centre(x);
    double length = 0.0;
    for (std::size_t i = 0; i < r.rows; ++i) length += x[i] * x[i];
    for (std::size_t i = 0; i < r.rows; ++i) x[i] /= std::sqrt(length);
  }
  const auto product = [&](std::size_t j, const std::vector<double>& v) {
    double sum = 0.0;
    for (std::size_t i = 0; i < r.rows; ++i) sum += s.at(i, j) * v[i];
    return sum;
  };
  std::vector<std::size_t> active;
  std::vector<double> left = s.y;
  const auto is_active = [&](std::size_t j) {
    return std::ranges::find(active, j) != active.end();
  };
  double greatest = 0.0;
  std::size_t next = 0;
  for (std::size_t j = 1; j < r.count; ++j)
    if (std::abs(product(j, left)) > greatest) {
      greatest = std::abs(product(j, left));
      next = j;
    }
  while (next != 0) {
    active.push_back(next);
    if (active.size() + 1 >= std::min(r.rows, r.count)) break;
    std::vector<long double> signs;
    for (const std::size_t j : active) signs.push_back(product(j, left) > 0 ? 1.0L : -1.0L);
    const auto weights = *by_elimination(s, active, WithAllRows, signs);
    std::vector<double> u(r.rows, 0.0);
    for (std::size_t p = 0; p < active.size(); ++p)
      for (std::size_t i = 0; i < r.rows; ++i)
        u[i] += static_cast<double>(weights[p]) * s.at(i, active[p]);
    double way = std::abs(product(active.front(), left));
    const double most = way;
    next = 0;
    for (std::size_t j = 1; j < r.count; ++j) {
      if (is_active(j)) continue;
      const double c = product(j, left), a = product(j, u);
      for (const double candidate : {(most - c) / (1 - a), (most + c) / (1 + a)})
        if (candidate > 0.0 && candidate < way) {
          way = candidate;
          next = j;
        }
    }
    for (std::size_t i = 0; i < r.rows; ++i) left[i] -= way * u[i];
  }
  return active;
}

TEST(SparseRegression, ClosedFormIsWhatRefittingWithoutEachRowTells) {
  const SparseProblem r = sparse_problem(30, 9, 1, 0.5);
  GrowingQr qr(r.rows);
  std::vector<double> residual = r.y;
  std::vector<std::size_t> columns;
  for (std::size_t j = 0; j < r.count; ++j) {
    columns.push_back(j);
    ASSERT_TRUE(qr.add(std::span(r.columns).subspan(j * r.rows, r.rows)));
    const double part = lane_product(qr.q(j).data(), residual.data(), r.rows);
    for (std::size_t i = 0; i < r.rows; ++i) residual[i] -= part * qr.q(j)[i];
    double mean = 0.0, squares = 0.0;
    for (const double y : r.y) mean += y / static_cast<double>(r.rows);
    for (const double y : r.y) squares += (y - mean) * (y - mean);
    const double told = corrected_leave_one_out(qr, residual, squares / 29);
    EXPECT_NEAR(told, brute_force_error(r, columns), 1e-11 * told) << j;
  }
}

TEST(SparseRegression, RowsThatAloneTellSomethingHaveNoError) {
  GrowingQr qr(3);
  ASSERT_TRUE(qr.add(std::vector<double>{1, 1, 1}));
  ASSERT_TRUE(qr.add(std::vector<double>{0, 0, 1}));
  std::vector<double> residuals = {-1, 1, 0};
  EXPECT_EQ(corrected_leave_one_out(qr, residuals, 1.0), std::numeric_limits<double>::infinity());
  EXPECT_FALSE(left_out(qr, residuals));
  EXPECT_NEAR(residuals[0], -2.0, 1e-14);
  EXPECT_EQ(residuals[2], 0.0);
}

TEST(SparseRegression, ChoosesAsTheObviousWayDoes) {
  // More rows than columns, and fewer; the best error of all steps of the obvious order is no better, and the
  // columns are the first of that order.
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const SparseProblem r = sparse_problem(24, seed % 2 == 0 ? 12 : 40, seed, 1.0);
    const SparseColumns s = sparse_columns(r.columns, r.y);
    const std::vector<std::size_t> order = obvious_order(r);
    ASSERT_GE(order.size() + 1, s.columns.size());
    std::vector<std::size_t> first(
        order.begin(), order.begin() + static_cast<std::ptrdiff_t>(s.columns.size() - 1));
    first.push_back(0);
    std::ranges::sort(first);
    EXPECT_EQ(s.columns, first) << seed;
    EXPECT_NEAR(s.error, brute_force_error(r, s.columns), 1e-8 * s.error);
    // Within the ten steps beyond the best that are always tried.
    std::vector<std::size_t> longer = {0};
    for (std::size_t k = 0; k < std::min(order.size(), s.columns.size() + 9); ++k) {
      EXPECT_GE(brute_force_error(r, longer), s.error * (1 - 1e-8)) << seed << " " << k;
      longer.push_back(order[k]);
    }
  }
}

TEST(SparseRegression, FindsFewColumnsAmongMoreThanRows) {
  // 40 rows, 400 columns, no noise: the three are among the chosen ones and nothing is left.
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const SparseProblem r = sparse_problem(40, 400, seed, 0.0);
    const SparseColumns s = sparse_columns(r.columns, r.y);
    EXPECT_LE(s.error, ErrorLeast);
    EXPECT_LE(s.columns.size(), 14U);
    for (const std::size_t j : {0U, 1U, 4U, 7U})
      EXPECT_TRUE(std::ranges::binary_search(s.columns, j)) << seed << " " << j;
  }
}

TEST(SparseRegression, WhatIsThereTwiceChangesNothing) {
  // Last come each column once more and one that is constant.
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const SparseProblem r = sparse_problem(40, 25, seed, 3.0);
    std::vector<double> columns = r.columns;
    columns.insert(columns.end(), r.columns.begin(), r.columns.end());
    columns.insert(columns.end(), 40, 5.0);
    const SparseColumns once = sparse_columns(r.columns, r.y), twice = sparse_columns(columns, r.y);
    EXPECT_EQ(twice.columns, once.columns) << seed;
    EXPECT_NEAR(twice.error, once.error, 1e-10 * once.error);
  }
}

}  // namespace
}  // namespace twin::uq
