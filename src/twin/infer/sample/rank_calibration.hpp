// Whether a sampler draws from the posterior that it is asked for: with a truth from the prior and data from the
// truth, the truth's rank among draws of its posterior is uniform (simulation-based calibration: S. R. Cook, A.
// Gelman and D. B. Rubin, J. Computational and Graphical Statistics 15, 2006; S. Talts et al., arXiv 1804.06788).
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "twin/core/draw.hpp"

namespace twin::infer {

struct CalibratedSampler {
  std::size_t parameters = 0;
  // theta [parameter] of the prior, by draws of the simulation's own.
  std::function<std::vector<double>(const core::Draw& draw)> prior = {};
  // Data of theta.
  std::function<std::vector<double>(std::span<const double> theta, const core::Draw& draw)> data =
      {};
  // Draws of the posterior of data [draw][parameter], as many each time, and thinned until next to independent:
  // chains that remember make ranks pile up at both ends, though they are right.
  std::function<std::vector<double>(std::span<const double> data, std::uint64_t seed)> sample = {};
};

enum CalibrationDraw : std::uint32_t { TruthDraw = 0xA5000060, SeenDraw = 0xA5000070 };

struct RankOptions {
  // 200 find a law that is wrong by a factor of two, 1,000 by a third, 2,000 by a fifth. Draws that equal the
  // truth do not count as below it: parameters are to be continuous.
  std::size_t simulations = 200;
  std::size_t bins = 10;  // draws + 1 is a multiple of it
  std::uint64_t seed = 1;
  unsigned threads = 1;  // simulations side by side: the functions must allow it
};

struct RankCalibration {
  std::vector<std::vector<std::uint64_t>> counts;  // [parameter][bin] of ranks
  // [parameter] of chi-squared: how probable counts so uneven, or more so, are for a sampler that is right.
  std::vector<double> p_value;
  std::uint64_t failed = 0;  // simulations whose sampler gave what is no number: left out
};

// The same for any number of threads. What the sampler throws is thrown. core::Error for no parameters, fewer than 10
// simulations a bin, draws that are none, not as many each time or not a multiple less one, and where all failed.
RankCalibration rank_calibration(const CalibratedSampler& sampler, const RankOptions& options);

}  // namespace twin::infer
