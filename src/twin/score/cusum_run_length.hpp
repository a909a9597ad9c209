// How many values a CUSUM takes on average until it rings: long while nothing has changed (false
// alarms), short after a shift. For independent normal values and sums that start at 0. Lengths,
// slack, threshold and shift are in deviations of one value.
#pragma once

namespace twin::score {

struct CusumDesign {
  double slack = 0.5;
  double threshold = 5.0;
};

// Of the upper sum alone, for a mean that is off by `shift` (of the lower one: by -shift). Page's
// integral equation L(s) = 1 + L(0) P(next is 0) + integral of L over what is next, solved at Gauss
// nodes. Its relative error is about 1e-15 times the length; lengths above 1e11, which have hardly
// a digit left, are given as infinite.
double one_sided_run_length(const CusumDesign& design, double shift);

// Of both sums together: 1 / L = 1 / L_up + 1 / L_down (K. W. Kemp, JRSS B 23, 1961). Exact here:
// with equal slacks and thresholds one sum is at 0 when the other rings.
double run_length(const CusumDesign& design, double shift);

// D. Siegmund, "Sequential analysis" (1985): the upper sum's length in closed form, to a few per
// cent: (exp(-2 D b) + 2 D b - 1) / (2 D^2), D = shift - slack, b = threshold + 1.166.
double siegmund_run_length(const CusumDesign& design, double shift);

// The threshold with which both sums ring falsely once in `length` values, 2 to 1e9, to 1e-9.
double threshold_for(double slack, double length);

// All: core::Error for a threshold or length that is out of range or not finite, a negative slack, a
// shift that is not finite.

}  // namespace twin::score
