// What it is worth to know more before one of several decisions is taken: all of it (EVPI), one parameter of it
// (EVPPI), or what a sample would tell (EVSI), from what each decision brings in each sample of what is believed (H.
// Raiffa and R. Schlaifer, Applied Statistical Decision Theory, 1961).
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace twin::uq {

struct ValueOfInformation {
  double value = 0.0;           // [the benefits' unit]
  double standard_error = 0.0;  // of it, by the samples
  // What decides by the same samples as it is judged by is too good, what decides by others is not good enough: the
  // truth is between both, but for chance.
  double low = 0.0, high = 0.0;
  std::uint64_t failed = 0;  // samples left out, as something in them is no number
};

// benefits: [decision][sample], of two decisions or more. Each sample is judged against the one decision that is best
// on average; where two are nearly so, all these are off by the order of the standard error. core::Error for fewer
// than two decisions, not as many samples of each, or too few.

// The mean over samples of the best decision's benefit, less the best mean.
ValueOfInformation value_of_perfect_information(std::span<const std::vector<double>> benefits);

// Of knowing seen[sample]: a parameter, or a number that an experiment would show in that sample, which makes it
// the worth of the experiment (M. Strong, J. E. Oakley, A. Brennan and P. Breeze, Medical Decision Making 35,
// 2015). Samples are sorted by it and cut into pieces of as many (M. Strong and J. E. Oakley, Medical Decision
// Making 33, 2013), in each of which benefits are straight lines of it: decided by the lines of all, judged by
// them: high; decided by lines of four fifths, judged by the last: low. At least 20 samples a piece.
ValueOfInformation value_of_knowing(std::span<const std::vector<double>> benefits,
                                    std::span<const double> seen, std::size_t pieces = 16);

// The same where one can draw anew, whatever is learnt: benefits [decision][n x inner + m], what is learnt being that
// of n, all else drawn afresh for each m. inner is even, for decisions by one half are judged by the other.
ValueOfInformation value_of_knowing_nested(std::span<const std::vector<double>> benefits,
                                           std::size_t inner);

// A decision whose benefit is intercept + slope x mu.
struct BenefitLine {
  double intercept = 0.0;
  double slope = 0.0;
};

struct NormalExperiment {
  double mean = 0.0;       // of mu, as believed
  double deviation = 1.0;  // of mu, as believed
  double error = 0.0;      // deviation of one observation of mu, known; 0: mu itself is shown
  std::uint64_t observations = 1;
};

// Exact, what observations of mu are worth: by them its mean moves by N(0, moved^2), moved = deviation^2 /
// sqrt(deviation^2 + error^2 / observations), and the best of lines of a normal number is a sum over the corners of
// their upper hull (P. I. Frazier, W. B. Powell and S. Dayanik, INFORMS J. Computing 21, 2009).
double value_of_normal_experiment(std::span<const BenefitLine> decisions,
                                  const NormalExperiment& experiment);

}  // namespace twin::uq
