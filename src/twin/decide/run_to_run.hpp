// Run-to-run control of a process with one knob: after each run the recipe for the next one is set so
// that what is measured stays on target, by what is known of the offset. Three estimates of it: EWMA
// for steps and noise, double EWMA for drift, Kalman where the noises are known or runs go unmeasured.
//
// Process: y_t = offset_t + gain u_t + noise. Notation: u recipe, y measured, b the gain believed,
// a the offset believed, d its drift a run, lambda a weight.
#pragma once
#include <cstdint>
#include <limits>
#include <optional>

namespace twin::decide {

struct Knob {
  double gain = 1.0;    // b, of the process by the model; not 0 [output / recipe]
  double target = 0.0;  // of the output
  double low = -std::numeric_limits<double>::infinity();  // bounds of the recipe
  double high = std::numeric_limits<double>::infinity();
  double most_change =
      std::numeric_limits<double>::infinity();  // from run to run, above 0 [recipe]

  // The recipe whose output is on target if the offset is this, within bounds and no further from `last`
  // than allowed: nearest to it if it cannot be had.
  [[nodiscard]] double recipe(double offset, double last) const;
  bool operator==(const Knob&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("gain", self.gain);
    archive("target", self.target);
    archive("low", self.low);
    archive("high", self.high);
    archive("most_change", self.most_change);
  }
};

// Every controller: recipe() is for the next run; measured(u, y) after a run that was made with u, which
// may be another than advised; skipped() after a run that nobody measured. A measurement that is no
// number is a skipped one. All are values.

// a <- lambda (y - b u) + (1 - lambda) a (E. Sachs, A. Hu and A. Ingolfsson, IEEE Transactions on
// Semiconductor Manufacturing 8, 1995; A. Ingolfsson and E. Sachs, J. Quality Technology 25, 1993).
// Stable if the true gain is between 0 and 2 / lambda times b. lambda 0 to 1, 0 excluded.
class Ewma {
 public:
  Ewma() = default;
  Ewma(const Knob& knob, double lambda,
       double first_recipe);  // core::Error for options that are none

  [[nodiscard]] double recipe() const { return knob_.recipe(offset_, last_); }
  void measured(double u, double y);
  void skipped(double u) { last_ = u; }
  [[nodiscard]] double offset() const { return offset_; }
  bool operator==(const Ewma&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("knob", self.knob_);
    archive("lambda", self.lambda_);
    archive("offset", self.offset_);
    archive("last", self.last_);
  }

 private:
  Knob knob_;
  double lambda_ = 0.3;
  double offset_ = 0.0;  // a
  double last_ = 0.0;    // recipe of the last run
};

// Predictor-corrector for drift (S. W. Butler and J. A. Stefani, IEEE Transactions on Semiconductor
// Manufacturing 7, 1994):
//   a_t = l1 (y_t - b u_t) + (1 - l1) (a_(t-1) + d_(t-1))
//   d_t = l2 (y_t - b u_t - a_(t-1)) + (1 - l2) d_(t-1)
// and the next recipe is for a_t + d_t: a drift is followed without an offset. A departure: the source
// leaves d out of the level, whose a then lags behind and whose d is the drift over l1; their sum is
// without an offset as well, but neither is what it is called.
class DoubleEwma {
 public:
  DoubleEwma() = default;
  DoubleEwma(const Knob& knob, double level_weight, double drift_weight, double first_recipe);

  [[nodiscard]] double recipe() const { return knob_.recipe(offset_ + drift_, last_); }
  void measured(double u, double y);
  void skipped(double u);  // goes on drifting as believed
  [[nodiscard]] double offset() const { return offset_; }
  [[nodiscard]] double drift() const { return drift_; }
  bool operator==(const DoubleEwma&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("knob", self.knob_);
    archive("level_weight", self.level_weight_);
    archive("drift_weight", self.drift_weight_);
    archive("offset", self.offset_);
    archive("drift", self.drift_);
    archive("last", self.last_);
  }

 private:
  Knob knob_;
  double level_weight_ = 0.3;
  double drift_weight_ = 0.1;
  double offset_ = 0.0;
  double drift_ = 0.0;  // [output / run]
  double last_ = 0.0;
};

// Offset as a random walk with a drift that is one: x = (a, d), a <- a + d + w_a, d <- d + w_d,
// y - b u = a + v, with the Kalman filter. In the steady state of every run measured it is an EWMA of
// the best weight (no drift) or a double one; with gaps the weights are still the best.
struct DriftNoise {
  double measurement = 1.0;  // variance of v, above 0 [output^2]
  double level = 0.1;        // variance of w_a a run
  double drift = 0.0;        // variance of w_d a run
  double first_level = 1e6;  // variance of a and d at first
  double first_drift = 0.0;
  bool operator==(const DriftNoise&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("measurement", self.measurement);
    archive("level", self.level);
    archive("drift", self.drift);
    archive("first_level", self.first_level);
    archive("first_drift", self.first_drift);
  }
};

class KalmanRunToRun {
 public:
  KalmanRunToRun() = default;
  KalmanRunToRun(const Knob& knob, const DriftNoise& noise, double first_recipe);

  [[nodiscard]] double recipe() const { return knob_.recipe(offset_, last_); }
  void measured(double u, double y);
  void skipped(double u);
  [[nodiscard]] double offset() const { return offset_; }  // expected at the next run
  [[nodiscard]] double drift() const { return drift_; }
  [[nodiscard]] double offset_variance() const { return aa_; }
  bool operator==(const KalmanRunToRun&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("knob", self.knob_);
    archive("noise", self.noise_);
    archive("offset", self.offset_);
    archive("drift", self.drift_);
    archive("aa", self.aa_);
    archive("ad", self.ad_);
    archive("dd", self.dd_);
    archive("last", self.last_);
  }

 private:
  Knob knob_;
  DriftNoise noise_;
  double offset_ = 0.0;
  double drift_ = 0.0;
  double aa_ = 0.0, ad_ = 0.0, dd_ = 0.0;  // covariance of (a, d) at the next run
  double last_ = 0.0;
};

}  // namespace twin::decide
