// If these failed, the twin would lose an event that it has acknowledged, take one twice, or believe
// a journal that was changed.
#include "twin/record/journal.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "twin/contract/refusal.hpp"
#include "twin/record/example.hpp"
#include "twin/record/reader.hpp"
#include "twin/record/simulated_disk.hpp"

namespace twin::record {
namespace {

using Outcome = Receipt::Outcome;

Origin origin() {
  return {.head = {.seed = 7, .model_version = "toy 1", .configuration = 0xabc},
          .created = 1'790'000'000'000,
          .salt = 1};
}

constexpr JournalOptions Small{.segment_bytes = 3000, .block_bytes = 700};

std::vector<core::Entry> entries_of(Disk& disk) {
  const core::Record record = read_record(disk, "j");
  return {record.entries().begin(), record.entries().end()};
}

// An entry that comes back changed, in another order or not at all.
TEST(Journal, GivesBackWhatWasAppended) {
  SimulatedDisk disk(1);
  const auto all = ExampleEntries(1).take(500);
  auto journal = Journal::create(disk, "j", origin(), Small);
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(journal->append(all[i]), (Receipt{Outcome::Appended, i}));
    if (i % 7 == 0) {
      ASSERT_EQ(journal->commit(), Committed::Durable);
    }
  }
  EXPECT_EQ(journal->size(), 500U);
  EXPECT_EQ(journal->commit(), Committed::Durable);
  EXPECT_EQ(journal->durable(), 500U);
  EXPECT_GT(segments_in(disk, "j").size(), 10U);
  EXPECT_EQ(entries_of(disk), all);
  const core::Record record = read_record(disk, "j");
  EXPECT_EQ(record.head(), origin().head);
}

// A restart that forgets what came, or does not know a message again that came before it.
TEST(Journal, GoesOnWhereItStopped) {
  SimulatedDisk disk(1);
  const auto all = ExampleEntries(2).take(400);
  std::size_t n = 0;
  for (std::size_t end = 20; end <= all.size(); end += 20) {
    auto journal =
        n == 0 ? Journal::create(disk, "j", origin(), Small) : Journal::open(disk, "j", Small);
    EXPECT_EQ(journal->size(), n);
    EXPECT_EQ(journal->recovery().torn_bytes, 0U);
    EXPECT_EQ(journal->recovery().closed_cleanly, n != 0 && (end / 20) % 2 == 1);
    for (std::size_t i = 0; i < n; ++i) {
      if (identity_of(all[i])) {
        ASSERT_EQ(journal->append(all[i]).outcome, Outcome::Duplicate) << i;
      }
    }
    for (; n < end; ++n) {
      ASSERT_EQ(journal->append(all[n]), (Receipt{Outcome::Appended, n}));
    }
    const Committed result = (end / 20) % 2 == 0 ? journal->close() : journal->commit();
    ASSERT_EQ(result, Committed::Durable);
  }
  EXPECT_EQ(entries_of(disk), all);
}

// A duplicate that is acknowledged while its first copy could still be lost.
TEST(Journal, ADuplicateWaitsForItsFirstCopy) {
  SimulatedDisk disk(1);
  auto journal = Journal::create(disk, "j", origin());
  const core::Entry entry = core::Observation{.sensor = 1, .sensor_seq = 9};
  EXPECT_EQ(journal->append(entry), (Receipt{Outcome::Appended, 0}));
  EXPECT_EQ(journal->append(core::Note{}), (Receipt{Outcome::Appended, 1}));
  const Receipt again = journal->append(entry);
  EXPECT_EQ(again.outcome, Outcome::Duplicate);
  EXPECT_GE(again.index, journal->durable());
  EXPECT_EQ(journal->commit(), Committed::Durable);
  EXPECT_LT(again.index, journal->durable());
  EXPECT_EQ(journal->size(), 2U);
}

// Epochs, sources, or corrections that are taken for messages that came before.
TEST(Journal, KnowsAMessageBySourceEpochAndNumber) {
  SimulatedDisk disk(1);
  auto journal = Journal::create(disk, "j", origin());
  const auto outcome = [&](const core::Entry& e) { return journal->append(e).outcome; };
  const core::Observation o{.sensor = 1, .epoch = 2, .sensor_seq = 3};
  EXPECT_EQ(outcome(o), Outcome::Appended);
  EXPECT_EQ(outcome(core::Observation{.sensor = 2, .epoch = 2, .sensor_seq = 3}),
            Outcome::Appended);
  EXPECT_EQ(outcome(core::Observation{.sensor = 1, .epoch = 3, .sensor_seq = 3}),
            Outcome::Appended);
  EXPECT_EQ(outcome(core::Observation{.sensor = 1, .epoch = 2, .sensor_seq = 4}),
            Outcome::Appended);
  EXPECT_EQ(outcome(core::Correction{.amends = 0, .now = o}), Outcome::Appended);
  EXPECT_EQ(outcome(core::Correction{.amends = 0, .now = o}), Outcome::Appended);
  EXPECT_EQ(outcome(core::Correction{.amends = {}, .now = o}), Outcome::Duplicate);
  EXPECT_EQ(outcome(o), Outcome::Duplicate);
  EXPECT_EQ(outcome(core::Note{}), Outcome::Appended);
  EXPECT_EQ(outcome(core::Note{}), Outcome::Appended);
  EXPECT_EQ(journal->ranges({1, 2}), (std::vector<Range>{{3, 4}}));
}

// A sync for each thread that waits, or an entry that two threads' appends tore.
TEST(Journal, ThreadsShareASync) {
  SimulatedDisk disk(1);
  std::atomic<std::uint64_t> syncs = 0;
  disk.on_sync([&] {
    ++syncs;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  });
  auto journal = Journal::create(disk, "j", origin());
  constexpr std::uint32_t Threads = 8;
  constexpr std::uint64_t Each = 25;
  std::vector<std::thread> threads;
  for (std::uint32_t t = 0; t < Threads; ++t) {
    threads.emplace_back([&journal, t] {
      for (std::uint64_t i = 0; i < Each; ++i) {
        const Receipt r = journal->append(core::Observation{.sensor = t, .sensor_seq = i});
        ASSERT_EQ(r.outcome, Outcome::Appended);
        ASSERT_EQ(journal->commit(), Committed::Durable);
        ASSERT_GT(journal->durable(), r.index);
      }
    });
  }
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(entries_of(disk).size(), Threads * Each);
  for (std::uint32_t t = 0; t < Threads; ++t)
    EXPECT_EQ(journal->ranges({t, 0}), (std::vector<Range>{{0, Each - 1}}));
  EXPECT_LT(journal->syncs(), Threads * Each / 2);
}

// A full disk that loses what waits, acknowledges it, or stays full for ever.
TEST(Journal, ResumesWhenThereIsSpaceAgain) {
  SimulatedDisk disk(3);
  auto journal = Journal::create(disk, "j", origin(), {.waiting_bytes_max = 2000});
  const auto all = ExampleEntries(5).take(60);
  disk.set_capacity(1200);
  std::size_t taken = 0;
  bool refused = false, full = false;
  for (const core::Entry& e : all) {
    if (journal->append(e).outcome == Outcome::Refused) {
      refused = true;
      break;
    }
    ++taken;
    full = journal->commit() == Committed::Full || full;
  }
  EXPECT_TRUE(full && refused);
  EXPECT_LT(journal->durable(), taken);
  EXPECT_EQ(journal->trouble(),
            "j/0000000000-00000000000000000000.fbj: cannot be written (no space left, by plan)");
  disk.set_capacity(1'000'000);
  EXPECT_EQ(journal->commit(), Committed::Durable);
  EXPECT_EQ(journal->durable(), taken);
  EXPECT_EQ(journal->trouble(), "");
  EXPECT_EQ(entries_of(disk), (std::vector<core::Entry>(
                                  all.begin(), all.begin() + static_cast<std::ptrdiff_t>(taken))));
}

// A failed sync that is tried again and believed (the system has forgotten the pages by then).
TEST(Journal, AFailedSyncIsFinal) {
  const core::Note lost{.at = 2, .text = std::string(3000, 'x')};  // more than a sector
  for (const auto cause : {DiskError::Cause::Failed, DiskError::Cause::Full}) {
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
      SimulatedDisk disk(seed);
      auto journal = Journal::create(disk, "j", origin());
      ASSERT_EQ(journal->append(core::Note{.at = 1}).outcome, Outcome::Appended);
      ASSERT_EQ(journal->commit(), Committed::Durable);
      ASSERT_EQ(journal->append(lost).outcome, Outcome::Appended);
      disk.fail_at(disk.operations() + 1, cause);  // write, sync
      EXPECT_EQ(journal->commit(), Committed::Broken);
      EXPECT_EQ(journal->commit(), Committed::Broken);
      EXPECT_EQ(journal->append(core::Note{.at = 3}).outcome, Outcome::Refused);
      EXPECT_EQ(journal->durable(), 1U);
      // Opened anew, what can be read is written once more, so that from then on it lasts.
      journal.reset();
      journal = Journal::open(disk, "j");
      EXPECT_EQ(journal->size(), 2U);
      ASSERT_EQ(journal->append(core::Note{.at = 3}).outcome, Outcome::Appended);
      ASSERT_EQ(journal->commit(), Committed::Durable);
      journal.reset();
      disk.power_cut();
      EXPECT_EQ(entries_of(disk),
                (std::vector<core::Entry>{core::Note{.at = 1}, lost, core::Note{.at = 3}}));
    }
  }
}

// A damage of the last segment that is cut off as if it were an unfinished write, with what was
// acknowledged; and a refusal that changes something.
TEST(Journal, RefusesToOpenADamagedOne) {
  SimulatedDisk good(1);
  const auto journal = Journal::create(good, "j", origin());
  for (const core::Entry& e : ExampleEntries(4).take(30)) {
    (void)journal->append(e);
    ASSERT_EQ(journal->commit(), Committed::Durable);
  }
  const std::string name = to_string(SegmentName{});
  const Bytes whole = good.bytes("j/" + name);
  const std::size_t begin = SegmentReader(good, "j", {}).offset();
  for (std::size_t bit = 8 * begin; bit < 8 * whole.size(); bit += 11) {
    SimulatedDisk disk(1);
    disk.set_bytes("j/" + name, whole);
    disk.flip("j/" + name, bit);
    const Bytes before = disk.bytes("j/" + name);
    const std::string said = contract::refusal([&] { (void)Journal::open(disk, "j"); });
    ASSERT_TRUE(said.starts_with(name + ", byte ")) << bit << said;
    ASSERT_EQ(disk.bytes("j/" + name), before);
  }
}

// Two writers of one journal.
TEST(Journal, HasOneWriter) {
  SimulatedDisk disk(3);
  EXPECT_EQ(contract::refusal([&] { (void)Journal::open(disk, "j"); }),
            "j: no journal (there is no segment in it); is it the folder?");
  const auto journal = Journal::create(disk, "j", origin());
  EXPECT_EQ(contract::refusal([&] { (void)Journal::open(disk, "j"); }),
            "j/lock: is in use by another process");
}

// A journal that is made over another one.
TEST(Journal, IsNeverMadeOverAnother) {
  SimulatedDisk disk(3);
  ASSERT_EQ(Journal::create(disk, "j", origin())->close(), Committed::Durable);
  EXPECT_EQ(contract::refusal([&] { (void)Journal::create(disk, "j", origin()); }),
            "j: there is a journal already (nothing was changed); open it?");
}

// A message too large for any journal that takes the process with it.
TEST(Journal, RefusesAMonster) {
  SimulatedDisk disk(3);
  const auto journal = Journal::create(disk, "j", origin());
  core::Observation monster{.raw = std::vector<std::uint8_t>(EntryBytesMax + 1)};
  EXPECT_EQ(contract::refusal([&] { (void)journal->append(monster); }),
            "an entry of 67108865 bytes (a journal takes at most 67108864); is the message one?");
  EXPECT_EQ(journal->append(core::Observation{}), (Receipt{Outcome::Appended, 0}));
}

// A closed journal that goes on.
TEST(Journal, TakesNothingAfterClose) {
  SimulatedDisk disk(3);
  const auto journal = Journal::create(disk, "j", origin());
  ASSERT_EQ(journal->append(core::Note{}).outcome, Outcome::Appended);
  ASSERT_EQ(journal->close(), Committed::Durable);
  ASSERT_EQ(journal->close(), Committed::Durable);
  EXPECT_EQ(journal->append(core::Note{}).outcome, Outcome::Refused);
  EXPECT_EQ(journal->durable(), 1U);
}

}  // namespace
}  // namespace twin::record
