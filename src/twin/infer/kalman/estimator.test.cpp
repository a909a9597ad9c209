// If these failed, the Kalman filter would not keep what every estimator promises.
#include <gtest/gtest.h>

#include "twin/contract/check_estimator.hpp"
#include "twin/infer/kalman/kf.hpp"
#include "twin/infer/kalman/square_root.hpp"

namespace twin::infer::kalman {
namespace {

using contract::ToyWalk;

// A belief of kalman as a value that can be saved.
struct Saved {
  core::Tick now = 0;
  double mean = 0.0;
  double covariance = 0.0;
  bool operator==(const Saved&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("now", self.now);
    archive("mean", self.mean);
    archive("covariance", self.covariance);
  }
};

using Many = Matrix<Eigen::Dynamic, Eigen::Dynamic>;

// Step is called with the belief as a Gaussian<1> and changes it.
template <class Predict, class Update>
contract::EstimatorCase<Saved> kalman_case(Predict predict_one, Update update_one) {
  contract::EstimatorCase<Saved> c;
  const ToyWalk walk = c.walk;
  const auto with = [](Saved& b, const auto& step) {
    Gaussian<Eigen::Dynamic> g{.mean = Eigen::VectorXd::Constant(1, b.mean),
                               .covariance = Many::Constant(1, 1, b.covariance)};
    step(g);
    b.mean = g.mean[0];
    b.covariance = g.covariance(0, 0);
  };
  c.accuracy = contract::Accuracy::Exact;
  c.prior = [walk](core::Draw) { return Saved{0, walk.start.mean, walk.start.variance}; };
  c.forecast = [=](Saved& b, core::Tick until, core::Draw) {
    for (; b.now < until; ++b.now) with(b, [&](auto& g) { predict_one(g, walk); });
  };
  c.estimator = [=](unsigned) {
    return [=](Saved& b, const core::Observation& seen, core::Draw, std::uint32_t) {
      const Eigen::VectorXd y = Eigen::Map<const Eigen::VectorXd>(
          seen.values.data(), static_cast<Eigen::Index>(seen.values.size()));
      if (y.size() == 0) return;
      with(b, [&](auto& g) { update_one(g, y, walk); });
    };
  };
  c.moments = [](const Saved& b) { return contract::Normal{b.mean, b.covariance}; };
  c.sample = [](const Saved& b, core::Draw draw, std::uint32_t k) {
    return b.mean + std::sqrt(b.covariance) * contract::box_muller(draw.block(0xC0FFEE, 0, k));
  };
  c.on_too_many = contract::refuses("H is 1 x 1 (must be 2 x 1)");
  c.on_infinite =
      contract::refuses("observation 0 = inf (must be finite; an observation's NaN means missing)");
  // Its square is no number.
  c.on_absurd = contract::refuses(
      "the innovation's covariance is not positive definite (rounding, or a model that is not "
      "finite) would the square-root form do?");
  return c;
}

using Free = Gaussian<Eigen::Dynamic>;
Many of_estimator(double x) { return Many::Constant(1, 1, x); }

TWIN_CHECK_ESTIMATOR(Kalman, [] {
  return kalman_case(
      [](Free& g, const ToyWalk& w) {
        predict(g, of_estimator(w.a), ProcessNoise<Eigen::Dynamic>(of_estimator(w.q)));
      },
      [](Free& g, const Eigen::VectorXd& y, const ToyWalk& w) {
        update<Eigen::Dynamic, Eigen::Dynamic>(g, y, of_estimator(1.0),
                                               ObservationNoise<Eigen::Dynamic>(of_estimator(w.r)));
      });
});

TWIN_CHECK_ESTIMATOR(SquareRootKalman, [] {
  return kalman_case(
      [](Free& g, const ToyWalk& w) {
        auto root = square_root_of(g);
        predict(root, of_estimator(w.a), ProcessNoise<Eigen::Dynamic>(of_estimator(w.q)));
        g = gaussian_of(root);
      },
      [](Free& g, const Eigen::VectorXd& y, const ToyWalk& w) {
        auto root = square_root_of(g);
        const auto seen = update<Eigen::Dynamic, Eigen::Dynamic>(
            root, y, of_estimator(1.0), ObservationNoise<Eigen::Dynamic>(of_estimator(w.r)));
        if (seen.fate == Fate::Used) g = gaussian_of(root);  // the way there and back rounds
      });
});

}  // namespace
}  // namespace twin::infer::kalman
