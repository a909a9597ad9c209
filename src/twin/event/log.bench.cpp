// Speed and size of the event log and of CSV on a made-up large fab. Goals: log >= 20 M events/s
// written and read, <= 16 bytes an event; CSV >= 2 M events/s written; Parquet >= 1 M.
#include "twin/event/log.hpp"

#include <benchmark/benchmark.h>

#include <sstream>
#include <streambuf>

#include "twin/event/csv.hpp"
#include "twin/event/example.hpp"
#include "twin/event/ocel.hpp"
#include "twin/event/parquet.hpp"

namespace twin::event {
namespace {

constexpr std::uint64_t Seed = 1;

std::vector<Event> events(std::size_t count) { return ExampleFab(Seed).take(count); }

// Takes bytes and drops them, so that no disk and no growing string is measured.
class Sink : public std::streambuf {
 public:
  std::uint64_t bytes = 0;

 protected:
  std::streamsize xsputn(const char*, std::streamsize count) override {
    bytes += static_cast<std::uint64_t>(count);
    return count;
  }
  int overflow(int c) override {
    ++bytes;
    return c;
  }
};

// A string read where it stands.
class View : public std::streambuf {
 public:
  explicit View(std::string& text) { setg(text.data(), text.data(), text.data() + text.size()); }
};

void count_events(benchmark::State& state, std::size_t events_a_turn, std::uint64_t bytes) {
  const auto turns = static_cast<double>(state.iterations());
  state.counters["events/s"] =
      benchmark::Counter(turns * static_cast<double>(events_a_turn), benchmark::Counter::kIsRate);
  state.counters["bytes/event"] = static_cast<double>(bytes) / static_cast<double>(events_a_turn);
}

template <class Write>
void write_with(benchmark::State& state, Write write) {
  const auto all = events(static_cast<std::size_t>(state.range(0)));
  std::uint64_t bytes = 0;
  for (auto _ : state) {
    Sink sink;
    std::ostream out(&sink);
    write(out, all);
    bytes = sink.bytes;
  }
  count_events(state, all.size(), bytes);
}

void write_log(std::ostream& out, const std::vector<Event>& all) {
  LogWriter writer(out, example_header());
  for (const Event& e : all) writer.add(e);
  writer.close();
}

void write_csv(std::ostream& out, const std::vector<Event>& all) {
  static const LogHeader header = example_header();
  CsvWriter writer(out, header.names, {.time_zero_ms = header.time_zero_ms});
  for (const Event& e : all) writer.add(e);
  writer.flush();
}

void LogWrite(benchmark::State& state) { write_with(state, write_log); }
void CsvWrite(benchmark::State& state) { write_with(state, write_csv); }
void OcelWrite(benchmark::State& state) {
  write_with(state, [](std::ostream& out, const std::vector<Event>& all) {
    const LogHeader header = example_header();
    OcelWriter writer(out, header.names, header.time_zero_ms);
    for (const Event& e : all) writer.add(e);
    writer.close();
  });
}

void ParquetWrite(benchmark::State& state) {
  write_with(state, [](std::ostream& out, const std::vector<Event>& all) {
    const LogHeader header = example_header();
    ParquetWriter writer(out, header.names, {.time_zero_ms = header.time_zero_ms});
    for (const Event& e : all) writer.add(e);
    writer.close();
  });
}

template <class Write, class Read>
void read_with(benchmark::State& state, Write write, Read read) {
  const auto all = events(static_cast<std::size_t>(state.range(0)));
  std::ostringstream out;
  write(out, all);
  std::string bytes = out.str();
  for (auto _ : state) {
    View view(bytes);
    std::istream in(&view);
    benchmark::DoNotOptimize(read(in));
  }
  count_events(state, all.size(), bytes.size());
}

void LogRead(benchmark::State& state) {
  read_with(state, write_log, [](std::istream& in) {
    LogReader reader(in);
    Tick sum = 0;
    for (Event e; reader.next(e);) sum += e.at;
    return sum;
  });
}

void CsvRead(benchmark::State& state) {
  read_with(state, write_csv, [](std::istream& in) {
    Names names;
    CsvReader reader(in, names);
    Tick sum = 0;
    for (Event e; reader.next(e);) sum += e.at;
    return sum;
  });
}

BENCHMARK(LogWrite)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(LogRead)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(CsvWrite)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(CsvRead)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(ParquetWrite)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(OcelWrite)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace twin::event
