// What an experiment would tell where nothing is Gaussian, to a tolerance: the nested estimator level by level, with
// twice as many inner draws at each, whose halves are those of the one below (T. Goda, T. Hironaka and T. Iwamoto,
// Stochastic Analysis and Applications 38, 2020). The work grows as 1 / tolerance^2 instead of as its cube.
#pragma once
#include <cstddef>
#include <functional>
#include <span>

#include "twin/uq/multilevel.hpp"

namespace twin::uq {

// Of theta near the posterior of one y, instead of the prior.
struct InformationProposal {
  std::function<void(std::span<double> x)> draw = {};  // uniforms become theta
  // ln of the prior's density over the proposal's.
  std::function<double(std::span<const double> theta)> log_ratio = {};
};

// Of one experiment: what it sees depends on its design, which these know.
struct InformationModel {
  std::size_t parameters = 0;  // theta's numbers: as many uniforms make one draw of it
  std::size_t noises = 0;      // uniforms that an outcome takes beside theta
  std::size_t outcomes = 0;    // y's numbers
  std::function<void(std::span<double> x)> prior = {};  // uniforms become theta
  std::function<void(std::span<const double> theta, std::span<const double> u, std::span<double> y)>
      observe = {};
  // ln p(y | theta), but for what depends on y alone; minus infinity where theta excludes y.
  std::function<double(std::span<const double> theta, std::span<const double> y)> log_likelihood =
      {};
  // Importance sampling: made once for each y. None: inner draws are the prior's.
  std::function<InformationProposal(std::span<const double> y)> proposal = {};
};

// The expected information [nats] with its levels and errors; cost is in likelihoods. Level l has inner x 2^l
// draws for each outcome. The theta that y came from counts as one more of them (A. Foster, M. Jankowiak, M.
// O'Meara, Y. W. Teh and T. Rainforth, AISTATS 2020): a y that none of them explains would tell nearly anything,
// and such are too rare for a few runs of a fine level to know of. So the mean of a level is below the truth, to
// first order by as much as it would be above. A run where a likelihood is no number is counted as failed and left
// out. core::Error for a model of nothing, no inner draws, and as multilevel_mean does.
MultilevelMean multilevel_information(const InformationModel& model, std::size_t inner,
                                      const MultilevelOptions& options);

}  // namespace twin::uq
