// A month's log of SMT2020 HVLM (4.6 million events) digested into beliefs about all of theta, changes included.
// Goal: at most 1.5 s on one core. Needs the reference data (FABTWIN_SHARED).
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "twins/fab/any_fab.hpp"
#include "twins/fab/calibrate/posterior.hpp"
#include "twins/fab/import/read.hpp"
#include "twins/fab/log_sink.hpp"

namespace {

using namespace twins::fab;

void month_digested(benchmark::State& state) {
  const char* shared = std::getenv("FABTWIN_SHARED");
  const std::filesystem::path folder =
      std::filesystem::path(shared != nullptr ? shared : "../shared") / "data/smt2020/HVLM";
  if (!std::filesystem::exists(folder)) {
    state.SkipWithError("reference data absent: set FABTWIN_SHARED");
    return;
  }
  const auto layout = compile(import::read(folder));
  const auto fab = make_fab(layout, "published");
  const auto theta = layout->nominal_theta();
  const twin::core::Draw draw{1, 0};
  State x = fab->initial(theta, draw);
  std::vector<twin::event::Event> events;
  LogSink log(*layout, x, [&](std::span<const twin::event::Event> told) {
    events.insert(events.end(), told.begin(), told.end());
  });
  fab->advance(x, theta, static_cast<Tick>(30 * DayMs), draw, log);
  for (auto _ : state) {
    calibrate::Witness witness(*layout, 0);
    for (const auto& event : events) witness.saw(event);
    benchmark::DoNotOptimize(posteriors(*layout, witness.evidence(x.now)));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(events.size()));
}
BENCHMARK(month_digested)->Unit(benchmark::kMillisecond);

void beliefs_alone(benchmark::State& state) {
  const auto layout = compile(import::read("data/example-fab"));
  const auto fab = make_fab(layout, "published");
  const auto theta = layout->nominal_theta();
  const twin::core::Draw draw{1, 0};
  State x = fab->initial(theta, draw);
  calibrate::Witness witness(*layout, 0);
  LogSink log(*layout, x, [&](std::span<const twin::event::Event> told) {
    for (const auto& event : told) witness.saw(event);
  });
  fab->advance(x, theta, static_cast<Tick>(30 * DayMs), draw, log);
  for (auto _ : state) benchmark::DoNotOptimize(posteriors(*layout, witness.evidence(x.now)));
}
BENCHMARK(beliefs_alone)->Unit(benchmark::kMillisecond);

}  // namespace
