// Speed of the journal on the real disk, beside what the disk itself can do. Goals (issue 4): >= 400,000
// grouped appends/s of 200 bytes, >= 2 million events/s scanned, recovery within 10 s of 10^7 entries.
#include "twin/record/journal.hpp"

#include <benchmark/benchmark.h>

#include <filesystem>
#include <thread>

#include "twin/core/expect.hpp"
#include "twin/record/example.hpp"
#include "twin/record/file_disk.hpp"
#include "twin/record/reader.hpp"
#include "twin/record/verify.hpp"

namespace twin::record {
namespace {

// A folder on the disk that the benchmark is started on: memory has no syncs.
class Folder {
 public:
  Folder() { std::filesystem::remove_all(name()); }
  ~Folder() { std::filesystem::remove_all(name()); }
  static std::string name() { return "journal_bench.folder"; }
};

void count_events(benchmark::State& state, std::uint64_t events) {
  state.counters["events/s"] =
      benchmark::Counter(static_cast<double>(events), benchmark::Counter::kIsRate);
}

// What the disk can do: 4 KiB written and synced, one after the other.
void DiskSyncs(benchmark::State& state) {
  const Folder folder;
  FileDisk disk;
  disk.make_folder(Folder::name());
  const auto file = disk.open(Folder::name() + "/x", Access::Create);
  const Bytes bytes(4096, 1);
  std::uint64_t n = 0;
  for (auto _ : state) {
    file->write(4096 * n++, bytes);
    file->sync();
  }
  state.counters["syncs/s"] =
      benchmark::Counter(static_cast<double>(n), benchmark::Counter::kIsRate);
}

// As many events a commit as the argument says, from one thread.
void Append(benchmark::State& state) {
  const Folder folder;
  FileDisk disk;
  const auto journal = Journal::create(disk, Folder::name(), example_origin());
  const auto group = static_cast<std::uint64_t>(state.range(0));
  std::vector<core::Entry> entries;  // made beforehand, but for their number
  for (std::uint64_t i = 0; i < group; ++i) entries.push_back(ExampleEntries::observation(i, 500));
  std::uint64_t n = 0;
  for (auto _ : state) {
    for (core::Entry& entry : entries) {
      std::get<core::Observation>(entry).sensor_seq = n++;
      benchmark::DoNotOptimize(journal->append(entry));
    }
    TWIN_ENSURE(journal->commit() == Committed::Durable, journal->trouble());
  }
  count_events(state, n);
}

// Threads that each wait for every event of theirs: syncs are shared.
void AppendByThreads(benchmark::State& state) {
  const Folder folder;
  FileDisk disk;
  const auto journal = Journal::create(disk, Folder::name(), example_origin());
  constexpr std::uint64_t Each = 200;
  std::uint64_t round = 0;
  for (auto _ : state) {
    std::vector<std::thread> threads;
    for (std::uint32_t t = 0; t < static_cast<std::uint32_t>(state.range(0)); ++t) {
      threads.emplace_back([&, t] {
        core::Observation o = ExampleEntries::observation(t, 500);
        o.sensor = t;
        for (std::uint64_t i = 0; i < Each; ++i) {
          o.sensor_seq = round * Each + i;
          benchmark::DoNotOptimize(journal->append(o));
          TWIN_ENSURE(journal->commit() == Committed::Durable, journal->trouble());
        }
      });
    }
    for (std::thread& t : threads) t.join();
    ++round;
  }
  count_events(state, journal->size());
  state.counters["events/sync"] =
      static_cast<double>(journal->size()) / static_cast<double>(journal->syncs());
}

void write_journal(Disk& disk, std::uint64_t count, JournalOptions options) {
  const auto journal = Journal::create(disk, Folder::name(), example_origin(), options);
  for (std::uint64_t i = 0; i < count; ++i) {
    (void)journal->append(ExampleEntries::observation(i, 500));
    if (i % 5000 == 0) (void)journal->commit();
  }
  TWIN_ENSURE(journal->commit() == Committed::Durable, journal->trouble());
}

void Scan(benchmark::State& state) {
  const Folder folder;
  FileDisk disk;
  const auto count = static_cast<std::uint64_t>(state.range(0));
  write_journal(disk, count, {});
  std::uint64_t sum = 0;
  for (auto _ : state) {
    Reader reader(disk, Folder::name());
    for (EntryView view; reader.next(view);) sum += view.sensor_seq + view.event.size();
  }
  benchmark::DoNotOptimize(sum);
  count_events(state, count * static_cast<std::uint64_t>(state.iterations()));
}

// Opening after a kill, with the default segments; and with one segment only, so that every entry is
// read, its chain checked and its number counted again.
void Open(benchmark::State& state) {
  const Folder folder;
  FileDisk disk;
  const auto count = static_cast<std::uint64_t>(state.range(0));
  JournalOptions options;
  if (state.range(1) == 1) options.segment_bytes = 1ULL << 40;
  write_journal(disk, count, options);
  std::uint64_t read = 0;
  for (auto _ : state)
    read += Journal::open(disk, Folder::name(), options)->recovery().entries_read;
  state.counters["entries read"] =
      static_cast<double>(read) / static_cast<double>(state.iterations());
}

void Verify(benchmark::State& state) {
  const Folder folder;
  FileDisk disk;
  const auto count = static_cast<std::uint64_t>(state.range(0));
  write_journal(disk, count, {});
  for (auto _ : state) TWIN_ENSURE(verify(disk, Folder::name()).good());
  count_events(state, count * static_cast<std::uint64_t>(state.iterations()));
}

BENCHMARK(DiskSyncs)->Unit(benchmark::kMicrosecond)->UseRealTime();
BENCHMARK(Append)
    ->Arg(1)
    ->Arg(100)
    ->Arg(1000)
    ->Arg(5000)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK(AppendByThreads)->Arg(4)->Arg(16)->Arg(64)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(Scan)->Arg(1'000'000)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(Open)
    ->Args({2'000'000, 0})
    ->Args({2'000'000, 1})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK(Verify)->Arg(1'000'000)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace twin::record
