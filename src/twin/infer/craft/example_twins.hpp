// What the tests of the ensemble estimator share: a sensor and members of any toy, and a cart of two
// variables whose noise is part of its State, so that its members can have exact moments.
#pragma once
#include <Eigen/Dense>
#include <array>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "twin/core/twin.hpp"
#include "twin/infer/craft/ensemble_estimator.hpp"
#include "twin/infer/ensemble/example.hpp"

namespace twin::infer {

inline constexpr double Nan = std::numeric_limits<double>::quiet_NaN();

// A sensor of the first variable of any model whose State has a row x.
template <class M>
Sensor<M> thermometer(SensorTraits traits = {}) {
  if (traits.name.empty()) traits.name = "thermometer";
  return {std::move(traits), [](const typename M::State& s, std::span<const double>,
                                std::span<double> out) { out[0] = s.x[0]; }};
}

// So many members at the model's start; theta: [member][parameter], or nothing.
template <class M>
core::Ensemble<M> walkers(std::size_t members, const std::vector<double>& theta = {}) {
  return core::initial_ensemble(M{}, members, theta, {.seed = 11});
}

// Two variables, x' = F x + w; the noise of three ticks stands in the State, so that members can be
// made whose moments are exact.
struct Cart {
  struct State {
    core::Tick now = 0;
    std::array<double, 2> x = {};
    std::array<double, 6> w = {};
    bool operator==(const State&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("now", self.now);
      archive("x", self.x);
      archive("w", self.w);
    }
  };
  static Eigen::Matrix2d transition() {
    return (Eigen::Matrix2d() << 1.0, 0.5, -0.2, 0.9).finished();
  }
  [[nodiscard]] State initial(std::span<const double>, core::Draw) const { return {}; }
  void advance(State& s, std::span<const double>, core::Tick until, core::Draw) const {
    for (; s.now < until; ++s.now) {
      const auto at = 2 * static_cast<std::size_t>(s.now);
      const Eigen::Vector2d x = transition() * Eigen::Vector2d(s.x[0], s.x[1]);
      s.x = {x[0] + s.w[at], x[1] + s.w[at + 1]};
    }
  }
  static std::span<double> vector(State& s) { return s.x; }
};

inline Sensor<Cart> ruler(std::string name, std::size_t of, double variance,
                          core::Tick retain = 0) {
  return {{.name = std::move(name), .noise = Noise::equal(1, variance), .retain = retain},
          [of](const Cart::State& s, std::span<const double>, std::span<double> out) {
            out[0] = s.x[of];
          }};
}

inline constexpr double Q = 0.3;

// x at 0 and all w have exactly mean (1, -1, 0, ...), covariance diag(2, 1, Q, ...).
inline core::Ensemble<Cart> carts() {
  Eigen::VectorXd mean = Eigen::VectorXd::Zero(8), variance = Eigen::VectorXd::Constant(8, Q);
  mean.head(2) << 1.0, -1.0;
  variance.head(2) << 2.0, 1.0;
  const Eigen::MatrixXd all = with_moments(mean, variance.asDiagonal(), 14);
  core::Ensemble<Cart> belief;
  for (Eigen::Index j = 0; j < all.cols(); ++j) {
    Cart::State s{.x = {all(0, j), all(1, j)}};
    for (std::size_t i = 0; i < 6; ++i) s.w[i] = all(static_cast<Eigen::Index>(i) + 2, j);
    belief.x.push_back(s);
  }
  belief.log_weight.assign(belief.size(), 0.0);
  return belief;
}

inline Eigen::MatrixXd rows(const core::Ensemble<Cart>& belief) {
  Eigen::MatrixXd x(2, static_cast<Eigen::Index>(belief.size()));
  for (std::size_t j = 0; j < belief.size(); ++j) {
    x.col(static_cast<Eigen::Index>(j)) << belief.x[j].x[0], belief.x[j].x[1];
  }
  return x;
}

// Kalman (1960), in order.
struct Exact {
  Eigen::Vector2d m{1.0, -1.0};
  Eigen::Matrix2d p = Eigen::Vector2d(2.0, 1.0).asDiagonal();
  void step() {
    m = Cart::transition() * m;
    p = Cart::transition() * p * Cart::transition().transpose() + Q * Eigen::Matrix2d::Identity();
  }
  void see(Eigen::Index of, double y, double r) {
    const Eigen::Vector2d gain = p.col(of) / (p(of, of) + r);
    m += gain * (y - m[of]);
    p -= gain * p.row(of).eval();
  }
};

inline core::Observation seen(std::uint32_t sensor, core::Tick at, std::vector<double> values) {
  return {.at = at, .arrived = at, .sensor = sensor, .values = std::move(values)};
}

using CartTwin = core::Twin<Cart, EnsembleEstimator<Cart>>;

inline CartTwin cart_twin(const Cart& model, EstimatorOptions options = {}) {
  return CartTwin(model, {.seed = 1}, carts(),
                  EnsembleEstimator<Cart>(std::move(options),
                                          {ruler("slow", 0, 0.5, 5), ruler("fast", 1, 0.2, 5)}));
}

}  // namespace twin::infer
