// A gross error is an innovation that the belief and the noise together make nearly impossible: its
// normalised square is chi-square distributed when all is well (Bar-Shalom, Li & Kirubarajan,
// Estimation with Applications to Tracking and Navigation, 2001).
#pragma once
#include <Eigen/Dense>
#include <vector>

namespace twin::infer::kalman {

// Which innovations are let in. Made without arguments it lets every one in.
class Gate {
 public:
  Gate() = default;
  // Lets in all but the share false_alarm of the good observations, whichever of their components
  // are present; up to so many components. Throws core::Error unless 0 < false_alarm < 1 and
  // components >= 1.
  Gate(double false_alarm, Eigen::Index components);

  // nis: normalised innovation squared d' S^-1 d of so many components. Throws core::Error when
  // these are more than the gate was made for.
  [[nodiscard]] bool lets_in(double nis, Eigen::Index components) const {
    return limits_.empty() || nis <= limit(components);
  }
  // The largest normalised innovation squared let in; infinite for an open gate.
  [[nodiscard]] double limit(Eigen::Index components) const;

 private:
  std::vector<double> limits_;  // [components - 1]; empty: open
};

}  // namespace twin::infer::kalman
