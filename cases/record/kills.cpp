#include "cases/record/kills.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "twin/core/draw.hpp"
#include "twin/record/example.hpp"
#include "twin/record/file_disk.hpp"
#include "twin/record/reader.hpp"
#include "twin/record/verify.hpp"

namespace cases::record {
namespace {

using namespace twin::record;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t Group = 256, Resent = 40;
constexpr JournalOptions Options{.segment_bytes = 2U << 20};

// Goes on where the journal ends until it is killed; tells durable() after every commit. Its exit
// status says what went wrong.
[[noreturn]] void take_in(const std::string& folder, int tell) {
  FileDisk disk;
  const auto journal = Journal::open(disk, folder, Options);
  std::uint64_t next = journal->size();
  for (std::uint64_t i = next > Resent ? next - Resent : 0; i < next; ++i) {
    if (journal->append(ExampleEntries::observation(i, 7)).outcome != Receipt::Outcome::Duplicate)
      ::_exit(3);
  }
  for (;;) {
    for (std::uint64_t k = 0; k < Group; ++k) {
      if (journal->append(ExampleEntries::observation(next, 7)).index != next) ::_exit(4);
      ++next;
    }
    if (journal->commit() != Committed::Durable) ::_exit(5);
    const std::uint64_t durable = journal->durable();
    if (::write(tell, &durable, sizeof durable) != sizeof durable) ::_exit(6);
  }
}

struct Life {
  std::uint64_t acknowledged = 0;  // the last that was told; 0: nothing was
  double seconds = 0.0;
};

Life live_and_die(const std::string& folder, std::chrono::microseconds life) {
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) throw std::runtime_error("no pipe");
  const auto begin = Clock::now();
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("no child");
  if (child == 0) {
    ::close(pipe[0]);
    take_in(folder, pipe[1]);
  }
  ::close(pipe[1]);
  std::jthread killer([&] {
    std::this_thread::sleep_for(life);
    ::kill(child, SIGKILL);
  });
  Life lived;
  std::uint64_t told = 0;
  while (::read(pipe[0], &told, sizeof told) == sizeof told) lived.acknowledged = told;
  ::close(pipe[0]);
  killer.join();
  int status = 0;
  ::waitpid(child, &status, 0);
  lived.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  if (!WIFSIGNALED(status))
    throw std::runtime_error("the child ended by itself: " + std::to_string(WEXITSTATUS(status)));
  return lived;
}

}  // namespace

KillCounts kill_again_and_again(const std::string& folder, std::uint64_t seed,
                                std::uint64_t kills) {
  std::filesystem::remove_all(folder);
  FileDisk disk;
  (void)Journal::create(disk, folder, example_origin(), Options);
  const twin::core::Draw draw{.seed = seed};
  KillCounts counts;
  std::uint64_t checked = 0;  // entries found right
  for (std::uint32_t k = 0; k < kills; ++k) {
    const double life_us = 30'000.0 * draw.uniform(1, 0, k);
    const Life life =
        live_and_die(folder, std::chrono::microseconds(static_cast<std::int64_t>(life_us)));
    ++counts.kills;
    counts.running_s += life.seconds;
    Reader reader(disk, folder);
    reader.seek(checked);
    for (EntryView view; reader.next(view); ++checked) {
      if (view.entry() != twin::core::Entry(ExampleEntries::observation(checked, 7)))
        throw std::runtime_error("entry " + std::to_string(checked) + " is not what was sent");
    }
    if (checked < life.acknowledged) {
      throw std::runtime_error(std::to_string(life.acknowledged) + " entries were acknowledged, " +
                               std::to_string(checked) + " are there (seed " +
                               std::to_string(seed) + ", kill " + std::to_string(k) + ")");
    }
    counts.acknowledged = std::max(counts.acknowledged, life.acknowledged);
    if (checked >= Resent) counts.resent += Resent;
  }
  const Verdict verdict = verify(disk, folder);
  if (!verdict.good()) throw std::runtime_error(to_string(verdict.findings.front()));
  if (verdict.entries != checked) throw std::runtime_error("verify counts other entries");
  if (Journal::open(disk, folder, Options)->ranges({0, 0}).size() != 1)
    throw std::runtime_error("numbers of a source are missing");
  std::filesystem::remove_all(folder);
  return counts;
}

}  // namespace cases::record
