// SQLite as a store: all that a store must do, and what happens when the world is against it.
#include "twin/record/sqlite.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/fsuid.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "twin/contract/refusal.hpp"
#include "twin/record/scratch_folder.hpp"
#include "twin/record/store_check.hpp"

namespace twin::record {
namespace {

using contract::refusal;

void run(const std::string& file, const char* sql) {
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open(file.c_str(), &raw), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(raw, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(raw);
  sqlite3_close(raw);
}

TEST(Sqlite, IsAStore) {
  // The historian and the index would rest on sand.
  const ScratchFolder scratch("sqlite");
  check_store([&] { return open_sqlite(scratch.file("a.db")); });
}

TEST(Sqlite, AnotherVersionIsRefused) {
  // Rows of another layout would be taken for ours.
  const ScratchFolder scratch("sqlite-version");
  const std::string file = scratch.file("a.db");
  open_sqlite(file).reset();
  run(file, "PRAGMA user_version=7");
  EXPECT_EQ(refusal([&] { open_sqlite(file); }),
            "sqlite " + file +
                " cannot be used (its version is 7, this program's is 1) make it again from the "
                "journal?");
}

TEST(Sqlite, AnotherProgramsFileIsRefused) {
  // We would write our tables into somebody's address book.
  const ScratchFolder scratch("sqlite-foreign");
  const std::string file = scratch.file("a.db");
  run(file, "CREATE TABLE addresses(name)");
  EXPECT_EQ(refusal([&] { open_sqlite(file); }),
            "sqlite " + file + " cannot be used (it is another program's) is the path right?");
  const std::string text = scratch.file("b.db");
  std::ofstream(text) << "This is no database, but a text that is long enough to look at. "
                      << std::string(1'000, '.');
  EXPECT_EQ(
      refusal([&] { open_sqlite(text); }),
      "sqlite " + text + " is damaged (file is not a database) make it again from the journal?");
}

TEST(Sqlite, ALockedStoreIsToldAndWaitsNoLonger) {
  // A second program would hang, or write between our rows.
  const ScratchFolder scratch("sqlite-locked");
  const std::string file = scratch.file("a.db");
  const auto first = open_sqlite(file), second = open_sqlite(file, {.busy_ms = 10});
  first->define(store_check::Probe);
  Transaction held(*first);
  store_check::put(*first, {{{1, 1}, {}}});
  const std::string locked =
      "sqlite " + file + " is locked (by another program, for more than 10 ms) is it served twice?";
  EXPECT_EQ(refusal([&] { store_check::put(*second, {{{2, 2}, {}}}); }), locked);
  EXPECT_EQ(refusal([&] { const Transaction refused(*second); }), locked);
  held.commit();
  store_check::put(*second, {{{2, 2}, {}}});
  EXPECT_EQ(store_check::rows_of(*first, {}).size(), 2U);
}

TEST(Sqlite, AReadOnlyFolderIsTold) {
  // The user would look for the mistake anywhere but in the folder's owner.
  const ScratchFolder scratch("sqlite-readonly");
  const std::string file = scratch.file("a.db");
  std::filesystem::permissions(scratch.path(), std::filesystem::perms{0555});
  const bool root = geteuid() == 0;
  if (root) setfsuid(65'534);  // root may write anywhere: for files, this thread is nobody
  const std::string words = refusal([&] { open_sqlite(file); });
  if (root) setfsuid(0);
  EXPECT_EQ(words, "sqlite " + file +
                       " cannot be written (unable to open database file) does its folder exist, "
                       "and may this user write there?");
  std::filesystem::permissions(scratch.path(), std::filesystem::perms{0755});
  const std::string nowhere = scratch.file("no/such/a.db");
  EXPECT_EQ(refusal([&] { open_sqlite(nowhere); }),
            "sqlite " + nowhere +
                " cannot be written (unable to open database file) does its folder exist, and may "
                "this user write there?");
}

TEST(Sqlite, AFullDiskKeepsWhatWasThere) {
  // The store would be torn, or say that it has what it has not.
  const ScratchFolder scratch("sqlite-full");
  const std::string file = scratch.file("a.db");
  const auto store = open_sqlite(file, {.pages_max = 20});
  store->define(store_check::Probe);
  store_check::put(*store, {{{1, 1}, {.words = "kept"}}});
  const store_check::Row large{.packed = std::vector<std::uint8_t>(100'000)};
  const std::string full = "sqlite " + file + " cannot grow (the disk or its limit is full)";
  EXPECT_EQ(refusal([&] {
              Transaction transaction(*store);
              store_check::put(*store, {{{1, 2}, {.words = "lost with it"}}, {{2, 1}, large}});
              transaction.commit();
            }),
            full);
  EXPECT_EQ(refusal([&] { store_check::put(*store, {{{2, 1}, large}}); }), full);
  ASSERT_EQ(store_check::rows_of(*store, {}).size(), 1U);
  EXPECT_EQ(store_check::rows_of(*store, {})[0].second.words, "kept");
  store_check::put(*store, {{{3, 1}, {}}});  // and it goes on
  EXPECT_EQ(store_check::rows_of(*store, {}).size(), 2U);
}

TEST(Sqlite, AForeignValueIsTold) {
  // Somebody's change would come out as a number of ours.
  const ScratchFolder scratch("sqlite-values");
  const std::string file = scratch.file("a.db");
  const auto store = open_sqlite(file);
  store->define(store_check::Probe);
  store_check::put(*store, {{{1, 1}, {}}});
  run(file, "UPDATE probe SET packed='text'");
  EXPECT_EQ(refusal([&] { store_check::rows_of(*store, {}); }),
            "sqlite " + file +
                " is damaged (table probe, column packed: a value of another type) make it again "
                "from the journal?");
}

}  // namespace
}  // namespace twin::record
