// How alike a function is at two points, by their distance in units of a length for each input: the Matern kernel of
// smoothness 5/2, whose functions have two derivatives, and the squared exponential, whose functions have all (C. E.
// Rasmussen and C. K. I. Williams, Gaussian Processes for Machine Learning, 2006, equations 4.17 and 4.9).
#pragma once
#include <Eigen/Dense>
#include <cstdint>

namespace twin::infer {

enum class CovarianceKernel : std::uint8_t { Matern52, SquaredExponential };

// value [point of a][point of b]: correlations. bend, where it is wanted: the slope of each by the logarithm of input
// j's length, over the square of the points' distance along j. a, b: [point][input], divided by the lengths. The same
// bits on every machine.
void correlations(CovarianceKernel kernel, const Eigen::MatrixXd& a, const Eigen::MatrixXd& b,
                  Eigen::MatrixXd& value, Eigen::MatrixXd* bend = nullptr);

}  // namespace twin::infer
