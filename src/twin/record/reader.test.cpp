// If these failed, a replay would leave out entries, give some twice, or believe changed ones.
#include "twin/record/reader.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "twin/contract/allocations.hpp"
#include "twin/contract/refusal.hpp"
#include "twin/record/example.hpp"
#include "twin/record/file_disk.hpp"
#include "twin/record/simulated_disk.hpp"

namespace twin::record {
namespace {

// An index that leads elsewhere.
TEST(Reader, SeeksAnyIndex) {
  SimulatedDisk disk(1);
  const auto all = write_example(disk, "j");
  Reader reader(disk, "j");
  EntryView view;
  for (std::uint64_t i = 0; i < all.size(); ++i) {
    const std::uint64_t index = (i * 131) % all.size();
    reader.seek(index);
    EXPECT_EQ(reader.index(), index);
    ASSERT_TRUE(reader.next(view));
    ASSERT_EQ(view.index, index);
    ASSERT_EQ(view.entry(), all[index]);
  }
  reader.seek(all.size());
  EXPECT_FALSE(reader.next(view));
  reader.seek(all.size() + 100);
  EXPECT_FALSE(reader.next(view));
}

// A moment that leads behind something that had not arrived before it, or before something that had.
TEST(Reader, SeeksAMoment) {
  SimulatedDisk disk(1);
  const auto all = write_example(disk, "j");
  std::vector<core::Tick> latest;  // [index] before it
  core::Tick now = NothingArrived;
  Reader reader(disk, "j");
  for (EntryView view; reader.next(view);) {
    latest.push_back(now);
    if (view.kind != EntryKind::Advance) now = std::max(now, view.arrived);
  }
  for (std::size_t i = 0; i < all.size(); i += 3) {
    const core::Tick at = latest[i] == NothingArrived ? 0 : latest[i] + 1;
    std::uint64_t expected = all.size();  // the first entry that arrived at or after it
    Reader slow(disk, "j");
    for (EntryView view; slow.next(view);) {
      if (view.kind == EntryKind::Advance || view.arrived < at) continue;
      expected = view.index;
      break;
    }
    reader.seek_arrival(at);
    EXPECT_EQ(reader.index(), expected);
  }
  reader.seek_arrival(now + 1);
  EntryView view;
  EXPECT_FALSE(reader.next(view));
}

// A reader that stops for good at the end, or that shows what is not durable.
TEST(Reader, FollowsAWriter) {
  SimulatedDisk disk(1);
  const auto all = ExampleEntries(1).take(500);
  const auto journal = Journal::create(disk, "j", example_origin(), {.segment_bytes = 2000});
  Reader reader(disk, "j");
  EntryView view;
  EXPECT_FALSE(reader.next(view));
  std::size_t read = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    (void)journal->append(all[i]);
    if (i % 3 != 0) continue;
    EXPECT_FALSE(reader.next(view));
    ASSERT_EQ(journal->commit(), Committed::Durable);
    while (reader.next(view)) {
      ASSERT_EQ(view.entry(), all[read++]);
    }
    ASSERT_EQ(read, i + 1);
    EXPECT_EQ(reader.chain(), journal->chain());
  }
  EXPECT_GT(segments_in(disk, "j").size(), 10U);
}

// A block that is called damaged because it was looked at while it was written.
TEST(Reader, FollowsAWriterInAnotherThread) {
  const std::string folder = testing::TempDir() + "fabtwin_reader_" + std::to_string(::getpid());
  std::filesystem::remove_all(folder);
  FileDisk disk;
  const auto journal = Journal::create(disk, folder, example_origin(), {.segment_bytes = 100'000});
  constexpr std::uint64_t Count = 6000;
  std::thread writer([&] {
    for (std::uint64_t i = 0; i < Count; ++i) {
      (void)journal->append(ExampleEntries::observation(i, 10));
      if (i % 11 == 0) {
        ASSERT_EQ(journal->commit(), Committed::Durable);
      }
    }
    ASSERT_EQ(journal->close(), Committed::Durable);
  });
  Reader reader(disk, folder);
  std::uint64_t count = 0;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (count < Count && std::chrono::steady_clock::now() < deadline) {
    for (EntryView view; reader.next(view); ++count) {
      ASSERT_EQ(view.index, count);
    }
  }
  writer.join();
  EXPECT_EQ(count, Count);
  std::filesystem::remove_all(folder);
}

// A limit that lets one more through, or that cannot be lifted.
TEST(Reader, StopsAtALimit) {
  SimulatedDisk disk(1);
  (void)write_example(disk, "j");
  Reader reader(disk, "j");
  EntryView view;
  std::uint64_t count = 0;
  for (const std::uint64_t limit : {0U, 10U, 11U, 200U}) {
    reader.limit(limit);
    while (reader.next(view)) ++count;
    EXPECT_EQ(count, limit);
  }
}

// A half-written block that is read, or that is taken for a damage, or never read once it is whole.
TEST(Reader, WaitsForAHalfWrittenBlock) {
  SimulatedDisk disk(1);
  const auto journal = Journal::create(disk, "j", example_origin());
  const std::string path = "j/" + to_string(SegmentName{});
  (void)journal->append(core::Note{.at = 1});
  (void)journal->commit();
  (void)journal->append(core::Note{.at = 2});
  (void)journal->commit();
  const Bytes whole = disk.bytes(path);
  disk.set_bytes(path, Bytes(whole.begin(), whole.end() - 30));
  Reader reader(disk, "j");
  EntryView view;
  EXPECT_TRUE(reader.next(view));
  EXPECT_FALSE(reader.next(view));
  EXPECT_TRUE(reader.torn());
  disk.open(path, Access::Change)->write(0, whole);
  EXPECT_TRUE(reader.next(view));
  EXPECT_EQ(view.at, 2);
  EXPECT_FALSE(reader.next(view));
  EXPECT_FALSE(reader.torn());
}

// A replay that goes on behind a damage.
TEST(Reader, GivesAllBeforeADamageAndStops) {
  SimulatedDisk disk(1);
  const auto all = write_example(disk, "j");
  const auto name = segments_in(disk, "j")[2];
  const std::string path = "j/" + to_string(name);
  disk.flip(path, 8 * (disk.bytes(path).size() / 2));
  Reader reader(disk, "j");
  EntryView view;
  std::uint64_t count = 0;
  try {
    while (reader.next(view)) {
      ASSERT_EQ(view.entry(), all[count++]);
    }
    ADD_FAILURE();
  } catch (const JournalDamaged& e) {
    EXPECT_EQ(e.segment(), to_string(name));
    EXPECT_GE(count, name.first_index);
    EXPECT_LT(count, all.size());
  }
}

// A replay that allocates for every event.
TEST(Reader, AllocatesOnlyForBlocks) {
  if (!contract::allocations_are_counted()) GTEST_SKIP() << "a sanitizer counts for itself";
  SimulatedDisk disk(1);
  const auto journal = Journal::create(disk, "j", example_origin());
  for (std::uint64_t i = 0; i < 20'000; ++i)
    (void)journal->append(ExampleEntries::observation(i, 10));
  ASSERT_EQ(journal->close(), Committed::Durable);
  Reader reader(disk, "j");
  EntryView view;
  ASSERT_TRUE(reader.next(view));
  const std::uint64_t before = contract::allocations();
  while (reader.next(view)) {
  }
  EXPECT_LT(contract::allocations() - before, 50U);
}

TEST(Reader, SaysThatThereIsNoJournal) {
  SimulatedDisk disk(1);
  disk.make_folder("j");
  EXPECT_EQ(contract::refusal([&] { Reader reader(disk, "j"); }),
            "j: no journal (there is no segment in it); is it the folder?");
}

}  // namespace
}  // namespace twin::record
