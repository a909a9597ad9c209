// Goals: at most 100 us for one set of coefficients alone, 30 us a set in a batch of chains (LAPACK's banded
// solver takes 190 us, deal.II's reference about 4 ms); all on one core.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <vector>

#include "twin/math/elementary.hpp"
#include "twin/math/trigonometric.hpp"
#include "twins/toys/membrane.hpp"

namespace twins::toys {
namespace {

std::vector<double> logs(std::size_t sets) {
  std::vector<double> all;
  for (std::size_t k = 0; k < sets * Membrane::Coefficients; ++k)
    all.push_back(2 * twin::math::sin(static_cast<double>(k)));
  return all;
}

void membrane_deflections(benchmark::State& state) {
  std::vector<double> a = logs(static_cast<std::size_t>(state.range(0)));
  for (double& v : a) v = twin::math::exp(v);
  std::vector<double> seen(a.size() / Membrane::Coefficients * Membrane::Points);
  for (auto _ : state) {
    Membrane::deflections(a, seen);
    benchmark::DoNotOptimize(seen.data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(membrane_deflections)->Arg(1)->Arg(64)->Unit(benchmark::kMicrosecond);

void membrane_posteriors_with_slopes(benchmark::State& state) {
  const auto x = logs(static_cast<std::size_t>(state.range(0)));
  std::vector<double> value(static_cast<std::size_t>(state.range(0))), slope(x.size());
  for (auto _ : state) {
    Membrane::log_posteriors(x, value, slope);
    benchmark::DoNotOptimize(value.data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(membrane_posteriors_with_slopes)->Arg(64)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace twins::toys
