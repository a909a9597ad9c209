// The historian tells what was, whatever the order of what came and whenever it was stopped.
#include "twin/record/historian.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "twin/contract/refusal.hpp"
#include "twin/record/historian_check.hpp"
#include "twin/record/historian_tables.hpp"
#include "twin/record/scratch_folder.hpp"
#include "twin/record/sqlite.hpp"

namespace twin::record {
namespace {

using contract::refusal;

class HistorianOnDisk : public testing::Test {
 protected:
  std::unique_ptr<Store> open(SqliteOptions options = {}) const {
    return open_sqlite(file_, options);
  }
  void run(const char* sql) const {
    sqlite3* raw = nullptr;
    ASSERT_EQ(sqlite3_open(file_.c_str(), &raw), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(raw, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(raw);
    sqlite3_close(raw);
  }
  // One signal with `count` points, one a second, values 0, 1, ...
  void fill(Historian& historian, int count) const {
    const SignalNumber signal = historian.signal("pressure");
    for (int k = 0; k < count; ++k) historian.add(signal, {1'000 * k, 1.0 * k});
    historian.passed(historian.position() + 1);
    historian.flush();
  }

  ScratchFolder scratch_{"historian"};
  std::string file_ = scratch_.file("a.db");
};

TEST_F(HistorianOnDisk, TellsWhatAListTells) {
  // Points would be lost, doubled or out of order.
  check_historian([&] { return open(); }, 600);
}

TEST_F(HistorianOnDisk, GoesOnFromItsPositionAfterACrash) {
  // After a crash, points would be missing or there twice.
  const auto store = open();
  {
    Historian historian(*store, {});
    const SignalNumber signal = historian.signal("pressure");
    historian.add(signal, {1, 1.0});
    historian.passed(1);
    historian.flush();
    historian.add(signal, {2, 2.0});
    historian.passed(2);
  }  // a crash: what was held is gone
  Historian historian(*store, {});
  ASSERT_EQ(historian.position(), 1U);
  historian.add(historian.signal("pressure"), {2, 2.0});  // entry 1, read again
  historian.passed(2);
  historian.flush();
  EXPECT_EQ(historian.points(0, 0, 10), (std::vector<Point>{{1, 1.0}, {2, 2.0}}));
  EXPECT_EQ(historian.position(), 2U);
}

TEST_F(HistorianOnDisk, ZoomReadsNoPoints) {
  // A year on one screen would take minutes.
  const auto store = open();
  Historian historian(*store, {});
  fill(historian, 51'200);
  run("DELETE FROM chunk_points");
  const auto picture = historian.zoom(0, 0, 51'200'000, 10);  // ten chunks a pixel
  for (std::size_t k = 0; k < 10; ++k) {
    EXPECT_EQ(picture[k].points, 5'120U);
    EXPECT_EQ(picture[k].least, 5'120.0 * static_cast<double>(k));
    EXPECT_EQ(picture[k].most, 5'120.0 * static_cast<double>(k) + 5'119.0);
  }
  EXPECT_EQ(historian.last(0), (Point{51'199'000, 51'199.0}));
  EXPECT_EQ(refusal([&] { historian.points(0, 600'000, 601'000); }),
            "sqlite " + file_ +
                " is damaged (signal 'pressure', chunk that begins at 512000: its points are "
                "missing) make it again from the journal?");
}

TEST_F(HistorianOnDisk, ADamagedChunkIsRefusedWithItsPlace) {
  // A flipped bit would be told as a measurement.
  const auto store = open();
  Historian historian(*store, {});
  fill(historian, 2'048);
  run("UPDATE chunk_points SET coded = CAST(x'00' || substr(coded, 2) AS BLOB) WHERE begins = "
      "512000");
  EXPECT_EQ(historian.points(0, 0, 512'000).size(), 512U);
  EXPECT_EQ(historian.points(0, 1'024'000, 9'999'000).size(), 1'024U);
  const std::string at =
      "sqlite " + file_ + " is damaged (signal 'pressure', chunk that begins at ";
  // The first byte of a time is zero anyway: nothing was changed yet.
  EXPECT_EQ(historian.points(0, 512'000, 1'024'000).size(), 512U);
  run("UPDATE chunk_points SET coded = CAST(x'01' || substr(coded, 2) AS BLOB) WHERE begins = "
      "512000");
  EXPECT_EQ(refusal([&] { historian.points(0, 0, 9'999'000); }),
            at + "512000: its points fail their check) make it again from the journal?");
  run("UPDATE chunks SET most = most + 1 WHERE begins = 1024000");
  EXPECT_EQ(refusal([&] { historian.zoom(0, 0, 9'999'000, 1); }),
            at + "1024000: its statistics fail their check) make it again from the journal?");
  EXPECT_EQ(refusal([&] { historian.points(0, 1'100'000, 1'101'000); }),
            at + "1024000: its statistics fail their check) make it again from the journal?");
}

TEST_F(HistorianOnDisk, AMissingSignalAndALostClassAreTold) {
  // Points would be given to another signal.
  {
    const auto store = open();
    Historian historian(*store, {.classes = {{.name = "trace"}, {.name = "kpi"}}});
    historian.signal("a");
    historian.signal("b", 1);
    historian.passed(1);
    historian.flush();
  }
  const auto store = open();
  EXPECT_EQ(refusal([&] { Historian(*store, {}); }),
            "sqlite " + file_ + " holds signal 'b' of class 1 (there are 1) was a class removed?");
  EXPECT_EQ(refusal([&] { Historian(*store, {.classes = {}}); }),
            "the historian has no class of signals (it needs at least one)");
  run("DELETE FROM signals WHERE signal = 0");
  EXPECT_EQ(
      refusal([&] {
        Historian(*store, {.classes = {{}, {}}});
      }),
      "sqlite " + file_ + " is damaged (signal 0 is missing) make it again from the journal?");
}

TEST_F(HistorianOnDisk, WhatTheStoreRefusesIsStillHeld) {
  // A full disk or a lock would cost points.
  const auto store = open({.busy_ms = 1, .pages_max = 24});
  Historian historian(*store, {});
  fill(historian, 100);
  const std::vector<Point> before = historian.points(0, 0, 999'999'999);
  for (int k = 0; k < 50'000; ++k) {  // values that do not pack
    historian.add(0, {200'000 + k, core::uniform_of(core::philox4x32_10(
                                       {static_cast<std::uint32_t>(k), 0, 0, 0}, {1, 2})[0])});
  }
  historian.passed(2);
  const std::string full = "sqlite " + file_ + " cannot grow (the disk or its limit is full)";
  EXPECT_EQ(refusal([&] { historian.flush(); }), full);
  EXPECT_EQ(refusal([&] { historian.flush(); }), full);
  EXPECT_EQ(historian.position(), 1U);
  EXPECT_EQ(historian.points(0, 0, 999'999'999).size(), 50'100U);
  {
    const auto other = open();
    const Transaction held(*other);
    EXPECT_EQ(refusal([&] { historian.flush(); }),
              "sqlite " + file_ +
                  " is locked (by another program, for more than 1 ms) is it served twice?");
  }
  Historian again(*store, {});
  EXPECT_EQ(again.points(0, 0, 999'999'999), before);
}

TEST_F(HistorianOnDisk, AFirstFlushThatFailsIsTriedAgain) {
  // The second try would look for chunks that the first one had not been allowed to keep.
  const auto store = open({.pages_max = 24});
  Historian historian(*store, {.points_per_chunk = 4});
  const SignalNumber small = historian.signal("flow");  // written before the disk is full
  for (int k = 0; k < 8; ++k) historian.add(small, {k, 1.0});
  const SignalNumber signal = historian.signal("pressure");
  for (int k = 0; k < 50'000; ++k) historian.add(signal, {k, 1.0 / (1.0 + k)});
  historian.passed(1);
  const std::string full = "sqlite " + file_ + " cannot grow (the disk or its limit is full)";
  for (int k = 0; k < 2; ++k) {
    EXPECT_EQ(refusal([&] { historian.flush(); }), full);
    EXPECT_EQ(historian.last(signal), (Point{49'999, 1.0 / 50'000.0}));
    EXPECT_EQ(historian.points(signal, 0, 50'000).size(), 50'000U);
  }
}

TEST_F(HistorianOnDisk, LatePointsBesideARunOfOneTimeLoseNothing) {
  // Two chunks would get the same key, and one of them would be gone.
  const auto store = open();
  Historian historian(*store, {.points_per_chunk = 4});
  const SignalNumber signal = historian.signal("pressure");
  historian_check::Lists lists{.signals = {{}}};
  const auto add = [&](core::Tick at, double value) {
    historian.add(signal, {at, value});
    lists.add(0, {at, value});
  };
  add(10, 0.0);
  for (int k = 0; k < 10; ++k) add(100, 1.0 + k);  // chunks: 10, 100 x 4; 100 x 6
  historian.passed(1);
  historian.flush();
  for (const core::Tick at : {11, 12, 13}) add(at, 20.0);  // 10 to 13; 100 x 4; 100 x 6
  historian.passed(2);
  historian.flush();
  EXPECT_TRUE(historian_check::same(historian.points(signal, 0, 200), lists.points(0, 0, 200)));
  add(100, 30.0);
  add(5, 31.0);
  historian.passed(3);
  historian.flush();
  EXPECT_TRUE(historian_check::same(historian.points(signal, 0, 200), lists.points(0, 0, 200)));
}

TEST_F(HistorianOnDisk, RetentionGivesUpWholeChunksByClass) {
  // The disk would fill, or a recipe's trace would outlive what it was agreed for.
  const auto store = open();
  const Historian::Options options{.classes = {{.name = "trace", .keep = 1'000}, {.name = "kpi"}},
                                   .points_per_chunk = 10};
  Historian historian(*store, options);
  for (const std::uint32_t c : {0U, 1U}) {
    historian.signal(c == 0 ? "trace" : "kpi", c);
    for (int k = 0; k < 100; ++k) historian.add(c, {100 * k, 1.0});
  }
  historian.passed(1);
  historian.flush();
  EXPECT_EQ(historian.retain(100), 0U);
  EXPECT_EQ(historian.retain(6'500), 5U);  // older than 5500: chunks that end at 900, ..., 4900
  EXPECT_EQ(historian.points(0, 0, core::Never).size(), 50U);
  EXPECT_EQ(historian.points(0, 0, core::Never).front().at, 5'000);
  EXPECT_EQ(historian.points(1, 0, core::Never).size(), 100U);
  EXPECT_EQ(historian.retain(core::Never - 1), 5U);
  EXPECT_EQ(historian.last(0), std::nullopt);
  historian.add(0, {20'000, 2.0});  // and it goes on
  historian.passed(2);
  historian.flush();
  EXPECT_EQ(historian.points(0, 0, core::Never), (std::vector<Point>{{20'000, 2.0}}));
}

TEST_F(HistorianOnDisk, SmallFlushesMakeNoSmallChunks) {
  // A flush a minute would leave a row a minute for every signal, for ever.
  const auto store = open();
  Historian historian(*store, {.points_per_chunk = 100});
  const SignalNumber signal = historian.signal("slow");
  for (int k = 0; k < 1'000; ++k) {
    historian.add(signal, {k, 1.0});
    historian.passed(static_cast<std::uint64_t>(k) + 1);
    historian.flush();
  }
  const std::uint64_t chunks =
      store->scan(historian_tables::Chunks, {}, {}, [](std::span<const Cell>) { return Go::On; });
  EXPECT_EQ(chunks, 10U);
}

TEST_F(HistorianOnDisk, NamesMustBeText) {
  // A store could not be moved to another database.
  const auto store = open();
  Historian historian(*store, {});
  EXPECT_EQ(refusal([&] { historian.signal("\xFF"); }),
            "a signal cannot have this name (not UTF-8, or with a zero byte)");
  EXPECT_EQ(historian.signals(), 0U);
  EXPECT_EQ(historian.signal("b"), 0U);
  EXPECT_EQ(historian.signal("b"), 0U);
}

}  // namespace
}  // namespace twin::record
