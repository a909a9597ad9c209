// A core::Model as an operator on its vector view: by its own tangent and adjoint where it has them,
// by differences where it has not. Whole States are run, so that event-driven models go on from all
// that they are.
#pragma once
#include <Eigen/Dense>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "twin/core/error.hpp"
#include "twin/infer/experiment.hpp"
#include "twin/infer/variational/operator.hpp"

namespace twin::infer::variational {

// A model that can say how small changes of its vector grow along a run, and the adjoint of that.
// tangent(start, theta, until, dx): dx at start.now becomes dx at `until` along the run from `start`;
// dx holds one or more columns of the vector's size, one after another. adjoint(start, theta, until,
// a): a at `until` becomes the adjoint variable at start.now. Both are of the discrete run, to round-off:
// see derivative_check.hpp. Models with noise of their own have it from `theta` and time alone.
template <class M>
concept HasTangent = HasVector<M> &&
    requires(const M& m, const typename M::State& start, std::span<const double> theta,
             core::Tick until, std::span<double> dx) {
  { m.tangent(start, theta, until, dx) } -> std::same_as<void>;
  { m.adjoint(start, theta, until, dx) } -> std::same_as<void>;
};

// A run of a model from one State on, whose vector is free. The model must outlive it.
template <HasVector M>
struct Stretch {
  const M* model = nullptr;
  typename M::State start;    // its vector is overwritten, the rest is where the run begins
  std::vector<double> theta;  // [parameter]
  core::Tick until = 0;
  core::Draw draw = {};  // the same draws in each run

  [[nodiscard]] typename M::State with(const Eigen::VectorXd& x) const {
    typename M::State state = start;
    const std::span<double> view = M::vector(state);
    if (static_cast<Eigen::Index>(view.size()) != x.size()) {
      throw core::Error(std::to_string(x.size()) + " variables for a state of " +
                        std::to_string(view.size()) + " (must be as many)");
    }
    Eigen::Map<Eigen::VectorXd>(view.data(), x.size()) = x;
    return state;
  }

  // The vector at the end.
  [[nodiscard]] Eigen::VectorXd run(const Eigen::VectorXd& x) const {
    typename M::State state = with(x);
    model->advance(state, theta, until, draw);
    return Eigen::Map<const Eigen::VectorXd>(M::vector(state).data(), x.size());
  }
};

// Vector at the start -> vector at the end.
template <HasTangent M>
Operator model_operator(Stretch<M> stretch) {
  return [stretch = std::move(stretch)](const Eigen::VectorXd& x) {
    const auto moved = [stretch, start = stretch.with(x)](const Eigen::VectorXd& from,
                                                          auto&& mover) {
      Eigen::VectorXd out = from;
      mover(start, std::span<double>(out.data(), static_cast<std::size_t>(out.size())));
      return out;
    };
    return Linearised{.value = stretch.run(x),
                      .tangent =
                          [stretch, moved](const Eigen::VectorXd& dx) {
                            return moved(dx, [&](const auto& start, std::span<double> out) {
                              stretch.model->tangent(start, stretch.theta, stretch.until, out);
                            });
                          },
                      .adjoint =
                          [stretch, moved](const Eigen::VectorXd& a) {
                            return moved(a, [&](const auto& start, std::span<double> out) {
                              stretch.model->adjoint(start, stretch.theta, stretch.until, out);
                            });
                          }};
  };
}

// The same by central differences. A model whose State holds more than its vector is best taken whole
// over the window, observations included: by_differences over Stretch::run of the parts would forget
// the rest of the State between them.
template <HasVector M>
Operator model_by_differences(Stretch<M> stretch, double step) {
  return by_differences(
      [stretch = std::move(stretch)](const Eigen::VectorXd& x) { return stretch.run(x); }, step);
}

}  // namespace twin::infer::variational
