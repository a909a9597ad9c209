// Linear model predictive control: the moves of several knobs over the next runs that bring several
// outputs to target best, within bounds and with no step larger than allowed; the first is made, then all
// is planned again. Where one knob and one output are all there is, run_to_run.hpp does.
#pragma once
#include <Eigen/Dense>
#include <cstdint>
#include <optional>

namespace twin::decide {

// x_(k+1) = A x_k + B u_k, y_k = C x_k + d, with d what outputs are off by, taken to stay: an estimate
// of it (measured y less C x) makes control free of offset.
struct LinearPlant {
  Eigen::MatrixXd a;  // A [state][state]
  Eigen::MatrixXd b;  // B [state][knob]
  Eigen::MatrixXd c;  // C [output][state]
};

struct PredictiveOptions {
  std::uint64_t horizon = 10;     // steps of outputs looked at, at least 1
  std::uint64_t moves = 10;       // steps with a move of their own, 1 to horizon; then knobs rest
  Eigen::VectorXd output_weight;  // >= 0 [output], of (y - target)^2
  Eigen::VectorXd move_weight;    // > 0 [knob], of (u_k - u_(k-1))^2
  Eigen::VectorXd low, high;      // bounds [knob]
  Eigen::VectorXd most_change;    // [knob], from step to step, above 0
  std::uint64_t most_steps = 1'000;  // of the solver: a budget of work
};

struct MovePlan {
  Eigen::MatrixXd knobs;    // u_k [move][knob]; the first is to be made
  Eigen::MatrixXd outputs;  // y_k expected, k = 1, ... [step][output]
  double cost = 0.0;        // of it
  std::uint64_t steps = 0;  // of the solver
};

class PredictiveControl {
 public:
  // core::Error for shapes that do not belong together and options that cannot be meant.
  PredictiveControl(const LinearPlant& plant, const PredictiveOptions& options);

  // x: state now; last: knobs of the last step; off: d; target: [output]. Nothing if no plan keeps
  // bounds and steps, as when the last knobs stand further outside than one step, or if the budget does
  // not do: then hold, and say so. core::Error for what is not finite or not as many.
  [[nodiscard]] std::optional<MovePlan> plan(const Eigen::VectorXd& x, const Eigen::VectorXd& last,
                                             const Eigen::VectorXd& off,
                                             const Eigen::VectorXd& target) const;

 private:
  LinearPlant plant_;
  PredictiveOptions options_;
  Eigen::MatrixXd free_;     // outputs of x alone [step x output][state]
  Eigen::MatrixXd forced_;   // outputs by knobs [step x output][move x knob]
  Eigen::MatrixXd change_;   // steps by knobs [move x knob][move x knob]: u_k - u_(k-1)
  Eigen::MatrixXd hessian_;  // [move x knob][move x knob]
  Eigen::VectorXd weight_;   // [step x output]
  Eigen::VectorXd damping_;  // [move x knob]
};

}  // namespace twin::decide
