// If these failed, a loop that must not wait would be told too early, too late or never.
#include "twin/record/committer.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>

#include "twin/record/example.hpp"
#include "twin/record/simulated_disk.hpp"

namespace twin::record {
namespace {

// An entry that is never told to be durable, or told before it is.
TEST(Committer, TellsWhatIsDurable) {
  SimulatedDisk disk(1);
  const auto journal = Journal::create(disk, "j", example_origin());
  std::atomic<std::uint64_t> told = 0;
  std::uint64_t calls = 0;
  {
    Committer committer(*journal, [&](Committed result, std::uint64_t durable) {
      EXPECT_EQ(result, Committed::Durable);
      EXPECT_GE(durable, told);
      told = durable;
      ++calls;
    });
    for (std::uint64_t i = 0; i < 2000; ++i) {
      ASSERT_EQ(journal->append(core::Observation{.sensor_seq = i}).index, i);
      committer.poke();
    }
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (told < 2000 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
    EXPECT_EQ(told, 2000U);
    ASSERT_EQ(journal->append(core::Note{}).index, 2000U);
  }
  EXPECT_EQ(told, 2001U);  // the last one too, though nobody poked
  EXPECT_LE(calls, 2002U);
}

// A broken disk that is told as success.
TEST(Committer, TellsThatTheDiskBroke) {
  SimulatedDisk disk(1);
  const auto journal = Journal::create(disk, "j", example_origin());
  disk.fail_at(disk.operations() + 1, DiskError::Cause::Failed);
  ASSERT_EQ(journal->append(core::Note{}).index, 0U);
  Committed last = Committed::Durable;
  {
    Committer committer(*journal, [&](Committed result, std::uint64_t durable) {
      last = result;
      EXPECT_EQ(durable, 0U);
    });
    committer.poke();
  }
  EXPECT_EQ(last, Committed::Broken);
}

}  // namespace
}  // namespace twin::record
