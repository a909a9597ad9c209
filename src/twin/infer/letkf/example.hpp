// The local analysis in its slow and obvious form, domain by domain with eigenvectors: what the fast
// one is held against.
#pragma once
#include <Eigen/Dense>
#include <cmath>
#include <span>

#include "twin/infer/ensemble/domains.hpp"
#include "twin/infer/ensemble/example.hpp"
#include "twin/infer/ensemble/filters.hpp"

namespace twin::infer {

// e.r must be diagonal. rotation: [member][member], or empty.
inline Eigen::MatrixXd slow_letkf(const Example& e, std::span<const Domain> domains,
                                  const Inflation& inflation = {},
                                  const Eigen::MatrixXd& rotation = {}) {
  const Observed all = observe(e.hx(), e.y, Noise::diagonal(e.r.diagonal()));
  Eigen::MatrixXd x = e.x;
  for (const Domain& domain : domains) {
    Observed local;
    const auto count = static_cast<Eigen::Index>(domain.observations.size());
    local.anomalies.resize(count, all.members());
    local.innovation.resize(count);
    for (Eigen::Index i = 0; i < count; ++i) {
      const auto k = domain.observations[static_cast<std::size_t>(i)];
      const double root = std::sqrt(domain.weights[static_cast<std::size_t>(i)]);
      local.anomalies.row(i) = root * all.anomalies.row(k);
      local.innovation[i] = root * all.innovation[k];
    }
    Transform t = etkf(local);
    if (rotation.size() > 0) t.anomalies *= rotation;
    apply(t, inflation, domain.variables, x);
  }
  return x;
}

// The greatest difference between rows, each relative to the norm of the row as it should be.
inline double worst_row(const Eigen::MatrixXd& is, const Eigen::MatrixXd& should) {
  return ((is - should).rowwise().norm().array() / should.rowwise().norm().array()).maxCoeff();
}

// Each variable by itself, seeing `count` observations from its own number on, with weights that
// differ.
inline std::vector<Domain> sliding_domains(Eigen::Index variables, Eigen::Index observations,
                                           Eigen::Index count) {
  std::vector<Domain> domains(static_cast<std::size_t>(variables));
  for (Eigen::Index g = 0; g < variables; ++g) {
    Domain& domain = domains[static_cast<std::size_t>(g)];
    domain.variables = {g};
    for (Eigen::Index i = 0; i < count; ++i) {
      domain.observations.push_back((g + i) % observations);
      domain.weights.push_back(1.0 / (1.0 + 0.2 * static_cast<double>((g + 3 * i) % 7)));
    }
  }
  return domains;
}

}  // namespace twin::infer
