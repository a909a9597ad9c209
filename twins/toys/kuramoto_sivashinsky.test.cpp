// If these failed, results on flame fronts could not be compared with anybody's.
#include "twins/toys/kuramoto_sivashinsky.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "twin/contract/check_model.hpp"
#include "twin/math/statistics.hpp"

namespace twins::toys {
namespace {

const std::vector<double> Theta = {1.0};

TWIN_CHECK_MODEL(KuramotoSivashinskyModel, [] {
  return twin::contract::ModelCase<KuramotoSivashinsky<>>{.model = KuramotoSivashinsky<>(),
                                                          .theta = Theta,
                                                          .draw = {.seed = 1, .member = 0},
                                                          .horizon = 100};
});

TEST(KuramotoSivashinsky, KnowsThePhiFunctions) {
  // The weights of a step would be wrong where closed forms cancel: against sums of their series in
  // long double, which converge everywhere in this range.
  for (double z = -6.0; z <= 1.5; z += 0.037) {
    const auto phi = detail::phi_functions(z);
    for (std::size_t k = 0; k < 4; ++k) {
      long double term = 1.0L, sum = 0.0L;
      for (std::size_t j = 1; j <= k; ++j) term /= static_cast<long double>(j);
      for (std::size_t j = 1; j < 80; ++j) {
        sum += term;
        term *= static_cast<long double>(z) / static_cast<long double>(j + k);
      }
      ASSERT_NEAR(phi[k], static_cast<double>(sum), 1e-14 * (1.0 + std::abs(phi[k]))) << z;
    }
  }
}

TEST(KuramotoSivashinsky, GrowsSmallWavesAtTheirRate) {
  // The linear part would be another: a small wave number k grows by exp((k^2 - k^4) t), exactly.
  const KuramotoSivashinsky<> model(0.5);
  for (const std::size_t wave : {1U, 5U, 11U, 16U, 20U}) {
    KuramotoSivashinsky<>::State x;
    for (std::size_t i = 0; i < 128; ++i) x.x[i] = 1e-9 * unit_circle(i * wave, 128).cos;
    model.advance(x, Theta, 8, {});
    const double k = static_cast<double>(wave) / 16.0;
    const double expected = 1e-9 * std::exp(4.0 * (k * k - k * k * k * k));
    EXPECT_NEAR(x.x[0] / expected, 1.0, 1e-6) << wave;
  }
}

TEST(KuramotoSivashinsky, MovesWithItsMean) {
  // The nonlinear term would be another: a wave on a wind w moves with c w (Galilean invariance);
  // after 32 pi / (c w) it has come round.
  const KuramotoSivashinsky<> model(0.01);
  const std::vector<double> theta = {0.5};
  constexpr double Turn = 32.0 * 3.14159265358979323846;
  const double wind = Turn / (0.5 * 10.0);  // once round in 10 time units
  KuramotoSivashinsky<>::State still, moving;
  for (std::size_t i = 0; i < 128; ++i) {
    still.x[i] = 0.1 * unit_circle(3 * i, 128).sin;
    moving.x[i] = still.x[i] + wind;
  }
  model.advance(still, theta, 1000, {});
  model.advance(moving, theta, 1000, {});
  for (std::size_t i = 0; i < 128; ++i) EXPECT_NEAR(moving.x[i] - wind, still.x[i], 1e-3) << i;
}

TEST(KuramotoSivashinsky, IsOfFourthOrder) {
  // The error over 20 time units would not fall sixteenfold with half the step. With 64 points: of
  // stiffer waves the method gives back some of its order (M. Hochbruck and A. Ostermann, SIAM J.
  // Numer. Anal. 43, 2005).
  const auto end = [](double step, int steps) {
    KuramotoSivashinsky<64>::State x;
    for (std::size_t i = 0; i < 64; ++i) {
      const CirclePoint p = unit_circle(i, 64);
      x.x[i] = p.cos * (1.0 + p.sin);
    }
    KuramotoSivashinsky<64>(step).advance(x, Theta, steps, {});
    return x.x;
  };
  const auto best = end(0.00625, 3200);
  const auto error = [&](double step, int steps) {
    const auto u = end(step, steps);
    double square = 0.0;
    for (std::size_t i = 0; i < 64; ++i) square += (u[i] - best[i]) * (u[i] - best[i]);
    return std::sqrt(square);
  };
  EXPECT_NEAR(std::log2(error(0.1, 200) / error(0.05, 400)), 4.0, 0.2);
}

TEST(KuramotoSivashinsky, BalancesItsEnergy) {
  // Energy made (the mean of u_x^2) would not be energy lost (that of u_xx^2) on the attractor; their
  // difference is half the change of the mean of u^2, about 1 over the whole run, and so below 1e-3 a
  // time unit. Also the mean of u would drift.
  const KuramotoSivashinsky<> model(0.25);
  auto x = model.initial(Theta, {.seed = 2, .member = 0});
  model.advance(x, Theta, 800, {});
  const double mean = std::accumulate(x.x.begin(), x.x.end(), 0.0) / 128.0;
  constexpr int Samples = 10000;  // each 0.25 time units
  double made = 0.0, lost = 0.0, square = 0.0;
  for (int s = 0; s < Samples; ++s) {
    model.advance(x, Theta, x.now + 1, {});
    for (std::size_t k = 1; k < 64; ++k) {  // by Parseval
      double re = 0.0, im = 0.0;
      if (s % 10 != 0) break;
      for (std::size_t i = 0; i < 128; ++i) {
        const CirclePoint w = detail::circle<128>((i * k) % 128);
        re += x.x[i] * w.cos;
        im += x.x[i] * w.sin;
      }
      const double power = 2.0 * (re * re + im * im) / (128.0 * 128.0);
      const double wave = static_cast<double>(k) / 16.0;
      made += 10.0 * wave * wave * power / Samples;
      lost += 10.0 * wave * wave * wave * wave * power / Samples;
    }
    for (const double u : x.x) square += u * u / (128.0 * Samples);
  }
  // Every tenth is a sample of a mean: relative error below 1 %.
  EXPECT_NEAR(lost / made, 1.0, 0.01);
  EXPECT_NEAR(std::accumulate(x.x.begin(), x.x.end(), 0.0) / 128.0, mean, 1e-10);
  EXPECT_NEAR(std::sqrt(square), 1.3, 0.05);  // DAPPER: rmse of the climatology, 1.3
}

}  // namespace
}  // namespace twins::toys
