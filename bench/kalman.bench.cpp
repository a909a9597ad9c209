// One step (predict and update) of a tracker with 4 state variables and 2 observations, sizes known when compiled.
// Goals: Kalman <= 0.2 us, unscented <= 1 us.
#include <benchmark/benchmark.h>

#include "twin/infer/kalman/kf.hpp"
#include "twin/infer/kalman/ukf.hpp"

namespace {

using namespace twin::infer::kalman;

// Position and velocity in the plane, positions observed; time step 0.1 s, accelerations of 1 m/s^2.
struct Tracker {
  Matrix<4, 4> transition = Matrix<4, 4>::Identity();
  Matrix<2, 4> op = Matrix<2, 4>::Identity();
  Gate gate{0.001, 2};
  Gaussian<4> belief{.mean = Vector<4>::Zero(), .covariance = Matrix<4, 4>::Identity()};

  Tracker() { transition(0, 2) = transition(1, 3) = 0.1; }
  [[nodiscard]] static ProcessNoise<4> process() {
    const Vector<4> variance{3e-5, 3e-5, 1e-2, 1e-2};
    return ProcessNoise<4>(variance.asDiagonal());
  }
  [[nodiscard]] static ObservationNoise<2> noise() {
    return ObservationNoise<2>(Matrix<2, 2>::Identity());
  }
  // Moves a little from step to step, so that nothing can be computed beforehand.
  [[nodiscard]] static Vector<2> observation(std::uint32_t step) {
    return {1e-3 * (step & 1023U), 0.5};
  }
};

void kalman_4(benchmark::State& state) {
  Tracker t;
  const auto q = Tracker::process();
  const auto r = Tracker::noise();
  std::uint32_t k = 0;
  for (auto _ : state) {
    predict(t.belief, t.transition, q);
    benchmark::DoNotOptimize(update(t.belief, Tracker::observation(k++), t.op, r, t.gate));
  }
}
BENCHMARK(kalman_4);

void unscented_4(benchmark::State& state) {
  Tracker t;
  const auto q = Tracker::process();
  const auto r = Tracker::noise();
  const auto f = [&](const Vector<4>& x) { return Vector<4>(t.transition * x); };
  const auto h = [](const Vector<4>& x) { return Vector<2>(x.head<2>()); };
  std::uint32_t k = 0;
  for (auto _ : state) {
    predict_unscented(t.belief, f, q);
    benchmark::DoNotOptimize(
        update_unscented(t.belief, Tracker::observation(k++), h, r, {}, t.gate));
  }
}
BENCHMARK(unscented_4);

}  // namespace
