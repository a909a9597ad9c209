// What a model leaves unsaid as a term of its own, so that its parameters need not bend to make up for it (M. C.
// Kennedy and A. O'Hagan, J. Royal Statistical Society B 63, 2001): y = G(theta) + delta + errors, delta a normal
// process over the places of the observations, which is integrated out.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "twin/infer/emulate/covariance_kernel.hpp"
#include "twin/infer/sample/target.hpp"

namespace twin::infer {

struct DiscrepancyProblem {
  std::size_t parameters = 0;       // of theta
  std::size_t coordinates = 1;      // of a place; scaled, as one length serves all of them
  std::vector<double> places = {};  // [observation][coordinate]
  std::vector<double> y = {};       // [observation]
  std::vector<double> noise = {};   // [observation] standard deviation of its error
  CovarianceKernel kernel = CovarianceKernel::Matern52;
  // G at the places, of many theta at once: theta [point][parameter] -> g [point][observation]. A run that fails
  // gives what is not finite.
  std::function<void(std::span<const double> theta, std::span<double> g)> model = {};
  // With its slopes [point][observation][parameter]; may be empty where no sampler asks for them.
  std::function<void(std::span<const double> theta, std::span<double> g, std::span<double> slope)>
      model_and_slopes = {};
};

struct DiscrepancyLaw {
  double amplitude = 1.0;  // standard deviation of delta [unit of y]; 0: the model is right
  double length = 1.0;     // over which it varies [unit of the places]
};

// Data alone do not tell a parameter from a discrepancy: what is believed of its size and length belongs into their
// priors (J. Brynjarsdottir and A. O'Hagan, Inverse Problems 30, 2014).
//
// The likelihood's logarithm, constants and all, of (theta, amplitude, length): for priors of them all by
// posterior(). Amplitude and length at or below 0 have density 0. Slopes where the model has them. A covariance
// that rounding makes indefinite, of an amplitude some 1e7 times the errors, counts as a run that failed.
// core::Error for places, observations and deviations that are not as many as they should be or not finite.
Target discrepancy_likelihood(const DiscrepancyProblem& problem);
// Of theta alone, for a discrepancy that is known: its covariance is factored once.
Target discrepancy_likelihood(const DiscrepancyProblem& problem, const DiscrepancyLaw& law);

struct DiscrepancyAt {
  std::vector<double> mean;      // [place]
  std::vector<double> variance;  // [place]
};

// delta at any places [place][coordinate], given the observations, theta and the law. Means are no numbers where the
// model fails. core::Error as above, and for places or a theta of another size.
DiscrepancyAt discrepancy_at(const DiscrepancyProblem& problem, const DiscrepancyLaw& law,
                             std::span<const double> theta, std::span<const double> places);

}  // namespace twin::infer
