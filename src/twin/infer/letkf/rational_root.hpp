// 1/sqrt(z) on [1, 2^level] as a sum of poles, sum_k c_k / (z + s_k): N. Hale, N. J. Higham, L. N.
// Trefethen, "Computing A^alpha, log(A), and related matrix functions by contour integrals", SIAM J.
// Numer. Anal. 46, 2008, method 3. With it the inverse root of a matrix takes shifted solves only.
#pragma once
#include <cstdint>
#include <vector>

#include "twin/infer/letkf/kernel.hpp"

namespace twin::infer::letkf {

class RationalRoot {
 public:
  static constexpr double Tolerance = 1e-14;  // relative error on the interval, at most
  static constexpr std::size_t Levels = 60;   // beyond 2^53 the prior's share is round-off

  RationalRoot();

  [[nodiscard]] RootNodes nodes() const;

 private:
  std::size_t terms_ = 0;
  std::vector<double> shifts_, weights_;  // [level][term]
  std::vector<std::uint32_t> counts_;     // [level]
};

// The K nodes of method 3 for [1, condition]: s_k = sc^2((k - 1/2) K'/K | k'), k = condition^-1/2.
struct Poles {
  std::vector<double> shifts, weights;  // [term]
};
Poles poles_of(double condition, std::size_t terms);

// sum_k c_k / (z + s_k)
double value_of(const Poles& poles, double z);

}  // namespace twin::infer::letkf
