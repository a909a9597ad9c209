// If these failed, a journal that has forgotten its beginning could not prove that it had one.
#include "twin/record/retired.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"
#include "twin/record/example.hpp"
#include "twin/record/simulated_disk.hpp"

namespace twin::record {
namespace {

std::vector<RetiredBlock> all_of(Disk& disk) {
  std::vector<RetiredBlock> all;
  Sha256 hash;
  for (const SegmentName& name : segments_in(disk, "j")) {
    SegmentReader reader(disk, "j", name);
    for (BlockView b; reader.next(b) == SegmentReader::Step::Block;)
      all.push_back(retired(hash, b));
  }
  return all;
}

// Numbers that do not lead from the first entry to where they should.
TEST(Retired, LeadToEverySegment) {
  SimulatedDisk disk(1);
  (void)write_example(disk, "j");
  const auto all = all_of(disk);
  write_retired(disk, "j", all);
  EXPECT_EQ(read_retired(disk, "j"), all);
  for (const SegmentName& name : segments_in(disk, "j")) {
    const SegmentHeader header = SegmentReader(disk, "j", name).header();
    EXPECT_EQ(retired_why_not(disk, "j", header), "");
    EXPECT_LE(retired_up_to(all, header.origin, header.before)->size(), all.size());
  }
  auto other = all;
  other[1].latest += 1;
  const SegmentHeader last = SegmentReader(disk, "j", segments_in(disk, "j").back()).header();
  EXPECT_FALSE(retired_up_to(other, last.origin, last.before));
  other = all;
  other.erase(other.begin() + 1);
  EXPECT_FALSE(retired_up_to(other, last.origin, last.before));
}

TEST(Retired, AChangedFileIsRefused) {
  SimulatedDisk disk(1);
  (void)write_example(disk, "j");
  write_retired(disk, "j", all_of(disk));
  disk.flip("j/retired.hashes", 100);
  EXPECT_EQ(contract::refusal([&] { (void)read_retired(disk, "j"); }),
            "j/retired.hashes: the hashes of removed blocks cannot be read (its check is wrong); "
            "restore the file from a backup?");
}

}  // namespace
}  // namespace twin::record
