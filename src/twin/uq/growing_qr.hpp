// Least squares whose columns come one by one: an orthonormal basis of them by Gram and Schmidt, each column twice,
// which is enough (L. Giraud, J. Langou, M. Rozloznik and J. van den Eshof, Numerische Mathematik 101, 2005). For
// tall matrices of some hundred columns; large ones belong to Eigen.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace twin::uq {

// The sum of a[k] b[k]: eight sums side by side, so that the order is fixed by the count alone.
double lane_product(const double* a, const double* b, std::size_t count);

// Entry (row, column) of an upper triangle that is stored column by column: row <= column.
constexpr std::size_t upper_at(std::size_t row, std::size_t column) {
  return column * (column + 1) / 2 + row;
}

// x with R x = b, or with R' x = b, of the first b.size() columns of an upper triangle: in place.
void solve_upper(std::span<const double> r, std::span<double> b);
void solve_upper_transposed(std::span<const double> r, std::span<double> b);

class GrowingQr {
 public:
  explicit GrowingQr(std::size_t rows) : rows_(rows), leverages_(rows, 0.0) {}

  // False, and nothing changes, where the column is nearly a combination of those before it.
  bool add(std::span<const double> column);

  [[nodiscard]] std::size_t size() const { return size_; }  // columns
  [[nodiscard]] std::span<const double> q(std::size_t column) const {
    return std::span(q_).subspan(column * rows_, rows_);
  }
  [[nodiscard]] std::span<const double> r() const { return r_; }  // upper_at
  // Diagonal of the matrix that takes what is to be fitted to what is fitted.
  [[nodiscard]] std::span<const double> leverages() const { return leverages_; }  // [row]
  // Trace of (A'A)^-1.
  [[nodiscard]] double inverse_trace() const { return trace_; }

 private:
  std::size_t rows_, size_ = 0;      // and columns
  std::vector<double> q_;            // [column][row]
  std::vector<double> r_;            // A = Q R
  std::vector<double> inverse_;      // of R, likewise
  std::vector<double> leverages_;    // [row]
  double trace_ = 0.0;               // of (A'A)^-1
  std::vector<double> left_, part_;  // room for add
};

}  // namespace twin::uq
