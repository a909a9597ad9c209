// The bundled example fab, a month at a time: events per second and snapshots. `fabtwin bench DIR` measures any fab.
#include <benchmark/benchmark.h>

#include "twins/fab/fab.hpp"
#include "twins/fab/import/read.hpp"
#include "twins/fab/rules/cr.hpp"
#include "twins/fab/rules/fifo.hpp"

namespace {

using namespace twins::fab;

template <class Rule>
void month(benchmark::State& state) {
  const auto layout = compile(import::read("data/example-fab"));
  const auto theta = layout->nominal_theta();
  const Fab<Rule> fab(layout);
  const Draw draw{1, 0};
  State x = fab.initial(theta, draw);
  const std::uint64_t before = x.events;
  for (auto _ : state) fab.advance(x, theta, x.now + static_cast<Tick>(30 * DayMs), draw);
  state.SetItemsProcessed(static_cast<std::int64_t>(x.events - before));
}
BENCHMARK(month<Fifo>)->Unit(benchmark::kMillisecond);
BENCHMARK(month<Cr>)->Unit(benchmark::kMillisecond);

void snapshot(benchmark::State& state) {
  const auto layout = compile(import::read("data/example-fab"));
  const auto theta = layout->nominal_theta();
  const Fab<Fifo> fab(layout);
  State x = fab.initial(theta, {1, 0}), copy = x;
  fab.advance(x, theta, static_cast<Tick>(30 * DayMs), {1, 0});
  for (auto _ : state) {
    copy = x;
    benchmark::ClobberMemory();
  }
}
BENCHMARK(snapshot)->Unit(benchmark::kMicrosecond);

}  // namespace
