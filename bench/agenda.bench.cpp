// The hold model (Jones, CACM 29(4), 1986): take the next event, schedule one a random time later, at a constant number
// pending. Goal: <= 25 ns a hold at 3,000 pending, a fab's number; a 4-ary heap of 16-byte events takes about 69 ns.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <vector>

#include "twin/core/draw.hpp"
#include "twin/des/agenda.hpp"

namespace {

using twin::des::Agenda;
using twin::des::Event;

// Increments of a fab: mostly minutes to hours, a few days [ms].
std::vector<twin::core::Tick> increments() {
  const twin::core::Draw draw{1};
  std::vector<twin::core::Tick> out(1 << 14);
  for (std::uint32_t i = 0; i < out.size(); ++i) {
    const double u = draw.uniform(1, 0, i), v = draw.uniform(2, 0, i);
    out[i] = static_cast<twin::core::Tick>(v < 0.02 ? 6e8 * u : v < 0.5 ? 3e5 + 3e5 * u : 6e6 * u);
  }
  return out;
}

void hold_agenda(benchmark::State& state) {
  const auto step = increments();
  Agenda agenda;
  std::size_t i = 0;
  for (std::uint32_t n = 0; n < static_cast<std::uint32_t>(state.range(0)); ++n)
    agenda.push(step[i++ & 16383U], n, 0, 0);
  for (auto _ : state) {
    const Event e = agenda.pop();
    agenda.push(e.at + step[i++ & 16383U], e.who, 0, 0);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(hold_agenda)->Arg(300)->Arg(3000)->Arg(30000);

void hold_binary_heap(benchmark::State& state) {  // the standard library's heap of the same events
  const auto step = increments();
  const auto later = [](const Event& a, const Event& b) { return before(b, a); };
  std::vector<Event> heap;
  std::size_t i = 0;
  std::uint64_t seq = 0;
  for (std::uint32_t n = 0; n < static_cast<std::uint32_t>(state.range(0)); ++n) {
    heap.push_back({step[i++ & 16383U], seq++, n, 0, 0});
    std::push_heap(heap.begin(), heap.end(), later);
  }
  for (auto _ : state) {
    std::pop_heap(heap.begin(), heap.end(), later);
    heap.back().at += step[i++ & 16383U];
    heap.back().seq = seq++;
    std::push_heap(heap.begin(), heap.end(), later);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(hold_binary_heap)->Arg(300)->Arg(3000)->Arg(30000);

}  // namespace
