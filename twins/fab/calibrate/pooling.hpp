// Do the tool groups of an area share one mean time, or has each its own? Few failures a group: partial pooling, and
// a group is told apart only where the evidence for differences is strong.
#pragma once
#include <span>
#include <vector>

#include "twins/fab/calibrate/course.hpp"

namespace twins::fab::calibrate {

struct Pooling {
  double differ = 0.0;            // probability that the groups differ
  std::vector<Quantiles> groups;  // [group] of its mean time; only where `differ` exceeds Reported
};

// Before: the groups differ with probability 0.05. Then the rate of group g is Lambda phi_g, phi_g of Gamma(k, k),
// k one of 4 to 64 (50 to 12 % apart) alike likely, Lambda flat in its logarithm; else phi_g = 1. By quadrature over
// Lambda. Fewer than two groups with exposure, or nothing ended: nothing differs, no quantiles.
Pooling pool(std::span<const twin::bayes::ExponentialMean> groups);

}  // namespace twins::fab::calibrate
