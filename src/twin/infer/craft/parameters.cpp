#include "twin/infer/craft/parameters.hpp"

#include <fmt/core.h>

#include <Eigen/Eigenvalues>
#include <cmath>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/infer/noise.hpp"
#include "twin/math/elementary.hpp"

namespace twin::infer {

void check_parameter(const EstimatedParameter& parameter) {
  if (!(parameter.lower < parameter.upper)) {
    throw core::Error(fmt::format("parameter {} lies between {} and {} (the lower bound first)",
                                  parameter.name, parameter.lower, parameter.upper));
  }
}

double free_value(const EstimatedParameter& p, double value, std::size_t member) {
  if (std::isnan(value)) return value;
  if (!(value > p.lower && value < p.upper)) {
    throw core::Error(fmt::format("parameter {} of member {} is {} (must lie inside ({}, {}))",
                                  p.name, member, value, p.lower, p.upper));
  }
  const bool below = std::isfinite(p.lower), above = std::isfinite(p.upper);
  if (below && above) return math::log(value - p.lower) - math::log(p.upper - value);
  if (below) return math::log(value - p.lower);
  if (above) return -math::log(p.upper - value);
  return value;
}

double bound_value(const EstimatedParameter& p, double free) {
  if (std::isnan(free)) return free;
  const bool below = std::isfinite(p.lower), above = std::isfinite(p.upper);
  double value = free;
  if (below && above) {
    const double e = math::exp(-std::abs(free));
    const double low = free < 0.0 ? e / (1.0 + e) : 1.0 / (1.0 + e);  // share from the lower bound
    value = free < 0.0 ? p.lower + (p.upper - p.lower) * low
                       : p.upper - (p.upper - p.lower) * (e / (1.0 + e));
  } else if (below) {
    value = p.lower + math::exp(free);
  } else if (above) {
    value = p.upper - math::exp(-free);
  }
  // Rounding may reach a bound that the number itself does not.
  if (below && value <= p.lower) value = std::nextafter(p.lower, p.upper);
  if (above && value >= p.upper) value = std::nextafter(p.upper, p.lower);
  return value;
}

void shrink(double discount, const core::Draw& draw, std::uint32_t occasion,
            Eigen::Ref<Eigen::MatrixXd> x) {
  if (!(discount > 1.0 / 3.0 && discount <= 1.0)) {
    throw core::Error(
        fmt::format("discount = {} of the parameters' kernel (must lie in (1/3, 1])", discount));
  }
  if (discount == 1.0 || x.rows() == 0 || x.cols() < 2) return;
  TWIN_EXPECT(x.allFinite(), x.rows(), x.cols());
  const double a = (3.0 * discount - 1.0) / (2.0 * discount);
  const double n = static_cast<double>(x.cols());
  const Eigen::VectorXd mean = x.rowwise().mean();
  const Eigen::MatrixXd anomalies = x.colwise() - mean;
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(anomalies * anomalies.transpose() /
                                                              (n - 1.0));
  const Eigen::MatrixXd root =
      solver.eigenvectors() * solver.eigenvalues().cwiseMax(0.0).cwiseSqrt().asDiagonal();
  // Centred draws leave the mean, scaled ones the variance (Evensen 2004).
  Eigen::MatrixXd z(x.rows(), x.cols());
  standard_normal(draw, KernelDraw, occasion, z);
  z.colwise() -= z.rowwise().mean().eval();
  x = (a * anomalies + std::sqrt((1.0 - a * a) * n / (n - 1.0)) * root * z).colwise() + mean;
}

}  // namespace twin::infer
