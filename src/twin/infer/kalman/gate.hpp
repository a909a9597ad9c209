// A gross error is an innovation that the belief and the noise together make nearly impossible: its
// normalised square is chi-square distributed when all is well (Bar-Shalom, Li & Kirubarajan,
// Estimation with Applications to Tracking and Navigation, 2001).
#pragma once
#include <Eigen/Dense>
#include <vector>

namespace twin::infer::kalman {

// P(chi-square with this many degrees of freedom > x), for x >= 0 and degrees >= 1. Relative error
// below 1e-12 where the result is above 1e-300 (series and continued fraction of the incomplete
// gamma function, Abramowitz & Stegun 1964, 6.5.29 and 6.5.31).
double chi_square_tail(double x, int degrees);

// The x whose tail is p in (0, 1).
double chi_square_limit(double p, int degrees);

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
