// If these failed, a damaged journal would be cut short as if its end had only been unfinished.
#include "twin/record/segment.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"
#include "twin/record/example.hpp"
#include "twin/record/simulated_disk.hpp"

namespace twin::record {
namespace {

using Step = SegmentReader::Step;
const std::string Folder = "j";

// One segment with three blocks, the last one not a closing mark.
struct Three {
  Three() : disk(1) {
    const auto journal = Journal::create(disk, Folder, example_origin());
    ExampleEntries entries(3);
    for (int b = 0; b < 3; ++b) {
      starts.push_back(SegmentReader(disk, Folder, {}).bytes());
      for (int i = 0; i < 20; ++i) (void)journal->append(entries.next());
      (void)journal->commit();
    }
    path = Folder + "/" + to_string(SegmentName{});
    bytes = disk.bytes(path);
  }
  // What a reader meets, the last step included.
  std::vector<Step> steps() {
    SegmentReader reader(disk, Folder, {});
    std::vector<Step> all;
    BlockView block;
    do all.push_back(reader.next(block));
    while (all.back() == Step::Block);
    return all;
  }
  SimulatedDisk disk;
  std::string path;
  Bytes bytes;
  std::vector<std::uint64_t> starts;
};

TEST(Segment, NamesComeBack) {
  const SegmentName name{.number = 3, .first_index = 123456};
  EXPECT_EQ(to_string(name), "0000000003-00000000000000123456.fbj");
  EXPECT_EQ(segment_name_of(to_string(name)), name);
  EXPECT_FALSE(segment_name_of("0000000003-00000000000000123456.fbj.tmp"));
  EXPECT_FALSE(segment_name_of("000000000x-00000000000000123456.fbj"));
  EXPECT_FALSE(segment_name_of("lock"));
}

// A cut anywhere: what stands before it is given, the rest is an unfinished write.
TEST(Segment, EveryCutIsTorn) {
  Three three;
  for (std::size_t n = three.starts[1]; n < three.bytes.size(); ++n) {
    three.disk.set_bytes(three.path, Bytes(three.bytes.begin(),
                                           three.bytes.begin() + static_cast<std::ptrdiff_t>(n)));
    std::vector<Step> expected(n < three.starts[2] ? 1 : 2, Step::Block);
    const bool at_end = n == three.starts[1] || n == three.starts[2];
    expected.push_back(at_end ? Step::End : Step::Torn);
    ASSERT_EQ(three.steps(), expected) << n;
  }
}

// A changed bit that passes for an unfinished write, and is cut off with all behind it.
TEST(Segment, EveryFlipIsDamage) {
  Three three;
  for (std::size_t bit = 8 * three.starts[0]; bit < 8 * three.bytes.size(); bit += 3) {
    three.disk.set_bytes(three.path, three.bytes);
    three.disk.flip(three.path, bit);
    ASSERT_EQ(three.steps().back(), Step::Damaged) << bit;
  }
}

// A flip in the header, which is believed by all that follows.
TEST(Segment, EveryFlipOfTheHeaderIsRefused) {
  Three three;
  for (std::size_t bit = 0; bit < 8 * three.starts[0]; ++bit) {
    three.disk.set_bytes(three.path, three.bytes);
    three.disk.flip(three.path, bit);
    EXPECT_THROW((void)SegmentReader(three.disk, Folder, {}), core::Error) << bit;
  }
}

// A lost sector in the last block is no damage; in one that is followed by a whole block it is.
TEST(Segment, ALostSectorIsTornAtTheEndOnly) {
  Three three;
  for (std::size_t sector = three.starts[0] / 512 + 1; sector * 512 < three.bytes.size();
       ++sector) {
    Bytes bytes = three.bytes;
    for (std::size_t i = sector * 512; i < std::min(bytes.size(), sector * 512 + 512); ++i)
      bytes[i] = 0;
    three.disk.set_bytes(three.path, bytes);
    ASSERT_EQ(three.steps().back(), sector * 512 >= three.starts[2] ? Step::Torn : Step::Damaged)
        << sector;
  }
}

// What is refused, in words that say where.
TEST(Segment, SaysWhatIsWrong) {
  Three three;
  const std::string name = to_string(SegmentName{});
  const auto refused_with = [&](std::size_t at, std::uint8_t value) {
    Bytes bytes = three.bytes;
    bytes[at] = value;
    three.disk.set_bytes(three.path, bytes);
    return contract::refusal([&] { (void)SegmentReader(three.disk, Folder, {}); });
  };
  const std::string damaged = ": the journal is damaged (";
  const std::string end = "); restore it from a backup?";
  EXPECT_EQ(refused_with(0, 'x'),
            name + ", byte 0" + damaged + "it does not begin as a segment" + end);
  EXPECT_EQ(refused_with(14, 1), name + ", byte 12" + damaged + "a header of 65633 bytes" + end);
  EXPECT_EQ(refused_with(20, 1),
            name + ", byte 0" + damaged + "the check of its header is wrong" + end);
  three.disk.set_bytes(three.path, Bytes(three.bytes.begin(), three.bytes.begin() + 40));
  EXPECT_EQ(contract::refusal([&] { (void)SegmentReader(three.disk, Folder, {}); }),
            name + ", byte 0" + damaged + "it ends within its header" + end);
  SegmentHeader newer{.origin = example_origin()};
  newer.schema = SchemaVersion + 1;
  three.disk.set_bytes(three.path, newer.encode());
  EXPECT_EQ(contract::refusal([&] { (void)SegmentReader(three.disk, Folder, {}); }),
            name + ": a journal of schema 2 (this program reads 1); is there a newer program?");
  const SegmentHeader other{.name = {.number = 4}, .origin = example_origin()};
  three.disk.set_bytes(three.path, other.encode());
  EXPECT_EQ(
      contract::refusal([&] { (void)SegmentReader(three.disk, Folder, {}); }),
      name + ", byte 16" + damaged + "its header says 0000000004-00000000000000000000.fbj" + end);
}

// A segment that is gone unnoticed.
TEST(Segment, AMissingNumberIsRefused) {
  SimulatedDisk disk(1);
  (void)write_example(disk, Folder);
  const auto names = segments_in(disk, Folder);
  ASSERT_GT(names.size(), 3U);
  disk.remove(Folder + "/" + to_string(names[1]));
  EXPECT_EQ(contract::refusal([&] { (void)segments_in(disk, Folder); }),
            "j: segment 1 is missing (between " + to_string(names[0]) + " and " +
                to_string(names[2]) + "); is there a backup?");
  disk.set_bytes(Folder + "/" + to_string(SegmentName{.number = 0, .first_index = 9}), {});
  EXPECT_EQ(contract::refusal([&] { (void)segments_in(disk, Folder); }),
            "j: segment 0 is there twice (" + to_string(names[0]) +
                " and 0000000000-00000000000000000009.fbj); is there a backup?");
}

// A message whose raw bytes are a block of a journal: it must not pass for one of ours.
TEST(Segment, ABlockInsideARawMessageIsNone) {
  Three other;  // of the same program, another journal
  SimulatedDisk disk(1);
  const auto journal = Journal::create(disk, Folder, example_origin(2));
  const Bytes block(other.bytes.begin() + static_cast<std::ptrdiff_t>(other.starts[1]),
                    other.bytes.end());
  (void)journal->append(core::Observation{.raw = block});
  ASSERT_EQ(journal->commit(), Committed::Durable);
  const std::string path = Folder + "/" + to_string(SegmentName{});
  Bytes bytes = disk.bytes(path);
  bytes.pop_back();
  disk.set_bytes(path, bytes);
  BlockView view;
  EXPECT_EQ(SegmentReader(disk, Folder, {}).next(view), Step::Torn);
}

}  // namespace
}  // namespace twin::record
