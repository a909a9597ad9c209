// Few of many columns that explain what is to be fitted: least angle regression finds an order (B. Efron, T.
// Hastie, I. Johnstone and R. Tibshirani, Annals of Statistics 32, 2004, eqs. 2.8 to 2.13), the leave-one-out error
// of least squares how many of them (G. Blatman and B. Sudret, J. Computational Physics 230, 2011).
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "twin/uq/growing_qr.hpp"

namespace twin::uq {

// By how much each row would be missed, had it been left out of the fit: its residual over 1 - its leverage.
// residuals: [row] of the fit, changed into these. False where a row alone tells some coefficient: its residual
// stays.
bool left_out(const GrowingQr& qr, std::span<double> residuals);

// The mean square of these over the variance of what was fitted, times n / (n - k) (1 + tr (A'A)^-1) for k columns
// and n rows, as few rows make it look too good (O. Chapelle, V. Vapnik and Y. Bengio, Machine Learning 48, 2002).
// Infinite where it cannot be told. residuals: [row] of the fit.
double corrected_leave_one_out(const GrowingQr& qr, std::span<const double> residuals,
                               double variance);

struct SparseColumns {
  std::vector<std::size_t> columns;  // ascending
  double error = 0.0;                // corrected_leave_one_out
};

// Errors of this share of the variance or less are rounding: there is nothing to gain.
inline constexpr double ErrorLeast = 1e-26;

// columns: [column][row]; the first is constant and in every fit. The search ends where a tenth of all steps there
// could be, and at least 30 of them, bring no better error. A step reads each number of the columns once.
// TWIN_EXPECT: whole columns; at least three rows; y varies.
SparseColumns sparse_columns(std::span<const double> columns, std::span<const double> y);

}  // namespace twin::uq
