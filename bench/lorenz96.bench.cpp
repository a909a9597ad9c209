// A whole cycle of a filter on Lorenz-96 (n = 40): forecast of truth and members, observation, analysis, scores. Goal:
// 26 to 38 us with the ETKF of 24 members, a hundredth of DAPPER's 2.6 to 3.8 ms.
#include <benchmark/benchmark.h>

#include "twin/infer/ensemble/analysis.hpp"
#include "twin/infer/ensemble/taper.hpp"
#include "twin/infer/experiment.hpp"
#include "twins/toys/lorenz96.hpp"

namespace {

using namespace twin::infer;

constexpr std::uint32_t Cycles = 500;

// range(0): members; range(1): 1 with rotation; range(2): localisation radius, 0: none.
void lorenz96_cycle(benchmark::State& state) {
  const Noise noise = Noise::equal(40, 1.0);
  const Experiment e{.members = state.range(0),
                     .ticks_per_cycle = 1,
                     .cycles = Cycles,
                     .burn_in = 100,
                     .diverged_above = 1.0,
                     .theta = {8.0}};
  const Scheme scheme{.inflation = {.factor = 1.04},
                      .rotation = state.range(1) == 1 ? Rotation::Random : Rotation::None};
  std::vector<Domain> domains;
  if (state.range(2) > 0) {
    domains =
        ring_domains(40, 2, Eigen::VectorXd::LinSpaced(40, 0.0, 39.0),
                     {.half_support = half_support_of_radius(static_cast<double>(state.range(2)))});
  }
  const twin::core::Draw draw{.seed = 3000, .member = 0};
  for (auto _ : state) {
    benchmark::DoNotOptimize(run_experiment(
        twins::toys::Lorenz96<>(), e, noise, 3000, [](const Eigen::MatrixXd& x) { return x; },
        [&](const Eigen::MatrixXd& hx, const Eigen::VectorXd& y, std::uint32_t occasion,
            Eigen::MatrixXd& x) {
          if (domains.empty()) {
            analyse(scheme, hx, y, noise, draw, occasion, x);
          } else {
            analyse(scheme, domains, hx, y, noise, draw, occasion, x);
          }
        }));
  }
  state.counters["cycle"] =
      benchmark::Counter(Cycles * static_cast<double>(state.iterations()),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(lorenz96_cycle)
    ->Args({24, 0, 0})
    ->Args({24, 1, 0})
    ->Args({24, 0, 4})
    ->Args({7, 1, 4})
    ->Unit(benchmark::kMillisecond);

}  // namespace
