// A membrane of 64 stiffnesses under a load, seen at 169 points: the benchmark of Bayesian inversion by D.
// Aristoff and W. Bangerth (arXiv 2102.07263). -div(a grad u) = 10 on the unit square, u = 0 at its edge, a
// constant on each of 8 x 8 blocks, bilinear elements on 32 x 32 cells; u is seen at (i / 14, j / 14) with errors
// of standard deviation 0.05; log a_k are independent N(0, 2^2).
#pragma once
#include <array>
#include <cstddef>
#include <span>

#include "twin/math/batch.hpp"

namespace twins::toys {

class Membrane {
 public:
  static constexpr std::size_t Coefficients = 64, Points = 169;
  static constexpr double Error = 0.05, PriorDeviation = 2.0;
  static constexpr std::size_t SetsMax = 8;  // worked on at a time

  // What is seen of sets of coefficients, all above 0. a: [set][coefficient], x first; seen: [set][point], i x 13 + j
  // with i along x. The same bits however many sets are asked for at once, and on every processor.
  static void deflections(std::span<const double> a, std::span<double> seen);
  static void deflections(twin::math::Instructions by, std::span<const double> a,
                          std::span<double> seen);

  // log p(what was seen | a) but for a constant, and log p(log a) likewise.
  static double log_likelihood(std::span<const double> seen);
  static double log_prior(std::span<const double> log_a);

  // log posterior of log a [set][coefficient], and its slopes [set][coefficient] by the adjoint equation.
  static void log_posteriors(std::span<const double> log_a, std::span<double> value,
                             std::span<double> slope);

  // Slopes of sums of what is seen, by the adjoint equation too: weight [set][point], of log a [set][coefficient].
  static void slopes(std::span<const double> log_a, std::span<const double> weight,
                     std::span<double> slope);

  static const std::array<double, Points>& measured();  // what the benchmark has seen
};

}  // namespace twins::toys
