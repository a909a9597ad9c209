// Importance sampling by a mixture of normals that is fit to weighted points. With many inputs a part has one
// variance in the direction of its mean and another across it, which stays sound (M. El Masri, J. Morio and F.
// Simatos, Reliability Engineering & System Safety 216, 2021). Samples are stratified and weighed against the
// whole mixture (A. Owen and Y. Zhou, J. American Statistical Association 95, 2000).
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "twin/uq/limit_state.hpp"

namespace twin::uq {

struct NormalPart {
  double share = 1.0;        // of the mixture
  std::vector<double> mean;  // [input]
  double along = 1.0;        // variance in the direction of the mean
  double across = 1.0;       // variance in each other direction; in all of them where the mean is 0
  // [row][column] lower Cholesky factor of a covariance in place of the two; empty: none.
  std::vector<double> factor = {};
};
using NormalMixture = std::vector<NormalPart>;

// The standard normals themselves, to begin with.
NormalMixture standard_normals(std::size_t inputs);

// [point] logarithm of the sum of share x density, over the density of standard normals.
std::vector<double> log_ratio(const NormalMixture& mixture,
                              std::span<const std::vector<double>> u /*[input][point]*/);

// The mixture of up to so many parts under which the weighted points are most likely, by expectation and
// maximisation from parts that are split in two; how many, and whether with covariances (up to 20 inputs), is told
// by the Bayesian information criterion with the effective number of points. Some weight is above 0 [the caller's
// duty].
NormalMixture fit_mixture(std::span<const std::vector<double>> u /*[input][point]*/,
                          std::span<const double> weight /*[point] of any scale*/,
                          std::size_t parts);

// With guards against what was not learnt: standard normals with the share `nominal`, so that no weight is above 1
// / nominal (T. Hesterberg, Technometrics 37, 1995); a wider one for places that were lost; and one of unit
// variance about each mean, whose tails are no lighter than those of the event.
NormalMixture guarded(NormalMixture learnt, double nominal);

// A mixture from which each part gives its share of the samples: whole numbers, two at least.
class StratifiedMixture {
 public:
  // core::Error for no parts or inputs, other sizes of means or factors, shares or variances that are not above 0,
  // or samples fewer than twice the parts or more than 2^32.
  StratifiedMixture(NormalMixture mixture, std::uint64_t samples);
  [[nodiscard]] std::uint64_t samples() const { return first_.back(); }
  [[nodiscard]] std::size_t strata() const { return counted_.size(); }
  [[nodiscard]] std::uint64_t first_of(std::size_t stratum) const { return first_[stratum]; }
  // The parts with numbers of samples for shares.
  [[nodiscard]] const NormalMixture& counted() const { return counted_; }
  // Columns [input][sample] of samples from, ..., from + count - 1, those of the first part first.
  [[nodiscard]] std::vector<std::vector<double>> draw(std::uint64_t seed, std::uint32_t what,
                                                      std::uint64_t from, std::size_t count) const;

 private:
  NormalMixture counted_;             // [stratum]
  std::vector<std::uint64_t> first_;  // [stratum + 1] samples before it
};

struct ImportanceOptions {
  std::uint64_t samples = 5'000;
  std::uint64_t seed = 1;
  unsigned threads = 1;
};

struct ImportanceEstimate {
  RareEvent event;  // without bias; the error is of stratified samples
  // Share of the probability that hangs on one sample: to doubt above 0.1 or so.
  double heaviest = 0.0;
};

// The error knows of the places that were met alone: one that the proposal hardly reaches shows, if at all, as a
// sample of great weight. core::Error as StratifiedMixture.
ImportanceEstimate importance_sample(const LimitState& f, const NormalMixture& proposal,
                                     const ImportanceOptions& options);

}  // namespace twin::uq
