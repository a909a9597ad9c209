// If these failed, a file that is to be replaced whole could be found half.
#include "twin/record/disk.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"
#include "twin/record/simulated_disk.hpp"

namespace twin::record {
namespace {

// A stop at any operation that leaves neither the old file nor the new one.
TEST(Disk, AFileIsReplacedWholeOrNotAtAll) {
  const Bytes before(2000, 1), after(3000, 2);
  bool stopped = true;
  std::uint32_t old_ones = 0, new_ones = 0;
  for (std::uint64_t n = 0; stopped; ++n) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      SimulatedDisk disk(seed);
      disk.make_folder("f");
      replace_file(disk, "f", "x", before);
      disk.stop_at(disk.operations() + n);
      stopped = false;
      try {
        replace_file(disk, "f", "x", after);
      } catch (const Stopped&) {
        stopped = true;
      }
      disk.power_cut();
      const Bytes now = read_all(disk, "f/x", 10'000);
      EXPECT_TRUE(now == before || now == after);
      old_ones += now == before ? 1U : 0U;
      new_ones += now == after ? 1U : 0U;
    }
  }
  EXPECT_GT(old_ones, 20U);
  EXPECT_GE(new_ones, 20U);
}

// A full disk of which the halves of files that found no room take what is left.
TEST(Disk, AFileThatFindsNoRoomLeavesNothing) {
  for (const auto cause : {DiskError::Cause::Full, DiskError::Cause::Failed}) {
    for (const std::uint64_t n : {1U, 2U}) {  // the write, the sync
      SimulatedDisk disk(n);
      disk.make_folder("f");
      disk.fail_at(disk.operations() + n, cause);
      EXPECT_THROW(replace_file(disk, "f", "x", Bytes(3000, 2)), DiskError);
      EXPECT_TRUE(disk.list("f").empty()) << n;
    }
  }
}

// A file larger than anyone expects that is read all the same.
TEST(Disk, ReadsNoMoreThanItIsTold) {
  SimulatedDisk disk(1);
  disk.set_bytes("f/x", Bytes(100));
  EXPECT_EQ(read_all(disk, "f/x", 100).size(), 100U);
  EXPECT_EQ(contract::refusal([&] { (void)read_all(disk, "f/x", 99); }),
            "f/x: 100 bytes (at most 99 are read)");
}

}  // namespace
}  // namespace twin::record
