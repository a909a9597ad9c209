#include "twin/infer/craft/window.hpp"

#include <fmt/core.h>

#include <cmath>

#include "twin/core/error.hpp"
#include "twin/infer/craft/quality.hpp"
#include "twin/infer/ensemble/observed.hpp"

namespace twin::infer {

ObservationWindow::ObservationWindow(Eigen::Index members) : members_(members) {
  if (members < 2) {
    throw core::Error(fmt::format("a window of {} member{} (its covariance needs at least 2)",
                                  members, members == 1 ? "" : "s"));
  }
}

void ObservationWindow::add(core::Tick at, const Eigen::Ref<const Eigen::MatrixXd>& observed,
                            const Eigen::Ref<const Eigen::VectorXd>& y, const Noise& noise) {
  if (observed.cols() != members_) {
    throw core::Error(fmt::format("{} observed members in a window of {} (must be as many)",
                                  observed.cols(), members_));
  }
  Eigen::VectorXd filled = y;
  std::vector<Eigen::Index> present;
  for (Eigen::Index i = 0; i < y.size(); ++i) {
    if (std::isnan(y[i])) {
      filled[i] = 0.0;
    } else {
      present.push_back(i);
    }
  }
  static_cast<void>(observe(observed, filled, noise));  // what it checks
  const auto count = static_cast<Eigen::Index>(present.size());
  missing_ += y.size() - count;
  if (count == 0) return;
  Eigen::MatrixXd rows(count, members_);
  Eigen::VectorXd values(count);
  for (Eigen::Index i = 0; i < count; ++i) {
    rows.row(i) = observed.row(present[static_cast<std::size_t>(i)]);
    values[i] = y[present[static_cast<std::size_t>(i)]];
  }
  observed_.push_back(std::move(rows));
  y_.push_back(std::move(values));
  noise_.push_back(count == y.size() ? noise : noise_of(noise, present));
  at_.insert(at_.end(), present.size(), at);
}

void ObservationWindow::clear() { *this = ObservationWindow(members_); }

Eigen::MatrixXd ObservationWindow::observed() const {
  Eigen::MatrixXd all(static_cast<Eigen::Index>(at_.size()), members_);
  Eigen::Index first = 0;
  for (const auto& part : observed_) {
    all.middleRows(first, part.rows()) = part;
    first += part.rows();
  }
  return all;
}

Eigen::VectorXd ObservationWindow::y() const {
  Eigen::VectorXd all(static_cast<Eigen::Index>(at_.size()));
  Eigen::Index first = 0;
  for (const auto& part : y_) {
    all.segment(first, part.size()) = part;
    first += part.size();
  }
  return all;
}

Noise ObservationWindow::noise() const {
  const auto count = static_cast<Eigen::Index>(at_.size());
  bool diagonal = true;
  for (const Noise& part : noise_) diagonal = diagonal && part.is_diagonal();
  Eigen::VectorXd variances(diagonal ? count : 0);
  Eigen::MatrixXd all = Eigen::MatrixXd::Zero(diagonal ? 0 : count, diagonal ? 0 : count);
  Eigen::Index first = 0;
  for (const Noise& part : noise_) {
    if (diagonal) {
      Eigen::MatrixXd whitened = Eigen::MatrixXd::Ones(part.size(), 1);
      part.whiten(whitened);
      variances.segment(first, part.size()) = whitened.col(0).array().square().inverse();
    } else {
      all.block(first, first, part.size(), part.size()) = part.covariance();
    }
    first += part.size();
  }
  return diagonal ? Noise::diagonal(variances) : Noise::full(all);
}

}  // namespace twin::infer
