// A week of SMT2020 HVLM (1.1 million events) followed. Goals on one core: at least 500,000 events/s
// in order and within the watermark, one that is a day late folded in again within 2 s, a State for
// a forecast within 10 ms, a snapshot saved and loaded within 1 s. Needs FABTWIN_SHARED.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>

#include "twin/core/archive.hpp"
#include "twins/fab/import/read.hpp"
#include "twins/fab/live/followed_fab.hpp"

namespace {

using namespace twins::fab;
using namespace twins::fab::live;
using twin::core::Observation;

const FollowedFab* hvlm() {
  static const std::unique_ptr<const FollowedFab> fab = [] {
    const char* shared = std::getenv("FABTWIN_SHARED");
    const std::filesystem::path folder =
        std::filesystem::path(shared != nullptr ? shared : "../shared") / "data/smt2020/HVLM";
    return std::filesystem::exists(folder)
               ? std::make_unique<const FollowedFab>(compile(import::read(folder)), 7 * Day, Day)
               : nullptr;
  }();
  return fab.get();
}

Live follow(Follower& follower, std::span<const Observation> messages) {
  Live live = follower.start();
  follower.absorb(live, hvlm()->names(follower));
  for (const Observation& o : messages) follower.absorb(live, o);
  follower.settle(live);
  return live;
}

const Live& followed() {
  static const Live live = [] {
    Follower follower(*hvlm()->fab);
    return follow(follower, scramble(hvlm()->log, {.delay_max = 30'000}).come);
  }();
  return live;
}

bool absent(benchmark::State& state) {
  if (hvlm() != nullptr) return false;
  state.SkipWithError("reference data absent: set FABTWIN_SHARED");
  return true;
}

void week_followed(benchmark::State& state) {  // argument: how late each message may be [s]
  if (absent(state)) return;
  const auto messages = scramble(hvlm()->log, {.delay_max = state.range(0) * 1'000}).come;
  Follower follower(*hvlm()->fab);
  for (auto _ : state) benchmark::DoNotOptimize(follow(follower, messages));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(messages.size()));
}
BENCHMARK(week_followed)->Arg(0)->Arg(30)->Unit(benchmark::kMillisecond);

void week_of_holes_followed(benchmark::State& state) {  // 5 % lost, bridged
  if (absent(state)) return;
  const auto messages = scramble(hvlm()->log, {.delay_max = 30'000, .lost = 0.05}).come;
  Follower follower(*hvlm()->fab);
  for (auto _ : state) benchmark::DoNotOptimize(follow(follower, messages));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(messages.size()));
}
BENCHMARK(week_of_holes_followed)->Unit(benchmark::kMillisecond);

void state_for_a_forecast(benchmark::State& state) {
  if (absent(state)) return;
  Follower follower(*hvlm()->fab);
  const Live& live = followed();
  for (auto _ : state) benchmark::DoNotOptimize(follower.now(live));
}
BENCHMARK(state_for_a_forecast)->Unit(benchmark::kMillisecond);

void one_a_day_late(benchmark::State& state) {
  if (absent(state)) return;
  Follower follower(*hvlm()->fab);
  twin::event::Packer packer;
  std::uint64_t seq = 1'000'000'000;
  for (auto _ : state) {
    state.PauseTiming();
    Live live = followed();
    const twin::event::Event e{
        .at = live.newest - Day, .lot = 1, .kind = twin::event::Kind::Measurement};
    Observation o{.at = e.at, .arrived = live.newest, .clock = e.at, .sensor_seq = seq++};
    packer.pack(std::span(&e, 1), o.event);
    state.ResumeTiming();
    follower.absorb(live, o);
    follower.settle(live);
    benchmark::DoNotOptimize(live);
  }
}
BENCHMARK(one_a_day_late)->Unit(benchmark::kMillisecond);

void snapshot_saved_and_loaded(benchmark::State& state) {
  if (absent(state)) return;
  std::size_t bytes = 0;
  for (auto _ : state) {
    const auto saved = twin::core::save(followed());
    bytes = saved.size();
    benchmark::DoNotOptimize(twin::core::load<Live>(saved));
  }
  state.counters["MB"] = static_cast<double>(bytes) / 1e6;
}
BENCHMARK(snapshot_saved_and_loaded)->Unit(benchmark::kMillisecond);

}  // namespace
