// One named block of randomness: 128 bits. Goal: <= 12 ns; a lot's visit takes one.
#include <benchmark/benchmark.h>

#include "twin/core/draw.hpp"

namespace {

void block(benchmark::State& state) {
  const twin::core::Draw draw{7, 3};
  std::uint32_t visit = 0;
  for (auto _ : state) benchmark::DoNotOptimize(draw.block(1, 17, visit++));
}
BENCHMARK(block);

}  // namespace
