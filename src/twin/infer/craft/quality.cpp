#include "twin/infer/craft/quality.hpp"

#include <fmt/core.h>

#include <cmath>

#include "twin/core/error.hpp"
#include "twin/infer/ensemble/observed.hpp"

namespace twin::infer {
namespace {

void check_positive(const char* name, double value) {
  if (!(value > 0.0)) {
    throw core::Error(fmt::format("{} = {} (must be positive; infinite: off)", name, value));
  }
}

Eigen::MatrixXd rows_of(const Eigen::Ref<const Eigen::MatrixXd>& x,
                        const std::vector<Eigen::Index>& rows) {
  Eigen::MatrixXd some(static_cast<Eigen::Index>(rows.size()), x.cols());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    some.row(static_cast<Eigen::Index>(i)) = x.row(rows[i]);
  }
  return some;
}

double chi_square_of(const Eigen::MatrixXd& observed, const Eigen::VectorXd& y,
                     const Noise& noise) {
  const Gram gram = gram_of(observe(observed, y, noise));
  return innovation_of(gram, spectrum_of(gram.c, gram.b)).chi_square;
}

}  // namespace

void check_quality(const QualityPolicy& policy) {
  check_positive("gross", policy.gross);
  check_positive("moderation", policy.moderation);
  if (!(policy.false_alarm >= 0.0 && policy.false_alarm < 1.0)) {
    throw core::Error(
        fmt::format("false_alarm = {} (must lie in [0, 1); 0: off)", policy.false_alarm));
  }
}

Noise noise_of(const Noise& noise, const std::vector<Eigen::Index>& rows) {
  const auto count = static_cast<Eigen::Index>(rows.size());
  if (noise.is_diagonal()) {
    Eigen::MatrixXd whitened = Eigen::MatrixXd::Ones(noise.size(), 1);
    noise.whiten(whitened);
    Eigen::VectorXd variances(count);
    for (Eigen::Index i = 0; i < count; ++i) {
      const double w = whitened(rows[static_cast<std::size_t>(i)], 0);
      variances[i] = 1.0 / (w * w);
    }
    return Noise::diagonal(variances);
  }
  const Eigen::MatrixXd all = noise.covariance();
  Eigen::MatrixXd some(count, count);
  for (Eigen::Index i = 0; i < count; ++i) {
    for (Eigen::Index j = 0; j < count; ++j) {
      some(i, j) = all(rows[static_cast<std::size_t>(i)], rows[static_cast<std::size_t>(j)]);
    }
  }
  return count == 0 ? Noise::equal(0, 1.0) : Noise::full(some);
}

Judgement judge(const QualityPolicy& policy, const Eigen::Ref<const Eigen::MatrixXd>& observed,
                const Eigen::Ref<const Eigen::VectorXd>& y, const Noise& noise) {
  check_quality(policy);
  Judgement out;
  out.fates.assign(static_cast<std::size_t>(y.size()), Fate::Missing);
  Eigen::VectorXd filled = y;  // what observe() checks: missing ones are no mistake
  for (Eigen::Index i = 0; i < y.size(); ++i) {
    if (std::isnan(y[i])) filled[i] = 0.0;
  }
  static_cast<void>(observe(observed, filled, noise));
  // The variances of R, one by one.
  std::vector<Eigen::Index> one(1);
  Eigen::VectorXd r(y.size()), s(y.size()), d(y.size());
  const double degrees = static_cast<double>(observed.cols()) - 1.0;
  const Eigen::MatrixXd full = noise.is_diagonal() ? Eigen::MatrixXd() : noise.covariance();
  Eigen::MatrixXd whitened = Eigen::MatrixXd::Ones(y.size(), 1);
  if (noise.is_diagonal()) noise.whiten(whitened);
  for (Eigen::Index i = 0; i < y.size(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    const double mean = observed.row(i).mean();
    s[i] = (observed.row(i).array() - mean).square().sum() / degrees;
    r[i] = noise.is_diagonal() ? 1.0 / (whitened(i, 0) * whitened(i, 0)) : full(i, i);
    d[i] = y[i] - mean;
    if (std::isnan(y[i])) continue;
    const bool gross = std::abs(d[i]) > policy.gross * std::sqrt(s[i] + r[i]);
    out.fates[at] = gross ? Fate::Gross : Fate::Used;
    if (!gross) out.kept.push_back(i);
  }
  out.noise = noise_of(noise, out.kept);
  out.present = static_cast<Eigen::Index>(out.kept.size());
  if (out.kept.empty()) return out;
  out.chi_square = chi_square_of(rows_of(observed, out.kept), rows_of(y, out.kept), out.noise);
  if (policy.false_alarm > 0.0 &&
      !kalman::Gate(policy.false_alarm, out.present).lets_in(out.chi_square, out.present)) {
    for (const Eigen::Index i : out.kept) out.fates[static_cast<std::size_t>(i)] = Fate::Gated;
    out.kept.clear();
    out.noise = Noise::equal(0, 1.0);
    return out;
  }
  if (!std::isfinite(policy.moderation)) return out;
  Eigen::VectorXd growth = Eigen::VectorXd::Ones(out.present);  // of the deviation
  for (Eigen::Index i = 0; i < out.present; ++i) {
    const Eigen::Index k = out.kept[static_cast<std::size_t>(i)];
    const double limit = d[k] / policy.moderation;
    const double total = s[k] + r[k];
    const double larger = std::sqrt(total * total + s[k] * limit * limit) - s[k];
    growth[i] = std::sqrt(larger / r[k]);
    // Every R grows a little; what grows by less than a tenth counts as used as it is.
    if (larger > 1.1 * r[k]) out.fates[static_cast<std::size_t>(k)] = Fate::Moderated;
  }
  if (noise.is_diagonal()) {
    Eigen::VectorXd variances(out.present);
    for (Eigen::Index i = 0; i < out.present; ++i) {
      variances[i] = growth[i] * growth[i] * r[out.kept[static_cast<std::size_t>(i)]];
    }
    out.noise = Noise::diagonal(variances);
  } else {
    const Eigen::MatrixXd some = out.noise.covariance();
    const Eigen::MatrixXd larger = growth.asDiagonal() * some * growth.asDiagonal();
    out.noise = Noise::full(larger);
  }
  return out;
}

}  // namespace twin::infer
