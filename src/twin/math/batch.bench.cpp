// Numbers by the batch, beside one at a time. Goals on an AVX-512 core: a normal of a member's own draw
// <= 4 ns (one at a time: 25 ns), an exponential <= 2 ns.
#include "twin/math/batch.hpp"

#include <benchmark/benchmark.h>

#include <vector>

#include "twin/math/distributions.hpp"

namespace twin::math {
namespace {

constexpr std::size_t Count = 4096;

void each(benchmark::State& state) {
  state.counters["ns/number"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * Count * 1e-9,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void normals_batch(benchmark::State& state) {
  std::vector<double> z(Count);
  std::uint32_t occasion = 0;
  for (auto _ : state) {
    normals({.seed = 1, .member = 0}, 1, 2, occasion++, z);
    benchmark::DoNotOptimize(z.data());
  }
  each(state);
}
BENCHMARK(normals_batch);

void uniforms_batch(benchmark::State& state) {
  std::vector<double> z(Count);
  std::uint32_t occasion = 0;
  for (auto _ : state) {
    uniforms({.seed = 1, .member = 0}, 1, 2, occasion++, z);
    benchmark::DoNotOptimize(z.data());
  }
  each(state);
}
BENCHMARK(uniforms_batch);

void normals_one_at_a_time(benchmark::State& state) {
  std::vector<double> z(Count);
  std::uint32_t occasion = 0;
  for (auto _ : state) {
    for (std::uint32_t j = 0; j < Count; ++j) {
      z[j] = normal(core::Draw{.seed = 1, .member = j}.uniform(1, 2, occasion));
    }
    ++occasion;
    benchmark::DoNotOptimize(z.data());
  }
  each(state);
}
BENCHMARK(normals_one_at_a_time);

void exponentials_batch(benchmark::State& state) {
  std::vector<double> x(Count), given(Count);
  uniforms({.seed = 1, .member = 0}, 1, 2, 3, given);
  for (auto _ : state) {
    for (std::size_t i = 0; i < Count; ++i) x[i] = -20.0 * given[i];
    exponentials(x);
    benchmark::DoNotOptimize(x.data());
  }
  each(state);
}
BENCHMARK(exponentials_batch);

void quick_exponentials_batch(benchmark::State& state) {
  std::vector<double> x(Count), given(Count);
  uniforms({.seed = 1, .member = 0}, 1, 2, 3, given);
  for (auto _ : state) {
    quick_exponentials(given, 1.0, x);
    benchmark::DoNotOptimize(x.data());
  }
  each(state);
}
BENCHMARK(quick_exponentials_batch);

}  // namespace
}  // namespace twin::math
