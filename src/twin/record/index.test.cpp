// The index finds every entry that speaks of a thing, and none that does not.
#include "twin/record/index.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "twin/contract/refusal.hpp"
#include "twin/record/index_check.hpp"
#include "twin/record/scratch_folder.hpp"
#include "twin/record/sqlite.hpp"

namespace twin::record {
namespace {

using contract::refusal;

TEST(Index, FindsWhatListsHoldAndIsMadeAgainAlike) {
  // A lot's history would have holes, or those of a rebuilt twin would differ.
  const ScratchFolder scratch("index");
  check_index([&] { return open_sqlite(scratch.file("a.db")); });
}

TEST(Index, AKeyThatStandsTwiceCountsOnce) {
  // A split of a lot from itself would count twice.
  const ScratchFolder scratch("index-twice");
  const auto store = open_sqlite(scratch.file("a.db"));
  Index index(*store);
  const IndexKey keys[] = {{1, 5}, {2, 5}, {1, 5}};
  index.add({.entry = 0, .at = 10}, keys);
  EXPECT_EQ(index.count({1, 5}), 1U);
  EXPECT_EQ(index.entries_between(10, 11), (std::vector<EntrySpan>{{0, 1}}));
  EXPECT_TRUE(index.entries_between(11, 20).empty());
  EXPECT_TRUE(index.entries_between(10, 10).empty());
  EXPECT_EQ(index.times_of({0, 1}), (TimeSpan{10, 10}));
  EXPECT_GT(index.times_of({1, 2}).least, index.times_of({1, 2}).most);
}

TEST(Index, ADamagedRowIsRefusedWithItsPlace) {
  // Entries would be missing from an audit.
  const ScratchFolder scratch("index-damaged");
  const std::string file = scratch.file("a.db");
  const auto store = open_sqlite(file);
  Index index(*store);
  const IndexKey key{3, 4};
  for (std::uint64_t k = 0; k < 300; ++k) index.add({.entry = k, .at = 1}, {&key, 1});
  index.flush();
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open(file.c_str(), &raw), SQLITE_OK);
  sqlite3_exec(raw,
               "UPDATE postings SET entries = entries - 1 WHERE first_entry = 128;"
               "UPDATE time_blocks SET most_at = 2",
               nullptr, nullptr, nullptr);
  sqlite3_close(raw);
  EXPECT_EQ(refusal([&] { index.entries(key); }),
            "sqlite " + file +
                " is damaged (index of list 3, number 4: the row from entry 128 fails its check) "
                "make it again from the journal?");
  EXPECT_EQ(refusal([&] {
              index.times_of({0, 1});
            }),
            "sqlite " + file +
                " is damaged (index of times: the block from entry 0 fails its check) make it "
                "again from the journal?");
}

TEST(Index, WhatTheStoreRefusesIsStillHeld) {
  // After a lock, the index would have a hole.
  const ScratchFolder scratch("index-locked");
  const std::string file = scratch.file("a.db");
  const auto store = open_sqlite(file, {.busy_ms = 1}), other = open_sqlite(file);
  Index index(*store);
  const IndexKey key{3, 4};
  index.add({.entry = 0, .at = 1}, {&key, 1});
  {
    const Transaction held(*other);
    EXPECT_EQ(refusal([&] { index.flush(); }),
              "sqlite " + file +
                  " is locked (by another program, for more than 1 ms) is it served twice?");
  }
  EXPECT_EQ(index.position(), 0U);
  EXPECT_EQ(index.count(key), 1U);
  index.flush();
  EXPECT_EQ(index.position(), 1U);
  EXPECT_EQ(index.entries(key), (std::vector<Posting>{{.entry = 0, .at = 1}}));
}

}  // namespace
}  // namespace twin::record
