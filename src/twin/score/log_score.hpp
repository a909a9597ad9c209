// The log score: minus the logarithm of what the forecast gave to what came [nats]. Small is good;
// the only proper score that looks at nothing but that. Values that are not finite: core::Error.
#pragma once
#include <cstddef>
#include <span>

namespace twin::score {

// -log density of a normal forecast at y.
double normal_log_score(double mean, double deviation, double y);

// The same with the ensemble's mean and unbiased variance in place of the true ones. Needs two
// members or more that are not all equal. Not proper for ensembles that are far from normal.
double normal_log_score(std::span<const double> ensemble, double y);

// -log of the probability of the outcome that came. The probabilities must sum to one within 1e-9.
// Infinite where the forecast had excluded what came.
double log_score(std::span<const double> probabilities, std::size_t outcome);

}  // namespace twin::score
