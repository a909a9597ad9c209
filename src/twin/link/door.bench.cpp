// Speed of the door into a record in memory, and of payloads. Goals: >= 400,000 messages/s through
// the door on one core, with known names and checks on; >= 500,000 payloads/s read.
#include "twin/link/door.hpp"

#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "twin/event/example.hpp"
#include "twin/link/door_example.hpp"
#include "twin/link/uns.hpp"

namespace twin::link {
namespace {

constexpr std::size_t Messages = 200'000;

// Takes what it is given and keeps the count only: what a journal costs is measured there.
class CountingRecorder : public record::Recorder {
 public:
  record::Receipt append(const core::Entry& entry) override {
    benchmark::DoNotOptimize(&entry);
    return {.outcome = record::Receipt::Outcome::Appended, .index = size_++};
  }
  std::uint64_t size() const override { return size_; }
  std::uint64_t durable() const override { return size_; }

 private:
  std::uint64_t size_ = 0;
};

// Moves of 2,000 lots through 1,000 tools, each tool its own source; 60 bytes of raw each.
struct Traffic {
  event::Names names = {};
  std::vector<Arrival> all = {};

  explicit Traffic(std::size_t events_each = 1) {
    event::ExampleFab fab(1);
    for (std::uint32_t k = 0; k < 2'000; ++k) names.add(event::Table::Lot, "L" + std::to_string(k));
    for (std::uint32_t k = 0; k < 1'000; ++k)
      names.add(event::Table::Tool, "T" + std::to_string(k));
    for (std::uint32_t k = 0; k < 40; ++k) {
      names.add(event::Table::Route, "R" + std::to_string(k));
      names.add(event::Table::Item, "I" + std::to_string(k));
    }
    std::vector<std::uint64_t> seqs(1'000, 0);
    for (std::size_t k = 0; k < Messages; ++k) {
      Arrival a;
      for (std::size_t n = 0; n < events_each; ++n) {
        event::Event e = fab.next();
        e.at += Start;
        a.events.push_back(e);
      }
      const event::Event& e = a.events.front();
      const std::uint32_t tool = e.tool == event::None ? 0 : e.tool;
      a.source = "secs/T" + std::to_string(tool);
      a.epoch = 1;
      a.seq = ++seqs[tool];
      a.clock = a.events.back().at;
      a.arrived = a.clock + 10;
      a.raw.assign(60, 7);
      all.push_back(std::move(a));
    }
  }
};

template <class R>
void take(benchmark::State& state) {
  const Traffic traffic(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<Arrival> all = traffic.all;
    auto recorder = std::make_unique<R>();
    auto door = std::make_unique<Door>(*recorder);
    std::size_t taken = 0;
    state.ResumeTiming();
    std::size_t k = 0;
    for (Arrival& arrival : all) {
      door->take(std::move(arrival), traffic.names, [&taken](Taken) { ++taken; });
      if (++k % 1'000 == 0) door->on_durable(recorder->size());
    }
    door->on_durable(recorder->size());
    state.PauseTiming();
    if (taken != Messages || door->counts().accepted != Messages) state.SkipWithError("lost some");
    door.reset();
    recorder.reset();
    all.clear();
    state.ResumeTiming();
  }
  state.counters["messages/s"] = benchmark::Counter(
      static_cast<double>(state.iterations() * static_cast<std::int64_t>(Messages)),
      benchmark::Counter::kIsRate);
}
BENCHMARK(take<CountingRecorder>)->Arg(1)->Arg(4)->Unit(benchmark::kMillisecond);
BENCHMARK(take<VectorRecorder>)->Arg(1)->Unit(benchmark::kMillisecond);

void read_payloads(benchmark::State& state) {
  const Traffic traffic;
  std::vector<std::string> payloads;
  for (const Arrival& a : traffic.all) payloads.push_back(write_payload(a, traffic.names));
  event::Names names;
  for (auto _ : state) {
    for (const std::string& payload : payloads)
      benchmark::DoNotOptimize(read_payload(payload, "mqtt/", names));
  }
  state.counters["payloads/s"] = benchmark::Counter(
      static_cast<double>(state.iterations() * static_cast<std::int64_t>(Messages)),
      benchmark::Counter::kIsRate);
}
BENCHMARK(read_payloads)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace twin::link
