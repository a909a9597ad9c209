// What each law of prior.hpp knows of itself: density, probabilities and quantiles, by standard laws where those
// are symmetric (log densities and tails: N. L. Johnson, S. Kotz and N. Balakrishnan, Continuous Univariate
// Distributions, 1994, 1995).
#pragma once
#include <limits>
#include <memory>

namespace twin::infer {

// A normal law cut to an interval; either end may be infinite. [unit of x]
struct TruncatedNormal {
  double mean = 0.0;       // of the law that is cut
  double deviation = 1.0;  // of it, > 0
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();  // > low
};

// Where x lies between the ends of its law. Logarithms of the distances are kept beside them: a coordinate without
// bounds knows them where the distances themselves are rounded away. Infinite where there is no end.
struct PlaceInLaw {
  double x = 0.0;
  double from_low = std::numeric_limits<double>::infinity();
  double to_high = std::numeric_limits<double>::infinity();
  double log_from_low = std::numeric_limits<double>::infinity();
  double log_to_high = std::numeric_limits<double>::infinity();
};

// All of places between the ends, and of probabilities between 0 and 1, both excluded [the caller's duty].
class PriorLaw {
 public:
  PriorLaw(double from, double to) : low_(from), high_(to) {}
  virtual ~PriorLaw() = default;
  [[nodiscard]] double low() const { return low_; }
  [[nodiscard]] double high() const { return high_; }
  [[nodiscard]] virtual double log_density(const PlaceInLaw& w) const = 0;
  [[nodiscard]] virtual double slope(const PlaceInLaw& w) const = 0;  // of it in x
  [[nodiscard]] virtual double below(double x) const = 0;
  [[nodiscard]] virtual double above(double x) const = 0;
  [[nodiscard]] virtual double quantile(double p) const = 0;
  [[nodiscard]] virtual double quantile_above(double q) const = 0;
  // Laws that are a function of a normal one: x of a standard normal, and back.
  [[nodiscard]] virtual bool is_of_normal() const { return false; }
  [[nodiscard]] virtual double of_normal(double z) const { return z; }
  [[nodiscard]] virtual double normal_of(double x) const { return x; }

 private:
  double low_, high_;
};

// Parameters as in prior.hpp, checked there.
namespace prior_law {

using Law = std::shared_ptr<const PriorLaw>;
Law normal(double mean, double deviation);
Law lognormal(double log_mean, double log_deviation);
Law uniform(double low, double high);
Law gamma(double shape, double scale);
Law beta(double a, double b);
Law laplace(double location, double scale);
Law student_t(double degrees, double location, double scale);
Law cauchy(double location, double scale);
Law half_normal(double scale);
Law half_cauchy(double scale);
Law weibull(double shape, double scale);
Law truncated_normal(const TruncatedNormal& law);

double normal_above(double z);  // of a standard normal
// The z >= 0 that it is above with probability q <= 1/2; infinite for 0.
double normal_place(double q);
double normal_log_density(double z);
// Of a standard normal between a <= b, with all digits however near and far they are.
double normal_between(double a, double b);

}  // namespace prior_law

}  // namespace twin::infer
