// Ensemble filters on the toy models in published settings: many seeds, the mean of their scores, and
// how many runs were lost.
#pragma once
#include <cstdint>
#include <functional>
#include <string>

#include "twin/infer/ensemble/analysis.hpp"
#include "twin/infer/experiment.hpp"

namespace cases {

enum class Toy { Lorenz63, Lorenz96 };

struct Setting {
  std::string name = {};  // of the row
  Toy toy = Toy::Lorenz96;
  Eigen::Index members = 0;
  twin::infer::Scheme scheme = {};
  double radius = 0.0;  // of localisation [places on the ring]; 0: none
};

// Over the runs that were not lost.
struct Outcome {
  int runs = 0;
  int diverged = 0;
  double rmse_a = 0.0;          // mean
  double standard_error = 0.0;  // of rmse_a
  double spread = 0.0;          // mean
};

// What one run leaves behind: rmse_a at the observations.
struct Score {
  double rmse_a = 0.0;
  double spread = 0.0;
  bool diverged = false;
};

// Runs with seeds 3000, 3001, ..., up to four beside each other; their order in the means stays.
Outcome over_seeds(int seeds, const std::function<Score(std::uint64_t seed)>& run);

Outcome run(const Setting& setting, int seeds);

}  // namespace cases
