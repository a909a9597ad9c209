// The mean of a model that is refined step by step: most runs are coarse, few are fine, and only differences of
// neighbouring levels have to be told (M. B. Giles, Operations Research 56, 2008).
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "twin/uq/points.hpp"

namespace twin::uq {

struct MultilevelModel {
  // Uniforms that a run of a level takes, what it costs in any unit, together with the level below at the same
  // uniforms.
  std::function<std::size_t(std::size_t level)> inputs = {};
  std::function<double(std::size_t level)> cost = {};
  // fine[point] at the level and coarse[point] at the one below, of the same luck; at level 0 coarse is not asked
  // for. A run that fails gives what is not finite.
  std::function<void(std::size_t level, const Points& u, std::span<double> fine,
                     std::span<double> coarse)>
      run = {};
};

struct MultilevelOptions {
  double tolerance =
      0.01;  // root mean square error: half of its square for chance, half for the finest level's bias
  std::uint64_t first = 1'000;  // runs of each level, to begin with
  std::size_t levels = 12;      // at most
  std::uint64_t seed = 1;
  unsigned threads = 1;
};

struct MultilevelMean {
  struct Level {
    std::uint64_t runs = 0, failed = 0;
    double mean = 0.0, variance = 0.0;  // of the difference to the level below
  };
  double mean = 0.0;
  double standard_error = 0.0;  // by chance
  double bias = 0.0;  // size of what finer levels would still change, as the last ones tell
  std::vector<Level> levels;
  double cost = 0.0;
  bool converged = false;  // false: the levels were at an end while the bias was still too large
};

// The same bits for any number of threads. core::Error for a tolerance that is not above 0, fewer than 2 first
// runs or 3 levels, a cost that is not above 0, and a level of which fewer than two runs have a value.
MultilevelMean multilevel_mean(const MultilevelModel& model, const MultilevelOptions& options);

}  // namespace twin::uq
