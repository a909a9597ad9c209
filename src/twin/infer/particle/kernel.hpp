// A normal kernel with the covariance of weighted rows of numbers, from which resampled particles
// are moved apart: those that are copies of one another would stay so where the model is
// deterministic.
#pragma once
#include <Eigen/Dense>
#include <cstdint>
#include <span>

#include "twin/core/draw.hpp"

namespace twin::infer::particle {

// Mean and covariance of columns x: [variable][member] with weights (any scale, sum positive). The
// covariance has the factor 1/(1 - sum w^2) of normalised weights, which makes it unbiased for
// weights that say how reliable a member is; all of one member's weight: weights count as equal.
struct Spread {
  Eigen::VectorXd mean;  // [variable]
  // Some A [variable][mode] with A A' = covariance: triangular, or the members' own anomalies where
  // they are at most twice as many as the variables.
  Eigen::MatrixXd root;
};
Spread spread_of(const Eigen::Ref<const Eigen::MatrixXd>& x, std::span<const double> weights);

// A standard deviation of the kernel relative to that of the members, N^(-1/(n + 4)): the rule of
// thumb of Scott (1992) for n variables; see also Musso, Oudjane, Le Gland, in Doucet, de Freitas,
// Gordon (2001), chapter 12.
double rule_of_thumb(std::size_t members, Eigen::Index variables);

// Draws a kernel's deviate for one member. draw.member names it; out: [variable].
void kernel_deviate(const Spread& spread, double scale, const core::Draw& draw, std::uint32_t what,
                    std::uint32_t occasion, Eigen::Ref<Eigen::VectorXd> out);

}  // namespace twin::infer::particle
