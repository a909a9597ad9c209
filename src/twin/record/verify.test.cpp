// If these failed, somebody could change the record and nobody would see it.
#include "twin/record/verify.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"
#include "twin/record/daily_heads.hpp"
#include "twin/record/example.hpp"
#include "twin/record/simulated_disk.hpp"
#include "twin/record/snapshots.hpp"

namespace twin::record {
namespace {

// True if opening or verifying says that something is wrong.
bool detected(SimulatedDisk& disk, const VerifyOptions& options = {}) {
  try {
    return !verify(disk, "j", options).good();
  } catch (const core::Error&) {
    return true;
  }
}

std::vector<std::string> segment_paths(Disk& disk) {
  std::vector<std::string> all;
  for (const SegmentName& name : segments_in(disk, "j")) all.push_back("j/" + to_string(name));
  return all;
}

TEST(Verify, AGoodJournalIsGood) {
  SimulatedDisk disk(1);
  const auto all = write_example(disk, "j", {.count = 2000});
  const Verdict verdict = verify(disk, "j");
  EXPECT_EQ(verdict.findings, std::vector<Finding>{});
  EXPECT_EQ(verdict.entries, all.size());
  EXPECT_EQ(verdict.chain, Journal::open(disk, "j")->chain());
  EXPECT_TRUE(verdict.closed);
  EXPECT_EQ(verdict.first, 0U);
  EXPECT_GT(verdict.segments, 10U);
  const DailyHeads heads(disk, "j");
  EXPECT_GT(heads.heads().size(), 0U);
  EXPECT_EQ(contract::refusal([&] { (void)verify(disk, "j/snapshots"); }),
            "j/snapshots: no journal (there is no segment in it); is it the folder?");
}

// A changed bit that is not found: 10^4 of them, anywhere in any file (C4 tests 5 and 28).
TEST(Verify, EveryFlipIsFound) {
  SimulatedDisk good(1);
  (void)write_example(good, "j", {.count = 400});
  Snapshots(good, "j", id_of(example_origin())).save("belief", 100, Bytes(300, 5));
  std::vector<std::string> paths = good.paths();
  std::erase(paths, "j/lock");
  const core::Draw draw{.seed = 11};
  for (std::uint32_t i = 0; i < 10'000; ++i) {
    const core::Block b = draw.block(1, 0, i);
    SimulatedDisk disk(1);
    good.copy_to(disk);
    const std::string& path = paths[b[0] % paths.size()];
    disk.flip(path, b[1] % (8 * good.bytes(path).size()));
    ASSERT_TRUE(detected(disk)) << path << " draw " << i;
  }
}

// A journal that is shorter than it was: at every byte. Without its last blocks it is found by the
// snapshot of its end, or by a head that was kept outside.
TEST(Verify, EveryTruncationIsFound) {
  SimulatedDisk good(1);
  (void)write_example(good, "j", {.count = 100});
  const ChainHead head = verify(good, "j").chain;
  for (const std::string& path : segment_paths(good)) {
    const Bytes whole = good.bytes(path);
    for (std::size_t n = 0; n < whole.size(); n += 5) {
      SimulatedDisk disk(1);
      good.copy_to(disk);
      disk.set_bytes(path, Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n)));
      ASSERT_TRUE(detected(disk) || !verify(disk, "j").closed) << path << " " << n;
      ASSERT_TRUE(detected(disk, {.known = {head}})) << path << " " << n;
    }
  }
}

struct Part {  // of a segment: a block's bytes
  std::size_t begin = 0, end = 0;
};
std::vector<Part> blocks_of(Disk& disk, const SegmentName& name) {
  std::vector<Part> all;
  SegmentReader reader(disk, "j", name);
  for (BlockView block; reader.next(block) == SegmentReader::Step::Block;)
    all.push_back(
        {static_cast<std::size_t>(block.offset), static_cast<std::size_t>(reader.offset())});
  return all;
}

// Blocks deleted or swapped whole, each still right by itself.
TEST(Verify, DeletedAndSwappedBlocksAreFound) {
  SimulatedDisk good(1);
  (void)write_example(good, "j");
  std::uint32_t tried = 0;
  for (const SegmentName& name : segments_in(good, "j")) {
    const std::string path = "j/" + to_string(name);
    const Bytes whole = good.bytes(path);
    const auto at = [&](std::size_t i) { return whole.begin() + static_cast<std::ptrdiff_t>(i); };
    const auto blocks = blocks_of(good, name);
    for (std::size_t b = 0; b + 1 < blocks.size(); ++b) {
      SimulatedDisk disk(1);
      good.copy_to(disk);
      Bytes without(whole.begin(), at(blocks[b].begin));
      without.insert(without.end(), at(blocks[b].end), whole.end());
      disk.set_bytes(path, without);
      EXPECT_TRUE(detected(disk));
      Bytes swapped(whole.begin(), at(blocks[b].begin));
      swapped.insert(swapped.end(), at(blocks[b + 1].begin), at(blocks[b + 1].end));
      swapped.insert(swapped.end(), at(blocks[b].begin), at(blocks[b].end));
      swapped.insert(swapped.end(), at(blocks[b + 1].end), whole.end());
      disk.set_bytes(path, swapped);
      EXPECT_TRUE(detected(disk));
      ++tried;
    }
  }
  EXPECT_GT(tried, 20U);
}

// An entry altered in place, with every check sum put right but not the chain.
TEST(Verify, AnAlteredBlockBreaksTheChain) {
  SimulatedDisk disk(1);
  (void)write_example(disk, "j");
  const SegmentName name = segments_in(disk, "j")[1];
  const std::string path = "j/" + to_string(name);
  Bytes bytes = disk.bytes(path);
  const Part part = blocks_of(disk, name)[1];
  const std::uint64_t seed = check_seed_of(id_of(example_origin()));
  std::uint8_t* const at = bytes.data() + part.begin;
  BlockHeader header = *BlockHeader::get(at, seed);
  ASSERT_GT(header.raw_bytes, 0U);
  at[BlockHeader::Bytes + header.entries_bytes] ^= 1;  // the first raw byte
  header.check =
      block_check({at + BlockHeader::Bytes, header.entries_bytes},
                  {at + BlockHeader::Bytes + header.entries_bytes, header.raw_bytes}, seed);
  header.put(at, seed);
  disk.set_bytes(path, bytes);
  EXPECT_EQ(verify(disk, "j").findings,
            (std::vector<Finding>{{to_string(name), part.begin, "the chain is broken"}}));
}

// Numbers seen that were saved, whole in themselves, but are not those of the entries: a message
// would be refused as known, or taken twice, at the next opening.
TEST(Verify, WrongNumbersSeenAreFound) {
  SimulatedDisk disk(1);
  const auto all = write_example(disk, "j");
  Sequences wrong;
  ASSERT_TRUE(wrong.insert({1, 1}, 1));
  Snapshots(disk, "j", id_of(example_origin())).save(SequencesName, all.size(), wrong.encode());
  EXPECT_EQ(verify(disk, "j").findings,
            (std::vector<Finding>{
                {"snapshots/sequences", 0, "the numbers seen before entry 300 are others"}}));
}

// Who knows the format writes a whole journal anew, with right checks and chains, one entry altered,
// left out or swapped: the heads that were kept outside find it.
TEST(Verify, ARewrittenJournalIsFoundByItsHeads) {
  SimulatedDisk good(1);
  const auto all = write_example(good, "j", {.count = 60});
  const ChainHead head = verify(good, "j").chain;
  const auto rewritten = [&](const std::vector<core::Entry>& entries) {
    SimulatedDisk disk(1);
    const auto journal = Journal::create(disk, "j", example_origin(), ExampleJournal{}.options);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      (void)journal->append(entries[i]);
      if (i % 7 == 6) (void)journal->commit();
    }
    (void)journal->close();
    EXPECT_TRUE(verify(disk, "j").good());
    return detected(disk, {.known = {head}});
  };
  EXPECT_FALSE(rewritten(all));
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto without = all;
    without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_TRUE(rewritten(without)) << i;
    auto altered = all;
    altered[i] = core::Note{.at = 5, .kind = "other"};
    EXPECT_TRUE(rewritten(altered)) << i;
    if (i == 0) continue;
    auto swapped = all;
    std::swap(swapped[i - 1], swapped[i]);
    EXPECT_TRUE(rewritten(swapped)) << i;
  }
}

// A finding without the place, or a walk that stops at the first one.
TEST(Verify, SaysWhereAndGoesOn) {
  SimulatedDisk disk(1);
  (void)write_example(disk, "j");
  const auto names = segments_in(disk, "j");
  const auto first = blocks_of(disk, names[1]);
  const auto second = blocks_of(disk, names[3]);
  disk.flip("j/" + to_string(names[1]), 8 * (first[1].begin + 100));
  disk.flip("j/" + to_string(names[3]), 8 * (second[0].begin + 3));
  const Verdict verdict = verify(disk, "j");
  std::vector<std::string> said;
  for (const Finding& f : verdict.findings) said.push_back(to_string(f));
  const std::string at = ", byte ";
  EXPECT_EQ(said, (std::vector<std::string>{
                      to_string(names[1]) + at + std::to_string(first[1].begin) +
                          ": the check of a block is wrong",
                      to_string(names[2]) + at + "0: it does not continue the segment before it",
                      to_string(names[3]) + at + std::to_string(second[0].begin) +
                          ": the check of a block's header is wrong",
                      to_string(names[4]) + at + "0: it does not continue the segment before it"}));
}

// An unfinished write at the end that is called a damage.
TEST(Verify, AnUnfinishedWriteIsNoDamage) {
  SimulatedDisk disk(1);
  (void)write_example(disk, "j");
  const std::string path = segment_paths(disk).back();
  Bytes bytes = disk.bytes(path);
  const std::size_t whole = bytes.size();
  const auto block = blocks_of(disk, segments_in(disk, "j").back()).front();
  bytes.insert(bytes.end(), bytes.begin() + static_cast<std::ptrdiff_t>(block.begin),
               bytes.begin() + static_cast<std::ptrdiff_t>(block.begin) + 60);
  disk.set_bytes(path, bytes);
  const Verdict verdict = verify(disk, "j");
  EXPECT_TRUE(verdict.good());
  EXPECT_EQ(verdict.torn_bytes, 60U);
  EXPECT_FALSE(verdict.closed);
  EXPECT_EQ(Journal::open(disk, "j")->recovery().torn_bytes, 60U);
  EXPECT_EQ(disk.bytes(path).size(), whole);
}

}  // namespace
}  // namespace twin::record
