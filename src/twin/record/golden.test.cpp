// If these failed, a journal that was written by an older program could not be read any more. The
// journals in data/journals are never written anew: a schema that comes gets its own folder.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "twin/core/archive.hpp"
#include "twin/record/backup.hpp"
#include "twin/record/example.hpp"
#include "twin/record/file_disk.hpp"
#include "twin/record/reader.hpp"
#include "twin/record/retention.hpp"
#include "twin/record/simulated_disk.hpp"
#include "twin/record/snapshots.hpp"
#include "twin/record/verify.hpp"

namespace twin::record {
namespace {

namespace fs = std::filesystem;

// A copy in memory, so that opening changes no file of the tree.
void load(SimulatedDisk& disk, const std::string& journal) {
  const fs::path root = fs::path("data/journals") / journal;
  ASSERT_TRUE(fs::is_directory(root)) << root;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    disk.set_bytes("j/" + fs::relative(entry.path(), root).generic_string(),
                   Bytes(std::istreambuf_iterator<char>(in), {}));
  }
}

struct Golden {
  const char* name;
  std::uint64_t first, entries, torn_bytes;
  std::uint64_t fingerprint;  // of the entries that are there
  const char* chain;
};

constexpr Golden All[] = {
    {"schema-1-closed", 0, 120, 0, 959531469230018579U,
     "f91ca4add7545e779e80920eb523333a793dfeaa3d2efe4f96f70407e301b8a8"},
    {"schema-1-killed", 0, 69, 192, 10713262763712317784U,
     "86028fa5ef660109267b1245bbe309af0c2f9ab30557af6f8492e2674e5f2b6e"},
    {"schema-1-retained", 41, 79, 0, 609058679661325078U,
     "f91ca4add7545e779e80920eb523333a793dfeaa3d2efe4f96f70407e301b8a8"},
    {"schema-1-fork", 0, 50, 0, 3309276446934021220U,
     "1cae40997d369953e3ab4e6cfb538d4a3516a05e69d5be18ce090dd2f897ea83"},
};

TEST(Golden, EveryJournalIsReadForEver) {
  for (const Golden& golden : All) {
    SimulatedDisk disk(1);
    load(disk, golden.name);
    const Verdict verdict = verify(disk, "j");
    EXPECT_EQ(verdict.findings, std::vector<Finding>{}) << golden.name;
    EXPECT_EQ(verdict.first, golden.first) << golden.name;
    EXPECT_EQ(verdict.entries, golden.entries) << golden.name;
    EXPECT_EQ(verdict.torn_bytes, golden.torn_bytes) << golden.name;
    EXPECT_EQ(hex(verdict.chain.chain), golden.chain) << golden.name;
    const core::Record record = read_record(disk, "j");
    EXPECT_EQ(core::fingerprint(record), golden.fingerprint) << golden.name;
    const auto journal = Journal::open(disk, "j");
    EXPECT_EQ(journal->size(), golden.first + golden.entries) << golden.name;
    for (const core::Entry& e : record.entries()) {
      if (identity_of(e)) {
        EXPECT_EQ(journal->append(e).outcome, Receipt::Outcome::Duplicate) << golden.name;
      }
    }
    EXPECT_EQ(journal->append(core::Note{.text = "goes on"}).index, verdict.chain.entries);
    EXPECT_EQ(journal->commit(), Committed::Durable);
    if (golden.first > 0) continue;
    (void)migrate_journal({disk, "j"}, {disk, "newest"}, 5);
    EXPECT_EQ(read_record(disk, "newest").size(), golden.entries + 1) << golden.name;
  }
}

// How the folders were made. Run once for a new schema, with other names:
// twin_record_tests --gtest_also_run_disabled_tests --gtest_filter=Golden.DISABLED_Write
TEST(Golden, DISABLED_Write) {
  FileDisk disk;
  const std::string root = "data/journals/schema-" + std::to_string(SchemaVersion) + "-";
  for (const char* name : {"closed", "killed", "retained", "fork"})
    ASSERT_FALSE(fs::exists(root + name)) << "never written anew";
  const JournalOptions small{.segment_bytes = 5000, .block_bytes = 900};
  const auto all = write_example(disk, root + "closed", {.count = 120, .options = small});
  {
    const auto journal = Journal::create(disk, root + "killed", example_origin(), small);
    for (std::size_t i = 0; i < 70; ++i) {
      (void)journal->append(all[i]);
      if (i % 7 == 6) {
        ASSERT_EQ(journal->commit(), Committed::Durable);
      }
    }
  }
  const std::string last = root + "killed/" + to_string(segments_in(disk, root + "killed").back());
  const auto file = disk.open(last, Access::Change);
  file->truncate(file->size() - 10);
  (void)write_example(disk, root + "retained", {.count = 120, .options = small});
  const auto names = segments_in(disk, root + "retained");
  Snapshots(disk, root + "retained", id_of(example_origin()))
      .save("belief", names[1].first_index, Bytes(20, 7));
  const core::Tick ever = std::numeric_limits<core::Tick>::max();
  (void)apply_retention(disk, root + "retained",
                        {.raw_before = ever, .segments_before = ever, .states = {"belief"}});
  (void)fork_journal({disk, root + "closed"}, {disk, root + "fork"}, {.at = 50, .created = 3});
}

}  // namespace
}  // namespace twin::record
