// If these failed, the tests of the journal would prove something about a disk that is kinder than
// the real one.
#include "twin/record/simulated_disk.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace twin::record {
namespace {

// A disk on which nothing is ever lost, or on which synced bytes are.
TEST(SimulatedDisk, APowerCutLosesUnsyncedSectorsOnly) {
  std::set<std::size_t> lost;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SimulatedDisk disk(seed);
    disk.make_folder("f");
    {
      const auto file = disk.open("f/x", Access::Create);
      file->write(0, Bytes(1000, 1));
      file->sync();
      disk.sync_folder("f");
      file->write(1000, Bytes(9000, 2));
    }
    disk.power_cut();
    const Bytes now = disk.bytes("f/x");
    ASSERT_GE(now.size(), 1000U);
    for (std::size_t i = 0; i < 1000; ++i) ASSERT_EQ(now[i], 1);
    lost.insert(static_cast<std::size_t>(std::count(now.begin() + 1000, now.end(), 2)));
  }
  EXPECT_TRUE(lost.contains(0));     // all of it lost
  EXPECT_TRUE(lost.contains(9000));  // nothing
  EXPECT_GT(lost.size(), 10U);       // anything between
}

// A name that lasts without a sync of its folder, always or never.
TEST(SimulatedDisk, NamesLastWithTheirFolder) {
  std::uint32_t kept = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SimulatedDisk disk(seed);
    disk.make_folder("f");
    disk.open("f/x", Access::Create)->sync();
    disk.power_cut();
    kept += disk.exists("f/x") ? 1U : 0U;
  }
  EXPECT_GT(kept, 10U);
  EXPECT_LT(kept, 90U);
}

// fsyncgate: after a failed sync the next one succeeds and has written nothing.
TEST(SimulatedDisk, ForgetsAfterAFailedSync) {
  SimulatedDisk disk(1);
  disk.make_folder("f");
  const auto file = disk.open("f/x", Access::Create);
  disk.sync_folder("f");
  file->write(0, Bytes(512, 7));
  disk.fail_at(disk.operations(), DiskError::Cause::Failed);
  EXPECT_THROW(file->sync(), DiskError);
  file->sync();
  EXPECT_EQ(disk.bytes("f/x"), Bytes(512, 7));
  disk.power_cut();
  EXPECT_EQ(disk.bytes("f/x"), Bytes(512, 0));
}

// A process that goes on after it was stopped.
TEST(SimulatedDisk, StopsAtTheOperation) {
  SimulatedDisk disk(1);
  disk.make_folder("f");
  const auto file = disk.open("f/x", Access::Create);
  disk.stop_at(disk.operations() + 1);
  file->write(0, Bytes(10, 1));
  EXPECT_THROW(file->write(10, Bytes(100, 1)), Stopped);
  EXPECT_THROW(file->sync(), Stopped);
  EXPECT_THROW((void)disk.exists("f/x"), Stopped);
  disk.restart();
  EXPECT_GE(disk.bytes("f/x").size(), 10U);
  EXPECT_LE(disk.bytes("f/x").size(), 110U);
}

// A full disk that takes more.
TEST(SimulatedDisk, FillsUp) {
  SimulatedDisk disk(1);
  disk.make_folder("f");
  const auto file = disk.open("f/x", Access::Create);
  disk.set_capacity(100);
  file->write(0, Bytes(100, 1));
  try {
    file->write(100, Bytes(1, 1));
    ADD_FAILURE();
  } catch (const DiskError& e) {
    EXPECT_EQ(e.cause(), DiskError::Cause::Full);
    EXPECT_STREQ(e.what(), "f/x: cannot be written (no space left, by plan)");
  }
  file->write(0, Bytes(100, 2));
}

std::uint64_t bytes_of(const SimulatedDisk& disk) {
  std::uint64_t all = 0;
  for (const std::string& path : disk.paths()) all += disk.bytes(path).size();
  return all;
}

TEST(SimulatedDisk, HoldsNoMoreThanItsCapacityWhateverFails) {
  // Wrong: a block that failed half-way would fill the disk further than a real one goes, and a
  // journal that cannot get back from "full" would seem to.
  enum class Ends { Full, Failing, Stopped };
  for (const Ends how : {Ends::Full, Ends::Failing, Ends::Stopped}) {
    std::set<std::size_t> left;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
      SimulatedDisk disk(seed);
      disk.make_folder("f");
      disk.open("f/other", Access::Create)->write(0, Bytes(30, 1));
      const auto file = disk.open("f/x", Access::Create);
      file->write(0, Bytes(20, 1));
      disk.set_capacity(100);
      if (how == Ends::Failing) disk.fail_at(disk.operations(), DiskError::Cause::Failed);
      if (how == Ends::Stopped) disk.stop_at(disk.operations());
      if (how == Ends::Stopped) {
        EXPECT_THROW(file->write(10, Bytes(1000, 2)), Stopped);
        disk.restart();
      } else {
        EXPECT_THROW(file->write(10, Bytes(1000, 2)), DiskError);
      }
      ASSERT_LE(bytes_of(disk), 100U) << seed;
      const Bytes now = disk.bytes("f/x");
      left.insert(static_cast<std::size_t>(std::count(now.begin(), now.end(), 2)));
    }
    EXPECT_TRUE(left.contains(60))
        << static_cast<int>(how);                         // 10 over others, all the room there is
    EXPECT_GT(left.size(), 5U) << static_cast<int>(how);  // and any part of it
    EXPECT_LE(*left.rbegin(), 60U) << static_cast<int>(how);
  }
}

TEST(SimulatedDisk, TakesNothingBehindAHoleThatDoesNotFit) {
  SimulatedDisk disk(3);
  disk.make_folder("f");
  const auto file = disk.open("f/x", Access::Create);
  file->write(0, Bytes(10, 1));
  disk.set_capacity(5);  // less than there is: nothing grows, what is there may be written over
  EXPECT_THROW(file->write(20, Bytes(10, 2)), DiskError);
  EXPECT_EQ(disk.bytes("f/x"), Bytes(10, 1));
  file->write(2, Bytes(8, 3));
  EXPECT_THROW(file->write(2, Bytes(9, 4)), DiskError);
  EXPECT_EQ(bytes_of(disk), 10U);
}

TEST(SimulatedDisk, IsMended) {
  // Wrong: what a test planned would happen after it has declared everything healed.
  SimulatedDisk disk(7);
  disk.make_folder("f");
  const auto file = disk.open("f/x", Access::Create);
  disk.set_capacity(10);
  disk.fail_at(disk.operations(), DiskError::Cause::Failed);
  disk.stop_at(disk.operations() + 1);
  disk.mend();
  file->write(0, Bytes(100, 1));
  file->write(100, Bytes(1, 1));
  EXPECT_EQ(disk.bytes("f/x").size(), 101U);
}

}  // namespace
}  // namespace twin::record
