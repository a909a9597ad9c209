// If these failed, old bytes would never go away, or go away with something that is needed.
#include "twin/record/retention.hpp"

#include <gtest/gtest.h>

#include "twin/record/daily_heads.hpp"
#include "twin/record/example.hpp"
#include "twin/record/reader.hpp"
#include "twin/record/simulated_disk.hpp"
#include "twin/record/snapshots.hpp"
#include "twin/record/verify.hpp"

namespace twin::record {
namespace {

constexpr core::Tick Ever = std::numeric_limits<core::Tick>::max();

// Raw bytes that stay, entries that change, or a chain that breaks.
TEST(Retention, DropsOldRawBytesAndNothingElse) {
  SimulatedDisk disk(1);
  auto all = write_example(disk, "j");
  const ChainHead before = verify(disk, "j").chain;
  const SegmentName third = segments_in(disk, "j")[3];
  const core::Tick moment = SegmentReader(disk, "j", third).header().latest + 1;
  const Retained done = apply_retention(disk, "j", {.raw_before = moment});
  EXPECT_GT(done.blocks_without_raw, 10U);
  EXPECT_GT(done.bytes_freed, 1000U);
  EXPECT_EQ(done.segments_removed, 0U);
  const Verdict verdict = verify(disk, "j", {.known = {before}});
  EXPECT_EQ(verdict.findings, std::vector<Finding>{});
  EXPECT_EQ(verdict.chain, before);
  Reader reader(disk, "j");
  std::uint64_t dropped = 0, kept = 0;
  for (EntryView view; reader.next(view);) {
    core::Entry expected = all[view.index];
    if (view.raw_state == Raw::Dropped) {
      ++dropped;
      EXPECT_LT(view.arrived, moment);
      if (auto* o = std::get_if<core::Observation>(&expected)) o->raw.clear();
      if (auto* c = std::get_if<core::Correction>(&expected)) c->now.raw.clear();
    }
    kept += view.raw_state == Raw::Kept ? 1U : 0U;
    ASSERT_EQ(view.entry(), expected);
  }
  EXPECT_GT(dropped, 20U);
  EXPECT_GT(kept, 20U);
  EXPECT_EQ(apply_retention(disk, "j", {.raw_before = moment}).blocks_without_raw, 0U);
  EXPECT_EQ(Journal::open(disk, "j")->size(), all.size());
}

// Segments that no state stands behind, removed.
TEST(Retention, KeepsWhatNoSnapshotCovers) {
  SimulatedDisk disk(1);
  (void)write_example(disk, "j");
  EXPECT_EQ(apply_retention(disk, "j", {.segments_before = Ever}).kept_because,
            "no state is named that the twin restarts from");
  const RetentionPolicy policy{.segments_before = Ever, .states = {"belief"}};
  EXPECT_EQ(apply_retention(disk, "j", policy).kept_because, "there is no snapshot of 'belief'");
  Snapshots snapshots(disk, "j", id_of(example_origin()));
  const auto names = segments_in(disk, "j");
  snapshots.save("belief", names[2].first_index, Bytes(10));
  const Retained done = apply_retention(disk, "j", policy);
  EXPECT_EQ(done.segments_removed, 2U);
  EXPECT_EQ(done.kept_because,
            "the newest snapshot of 'belief' is of entry " + std::to_string(names[2].first_index));
  EXPECT_EQ(segments_in(disk, "j").front(), names[2]);
}

// A journal without its beginning that cannot be opened, takes old messages again, or cannot prove
// what it was.
TEST(Retention, TheRestIsAWholeJournal) {
  SimulatedDisk disk(1);
  const auto all = write_example(disk, "j", {.count = 2000});
  const ChainHead before = verify(disk, "j").chain;
  Snapshots snapshots(disk, "j", id_of(example_origin()));
  for (int round = 0; round < 3; ++round) {  // again and again, as it is in life
    const auto names = segments_in(disk, "j");
    snapshots.save("belief", names[3].first_index, Bytes(10));
    const Retained done = apply_retention(
        disk, "j",
        {.raw_before = Ever, .segments_before = Ever, .states = {"belief"}, .archive = "old"});
    EXPECT_EQ(done.segments_removed, 3U);
    const Verdict verdict = verify(disk, "j", {.known = {before}});
    ASSERT_EQ(verdict.findings, std::vector<Finding>{});
    EXPECT_EQ(verdict.first, names[3].first_index);
    EXPECT_EQ(verdict.chain, before);
  }
  EXPECT_EQ(disk.list("old").size(), 9U);
  auto journal = Journal::open(disk, "j");
  for (const core::Entry& e : all) {
    if (identity_of(e)) {
      ASSERT_EQ(journal->append(e).outcome, Receipt::Outcome::Duplicate);
    }
  }
  Reader reader(disk, "j");
  EXPECT_EQ(reader.first(), segments_in(disk, "j").front().first_index);
  EXPECT_THROW(reader.seek(0), core::Error);
  disk.flip("j/retired.hashes", 8 * 300);
  EXPECT_FALSE(verify(disk, "j").good());
  disk.remove("j/retired.hashes");
  EXPECT_FALSE(verify(disk, "j").good());
}

// A stop in the midst of it.
TEST(Retention, MayStopAnywhere) {
  bool stopped = true;
  for (std::uint64_t n = 0; stopped; ++n) {
    SimulatedDisk disk(n);
    const auto all = write_example(disk, "j", {.count = 150});
    const ChainHead before = verify(disk, "j").chain;
    const auto names = segments_in(disk, "j");
    Snapshots(disk, "j", id_of(example_origin())).save("belief", names[2].first_index, Bytes(10));
    const RetentionPolicy policy{.raw_before = Ever, .segments_before = Ever, .states = {"belief"}};
    disk.stop_at(disk.operations() + n);
    stopped = false;
    try {
      (void)apply_retention(disk, "j", policy);
    } catch (const Stopped&) {
      stopped = true;
    }
    disk.power_cut();
    EXPECT_EQ(Journal::open(disk, "j")->size(), all.size());
    (void)apply_retention(disk, "j", policy);
    ASSERT_EQ(verify(disk, "j", {.known = {before}}).findings, std::vector<Finding>{}) << n;
    EXPECT_EQ(segments_in(disk, "j").front(), names[2]);
  }
}

}  // namespace
}  // namespace twin::record
