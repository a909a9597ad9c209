#include "twin/infer/variational/trajectory.hpp"

#include <fmt/core.h>

#include <cstdint>
#include <memory>
#include <utility>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"

namespace twin::infer::variational {
namespace {

using Eigen::Index;

enum class Constraint : std::uint8_t { Strong, Weak };

// One leg, linearised about the trajectory.
struct Passed {
  Linearised model;
  Linearised observed;  // of no rows where nothing is seen
  [[nodiscard]] Index rows() const { return observed.value.size(); }
};

// The trajectory about which tangent and adjoint run; errors are behind the start in x.
struct Run {
  std::vector<Passed> legs;
  Index variables = 0, rows = 0;
  Constraint constraint = Constraint::Strong;

  [[nodiscard]] Index length() const {
    const auto states =
        constraint == Constraint::Weak ? static_cast<Index>(legs.size()) + 1 : Index{1};
    return states * variables;
  }

  [[nodiscard]] Eigen::VectorXd tangent(const Eigen::VectorXd& dx) const {
    TWIN_EXPECT(dx.size() == length(), dx.size(), length());
    Eigen::VectorXd out(rows);
    Eigen::VectorXd state = dx.head(variables);
    Index row = 0, error = variables;
    for (const Passed& leg : legs) {
      state = leg.model.tangent(state);
      if (constraint == Constraint::Weak) state += dx.segment(error, variables);
      error += variables;
      if (leg.rows() > 0) out.segment(row, leg.rows()) = leg.observed.tangent(state);
      row += leg.rows();
    }
    return out;
  }

  [[nodiscard]] Eigen::VectorXd adjoint(const Eigen::VectorXd& dy) const {
    TWIN_EXPECT(dy.size() == rows, dy.size(), rows);
    Eigen::VectorXd out(length());
    Eigen::VectorXd state = Eigen::VectorXd::Zero(variables);
    Index row = rows, error = length();
    for (auto leg = legs.rbegin(); leg != legs.rend(); ++leg) {
      row -= leg->rows();
      if (leg->rows() > 0) state += leg->observed.adjoint(dy.segment(row, leg->rows()));
      if (constraint == Constraint::Weak) {
        error -= variables;
        out.segment(error, variables) = state;
      }
      state = leg->model.adjoint(state);
    }
    out.head(variables) = state;
    return out;
  }
};

Index variables_of(const std::vector<Leg>& legs, Constraint constraint, Index length) {
  if (constraint == Constraint::Strong) return length;
  const Index states = static_cast<Index>(legs.size()) + 1;
  if (length % states != 0) {
    throw core::Error(
        fmt::format("{} variables for a start and the errors of {} legs (must be a multiple of {})",
                    length, legs.size(), states));
  }
  return length / states;
}

void check_size(std::size_t leg, Index size, Index variables) {
  if (size == variables) return;
  throw core::Error(fmt::format(
      "leg {} ends with {} variables and starts with {} (must be as many)", leg, size, variables));
}

Operator constrained(std::vector<Leg> legs, Constraint constraint) {
  const auto shared = std::make_shared<const std::vector<Leg>>(std::move(legs));
  return [shared, constraint](const Eigen::VectorXd& x) {
    const auto run = std::make_shared<Run>();
    run->variables = variables_of(*shared, constraint, x.size());
    run->constraint = constraint;
    Eigen::VectorXd state = x.head(run->variables);
    std::vector<Eigen::VectorXd> seen;
    for (std::size_t k = 0; k < shared->size(); ++k) {
      const Leg& leg = (*shared)[k];
      Passed passed{.model = leg.model(state), .observed = {}};
      check_size(k, passed.model.value.size(), run->variables);
      state = passed.model.value;
      if (constraint == Constraint::Weak) {
        state += x.segment(static_cast<Index>(k + 1) * run->variables, run->variables);
      }
      if (leg.observed) passed.observed = leg.observed(state);
      run->rows += passed.rows();
      run->legs.push_back(std::move(passed));
    }
    Linearised out;
    out.value.resize(run->rows);
    Index row = 0;
    for (const Passed& leg : run->legs) {
      out.value.segment(row, leg.rows()) = leg.observed.value;
      row += leg.rows();
    }
    out.tangent = [run](const Eigen::VectorXd& dx) { return run->tangent(dx); };
    out.adjoint = [run](const Eigen::VectorXd& dy) { return run->adjoint(dy); };
    return out;
  };
}

}  // namespace

Operator strong_constraint(std::vector<Leg> legs) {
  return constrained(std::move(legs), Constraint::Strong);
}

Operator weak_constraint(std::vector<Leg> legs) {
  return constrained(std::move(legs), Constraint::Weak);
}

std::vector<Eigen::VectorXd> states_along(const std::vector<Leg>& legs, const Eigen::VectorXd& x,
                                          Index variables) {
  const Index length = (static_cast<Index>(legs.size()) + 1) * variables;
  if (x.size() != variables && x.size() != length) {
    throw core::Error(fmt::format("{} variables (must be {}, or {} with the errors of {} legs)",
                                  x.size(), variables, length, legs.size()));
  }
  std::vector<Eigen::VectorXd> out;
  Eigen::VectorXd state = x.head(variables);
  for (std::size_t k = 0; k < legs.size(); ++k) {
    state = legs[k].model(state).value;
    if (x.size() == length) state += x.segment(static_cast<Index>(k + 1) * variables, variables);
    out.push_back(state);
  }
  return out;
}

}  // namespace twin::infer::variational
