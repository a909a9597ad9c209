// If these failed, a fab's record would be lost with the program that wrote it, or be read as if it
// meant something else.
#include "twin/record/migration.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "twin/contract/refusal.hpp"
#include "twin/core/hash.hpp"
#include "twin/record/backup.hpp"
#include "twin/record/example.hpp"
#include "twin/record/reader.hpp"
#include "twin/record/simulated_disk.hpp"
#include "twin/record/snapshots.hpp"
#include "twin/record/verify.hpp"

namespace twin::record {
namespace {

namespace fs = std::filesystem;

// The golden journal, as if it were of another schema: all headers say so, and are whole.
void load_migration(SimulatedDisk& disk, std::uint32_t schema) {
  const fs::path root = "data/journals/schema-1-closed";
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    Bytes bytes(std::istreambuf_iterator<char>(in), {});
    if (entry.path().extension() == ".fbj") {
      put_little32(bytes.data() + 8, schema);
      const std::size_t check = get_little32(bytes.data() + 12) - 8;
      const std::uint64_t hash = core::hash64(bytes.data(), check);
      put_little32(bytes.data() + check, static_cast<std::uint32_t>(hash));
      put_little32(bytes.data() + check + 4, static_cast<std::uint32_t>(hash >> 32U));
    }
    disk.set_bytes("j/" + fs::relative(entry.path(), root).generic_string(), bytes);
  }
}

// Schema 0, which never was: its notes were spoken of in capitals.
void from_0(core::Entry& entry) {
  if (auto* note = std::get_if<core::Note>(&entry)) note->kind = "was " + note->kind;
}
constexpr Migration Known[] = {{.to = 1, .entry = from_0}};

TEST(Migration, MakesAnOlderJournalOneOfTheNewest) {
  SimulatedDisk disk(1);
  load_migration(disk, SchemaVersion);
  const core::Record as_written = read_record(disk, "j");
  load_migration(disk, 0);
  EXPECT_EQ(schema_of(disk, "j"), 0U);
  const auto before = disk.paths();
  // Nothing but the migration touches it.
  const std::string refused =
      "0000000000-00000000000000000000.fbj: a journal of schema 0 (this program writes 1); write "
      "it "
      "anew by 'migrate'?";
  EXPECT_EQ(contract::refusal([&] { (void)read_record(disk, "j"); }), refused);
  EXPECT_EQ(contract::refusal([&] { (void)copy_journal({disk, "j"}, {disk, "copy"}); }), refused);
  EXPECT_EQ(contract::refusal([&] { (void)Journal::open(disk, "j"); }),
            "0000000003-00000000000000000111.fbj: a journal of schema 0 (this program writes 1); "
            "write it anew by 'migrate'?");

  const Origin origin = migrate_journal({disk, "j"}, {disk, "newest"}, 5, Known);
  ASSERT_TRUE(origin.parent);
  EXPECT_EQ(origin.parent->head.entries, as_written.size());
  EXPECT_EQ(schema_of(disk, "newest"), SchemaVersion);
  EXPECT_EQ(verify(disk, "newest").findings, std::vector<Finding>{});
  const core::Record record = read_record(disk, "newest");
  ASSERT_EQ(record.size(), as_written.size());
  std::size_t notes = 0;
  for (std::size_t k = 0; k < record.size(); ++k) {
    core::Entry entry = as_written.entries()[k];
    from_0(entry);
    notes += std::holds_alternative<core::Note>(entry) ? 1U : 0U;
    EXPECT_EQ(record.entries()[k], entry) << k;
  }
  EXPECT_GT(notes, 3U);
  // Exactly once, across the schemas.
  const auto journal = Journal::open(disk, "newest");
  for (const core::Entry& e : record.entries()) {
    if (identity_of(e)) {
      EXPECT_EQ(journal->append(e).outcome, Receipt::Outcome::Duplicate);
    }
  }
  EXPECT_EQ(Snapshots(disk, "newest", journal->id()).names(),
            std::vector<std::string>{std::string(SequencesName)});
  // The old one is as it was.
  EXPECT_EQ(schema_of(disk, "j"), 0U);
  for (const std::string& path : before) EXPECT_TRUE(disk.exists(path)) << path;
}

TEST(Migration, RefusesWhatItCannotMake) {
  SimulatedDisk disk(1);
  load_migration(disk, 0);
  const auto migrate = [&](std::span<const Migration> known) {
    return contract::refusal([&] {
      (void)migrate_journal({disk, "j"}, {disk, "newest"}, 5, known);
    });
  };
  const std::string no_way =
      "a journal of schema 0 (this program knows no way from it to 1); is there an older program "
      "that does?";
  EXPECT_EQ(migrate(migrations()), no_way);
  constexpr Migration Beyond[] = {{.to = 1, .entry = from_0}, {.to = 2, .entry = from_0}};
  EXPECT_EQ(migrate(Beyond), no_way);
  load_migration(disk, SchemaVersion + 1);
  EXPECT_EQ(migrate(migrations()),
            "a journal of schema 2 (this program reads 1); is there a newer program?");
  EXPECT_EQ(contract::refusal([&] { (void)schema_of(disk, "nowhere"); }),
            "nowhere: no journal (there is no segment in it); is it the folder?");
  EXPECT_FALSE(disk.exists("newest/0000000000-00000000000000000000.fbj"));
}

TEST(Migration, StepsLeadToThisProgramsSchema) {
  EXPECT_EQ(steps_from(SchemaVersion, migrations()).all.size(), 0U);
  EXPECT_EQ(steps_from(0, Known).all.size(), 1U);
  // A schema that is raised without a step from the one before it fails here.
  if (SchemaVersion > 1) {
    EXPECT_EQ(steps_from(1, migrations()).all.size(), SchemaVersion - 1);
  }
}

}  // namespace
}  // namespace twin::record
