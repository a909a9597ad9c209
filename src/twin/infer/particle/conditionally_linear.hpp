// Models that are linear with normal noise once a few things are known, such as which regime holds:
// only those are sampled, and each particle carries the rest as the belief of a Kalman filter
// (Rao-Blackwellised: Doucet, de Freitas, Murphy, Russell 2000; Chen, Liu 2000). Less variance than
// sampling everything, and exactly the Kalman filter where nothing is left to sample.
#pragma once
#include <array>
#include <concepts>
#include <cstdint>
#include <span>
#include <utility>

#include "twin/core/draw.hpp"
#include "twin/core/expect.hpp"
#include "twin/core/tick.hpp"
#include "twin/infer/kalman/kf.hpp"

namespace twin::infer::particle {

// Size variables are linear, Observations values are seen. Regime is what is sampled: a regular
// value that core::fields can list.
template <class L>
concept ConditionalLaws = std::regular<typename L::Regime> &&
    requires(const L& laws, typename L::Regime& u, std::span<const double> theta, core::Tick tick,
             core::Draw draw) {
  {
    laws.start(theta, draw)
    } -> std::same_as<std::pair<typename L::Regime, kalman::Gaussian<L::Size>>>;
  // From `tick` to the next; draws are named by the tick.
  laws.move(u, theta, tick, draw);
  // What is made once may be answered by reference. Of the linear variables from a tick to the
  // next, when u is that of the next:
  { laws.transition(u, theta) } -> std::convertible_to<kalman::Matrix<L::Size, L::Size>>;
  { laws.process(u, theta) } -> std::convertible_to<kalman::ProcessNoise<L::Size>>;
  // Of what is seen.
  { laws.op(u) } -> std::convertible_to<kalman::Matrix<L::Observations, L::Size>>;
  { laws.noise(u) } -> std::convertible_to<kalman::ObservationNoise<L::Observations>>;
};

template <ConditionalLaws Laws>
class ConditionallyLinear {
 public:
  static constexpr int N = Laws::Size;
  struct State {
    core::Tick now = 0;
    typename Laws::Regime regime = {};
    std::array<double, std::size_t{N}> mean = {};           // [variable]
    std::array<double, std::size_t{N}* N> covariance = {};  // [variable][variable]
    bool operator==(const State&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("now", self.now);
      archive("regime", self.regime);
      archive("mean", self.mean);
      archive("covariance", self.covariance);
    }
    [[nodiscard]] kalman::Gaussian<N> gaussian() const {
      return {.mean = Eigen::Map<const kalman::Vector<N>>(mean.data()),
              .covariance = Eigen::Map<const kalman::Matrix<N, N>>(covariance.data())};
    }
    void store(const kalman::Gaussian<N>& belief) {
      Eigen::Map<kalman::Vector<N>>(mean.data()) = belief.mean;
      Eigen::Map<kalman::Matrix<N, N>>(covariance.data()) = belief.covariance;
    }
  };

  explicit ConditionallyLinear(Laws laws) : laws_(std::move(laws)) {}

  [[nodiscard]] State initial(std::span<const double> theta, core::Draw draw) const {
    auto [regime, belief] = laws_.start(theta, draw);
    State x;
    x.regime = std::move(regime);
    x.store(belief);
    return x;
  }
  void advance(State& x, std::span<const double> theta, core::Tick until, core::Draw draw) const {
    TWIN_EXPECT(x.now <= until, x.now, until);
    auto belief = x.gaussian();
    for (; x.now < until; ++x.now) {
      laws_.move(x.regime, theta, x.now, draw);
      kalman::predict<N>(belief, laws_.transition(x.regime, theta), laws_.process(x.regime, theta));
    }
    x.store(belief);
  }

 private:
  Laws laws_;
};

// How particles of such a model are weighed, and then conditioned, by what was seen (Conditions of
// filter.hpp).
template <ConditionalLaws Laws>
class ConditionallyLinearSensor {
 public:
  using State = typename ConditionallyLinear<Laws>::State;
  static constexpr int M = Laws::Observations;

  explicit ConditionallyLinearSensor(Laws laws) : laws_(std::move(laws)) {}
  [[nodiscard]] static std::size_t observations() { return std::size_t{M}; }
  [[nodiscard]] double log_likelihood(const State& x, std::span<const double> y) const {
    auto belief = x.gaussian();
    return updated(belief, x, y);
  }
  void condition(State& x, std::span<const double> y) const {
    auto belief = x.gaussian();
    updated(belief, x, y);
    x.store(belief);
  }

 private:
  double updated(kalman::Gaussian<Laws::Size>& belief, const State& x,
                 std::span<const double> y) const {
    const kalman::Vector<M> seen = Eigen::Map<const kalman::Vector<M>>(y.data());
    return kalman::update<Laws::Size, M>(belief, seen, laws_.op(x.regime), laws_.noise(x.regime))
        .log_likelihood;
  }

  Laws laws_;
};

}  // namespace twin::infer::particle
