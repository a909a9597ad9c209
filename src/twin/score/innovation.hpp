// Whether a filter's innovations are as large as it says: the innovation d with predicted covariance
// S has E[d' S^-1 d] = m for m observations, and the sum over independent times is chi-square
// (R. K. Mehra and J. Peschon, Automatica 7, 1971; Y. Bar-Shalom, X.-R. Li and T. Kirubarajan,
// "Estimation with applications to tracking and navigation", 2001, section 5.4).
#pragma once
#include <cstdint>
#include <optional>
#include <span>

#include "twin/math/sums.hpp"
#include "twin/score/chi_square.hpp"

namespace twin::score {

// d' S^-1 d by Cholesky. s: [row][column], m x m, row after row; only its lower half is read.
// core::Error if the lengths do not match, a value is not finite, S is not positive definite.
double innovation_square(std::span<const double> d, std::span<const double> s);
// The same for a diagonal S. variances: [observation], positive.
double innovation_square_diagonal(std::span<const double> d, std::span<const double> variances);

struct InnovationAnswer {
  double ratio = 0.0;       // sum of squares / number of observations: 1 if the filter is right
  ChiSquareTest test;       // both sides: above 1 too sure, below 1 too careful
  double ratio_low = 0.0;   // where the ratio of a right filter lies with the wanted level
  double ratio_high = 0.0;  //
};

class InnovationCheck {
 public:
  // square: d' S^-1 d of one time with so many observations; a time without any counts nothing.
  void add(double square, std::size_t observations);
  void merge(const InnovationCheck& other);

  [[nodiscard]] std::uint64_t observations() const { return observations_; }
  // Nothing if nothing was observed.
  [[nodiscard]] std::optional<InnovationAnswer> answer(double level = 0.95) const;

  bool operator==(const InnovationCheck&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("sum", self.sum_);
    archive("observations", self.observations_);
  }

 private:
  math::Sum sum_;  // of the squares
  std::uint64_t observations_ = 0;
};

}  // namespace twin::score
