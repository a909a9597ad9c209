// Sums whose last bits can be relied upon: compensated for long runs of very unequal terms, and
// along a fixed tree (core/parallel.hpp) where terms come from different threads.
#pragma once
#include <span>

#include "twin/core/parallel.hpp"

namespace twin::math {

using core::tree_reduce;
using core::tree_sum;

// A running sum that carries what rounding lost (A. Neumaier, ZAMM 54, 1974, method IV). The error
// is that of one rounding of the true sum, plus n^2 2^-106 times the sum of magnitudes.
class Sum {
 public:
  constexpr void add(double x) {
    const double next = sum_ + x;
    const bool sum_is_larger = (sum_ < 0 ? -sum_ : sum_) >= (x < 0 ? -x : x);
    lost_ += sum_is_larger ? (sum_ - next) + x : (x - next) + sum_;
    sum_ = next;
  }
  [[nodiscard]] constexpr double value() const { return sum_ + lost_; }

  bool operator==(const Sum&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("sum", self.sum_);
    archive("lost", self.lost_);
  }

 private:
  double sum_ = 0.0;
  double lost_ = 0.0;
};

constexpr double compensated_sum(std::span<const double> x) {
  Sum sum;
  for (const double v : x) sum.add(v);
  return sum.value();
}

}  // namespace twin::math
