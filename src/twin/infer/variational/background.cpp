#include "twin/infer/variational/background.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/infer/kalman/covariance.hpp"

namespace twin::infer::variational {
namespace {

using Eigen::Index;

void check_members_background(const Eigen::MatrixXd& x) {
  if (x.cols() < 2) {
    throw core::Error(fmt::format("the ensemble has {} member{} (its covariance needs at least 2)",
                                  x.cols(), x.cols() == 1 ? "" : "s"));
  }
  for (Index j = 0; j < x.cols(); ++j) {
    if (!x.col(j).allFinite()) {
      throw core::Error(fmt::format("member {} is not finite (it is lost) leave it out?", j));
    }
  }
}

Eigen::MatrixXd scaled_anomalies(const Eigen::MatrixXd& x) {
  check_members_background(x);
  return (x.colwise() - x.rowwise().mean().eval()) / std::sqrt(static_cast<double>(x.cols() - 1));
}

}  // namespace

Background::Background(Index variables, Index controls, Map forward, Map adjoint)
    : variables_(variables),
      controls_(controls),
      forward_(std::make_shared<const Map>(std::move(forward))),
      adjoint_(std::make_shared<const Map>(std::move(adjoint))) {}

Background Background::of(Index variables, Index controls, Map forward, Map adjoint) {
  return {variables, controls, std::move(forward), std::move(adjoint)};
}

Background Background::root(const Eigen::MatrixXd& u) {
  if (!u.allFinite()) throw core::Error("the root of B is not finite (every entry must be)");
  return {u.rows(), u.cols(), [u](const Eigen::VectorXd& v) { return Eigen::VectorXd(u * v); },
          [u](const Eigen::VectorXd& x) { return Eigen::VectorXd(u.transpose() * x); }};
}

Background Background::diagonal(const Eigen::VectorXd& variances, std::string_view name) {
  for (Index i = 0; i < variances.size(); ++i) {
    if (!(variances[i] > 0.0) || !std::isfinite(variances[i])) {
      throw core::Error(
          fmt::format("{}({}, {}) = {} (a variance must be positive)", name, i, i, variances[i]));
    }
  }
  const Eigen::VectorXd deviation = variances.cwiseSqrt();
  const Map scale = [deviation](const Eigen::VectorXd& v) {
    return Eigen::VectorXd(deviation.cwiseProduct(v));
  };
  return {variances.size(), variances.size(), scale, scale};
}

Background Background::full(const Eigen::MatrixXd& covariance, std::string_view name) {
  return root(kalman::positive_definite_factor(covariance, name));
}

Background Background::semidefinite(const Eigen::MatrixXd& covariance, std::string_view name) {
  return root(kalman::semidefinite_factor(covariance, name));
}

Background Background::sampled(const Eigen::MatrixXd& covariance) {
  if (covariance.size() == 0 || !covariance.allFinite()) {
    throw core::Error("a sampled B is not finite (does the model run away?)");
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(covariance);
  const Eigen::VectorXd& variances = solver.eigenvalues();  // ascending
  const Index n = variances.size();
  const double least = static_cast<double>(n) * std::numeric_limits<double>::epsilon() *
                       std::max(variances[n - 1], 0.0);
  Index left = 0;
  while (left < n && variances[n - 1 - left] > least) ++left;
  return root(solver.eigenvectors().rightCols(left) *
              variances.tail(left).cwiseSqrt().asDiagonal());
}

Background Background::ensemble(const Eigen::MatrixXd& x) { return root(scaled_anomalies(x)); }

Background Background::localised(const Eigen::MatrixXd& x, const Background& correlation) {
  const Eigen::MatrixXd a = scaled_anomalies(x);
  const Index places = correlation.variables();
  if (places == 0 || a.rows() % places != 0) {
    throw core::Error(
        fmt::format("{} variables with a correlation of {} places (must be a multiple of them)",
                    a.rows(), places));
  }
  const Index controls = correlation.controls();
  const auto forward = [a, correlation, places, controls](const Eigen::VectorXd& v) {
    Eigen::VectorXd x_out = Eigen::VectorXd::Zero(a.rows());
    for (Index j = 0; j < a.cols(); ++j) {
      const Eigen::VectorXd weight = correlation.correction(v.segment(j * controls, controls));
      for (Index first = 0; first < a.rows(); first += places) {
        x_out.segment(first, places) += a.col(j).segment(first, places).cwiseProduct(weight);
      }
    }
    return x_out;
  };
  const auto adjoint = [a, correlation, places, controls](const Eigen::VectorXd& at) {
    Eigen::VectorXd v(controls * a.cols());
    for (Index j = 0; j < a.cols(); ++j) {
      Eigen::VectorXd weight = Eigen::VectorXd::Zero(places);
      for (Index first = 0; first < a.rows(); first += places) {
        weight += a.col(j).segment(first, places).cwiseProduct(at.segment(first, places));
      }
      v.segment(j * controls, controls) = correlation.adjoint(weight);
    }
    return v;
  };
  return {a.rows(), controls * a.cols(), forward, adjoint};
}

Background Background::hybrid(const std::vector<Part>& parts) {
  std::vector<Part> used;
  Index controls = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Part& part = parts[i];
    if (!(part.weight >= 0.0) || !std::isfinite(part.weight)) {
      throw core::Error(
          fmt::format("the weight of part {} is {} (must not be negative)", i, part.weight));
    }
    if (part.background.variables() != parts[0].background.variables()) {
      throw core::Error(fmt::format("part {} has {} variables, part 0 has {} (must be as many)", i,
                                    part.background.variables(), parts[0].background.variables()));
    }
    if (part.weight == 0.0) continue;
    used.push_back({std::sqrt(part.weight), part.background});
    controls += part.background.controls();
  }
  if (used.empty()) throw core::Error("all parts have weight 0 (nothing would be uncertain)");
  const Index variables = used[0].background.variables();
  const auto forward = [used, variables](const Eigen::VectorXd& v) {
    Eigen::VectorXd x = Eigen::VectorXd::Zero(variables);
    Index at = 0;
    for (const auto& [root_weight, b] : used) {
      x += root_weight * b.correction(v.segment(at, b.controls()));
      at += b.controls();
    }
    return x;
  };
  const auto adjoint = [used, controls](const Eigen::VectorXd& x) {
    Eigen::VectorXd v(controls);
    Index at = 0;
    for (const auto& [root_weight, b] : used) {
      v.segment(at, b.controls()) = root_weight * b.adjoint(x);
      at += b.controls();
    }
    return v;
  };
  return {variables, controls, forward, adjoint};
}

Background Background::stacked(const std::vector<Background>& parts) {
  Index variables = 0, controls = 0;
  for (const Background& b : parts) {
    variables += b.variables();
    controls += b.controls();
  }
  const auto forward = [parts, variables](const Eigen::VectorXd& v) {
    Eigen::VectorXd x(variables);
    Index from = 0, to = 0;
    for (const Background& b : parts) {
      x.segment(to, b.variables()) = b.correction(v.segment(from, b.controls()));
      from += b.controls();
      to += b.variables();
    }
    return x;
  };
  const auto adjoint = [parts, controls](const Eigen::VectorXd& x) {
    Eigen::VectorXd v(controls);
    Index from = 0, to = 0;
    for (const Background& b : parts) {
      v.segment(to, b.controls()) = b.adjoint(x.segment(from, b.variables()));
      from += b.variables();
      to += b.controls();
    }
    return v;
  };
  return {variables, controls, forward, adjoint};
}

Eigen::VectorXd Background::correction(const Eigen::VectorXd& v) const {
  TWIN_EXPECT(v.size() == controls_, v.size(), controls_);
  return (*forward_)(v);
}

Eigen::VectorXd Background::adjoint(const Eigen::VectorXd& x) const {
  TWIN_EXPECT(x.size() == variables_, x.size(), variables_);
  return (*adjoint_)(x);
}

Eigen::MatrixXd Background::covariance() const {
  Eigen::MatrixXd u(variables_, controls_);
  for (Index j = 0; j < controls_; ++j) u.col(j) = correction(Eigen::VectorXd::Unit(controls_, j));
  return u * u.transpose();
}

}  // namespace twin::infer::variational
