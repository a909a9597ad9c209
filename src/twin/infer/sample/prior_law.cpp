#include "twin/infer/sample/prior_law.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <numbers>

#include "twin/math/distributions.hpp"
#include "twin/math/elementary.hpp"

namespace twin::infer::prior_law {

namespace bm = boost::math;

double normal_above(double z) { return 0.5 * std::erfc(z / std::numbers::sqrt2); }

double normal_place(double q) {
  return q > 0.0 ? -math::normal(q) : std::numeric_limits<double>::infinity();
}

double normal_log_density(double z) {
  constexpr double LogRootTwoPi = 0.91893853320467274178;
  return -0.5 * z * z - LogRootTwoPi;
}

// Of a standard normal between a <= b; by quadrature where the difference of two probabilities would lose digits.
double normal_between(double a, double b) {
  if (a < 0.0 && b > 0.0)
    return 0.5 * (std::erf(b / std::numbers::sqrt2) - std::erf(a / std::numbers::sqrt2));
  if (b <= 0.0) return normal_between(-b, -a);
  if ((b - a) * (1 + a) > 1) return normal_above(a) - normal_above(b);
  const double width = b - a;
  const double inner = bm::quadrature::gauss<double, 15>::integrate(
      [&](double t) { return math::exp(-t * width * (a + 0.5 * t * width)); }, 0.0, 1.0);
  return width * math::exp(normal_log_density(a)) * inner;
}

namespace {

constexpr double LawEnd = std::numeric_limits<double>::infinity();

// Results beyond doubles are 0 or infinite, as of all other functions here.
using Quiet = bm::policies::policy<bm::policies::overflow_error<bm::policies::ignore_error>,
                                   bm::policies::evaluation_error<bm::policies::ignore_error>>;
constexpr Quiet Unraised;

// c x logarithm, 0 for c = 0 even where the logarithm is infinite.
double times_log(double c, double logarithm) { return c == 0.0 ? 0.0 : c * logarithm; }

// Standard symmetric laws: above() of z >= 0, place() of q <= 1/2; inside() is P(|Z| <= z), for those that are
// folded.
struct StandardNormal {
  static double log_density(double z) { return normal_log_density(z); }
  static double slope(double z) { return -z; }
  static double above(double z) { return normal_above(z); }
  static double place(double q) { return normal_place(q); }
  static double inside(double z) { return std::erf(z / std::numbers::sqrt2); }
  static double place_inside(double p) { return std::numbers::sqrt2 * bm::erf_inv(p, Unraised); }
};

struct StandardCauchy {
  static double log_density(double z) {
    const double size = std::abs(z);
    return -math::log(std::numbers::pi) -
           (size > 1e9 ? 2 * math::log(size) : math::log1p(size * size));
  }
  static double slope(double z) { return z == 0.0 ? 0.0 : -2 / (z + 1 / z); }
  static double above(double z) {
    return z > 1.0 ? std::atan(1 / z) / std::numbers::pi : 0.5 - std::atan(z) / std::numbers::pi;
  }
  static double place(double q) {
    return q < 0.25 ? 1 / std::tan(std::numbers::pi * q) : std::tan(std::numbers::pi * (0.5 - q));
  }
  static double inside(double z) { return 2 * std::atan(z) / std::numbers::pi; }
  static double place_inside(double p) { return std::tan(0.5 * std::numbers::pi * p); }
};

struct StandardLaplace {
  static double log_density(double z) { return -std::abs(z) - std::numbers::ln2; }
  static double slope(double z) { return z > 0.0 ? -1.0 : z < 0.0 ? 1.0 : 0.0; }
  static double above(double z) { return 0.5 * math::exp(-z); }
  static double place(double q) { return -math::log(2 * q); }
};

// By the incomplete beta function of n / (n + z^2), of which so far out that z^2 would overflow the first term is
// all.
class StandardT {
 public:
  explicit StandardT(double degrees)
      : n_(degrees),
        beta_(bm::tgamma_delta_ratio(0.5 * degrees, 0.5, Unraised) / std::numbers::inv_sqrtpi),
        log_scale_(-math::log(beta_) - 0.5 * math::log(degrees)) {}
  [[nodiscard]] double log_density(double z) const {
    const double t = std::abs(z) / std::sqrt(n_);
    return log_scale_ - 0.5 * (n_ + 1) * (t > Far ? 2 * math::log(t) : math::log1p(t * t));
  }
  [[nodiscard]] double slope(double z) const { return z == 0.0 ? 0.0 : -(n_ + 1) / (z + n_ / z); }
  [[nodiscard]] double above(double z) const {
    const double t = z / std::sqrt(n_);
    if (t > Far) return std::pow(t, -n_) / (n_ * beta_);
    const double square = t * t;
    if (square > 1) return 0.5 * bm::ibeta(0.5 * n_, 0.5, 1 / (1 + square), Unraised);
    return 0.5 * bm::ibetac(0.5, 0.5 * n_, square / (1 + square), Unraised);
  }
  [[nodiscard]] double place(double q) const {
    const double far = std::pow(q * n_ * beta_, -1 / n_);
    if (far > 2 * Far) return std::sqrt(n_) * far;
    double rest = 0.0;  // 1 minus the inverse, with all its digits
    if (q > 0.25) {
      const double share = bm::ibeta_inv(0.5, 0.5 * n_, 1 - 2 * q, &rest, Unraised);
      return std::sqrt(n_ * share / rest);
    }
    const double share = bm::ibeta_inv(0.5 * n_, 0.5, 2 * q, &rest, Unraised);
    return std::sqrt(n_ * rest / share);
  }

 private:
  static constexpr double Far = 1e9;
  double n_, beta_, log_scale_;  // beta_: B(n / 2, 1 / 2)
};

template <class Standard>
class Symmetric : public PriorLaw {
 public:
  Symmetric(Standard standard, double middle, double scale)
      : PriorLaw(-LawEnd, LawEnd),
        standard_(standard),
        middle_(middle),
        scale_(scale),
        log_scale_(math::log(scale)) {}
  [[nodiscard]] double log_density(const PlaceInLaw& w) const override {
    return standard_.log_density((w.x - middle_) / scale_) - log_scale_;
  }
  [[nodiscard]] double slope(const PlaceInLaw& w) const override {
    return standard_.slope((w.x - middle_) / scale_) / scale_;
  }
  [[nodiscard]] double below(double x) const override { return beyond((middle_ - x) / scale_); }
  [[nodiscard]] double above(double x) const override { return beyond((x - middle_) / scale_); }
  [[nodiscard]] double quantile(double p) const override { return middle_ - scale_ * place(p); }
  [[nodiscard]] double quantile_above(double q) const override {
    return middle_ + scale_ * place(q);
  }

 protected:
  [[nodiscard]] double middle() const { return middle_; }
  [[nodiscard]] double scale() const { return scale_; }

 private:
  [[nodiscard]] double beyond(double z) const {
    return z >= 0.0 ? standard_.above(z) : 1 - standard_.above(-z);
  }
  [[nodiscard]] double place(double q) const {
    return q <= 0.5 ? standard_.place(q) : -standard_.place(1 - q);
  }
  Standard standard_;
  double middle_, scale_, log_scale_;
};

class NormalLaw final : public Symmetric<StandardNormal> {
 public:
  NormalLaw(double mean, double deviation) : Symmetric({}, mean, deviation) {}
  [[nodiscard]] bool is_of_normal() const override { return true; }
  [[nodiscard]] double of_normal(double z) const override { return middle() + scale() * z; }
  [[nodiscard]] double normal_of(double x) const override { return (x - middle()) / scale(); }
};

template <class Standard>
class Half final : public PriorLaw {
 public:
  explicit Half(double scale) : PriorLaw(0.0, LawEnd), scale_(scale), log_(math::log(scale)) {}
  [[nodiscard]] double log_density(const PlaceInLaw& w) const override {
    return Standard::log_density(w.x / scale_) + std::numbers::ln2 - log_;
  }
  [[nodiscard]] double slope(const PlaceInLaw& w) const override {
    return Standard::slope(w.x / scale_) / scale_;
  }
  [[nodiscard]] double below(double x) const override { return Standard::inside(x / scale_); }
  [[nodiscard]] double above(double x) const override { return 2 * Standard::above(x / scale_); }
  [[nodiscard]] double quantile(double p) const override {
    return p > 0.5 ? quantile_above(1 - p) : scale_ * Standard::place_inside(p);
  }
  [[nodiscard]] double quantile_above(double q) const override {
    return q > 0.5 ? scale_ * Standard::place_inside(1 - q) : scale_ * Standard::place(0.5 * q);
  }

 private:
  double scale_, log_;
};

class LognormalLaw final : public PriorLaw {
 public:
  LognormalLaw(double log_mean, double log_deviation)
      : PriorLaw(0.0, LawEnd), mean_(log_mean), deviation_(log_deviation) {}
  [[nodiscard]] double log_density(const PlaceInLaw& w) const override {
    if (std::isinf(w.log_from_low)) return -LawEnd;
    return StandardNormal::log_density((w.log_from_low - mean_) / deviation_) -
           math::log(deviation_) - w.log_from_low;
  }
  [[nodiscard]] double slope(const PlaceInLaw& w) const override {
    return -(1 + (w.log_from_low - mean_) / (deviation_ * deviation_)) / w.x;
  }
  [[nodiscard]] double below(double x) const override { return normal_above(-normal_of(x)); }
  [[nodiscard]] double above(double x) const override { return normal_above(normal_of(x)); }
  [[nodiscard]] double quantile(double p) const override { return of_normal(math::normal(p)); }
  [[nodiscard]] double quantile_above(double q) const override {
    return of_normal(-math::normal(q));
  }
  [[nodiscard]] bool is_of_normal() const override { return true; }
  [[nodiscard]] double of_normal(double z) const override {
    return math::exp(mean_ + deviation_ * z);
  }
  [[nodiscard]] double normal_of(double x) const override {
    return (math::log(x) - mean_) / deviation_;
  }

 private:
  double mean_, deviation_;
};

class GammaLaw final : public PriorLaw {
 public:
  GammaLaw(double shape, double scale)
      : PriorLaw(0.0, LawEnd),
        shape_(shape),
        scale_(scale),
        log_scale_(math::log(scale)),
        log_gamma_(bm::lgamma(shape, Unraised)) {}
  [[nodiscard]] double log_density(const PlaceInLaw& w) const override {
    return times_log(shape_ - 1, w.log_from_low - log_scale_) - w.x / scale_ - log_gamma_ -
           log_scale_;
  }
  [[nodiscard]] double slope(const PlaceInLaw& w) const override {
    return (shape_ - 1) / w.x - 1 / scale_;
  }
  [[nodiscard]] double below(double x) const override {
    return bm::gamma_p(shape_, x / scale_, Unraised);
  }
  [[nodiscard]] double above(double x) const override {
    return bm::gamma_q(shape_, x / scale_, Unraised);
  }
  [[nodiscard]] double quantile(double p) const override {
    return scale_ * bm::gamma_p_inv(shape_, p, Unraised);
  }
  [[nodiscard]] double quantile_above(double q) const override {
    return scale_ * bm::gamma_q_inv(shape_, q, Unraised);
  }

 private:
  double shape_, scale_, log_scale_, log_gamma_;
};

class WeibullLaw final : public PriorLaw {  // exponential: shape 1
 public:
  WeibullLaw(double shape, double scale)
      : PriorLaw(0.0, LawEnd), shape_(shape), scale_(scale), log_scale_(math::log(scale)) {}
  [[nodiscard]] double log_density(const PlaceInLaw& w) const override {
    const double l = w.log_from_low - log_scale_;
    return math::log(shape_) - log_scale_ + times_log(shape_ - 1, l) - math::exp(shape_ * l);
  }
  [[nodiscard]] double slope(const PlaceInLaw& w) const override {
    return (shape_ - 1 - shape_ * math::exp(shape_ * (w.log_from_low - log_scale_))) / w.x;
  }
  [[nodiscard]] double below(double x) const override { return -math::expm1(-hazard(x)); }
  [[nodiscard]] double above(double x) const override { return math::exp(-hazard(x)); }
  [[nodiscard]] double quantile(double p) const override { return place(-math::log1p(-p)); }
  [[nodiscard]] double quantile_above(double q) const override { return place(-math::log(q)); }

 private:
  [[nodiscard]] double hazard(double x) const { return std::pow(x / scale_, shape_); }
  [[nodiscard]] double place(double h) const { return scale_ * std::pow(h, 1 / shape_); }
  double shape_, scale_, log_scale_;
};

class UniformLaw final : public PriorLaw {
 public:
  using PriorLaw::PriorLaw;
  [[nodiscard]] double log_density(const PlaceInLaw&) const override { return -math::log(width()); }
  [[nodiscard]] double slope(const PlaceInLaw&) const override { return 0.0; }
  [[nodiscard]] double below(double x) const override { return (x - low()) / width(); }
  [[nodiscard]] double above(double x) const override { return (high() - x) / width(); }
  [[nodiscard]] double quantile(double p) const override { return low() + width() * p; }
  [[nodiscard]] double quantile_above(double q) const override { return high() - width() * q; }

 private:
  [[nodiscard]] double width() const { return high() - low(); }
};

class BetaLaw final : public PriorLaw {
 public:
  BetaLaw(double a, double b)
      : PriorLaw(0.0, 1.0),
        a_(a),
        b_(b),
        log_beta_(bm::lgamma(a, Unraised) + bm::lgamma(b, Unraised) - bm::lgamma(a + b, Unraised)) {
  }
  [[nodiscard]] double log_density(const PlaceInLaw& w) const override {
    return times_log(a_ - 1, w.log_from_low) + times_log(b_ - 1, w.log_to_high) - log_beta_;
  }
  [[nodiscard]] double slope(const PlaceInLaw& w) const override {
    return (a_ - 1) / w.from_low - (b_ - 1) / w.to_high;
  }
  [[nodiscard]] double below(double x) const override { return bm::ibeta(a_, b_, x, Unraised); }
  [[nodiscard]] double above(double x) const override { return bm::ibetac(a_, b_, x, Unraised); }
  [[nodiscard]] double quantile(double p) const override {
    return bm::ibeta_inv(a_, b_, p, Unraised);
  }
  [[nodiscard]] double quantile_above(double q) const override {
    return bm::ibetac_inv(a_, b_, q, Unraised);
  }

 private:
  double a_, b_, log_beta_;
};

class TruncatedLaw final : public PriorLaw {
 public:
  explicit TruncatedLaw(const TruncatedNormal& t)
      : PriorLaw(t.low, t.high),
        mean_(t.mean),
        deviation_(t.deviation),
        a_(place(t.low)),
        b_(place(t.high)),
        all_(normal_between(a_, b_)),
        log_all_(math::log(all_) + math::log(deviation_)) {}
  [[nodiscard]] double log_density(const PlaceInLaw& w) const override {
    return StandardNormal::log_density(place(w.x)) - log_all_;
  }
  [[nodiscard]] double slope(const PlaceInLaw& w) const override {
    return -place(w.x) / deviation_;
  }
  [[nodiscard]] double below(double x) const override {
    return normal_between(a_, place(x)) / all_;
  }
  [[nodiscard]] double above(double x) const override {
    return normal_between(place(x), b_) / all_;
  }
  [[nodiscard]] double quantile(double p) const override {
    return mean_ + deviation_ * within(a_, b_, p);
  }
  [[nodiscard]] double quantile_above(double q) const override {
    return mean_ - deviation_ * within(-b_, -a_, q);
  }

 private:
  [[nodiscard]] double place(double x) const { return (x - mean_) / deviation_; }
  // The z with a share p of what is between a and b below it: by the inverse from the nearer tail, then two of
  // Newton's steps for what sums lost.
  [[nodiscard]] double within(double a, double b, double p) const {
    const double under = normal_above(-a) + p * all_, over = normal_above(b) + (1 - p) * all_;
    double z = a < 0.0 && under < 0.5 ? -normal_place(under) : normal_place(std::min(over, 0.5));
    for (int k = 0; k < 2; ++k) {
      z = std::clamp(z, a, b);
      if (std::isinf(z)) return z;
      z -= (normal_between(a, z) - p * all_) / math::exp(StandardNormal::log_density(z));
    }
    return std::clamp(z, a, b);
  }
  double mean_, deviation_, a_, b_, all_, log_all_;
};

}  // namespace

Law normal(double mean, double deviation) { return std::make_shared<NormalLaw>(mean, deviation); }
Law lognormal(double log_mean, double log_deviation) {
  return std::make_shared<LognormalLaw>(log_mean, log_deviation);
}
Law uniform(double low, double high) { return std::make_shared<UniformLaw>(low, high); }
Law gamma(double shape, double scale) { return std::make_shared<GammaLaw>(shape, scale); }
Law beta(double a, double b) { return std::make_shared<BetaLaw>(a, b); }
Law laplace(double location, double scale) {
  return std::make_shared<Symmetric<StandardLaplace>>(StandardLaplace{}, location, scale);
}
Law student_t(double degrees, double location, double scale) {
  return std::make_shared<Symmetric<StandardT>>(StandardT(degrees), location, scale);
}
Law cauchy(double location, double scale) {
  return std::make_shared<Symmetric<StandardCauchy>>(StandardCauchy{}, location, scale);
}
Law half_normal(double scale) { return std::make_shared<Half<StandardNormal>>(scale); }
Law half_cauchy(double scale) { return std::make_shared<Half<StandardCauchy>>(scale); }
Law weibull(double shape, double scale) { return std::make_shared<WeibullLaw>(shape, scale); }
Law truncated_normal(const TruncatedNormal& law) { return std::make_shared<TruncatedLaw>(law); }

}  // namespace twin::infer::prior_law
