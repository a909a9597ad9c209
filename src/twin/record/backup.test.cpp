// If these failed, a backup would not be the journal, or would be written over one.
#include "twin/record/backup.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"
#include "twin/record/daily_heads.hpp"
#include "twin/record/example.hpp"
#include "twin/record/prov.hpp"
#include "twin/record/reader.hpp"
#include "twin/record/simulated_disk.hpp"
#include "twin/record/snapshots.hpp"
#include "twin/record/verify.hpp"

namespace twin::record {
namespace {

// A copy that lacks entries, states or what proves them.
TEST(Backup, IsTheJournal) {
  SimulatedDisk disk(1), other(2);
  const auto all = write_example(disk, "j", {.count = 1500});
  Snapshots(disk, "j", id_of(example_origin())).save("belief", 100, Bytes(10, 3));
  const Copied copied = copy_journal({disk, "j"}, {other, "b/today"});
  EXPECT_EQ(copied.head, verify(disk, "j").chain);
  const Verdict verdict = verify(other, "b/today", {.known = {copied.head}});
  EXPECT_EQ(verdict.findings, std::vector<Finding>{});
  EXPECT_TRUE(verdict.closed);
  EXPECT_EQ(read_record(other, "b/today"), read_record(disk, "j"));
  for (const std::string& path : disk.paths()) {
    if (path != "j/lock") {
      EXPECT_EQ(other.bytes("b/today" + path.substr(1)), disk.bytes(path)) << path;
    }
  }
  // And back.
  SimulatedDisk third(3);
  EXPECT_EQ(copy_journal({other, "b/today"}, {third, "j"}).head, copied.head);
  EXPECT_EQ(Journal::open(third, "j")->size(), all.size());
}

// A copy that forgets what a forecast was made from: it can be made again from nothing else.
TEST(Backup, HasTheProvenanceToo) {
  SimulatedDisk disk(1), other(2), third(3);
  const auto all = write_example(disk, "j", {.count = 300});
  for (const std::uint64_t entries : {40U, 200U}) {
    const std::string text = to_json(provenance({.id = "forecast-" + std::to_string(entries),
                                                 .entry_end = entries,
                                                 .journal_head = "00ff",
                                                 .model = "fab"}));
    disk.set_bytes("j/provenance/forecast-" + std::to_string(entries) + ".json",
                   Bytes(text.begin(), text.end()));
  }
  disk.set_bytes("j/provenance/damaged.json", {'{'});
  disk.set_bytes("j/provenance/half.json.tmp", {'{'});
  (void)copy_journal({disk, "j"}, {other, "b"});
  (void)copy_journal({other, "b"}, {third, "j"});
  for (SimulatedDisk* copy : {&other, &third}) {
    const std::string folder = copy == &other ? "b/" : "j/";
    for (const char* file : {"forecast-40", "forecast-200", "damaged"}) {
      const std::string path = std::string("provenance/") + file + ".json";
      EXPECT_EQ(copy->bytes(folder + path), disk.bytes("j/" + path)) << path;
    }
    EXPECT_FALSE(copy->exists(folder + "provenance/half.json.tmp"));
  }
  // Not what it says of entries that are not there.
  SimulatedDisk part(4);
  const Copied copied = copy_journal({disk, "j"}, {part, "b"}, 150);
  EXPECT_GE(copied.head.entries, 40U);
  EXPECT_TRUE(part.exists("b/provenance/forecast-40.json"));
  EXPECT_FALSE(part.exists("b/provenance/forecast-200.json"));
}

// A copy of a journal at work that is torn, or that has what was not durable.
TEST(Backup, OfALiveJournalIsAPrefix) {
  SimulatedDisk disk(1);
  const auto all = ExampleEntries(5).take(600);
  const auto journal = Journal::create(disk, "j", example_origin(), {.segment_bytes = 3000});
  std::uint64_t copies = 0;
  disk.on_sync([&] {  // in the midst of a write: the block stands there, and is not durable
    if (journal == nullptr || copies++ % 9 != 0) return;
    SimulatedDisk other(2);
    const std::uint64_t durable = journal->durable();
    const Copied copied = copy_journal({disk, "j"}, {other, "b"}, durable);
    EXPECT_EQ(copied.head.entries, durable);
    EXPECT_EQ(verify(other, "b").findings, std::vector<Finding>{});
    const core::Record record = read_record(other, "b");
    EXPECT_TRUE(std::equal(record.entries().begin(), record.entries().end(), all.begin()));
    EXPECT_EQ(Journal::open(other, "b")->size(), durable);
  });
  for (std::size_t i = 0; i < all.size(); ++i) {
    (void)journal->append(all[i]);
    if (i % 4 == 0) {
      ASSERT_EQ(journal->commit(), Committed::Durable);
    }
  }
  EXPECT_GT(copies, 100U);
  disk.on_sync({});
}

// A journal that is lost under a backup.
TEST(Backup, OverwritesNothing) {
  SimulatedDisk disk(1);
  (void)write_example(disk, "j");
  (void)write_example(disk, "k");
  EXPECT_EQ(contract::refusal([&] {
              (void)copy_journal({disk, "j"}, {disk, "k"});
            }),
            "k: there is a journal already (nothing was changed); another folder?");
  EXPECT_EQ(contract::refusal([&] {
              (void)fork_journal({disk, "j"}, {disk, "k"}, {});
            }),
            "k: there is a journal already (nothing was changed); another folder?");
}

// Half a copy that passes for a journal.
TEST(Backup, AnUnfinishedCopyCannotBeOpened) {
  SimulatedDisk disk(1);
  (void)write_example(disk, "j", {.count = 100});
  bool stopped = true;
  std::uint64_t refused = 0;
  for (std::uint64_t n = 0; stopped; ++n) {
    SimulatedDisk other(n);
    other.stop_at(n);
    stopped = false;
    try {
      (void)copy_journal({disk, "j"}, {other, "b"});
    } catch (const Stopped&) {
      stopped = true;
    }
    other.power_cut();
    try {
      EXPECT_EQ(Journal::open(other, "b")->size(), 100U);
    } catch (const core::Error& e) {
      ++refused;
      const std::string said = e.what();
      EXPECT_TRUE(said == "b: a copy of a journal that was not finished; copy it again?" ||
                  said == "b: no journal (there is no segment in it); is it the folder?")
          << said;
    }
  }
  EXPECT_GT(refused, 20U);
}

// A damage that is copied as if it were none.
TEST(Backup, RefusesADamagedJournal) {
  SimulatedDisk disk(1), other(2);
  (void)write_example(disk, "j");
  disk.flip("j/" + to_string(segments_in(disk, "j")[1]), 8 * 500);
  EXPECT_THROW((void)copy_journal({disk, "j"}, {other, "b"}), JournalDamaged);
}

// A fork that does not know its parent, changes it, or has other entries.
TEST(Fork, GoesItsOwnWay) {
  SimulatedDisk disk(1);
  const auto all = write_example(disk, "j");
  Snapshots(disk, "j", id_of(example_origin())).save("belief", 50, Bytes(10, 3));
  Snapshots(disk, "j", id_of(example_origin())).save("belief", 200, Bytes(10, 4));
  const Verdict before = verify(disk, "j");
  const Origin origin = fork_journal({disk, "j"}, {disk, "what-if"}, {.at = 120, .created = 9});
  ASSERT_TRUE(origin.parent);
  EXPECT_EQ(origin.parent->id, id_of(example_origin()));
  EXPECT_EQ(origin.parent->head.entries, 120U);
  EXPECT_NE(id_of(origin), id_of(example_origin()));
  auto fork = Journal::open(disk, "what-if");
  EXPECT_EQ(fork->origin(), origin);
  EXPECT_EQ(fork->size(), 120U);
  const core::Record record = read_record(disk, "what-if");
  EXPECT_TRUE(std::equal(record.entries().begin(), record.entries().end(), all.begin()));
  EXPECT_EQ(Snapshots(disk, "what-if", fork->id()).newest("belief").found->index, 50U);
  for (std::size_t i = 0; i < 120; ++i) {
    if (identity_of(all[i])) {
      EXPECT_EQ(fork->append(all[i]).outcome, Receipt::Outcome::Duplicate);
    }
  }
  EXPECT_EQ(fork->append(core::Note{.text = "what if"}).outcome, Receipt::Outcome::Appended);
  EXPECT_EQ(fork->commit(), Committed::Durable);
  EXPECT_EQ(verify(disk, "what-if").findings, std::vector<Finding>{});
  EXPECT_EQ(verify(disk, "j").chain, before.chain);
}

// A record from before there were journals.
TEST(Import, TakesARecordOver) {
  SimulatedDisk disk(1);
  core::Record record({.seed = 3, .model_version = "old"});
  for (core::Entry& e : ExampleEntries(8).take(200)) record.append(std::move(e));
  (void)import_record(record, {disk, "j"}, 5);
  EXPECT_EQ(read_record(disk, "j"), record);
}

}  // namespace
}  // namespace twin::record
