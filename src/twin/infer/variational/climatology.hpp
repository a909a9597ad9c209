// What a model does when nobody looks: mean and covariance of its own long run. The least that any
// filter must beat, and the B of optimal interpolation and of 3D-Var without anything better.
#pragma once
#include <Eigen/Dense>
#include <cstdint>
#include <span>
#include <vector>

#include "twin/core/draw.hpp"
#include "twin/core/error.hpp"
#include "twin/infer/experiment.hpp"

namespace twin::infer::variational {

struct Climatology {
  Eigen::VectorXd mean;        // [variable]
  Eigen::MatrixXd covariance;  // [variable][variable]
};

struct Sampling {
  core::Tick spin_up = 0;  // [tick] left out first
  core::Tick every = 1;    // [tick] between samples
  std::uint32_t samples = 0;
};

// Of a run of the model from its initial state. Error for fewer than two samples, or `every` below 1.
template <HasVector M>
Climatology climatology_of(const M& model, const std::vector<double>& theta, const core::Draw& draw,
                           const Sampling& sampling) {
  if (sampling.samples < 2 || sampling.every < 1) {
    throw core::Error(std::to_string(sampling.samples) + " samples, one every " +
                      std::to_string(sampling.every) + " ticks (must be at least 2, and 1)");
  }
  auto state = model.initial(theta, draw);
  model.advance(state, theta, state.now + sampling.spin_up, draw);
  const auto size = static_cast<Eigen::Index>(M::vector(state).size());
  Eigen::MatrixXd x(size, static_cast<Eigen::Index>(sampling.samples));  // [variable][sample]
  for (Eigen::Index k = 0; k < x.cols(); ++k) {
    model.advance(state, theta, state.now + sampling.every, draw);
    x.col(k) = Eigen::Map<const Eigen::VectorXd>(M::vector(state).data(), size);
  }
  Climatology out{.mean = x.rowwise().mean(), .covariance = {}};
  x.colwise() -= out.mean;
  out.covariance = x * x.transpose() / static_cast<double>(sampling.samples - 1);
  return out;
}

}  // namespace twin::infer::variational
