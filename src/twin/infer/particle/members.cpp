#include "twin/infer/particle/members.hpp"

#include <cmath>

namespace twin::infer::particle {

void shrink_parameters(std::span<double> theta, const Spread& before, double discount,
                       const core::Draw& first, std::uint32_t occasion) {
  const Eigen::Index parameters = before.mean.size();
  const Eigen::Index members = static_cast<Eigen::Index>(theta.size()) / parameters;
  const double a = (3.0 * discount - 1.0) / (2.0 * discount);
  const double h = std::sqrt(1.0 - a * a);
  Eigen::Map<Eigen::MatrixXd> all(theta.data(), parameters, members);
  Eigen::VectorXd deviate(parameters);
  for (Eigen::Index i = 0; i < members; ++i) {
    core::Draw own = first;
    own.member += static_cast<std::uint32_t>(i);
    kernel_deviate(before, h, own, ParameterDraw, occasion, deviate);
    all.col(i) = a * all.col(i) + (1.0 - a) * before.mean + deviate;
  }
}

}  // namespace twin::infer::particle
