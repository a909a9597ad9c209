// Speed of SECS-II on the message that a fab is full of: S6F11 with one report of 20 variables, 213
// bytes. Goals, one core: decode >= 1 M messages/s; encode as fast.
#include "twin/link/secs/codec.hpp"

#include <benchmark/benchmark.h>

#include "twin/link/secs/example.hpp"
#include "twin/link/secs/sml.hpp"

namespace twin::link::secs {
namespace {

void count(benchmark::State& state, std::size_t bytes) {
  const auto turns = static_cast<double>(state.iterations());
  state.counters["messages/s"] = benchmark::Counter(turns, benchmark::Counter::kIsRate);
  state.counters["bytes/message"] = static_cast<double>(bytes);
}

void SecsDecode(benchmark::State& state) {
  const auto bytes = encoded(*example_report(7, static_cast<std::size_t>(state.range(0))).body);
  for (auto _ : state) {
    auto result = decode(bytes);
    benchmark::DoNotOptimize(result);
  }
  count(state, bytes.size());
}

void SecsEncode(benchmark::State& state) {
  const Message message = example_report(7, static_cast<std::size_t>(state.range(0)));
  std::vector<std::uint8_t> bytes;
  for (auto _ : state) {
    bytes.clear();
    encode(*message.body, bytes);
    benchmark::DoNotOptimize(bytes.data());
  }
  count(state, bytes.size());
}

void SecsPrintSml(benchmark::State& state) {
  const Message message = example_report(7, static_cast<std::size_t>(state.range(0)));
  std::size_t size = 0;
  for (auto _ : state) size = sml(message).size();
  count(state, size);
}

void SecsParseSml(benchmark::State& state) {
  const std::string text = sml(example_report(7, static_cast<std::size_t>(state.range(0))));
  for (auto _ : state) benchmark::DoNotOptimize(messages_from_sml(text));
  count(state, text.size());
}

BENCHMARK(SecsDecode)->Arg(5)->Arg(20);
BENCHMARK(SecsEncode)->Arg(5)->Arg(20);
BENCHMARK(SecsPrintSml)->Arg(20);
BENCHMARK(SecsParseSml)->Arg(20);

}  // namespace
}  // namespace twin::link::secs
