// The continuous ranked probability score: the integral over x of (F(x) - [x >= y])^2, in the unit
// of y, of a forecast F and what came, y. Small is good; for a single value it is the absolute
// error. Written as a sum over the gaps between sorted members, whose terms are all positive, so
// that nothing cancels far from zero. An empty ensemble and values that are not finite: core::Error.
#pragma once
#include <span>

namespace twin::score {

// Of the ensemble taken as it is: each of N members has the share 1/N. O(N log N).
double crps(std::span<const double> ensemble, double y);

// Of the distribution that the members are drawn from: on average over ensembles it does not depend
// on N, which the plain score does (C. A. T. Ferro, QJRMS 140, 2014, eq. 6). Two members at least;
// may be below 0.
double fair_crps(std::span<const double> ensemble, double y);

// The same for members in ascending order [the caller's duty], without a copy: O(N).
double crps_of_sorted(std::span<const double> sorted, double y);
double fair_crps_of_sorted(std::span<const double> sorted, double y);

// Of weighted values, as particles are: weights need not sum to one, must not be negative, and must
// not all be zero.
double weighted_crps(std::span<const double> values, std::span<const double> weights, double y);

// Of a normal forecast (T. Gneiting, A. E. Raftery, A. H. Westveld and T. Goldman, Monthly Weather
// Review 133, 2005, eq. 5).
double normal_crps(double mean, double deviation, double y);

}  // namespace twin::score
