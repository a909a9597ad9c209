// Many points through an emulator: in pieces of a fixed width, so that threads leave no trace in the results.
#pragma once
#include <Eigen/Dense>
#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "twin/core/parallel.hpp"
#include "twin/infer/emulate/simulated_runs.hpp"

namespace twin::infer {

struct EmulatedPoints {
  std::vector<double> mean;      // [point]
  std::vector<double> variance;  // [point] of the function, not of a run with its own error
};

// f: (points [point][input], mean, variance), to fill both for all its points; where variances are not wanted it gets
// nullptr, and none are given. x: [point][input]; core::Error as points_of_rows().
template <class F>
EmulatedPoints emulated_points(std::span<const double> x, std::size_t inputs, bool variances,
                               unsigned threads, const F& f) {
  constexpr std::size_t Width = 64;
  const Eigen::MatrixXd points = points_of_rows(x, inputs);
  const auto count = static_cast<std::size_t>(points.rows());
  EmulatedPoints all{.mean = std::vector<double>(count),
                     .variance = std::vector<double>(variances ? count : 0)};
  core::for_each_member((count + Width - 1) / Width, threads, [&](std::size_t piece) {
    const std::size_t first = piece * Width, wide = std::min(Width, count - first);
    Eigen::VectorXd mean, variance;
    f(Eigen::MatrixXd(
          points.middleRows(static_cast<Eigen::Index>(first), static_cast<Eigen::Index>(wide))),
      mean, variances ? &variance : nullptr);
    std::ranges::copy(mean, all.mean.begin() + static_cast<std::ptrdiff_t>(first));
    if (variances)
      std::ranges::copy(variance, all.variance.begin() + static_cast<std::ptrdiff_t>(first));
  });
  return all;
}

}  // namespace twin::infer
