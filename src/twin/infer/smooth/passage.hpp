// From the members at the start of a window to what they show in it: the one thing that smoothers
// over a window ask of a model. Anything that can be called will do; Members makes it of a Model.
#pragma once
#include <Eigen/Dense>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/core/parallel.hpp"
#include "twin/infer/experiment.hpp"

namespace twin::infer::smooth {

// What a run through the window showed.
struct Passage {
  Eigen::MatrixXd observed;  // [observation][member], of all the window's moments one below another
  Eigen::MatrixXd end;       // [variable][member] at the end of the window; empty if nobody asks
};

// start: [variable][member]. The same start must give the same passage: a model with random numbers of
// its own draws them by name, and so meets the same ones in each run.
using Forward = std::function<Passage(const Eigen::MatrixXd& start)>;

// observe(k, x): [variable][member] -> [observation][member] at the k-th moment of the window.
using Observe = std::function<Eigen::MatrixXd(std::size_t k, const Eigen::MatrixXd& x)>;

// The members of a Model at one moment: whole States, so that event-driven models go on from all that
// they are, and the vector view of what a smoother may correct.
template <HasVector M>
class Members {
 public:
  // The model must outlive it. theta: [parameter], of all members; member i draws as `first` + i.
  Members(const M& model, std::vector<double> theta, core::Draw first, std::size_t count,
          unsigned threads = 1)
      : model_(&model), theta_(std::move(theta)), first_(first), threads_(threads) {
    states_.reserve(count);
    for (std::size_t i = 0; i < count; ++i) states_.push_back(model.initial(theta_, draw_of(i)));
  }

  [[nodiscard]] std::size_t count() const { return states_.size(); }
  [[nodiscard]] const typename M::State& state(std::size_t member) const {
    return states_.at(member);
  }

  [[nodiscard]] Eigen::MatrixXd x() { return x_of(states_); }  // [variable][member]

  // Error where x has other numbers of variables or members.
  void correct(const Eigen::MatrixXd& x) { put(x, states_); }

  void advance(core::Tick until) { advance(states_, until); }

  // Each member goes on as a copy of its ancestor, by its own draws. ancestors: [member]; who is the
  // ancestor of others is its own.
  void copy(std::span<const std::uint32_t> ancestors) {
    TWIN_EXPECT(ancestors.size() == states_.size(), ancestors.size(), states_.size());
    for (std::size_t i = 0; i < states_.size(); ++i) {
      if (ancestors[i] != i) states_[i] = states_.at(ancestors[i]);
    }
  }

  // Runs copies from `start` through the moments, in order of time, and beyond to the end, if that
  // is later. The members themselves stay where they are.
  [[nodiscard]] Passage run(const Eigen::MatrixXd& start, std::span<const core::Tick> moments,
                            const Observe& observe, core::Tick end) const {
    std::vector<typename M::State> states = states_;
    put(start, states);
    Passage passage;
    for (std::size_t k = 0; k < moments.size(); ++k) {
      advance(states, moments[k]);
      const Eigen::MatrixXd seen = observe(k, x_of(states));
      const Eigen::Index above = passage.observed.rows();
      passage.observed.conservativeResize(above + seen.rows(), start.cols());
      passage.observed.bottomRows(seen.rows()) = seen;
    }
    advance(states, end);
    passage.end = x_of(states);
    return passage;
  }

 private:
  static Eigen::MatrixXd x_of(std::vector<typename M::State>& states) {
    if (states.empty()) return {};
    Eigen::MatrixXd x(static_cast<Eigen::Index>(M::vector(states[0]).size()),
                      static_cast<Eigen::Index>(states.size()));
    for (std::size_t i = 0; i < states.size(); ++i) {
      const std::span<const double> from = M::vector(states[i]);
      x.col(static_cast<Eigen::Index>(i)) =
          Eigen::Map<const Eigen::VectorXd>(from.data(), x.rows());
    }
    return x;
  }

  static void put(const Eigen::MatrixXd& x, std::vector<typename M::State>& states) {
    if (x.cols() != static_cast<Eigen::Index>(states.size())) {
      throw core::Error(std::to_string(x.cols()) + " columns for " + std::to_string(states.size()) +
                        " members (must be as many)");
    }
    for (std::size_t i = 0; i < states.size(); ++i) {
      const std::span<double> to = M::vector(states[i]);
      if (x.rows() != static_cast<Eigen::Index>(to.size())) {
        throw core::Error(std::to_string(x.rows()) + " variables for a state of " +
                          std::to_string(to.size()) + " (must be as many)");
      }
      Eigen::Map<Eigen::VectorXd>(to.data(), x.rows()) = x.col(static_cast<Eigen::Index>(i));
    }
  }

  void advance(std::vector<typename M::State>& states, core::Tick until) const {
    core::for_each_member(states.size(), threads_, [&](std::size_t i) {
      model_->advance(states[i], theta_, until, draw_of(i));
    });
  }

  [[nodiscard]] core::Draw draw_of(std::size_t member) const {
    core::Draw draw = first_;
    draw.member += static_cast<std::uint32_t>(member);
    return draw;
  }

  const M* model_;
  std::vector<double> theta_;  // [parameter]
  core::Draw first_;           // of member 0
  unsigned threads_;
  std::vector<typename M::State> states_;  // [member]
};

}  // namespace twin::infer::smooth
