// Goal: 7 days, 200 members, the whole of SMT2020 HVLM within 10 s on 2 cores. Measured with the data set at
// FABTWIN_SHARED; the example fab else, for which there is no goal.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>

#include "twins/fab/forecast/ahead.hpp"
#include "twins/fab/import/read.hpp"
#include "twins/fab/mirror.hpp"

namespace {

using namespace twins::fab;

// Argument: members. 20 days after time zero.
void forecast_of_seven_days(benchmark::State& run) {
  const char* shared = std::getenv("FABTWIN_SHARED");
  const std::filesystem::path hvlm =
      std::filesystem::path(shared != nullptr ? shared : "../shared") / "data/smt2020/HVLM";
  const bool whole = std::filesystem::exists(hvlm);
  const auto layout = compile(import::read(whole ? hvlm : "data/example-fab"));
  const auto fab = make_fab(layout, "published");
  const auto theta = layout->nominal_theta();
  State x = fab->initial(theta, {1, 0});
  fab->advance(x, theta, 20 * Tick{86'400'000}, {1, 0});
  const State seen = Mirror(*fab).follow(x);
  const auto members = static_cast<std::uint32_t>(run.range(0));
  for (auto _ : run)
    benchmark::DoNotOptimize(
        forecast::ahead(*fab, seen, {}, {seen.now, {members, 168, 5}, 1, 2}).forecast.wip);
  run.SetLabel(whole ? "SMT2020 HVLM, 2 threads" : "example fab, 2 threads");
  run.counters["members/s"] =
      benchmark::Counter(static_cast<double>(members) * static_cast<double>(run.iterations()),
                         benchmark::Counter::kIsRate);
}
BENCHMARK(forecast_of_seven_days)->Arg(200)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
