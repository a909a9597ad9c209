#include "twin/infer/craft/desroziers.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "twin/core/error.hpp"
#include "twin/math/elementary.hpp"

namespace twin::infer {
namespace {

Eigen::MatrixXd symmetric(const Eigen::MatrixXd& x) { return 0.5 * (x + x.transpose()); }

}  // namespace

Desroziers::Desroziers(Eigen::Index observations, double memory) {
  if (observations < 1) {
    throw core::Error(
        fmt::format("residual statistics of {} observations (needs at least 1)", observations));
  }
  if (!(memory > 0.0)) {
    throw core::Error(fmt::format("memory = {} of residual statistics (must be positive)", memory));
  }
  kept_ = math::exp(-1.0 / memory);
  before_ = mixed_ = after_ = Eigen::MatrixXd::Zero(observations, observations);
}

void Desroziers::add(const Eigen::Ref<const Eigen::VectorXd>& before,
                     const Eigen::Ref<const Eigen::VectorXd>& after) {
  if (before.size() != before_.rows() || after.size() != before_.rows()) {
    throw core::Error(fmt::format("{} residuals before and {} after for statistics of {}",
                                  before.size(), after.size(), before_.rows()));
  }
  if (!before.allFinite() || !after.allFinite()) {
    throw core::Error("a residual is not finite (the statistics would be lost)");
  }
  before_ = kept_ * before_ + before * before.transpose();
  mixed_ = kept_ * mixed_ + after * before.transpose();
  after_ = kept_ * after_ + after * after.transpose();
  weight_ = kept_ * weight_ + 1.0;
  square_ = kept_ * kept_ * square_ + 1.0;
  ++count_;
}

std::optional<DesroziersAnswer> Desroziers::answer() const {
  if (count_ == 0) return std::nullopt;
  DesroziersAnswer out;
  const Eigen::MatrixXd r = mixed_ / weight_;
  out.innovation = before_ / weight_;
  out.error = symmetric(r);
  out.background = symmetric(out.innovation - r);
  out.analysis = symmetric(r.transpose() - after_ / weight_);
  for (Eigen::Index i = 0; i < r.rows(); ++i) {
    for (Eigen::Index j = 0; j < i; ++j) {
      const double scale = std::sqrt(std::abs(r(i, i) * r(j, j)));
      if (scale > 0.0) out.asymmetry = std::max(out.asymmetry, std::abs(r(i, j) - r(j, i)) / scale);
    }
  }
  out.effective_count = weight_ * weight_ / square_;
  return out;
}

}  // namespace twin::infer
