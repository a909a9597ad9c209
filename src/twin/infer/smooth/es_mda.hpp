// Ensemble smoother with multiple data assimilation (Emerick, Reynolds, Computers & Geosciences 55,
// 2013): the same observations are taken in several small bites, their error covariance multiplied by
// alpha_i in the i-th, with sum 1/alpha_i = 1. For parameters, states, or both: a row is what one
// member starts from.
#pragma once
#include <Eigen/Dense>
#include <cstdint>
#include <vector>

#include "twin/core/draw.hpp"
#include "twin/infer/ensemble/analysis.hpp"
#include "twin/infer/smooth/passage.hpp"

namespace twin::infer::smooth {

// `count` coefficients, each `ratio` times the one before, scaled so that their inverses sum to 1.
// ratio 1: all equal to count. Below 1 the first bites are the smallest. Error unless count >= 1 and
// ratio is positive and finite.
std::vector<double> mda_coefficients(int count, double ratio = 1.0);

// Error unless there is one, each is positive and finite, and the inverses sum to 1 within 1e-10.
void check_coefficients(const std::vector<double>& coefficients);

// x: [row][member], overwritten. forward: what the members show, [observation][member]. One run of the
// members for each coefficient; none after the last. scheme: any filter; Filter::PerturbedEnkf is the
// published one, Filter::Etkf its square-root form without sampling noise. Inflation is not for this:
// it would act in each bite. draw and occasion name the random numbers of all bites. Answers the
// innovation of the first bite with the errors as they are, which says what the prior made of y.
// Errors: as analyse and check_coefficients.
Innovation es_mda(const Scheme& scheme, const std::vector<double>& coefficients,
                  const Forward& forward, const Eigen::Ref<const Eigen::VectorXd>& y,
                  const Noise& noise, const core::Draw& draw, std::uint32_t occasion,
                  Eigen::Ref<Eigen::MatrixXd> x);

}  // namespace twin::infer::smooth
