// Asynchronous observations: what was seen at several times is taken in at one, by the observed
// ensemble of each observation's own time (Sakov, Evensen, Bertino, "Asynchronous data assimilation
// with the EnKF", Tellus 62A, 2010; Hunt et al., "Four-dimensional ensemble Kalman filtering", Tellus
// 56A, 2004). Any filter here takes what a window holds, since a filter meets the state only through
// what it shows.
#pragma once
#include <Eigen/Dense>
#include <vector>

#include "twin/core/tick.hpp"
#include "twin/infer/noise.hpp"

namespace twin::infer {

class ObservationWindow {
 public:
  // For an ensemble of so many members. Error for fewer than two.
  explicit ObservationWindow(Eigen::Index members);

  // observed: what each member showed at that time, [observation][member]; y: [observation], NaN is
  // missing and left out; noise: of y, errors of different times being independent. Error for sizes
  // that differ, an infinite y, or an observed member that is not finite.
  void add(core::Tick at, const Eigen::Ref<const Eigen::MatrixXd>& observed,
           const Eigen::Ref<const Eigen::VectorXd>& y, const Noise& noise);
  void clear();  // after the analysis: the next window begins

  // All that was added, in that order, without what was missing.
  [[nodiscard]] Eigen::MatrixXd observed() const;  // [observation][member]
  [[nodiscard]] Eigen::VectorXd y() const;         // [observation]
  [[nodiscard]] Noise noise() const;               // diagonal where all of them are
  [[nodiscard]] const std::vector<core::Tick>& at() const { return at_; }  // [observation]
  [[nodiscard]] Eigen::Index missing() const { return missing_; }

 private:
  Eigen::Index members_;
  std::vector<Eigen::MatrixXd> observed_;  // [part]
  std::vector<Eigen::VectorXd> y_;         // [part]
  std::vector<Noise> noise_;               // [part]
  std::vector<core::Tick> at_;             // [observation]
  Eigen::Index missing_ = 0;
};

}  // namespace twin::infer
