// What durations that follow an exponential law say about their mean, those still under way included: the conjugate
// gamma belief about the rate (Raiffa & Schlaifer 1961).
#pragma once

namespace twin::bayes {

// A belief about the mean of an exponential law: its rate is Gamma(shape, exposure). Only how many durations ended and
// how long all of them lasted matters, so a duration under way counts with the time it has lasted, and as ended by
// none.
struct ExponentialMean {
  double shape = 0.0;     // ended durations, those of the prior included
  double exposure = 0.0;  // time under observation, in the unit of the durations

  // Knows nothing of the scale: density of the rate in proportion to 1 / rate (Jeffreys 1946). Proper once one has
  // ended.
  static ExponentialMean unknown() { return {}; }
  // As if `weight` durations of mean `mean` had been seen; the expectation of the mean is `mean`. Both must be
  // positive. Throws twin::core::Error.
  static ExponentialMean around(double mean, double weight);

  // Durations must be finite and not negative. Throws twin::core::Error.
  void ended(double duration);
  void under_way(double lasted);
  // As if all that the other saw had been seen here too.
  void include(const ExponentialMean& other) {
    shape += other.shape;
    exposure += other.exposure;
  }

  [[nodiscard]] bool proper() const { return shape > 0.0 && exposure > 0.0; }
  // Of the mean duration; expects a proper belief, and p in (0, 1).
  [[nodiscard]] double quantile(double p) const;
  [[nodiscard]] double median() const { return quantile(0.5); }
  bool operator==(const ExponentialMean&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("shape", self.shape);
    a("exposure", self.exposure);
  }
};

}  // namespace twin::bayes
