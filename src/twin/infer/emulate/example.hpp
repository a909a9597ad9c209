// Functions that emulators are tried on, designs for them, and draws of a normal process itself, for tests.
#pragma once
#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <numeric>
#include <span>
#include <vector>

#include "twin/core/draw.hpp"
#include "twin/infer/emulate/covariance_kernel.hpp"
#include "twin/infer/emulate/kriging.hpp"
#include "twin/math/distributions.hpp"

namespace twin::infer::example {

enum EmulateDraw : std::uint32_t { Shuffle, Within, ProcessNormal, NoiseNormal };

// A Latin hypercube in the unit cube: [point][input].
inline std::vector<double> latin_hypercube(std::size_t points, std::size_t inputs,
                                           std::uint64_t seed) {
  std::vector<double> x(points * inputs);
  for (std::size_t j = 0; j < inputs; ++j) {
    const auto who = static_cast<std::uint32_t>(j);
    const auto at = [&](std::uint32_t what, std::size_t k) {
      return core::Draw{seed}.uniform(what, who, static_cast<std::uint32_t>(k));
    };
    std::vector<std::size_t> order(points);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t k) { return at(Shuffle, k); });
    for (std::size_t k = 0; k < points; ++k)
      x[k * inputs + j] =
          (static_cast<double>(order[k]) + at(Within, k)) / static_cast<double>(points);
  }
  return x;
}

// The flow through a borehole [m3/a] (M. D. Morris, T. J. Mitchell and D. Ylvisaker, Technometrics 35, 1993) for u in
// the unit cube of its eight inputs' ranges.
inline double borehole(std::span<const double> u) {
  const auto in = [&](std::size_t i, double low, double high) { return low + (high - low) * u[i]; };
  const double radius = in(0, 0.05, 0.15), reach = in(1, 100, 50'000),
               above = in(2, 63'070, 115'600), head_above = in(3, 990, 1'110),
               below = in(4, 63.1, 116), head_below = in(5, 700, 820), length = in(6, 1'120, 1'680),
               conductivity = in(7, 9'855, 12'045);
  const double l = std::log(reach / radius);
  return 2 * std::numbers::pi * above * (head_above - head_below) /
         (l * (1 + 2 * length * above / (l * radius * radius * conductivity) + above / below));
}

// A. I. J. Forrester, A. Sobester and A. J. Keane, Engineering Design via Surrogate Modelling, 2008: the pair that
// they try co-kriging on.
inline double forrester_high(double x) { return (6 * x - 2) * (6 * x - 2) * std::sin(12 * x - 4); }
inline double forrester_low(double x) { return 0.5 * forrester_high(x) + 10 * (x - 0.5) - 5; }

// Values at points [point][input] of a function that is drawn from the process without a trend.
inline Eigen::VectorXd drawn_function(CovarianceKernel kernel, const Eigen::MatrixXd& x,
                                      const Hyperparameters& hyper, std::uint64_t seed) {
  const Eigen::Map<const Eigen::RowVectorXd> lengths(hyper.lengths.data(), x.cols());
  const Eigen::MatrixXd scaled = x.array().rowwise() / lengths.array();
  Eigen::MatrixXd k;
  correlations(kernel, scaled, scaled, k);
  k.diagonal().array() += 1e-12;
  Eigen::VectorXd z(x.rows());
  for (Eigen::Index i = 0; i < z.size(); ++i)
    z[i] = math::normal(core::Draw{seed}.uniform(ProcessNormal, static_cast<std::uint32_t>(i), 0));
  const Eigen::VectorXd f = k.llt().matrixL() * z;
  return std::sqrt(hyper.variance) * f;
}

// Standard normals for errors of runs, independent of those above.
inline double drawn_error(std::uint64_t seed, std::size_t run) {
  return math::normal(core::Draw{seed}.uniform(NoiseNormal, static_cast<std::uint32_t>(run), 0));
}

inline Eigen::MatrixXd as_matrix(std::span<const double> x, Eigen::Index inputs) {
  return Eigen::Map<const Eigen::MatrixXd>(x.data(), inputs,
                                           static_cast<Eigen::Index>(x.size()) / inputs)
      .transpose();
}

}  // namespace twin::infer::example
