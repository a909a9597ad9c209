// What an emulator is given: runs of a simulation, of which some failed and some have an error of their own, the
// trend that is laid through them, and the box that they span.
#pragma once
#include <Eigen/Dense>
#include <cstddef>
#include <cstdint>
#include <span>

namespace twin::infer {

struct SimulatedRuns {
  std::span<const double> x = {};      // [run][input]
  std::span<const double> y = {};      // [run] output; not finite: the run failed, and is left out
  std::span<const double> noise = {};  // [run] variance of y's own error; none: all are exact
};

// Those with a value.
struct KeptRuns {
  Eigen::MatrixXd x;         // [run][input]
  Eigen::VectorXd y;         // [run]
  Eigen::VectorXd noise;     // [run]
  std::uint64_t failed = 0;  // that were left out
};

// core::Error for no inputs, lengths that do not fit, an input that is not finite, or, of a run with a value, a noise
// that is not finite or below 0.
KeptRuns kept_runs(const SimulatedRuns& runs, std::size_t inputs);

// Points as Eigen has them. core::Error where x holds no whole number of points, or an input is not finite.
Eigen::MatrixXd points_of_rows(std::span<const double> x, std::size_t inputs);
// One of them: [input]. core::Error where x is no single point.
Eigen::VectorXd point_of_row(std::span<const double> x, std::size_t inputs);

// The smallest box about all points. x: [point][input]
struct RunBox {
  Eigen::VectorXd low, high;  // [input]

  explicit RunBox(const Eigen::MatrixXd& x);
  void hold(const Eigen::VectorXd& x);  // grows to x [input]
  // Whether x [input] is in it, grown by a share of each range on either side.
  [[nodiscard]] bool holds(const Eigen::VectorXd& x, double margin) const;
};

enum class Trend : std::uint8_t { Constant, Linear };

// 1 and, if linear, all inputs, which run from -1 to 1 over the box so that columns are of one size.
class TrendBasis {
 public:
  TrendBasis(Trend trend, const RunBox& box);
  [[nodiscard]] Eigen::Index size() const {
    return trend_ == Trend::Constant ? 1 : middle_.size() + 1;
  }
  // x: [point][input]; [point][regressor]
  [[nodiscard]] Eigen::MatrixXd of(const Eigen::MatrixXd& x) const;

 private:
  Trend trend_;
  Eigen::VectorXd middle_, half_;  // [input] of the box; half is 1 where it has no width
};

}  // namespace twin::infer
