// Eigenvalues and -vectors of a small symmetric matrix with the same bits on every machine: + - * / and
// square roots only, in an order that depends on its size alone. Large ones belong to Eigen.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace twin::math {

struct SymmetricEigen {
  std::vector<double> values;   // [n] ascending
  std::vector<double> vectors;  // [n][row]: vector k is vectors[k x n, ...], of length 1
  bool converged = true;        // false: what is off the diagonal is not yet small
};

// a: [n][n], of which the upper triangle is read; all finite [the caller's duty]. Cyclic Jacobi rotations
// (C. G. J. Jacobi, 1846; G. H. Golub and C. F. Van Loan, Matrix Computations, 4th ed., 2013, section
// 8.5.3) until all that is off the diagonal is below the rounding of what is on it; it takes about 7
// sweeps of 4 n^3 operations each, and never more than 60.
SymmetricEigen symmetric_eigen(std::span<const double> a, std::size_t n);

}  // namespace twin::math
