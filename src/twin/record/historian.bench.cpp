// Speed and size of the historian with SQLite, beside one row a point. Goals: >= 3 M points/s
// written, few bytes a point, a year of one signal on one screen in milliseconds. 2,000 signals, one
// point a second each, in time order: steady setpoints, slow temperatures read to 0.01, noisy flows.
#include "twin/record/historian.hpp"

#include <benchmark/benchmark.h>

#include <cmath>
#include <filesystem>

#include "twin/core/draw.hpp"
#include "twin/record/scratch_folder.hpp"
#include "twin/record/sqlite.hpp"

namespace twin::record {
namespace {

constexpr std::uint32_t SignalCount = 2'000;
constexpr std::uint64_t Seed = 3;

// [second][signal], the values alone
std::vector<double> values(std::size_t seconds) {
  const core::Draw draw{.seed = Seed};
  std::vector<double> all(seconds * SignalCount);
  std::vector<double> level(SignalCount, 20.0);
  for (std::size_t t = 0; t < seconds; ++t) {
    for (std::uint32_t s = 0; s < SignalCount; ++s) {
      const core::Block b = draw.block(1, s, static_cast<std::uint32_t>(t));
      double& x = level[s];
      switch (s % 3) {
        case 0:  // a setpoint that changes once in ten minutes
          if (b[0] % 600 == 0) x = b[1] % 100;
          break;
        case 1:  // read to 0.01, moves by a digit
          x = std::round(x * 100.0 + (b[0] % 3 - 1.0)) / 100.0;
          break;
        default: x = 100.0 + core::uniform_of(b[0]); break;  // noise in all its bits
      }
      all[t * SignalCount + s] = x;
    }
  }
  return all;
}

double bytes_of(const ScratchFolder& scratch) {
  double bytes = 0;
  for (const auto& file : std::filesystem::directory_iterator(scratch.path()))
    bytes += static_cast<double>(file.file_size());
  return bytes;
}

void count_points(benchmark::State& state, std::size_t points, double bytes) {
  state.counters["points/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(points),
                         benchmark::Counter::kIsRate);
  state.counters["bytes/point"] = bytes / static_cast<double>(points);
}

void fill(Historian& historian, const std::vector<double>& all) {
  for (std::uint32_t s = 0; s < SignalCount; ++s) historian.signal("signal " + std::to_string(s));
  const std::size_t seconds = all.size() / SignalCount;
  for (std::size_t t = 0; t < seconds; ++t) {
    for (std::uint32_t s = 0; s < SignalCount; ++s) {
      historian.add(s, {static_cast<core::Tick>(1'000 * t), all[t * SignalCount + s]});
    }
    historian.passed(t + 1);
  }
  historian.flush();
}

void HistorianWrite(benchmark::State& state) {
  const auto all = values(static_cast<std::size_t>(state.range(0)));
  double bytes = 0;
  for (auto _ : state) {
    const ScratchFolder scratch("historian-bench");
    {
      const auto store = open_sqlite(scratch.file("a.db"));
      Historian historian(*store, {});
      fill(historian, all);
    }  // closing puts the write-ahead log into the file
    state.PauseTiming();
    bytes = bytes_of(scratch);
    state.ResumeTiming();
  }
  count_points(state, all.size(), bytes);
}

// The peer: a row a point, keyed by signal and time, 100,000 a transaction.
void PlainRowsWrite(benchmark::State& state) {
  static constexpr ColumnShape Columns[] = {
      {"signal", CellType::Integer}, {"at", CellType::Integer}, {"value", CellType::Real}};
  static constexpr TableShape Plain{.name = "plain", .columns = Columns, .keys = 2};
  const auto all = values(static_cast<std::size_t>(state.range(0)));
  double bytes = 0;
  for (auto _ : state) {
    const ScratchFolder scratch("historian-bench");
    {
      const auto store = open_sqlite(scratch.file("a.db"), {.cache_kib = 262'144});
      store->define(Plain);
      std::vector<Cell> cells;
      for (std::size_t k = 0; k < all.size(); ++k) {
        cells.insert(cells.end(), {static_cast<std::int64_t>(k % SignalCount),
                                   static_cast<std::int64_t>(1'000 * (k / SignalCount)), all[k]});
        if (cells.size() == 300'000 || k + 1 == all.size()) {
          Transaction transaction(*store);
          store->put(Plain, cells);
          transaction.commit();
          cells.clear();
        }
      }
    }
    state.PauseTiming();
    bytes = bytes_of(scratch);
    state.ResumeTiming();
  }
  count_points(state, all.size(), bytes);
}

// A signal of a year, a point every ten seconds (3.2 M), on 1,000 pixels; and a day of it in full.
class Year {
 public:
  Year() : store_(open_sqlite(scratch_.file("a.db"))), historian_(*store_, {}) {
    const core::Draw draw{.seed = Seed};
    historian_.signal("flow");
    for (std::uint32_t k = 0; k < 3'153'600; ++k) {
      historian_.add(0, {core::Tick{10'000} * k, std::round(1e4 * draw.uniform(2, 0, k)) / 1e4});
      historian_.passed(k + 1);
    }
    historian_.flush();
  }
  Historian& historian() { return historian_; }

 private:
  ScratchFolder scratch_{"historian-year"};
  std::unique_ptr<Store> store_;
  Historian historian_;
};

void HistorianZoomYear(benchmark::State& state) {
  Year year;
  for (auto _ : state) {
    benchmark::DoNotOptimize(year.historian().zoom(0, 0, 31'536'000'000, 1'000));
  }
}

void HistorianReadDay(benchmark::State& state) {
  Year year;
  std::size_t points = 0;
  for (auto _ : state) {
    points = year.historian().points(0, 8'640'000'000, 8'726'400'000).size();
  }
  count_points(state, points, 0.0);
}

void GorillaEncode(benchmark::State& state) {
  const auto all = values(256);
  std::vector<Point> points;
  for (std::uint32_t s = 0; s < SignalCount; ++s) {
    for (std::size_t t = 0; t < 256; ++t)
      points.push_back({static_cast<core::Tick>(1'000 * t), all[t * SignalCount + s]});
  }
  std::vector<std::uint8_t> coded;
  for (auto _ : state) {
    coded.clear();
    encode_points(points, coded);
  }
  count_points(state, points.size(), static_cast<double>(coded.size()));
}

BENCHMARK(GorillaEncode)->Unit(benchmark::kMillisecond);
BENCHMARK(HistorianWrite)->Arg(1'024)->Arg(5'120)->Unit(benchmark::kMillisecond);
BENCHMARK(PlainRowsWrite)->Arg(512)->Unit(benchmark::kMillisecond);
BENCHMARK(HistorianZoomYear)->Unit(benchmark::kMillisecond);
BENCHMARK(HistorianReadDay)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace twin::record
