// Parameters in the analysed vector: each is carried to where it is free, corrected there with the
// state, and comes back within its bounds; what filters take from its spread a kernel gives back.
#pragma once
#include <Eigen/Dense>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "twin/core/draw.hpp"

namespace twin::infer {

// One element of theta that is estimated. Bounds are open: a finite lower bound alone makes it the
// logarithm of the distance from it (an upper alone likewise), both the logit, none itself.
struct EstimatedParameter {
  std::string name = {};
  std::size_t index = 0;  // in theta
  double lower = -std::numeric_limits<double>::infinity();
  double upper = std::numeric_limits<double>::infinity();
};

// Error unless lower < upper, and neither is NaN.
void check_parameter(const EstimatedParameter& parameter);

// To where it is free, and back. NaN stays NaN. Error for a value at or outside the bounds, that
// names the member.
double free_value(const EstimatedParameter& parameter, double value, std::size_t member);
double bound_value(const EstimatedParameter& parameter, double free);

enum ParameterDraw : std::uint32_t { KernelDraw = 0xA5000030 };

// Kernel shrinkage (Liu, West, "Combined parameter and state estimation in simulation-based filtering",
// 2001): values are drawn towards their mean by a = (3 d - 1)/(2 d) and spread again by
// a normal kernel of h^2 = 1 - a^2 times their covariance, which stays as it was in expectation; the mean
// stays exactly. x: [parameter][member]; discount d in (1/3, 1]; 1 changes nothing. Error for others.
void shrink(double discount, const core::Draw& draw, std::uint32_t occasion,
            Eigen::Ref<Eigen::MatrixXd> x);

}  // namespace twin::infer
