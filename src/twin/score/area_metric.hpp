// The area metric: the area between what was predicted and what was measured, both as distribution
// functions, in the unit of the values (S. Ferson, W. L. Oberkampf and L. Ginzburg, Computer Methods
// in Applied Mechanics and Engineering 197, 2008). 0: the same; it needs no more than one
// measurement, and grows like the distance when there is no overlap. Input that is empty or not
// finite: core::Error.
#pragma once
#include <span>

namespace twin::score {

// Between two samples of any sizes; it is their Wasserstein distance of order 1. O(N log N).
double area_metric(std::span<const double> predicted, std::span<const double> measured);

// Between weighted values, as particles are, and a sample.
double weighted_area_metric(std::span<const double> values, std::span<const double> weights,
                            std::span<const double> measured);

// Between a normal distribution and a sample.
double normal_area_metric(double mean, double deviation, std::span<const double> measured);

// Between the uniform distribution on 0 to 1 and a sample of PIT values (pit.hpp): Ferson's
// u-pooling, which judges measurements of different predictions together. 0 to 1/2, a share.
double pooled_area_metric(std::span<const double> pits);

}  // namespace twin::score
