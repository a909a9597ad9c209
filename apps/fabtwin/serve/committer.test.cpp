// If these failed, a source would wait for an acknowledgement that never comes, or the server would
// go on as if a broken disk kept what it is told.
#include "apps/fabtwin/serve/committer.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "twin/record/simulated_disk.hpp"

namespace apps::fabtwin::serve {
namespace {

template <class Condition>
bool soon(const Condition& condition) {
  for (int i = 0; i < 2'000 && !condition(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return condition();
}

TEST(Committer, MakesDurableWhatWasAppendedBeforeItWasWoken) {
  twin::record::SimulatedDisk disk(1);
  disk.make_folder("j");
  const auto journal = twin::record::Journal::create(disk, "j", {});
  Committer committer(*journal);
  for (std::uint64_t n = 1; n <= 50; ++n) {
    (void)journal->append(twin::core::Note{.at = 1, .kind = "k", .text = "t"});
    committer.wake();
    if (n % 10 != 0) continue;
    EXPECT_TRUE(soon([&] { return journal->durable() == n; })) << n;
  }
  EXPECT_FALSE(committer.broken());
}

TEST(Committer, SaysThatTheDiskFailed) {
  twin::record::SimulatedDisk disk(1);
  disk.make_folder("j");
  const auto journal = twin::record::Journal::create(disk, "j", {});
  disk.fail_at(disk.operations(), twin::record::DiskError::Cause::Failed);
  Committer committer(*journal);
  (void)journal->append(twin::core::Note{.at = 1, .kind = "k", .text = "t"});
  committer.wake();
  EXPECT_TRUE(soon([&] { return committer.broken(); }));
  EXPECT_EQ(journal->durable(), 0U);
}

}  // namespace
}  // namespace apps::fabtwin::serve
