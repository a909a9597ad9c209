#include "twin/infer/smooth/es_mda.hpp"

#include <fmt/core.h>

#include <cmath>

#include "twin/core/error.hpp"

namespace twin::infer::smooth {

std::vector<double> mda_coefficients(int count, double ratio) {
  if (count < 1) throw core::Error(fmt::format("{} coefficients (must be at least 1)", count));
  if (!(ratio > 0.0) || !std::isfinite(ratio)) {
    throw core::Error(
        fmt::format("ratio of the coefficients = {} (must be positive and finite)", ratio));
  }
  std::vector<double> alpha;
  double inverses = 0.0;
  for (int i = 0; i < count; ++i) {
    alpha.push_back(i == 0 ? 1.0 : alpha.back() * ratio);
    inverses += 1.0 / alpha.back();
  }
  for (double& a : alpha) a *= inverses;
  return alpha;
}

void check_coefficients(const std::vector<double>& coefficients) {
  if (coefficients.empty()) throw core::Error("no coefficients (must be at least 1)");
  double inverses = 0.0;
  for (std::size_t i = 0; i < coefficients.size(); ++i) {
    if (!(coefficients[i] > 0.0) || !std::isfinite(coefficients[i])) {
      throw core::Error(
          fmt::format("coefficient {} is {} (must be positive and finite)", i, coefficients[i]));
    }
    inverses += 1.0 / coefficients[i];
  }
  if (std::abs(inverses - 1.0) > 1e-10) {
    throw core::Error(
        fmt::format("the inverses of the {} coefficients sum to {} (must be 1, or the observations "
                    "count more or less than once)",
                    coefficients.size(), inverses));
  }
}

Innovation es_mda(const Scheme& scheme, const std::vector<double>& coefficients,
                  const Forward& forward, const Eigen::Ref<const Eigen::VectorXd>& y,
                  const Noise& noise, const core::Draw& draw, std::uint32_t occasion,
                  Eigen::Ref<Eigen::MatrixXd> x) {
  check_coefficients(coefficients);
  Innovation first;
  const auto bites = static_cast<std::uint32_t>(coefficients.size());
  for (std::uint32_t i = 0; i < bites; ++i) {
    const Eigen::MatrixXd observed = forward(x).observed;
    if (i == 0 && y.size() > 0) {
      const Gram gram = gram_of(observe(observed, y, noise));
      first = innovation_of(gram, spectrum_of(gram.c, gram.b));
    }
    analyse(scheme, observed, y, noise.scaled(coefficients[i]), draw, occasion * bites + i, x);
  }
  return first;
}

}  // namespace twin::infer::smooth
