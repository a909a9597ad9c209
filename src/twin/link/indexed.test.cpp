// Who asks the index for a lot finds every entry that speaks of it; who asks the historian for a
// parameter finds every value; whatever was stopped and whenever.
#include "twin/link/indexed.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"
#include "twin/record/scratch_folder.hpp"
#include "twin/record/sqlite.hpp"

namespace twin::link {
namespace {

using event::Event;
using event::Kind;
using event::Table;
using record::EntrySpan;

core::Observation seen(std::vector<Event> events, std::uint32_t source, core::Tick at) {
  core::Observation o{.at = at, .arrived = at + 5, .clock = at, .sensor = source};
  event::Packer packer;
  packer.pack(events, o.event);
  return o;
}

std::vector<core::Entry> journal() {
  return {
      core::Note{.at = 1,
                 .kind = "names",
                 .text = "source\t0\tsecs/T0\nsource\t1\tmqtt/mes\nlot\t0\tL1\nlot\t1\tL2\n"
                         "tool\t0\tETCH-01\nchamber\t0\tETCH-01/A\nitem\t0\tpressure\n"},
      seen({{.at = 10, .lot = 0, .tool = 0, .kind = Kind::ProcessingStarted},
            {.at = 11,
             .value = 3.5,
             .lot = 0,
             .tool = 0,
             .item = 0,
             .kind = Kind::Measurement,
             .unit = event::Unit::Pascal}},
           0, 10),
      seen({{.at = 12, .lot = 0, .item = 1, .kind = Kind::Split}}, 1, 12),  // L2 from L1
      core::Note{.at = 13, .kind = "gap", .text = "mqtt/mes\t0\t5\t9\topen"},
      core::Note{.at = 14, .kind = "quarantine", .text = "secs/T0\t0\t7\ttwo-tools\twords\t"},
      core::Note{.at = 15, .kind = "forecast", .text = "now=1"},
      core::Correction{.now = seen({{.at = 9,
                                     .value = 2.5,
                                     .lot = 1,
                                     .tool = 0,
                                     .chamber = 0,
                                     .item = 0,
                                     .kind = Kind::Measurement,
                                     .unit = event::Unit::Pascal}},
                                   0, 9)},
      core::Advance{.until = 20},
      core::Observation{.at = 21, .sensor = 1, .event = {0xFF}},  // unreadable
  };
}

class IndexedJournal : public testing::Test {
 protected:
  std::vector<std::uint64_t> entries(record::IndexKey key) {
    std::vector<std::uint64_t> numbers;
    for (const record::Posting& p : index_.entries(key)) numbers.push_back(p.entry);
    return numbers;
  }
  using Numbers = std::vector<std::uint64_t>;

  record::ScratchFolder scratch_{"indexed"};
  std::unique_ptr<record::Store> store_ = record::open_sqlite(scratch_.file("a.db"));
  record::Index index_{*store_};
  record::Historian historian_{*store_, {}};
};

TEST_F(IndexedJournal, EveryThingIsFoundWhereItStands) {
  // A lot's history would have holes, and an audit would miss a quarantine.
  Indexed indexed(index_, &historian_);
  const auto all = journal();
  for (std::size_t k = 0; k < all.size(); ++k) indexed.add(k, all[k]);
  EXPECT_EQ(entries(key(Table::Lot, 0)), (Numbers{1, 2}));
  EXPECT_EQ(entries(key(Table::Lot, 1)), (Numbers{2, 6}));
  EXPECT_EQ(entries(key(Table::Tool, 0)), (Numbers{1, 6}));
  EXPECT_EQ(entries(key(Table::Chamber, 0)), (Numbers{6}));
  EXPECT_EQ(entries(key(Table::Item, 0)), (Numbers{1, 6}));
  EXPECT_EQ(entries(key(Table::Source, 0)), (Numbers{1, 6}));
  EXPECT_EQ(entries(key(Table::Source, 1)), (Numbers{2, 8}));
  EXPECT_EQ(entries(key(Listed::Gaps, 1)), (Numbers{3}));
  EXPECT_EQ(entries(key(Listed::Quarantines, 0)), (Numbers{4}));
  EXPECT_EQ(entries(key(Listed::Notes, static_cast<std::uint32_t>(NoteSort::Forecast))),
            (Numbers{5}));
  EXPECT_EQ(entries(key(Listed::Corrections, 0)), (Numbers{6}));
  EXPECT_EQ(entries(key(Listed::Entries, 0)), (Numbers{7}));
  EXPECT_EQ(index_.entries_between(20, 21), (std::vector<EntrySpan>{{0, 9}}));
  EXPECT_EQ(index_.times_of({0, 9}), (record::TimeSpan{1, 21}));

  const auto tool = historian_.find("ETCH-01/pressure");
  const auto chamber = historian_.find("ETCH-01/A/pressure");
  ASSERT_TRUE(tool && chamber);
  EXPECT_EQ(historian_.points(*tool, 0, 100), (std::vector<record::Point>{{11, 3.5}}));
  EXPECT_EQ(historian_.points(*chamber, 0, 100), (std::vector<record::Point>{{9, 2.5}}));
}

TEST_F(IndexedJournal, GoesOnAfterACrashAnywhere) {
  // Points and entries would be lost or doubled where one store was further than the other.
  const auto all = journal();
  for (std::size_t stop = 0; stop <= all.size(); ++stop) {
    for (const int first : {0, 1}) {
      record::Index(*store_).clear();
      record::Historian(*store_, {}).clear();
      {
        record::Index index(*store_);
        record::Historian historian(*store_, {});
        Indexed indexed(index, &historian);
        for (std::size_t k = 0; k < stop; ++k) indexed.add(k, all[k]);
        if (first == 0) {
          index.flush();
        } else {
          historian.flush();
        }
      }  // the other one's were not written
      record::Index index(*store_);
      record::Historian historian(*store_, {});
      Indexed indexed(index, &historian);
      EXPECT_EQ(indexed.position(), 0U);
      for (std::size_t k = 0; k < all.size(); ++k) indexed.add(k, all[k]);
      indexed.flush();
      EXPECT_EQ(indexed.position(), all.size());
      EXPECT_EQ(index.count(key(Table::Lot, 0)), 2U);
      EXPECT_EQ(historian.signals(), 2U);
      for (record::SignalNumber s = 0; s < 2; ++s) {
        EXPECT_EQ(historian.points(s, 0, 100).size(), 1U) << stop;
      }
    }
  }
}

TEST(Indexed, WhatAStoreRefusesIsTakenAllTheSame) {
  // A lock of a second would leave a hole, or points that are there twice.
  const record::ScratchFolder scratch("indexed-locked");
  const std::string file = scratch.file("a.db");
  const auto store = record::open_sqlite(file, {.busy_ms = 1}), other = record::open_sqlite(file);
  record::Index index(*store, {.postings_held_max = 1});
  record::Historian historian(*store, {.points_held_max = 1});
  Indexed indexed(index, &historian);
  const auto all = journal();
  {
    const record::Transaction held(*other);
    for (std::size_t k = 0; k < all.size(); ++k) {
      EXPECT_EQ(contract::refusal([&] { indexed.add(k, all[k]); }),
                "sqlite " + file +
                    " is locked (by another program, for more than 1 ms) is it served twice?");
    }
  }
  EXPECT_EQ(indexed.position(), 0U);
  indexed.flush();
  EXPECT_EQ(indexed.position(), all.size());
  EXPECT_EQ(index.count(key(Table::Lot, 0)), 2U);
  EXPECT_EQ(historian.points(0, 0, 100).size(), 1U);
}

TEST(Indexed, SortsOfNotesKeepTheirNumbers) {
  // An index that exists would call gaps what were quarantines.
  EXPECT_EQ(static_cast<int>(note_sort("names")), 0);
  EXPECT_EQ(static_cast<int>(note_sort("quarantine")), 1);
  EXPECT_EQ(static_cast<int>(note_sort("release")), 2);
  EXPECT_EQ(static_cast<int>(note_sort("forecast")), 3);
  EXPECT_EQ(static_cast<int>(note_sort("score")), 4);
  EXPECT_EQ(static_cast<int>(note_sort("alarm")), 5);
  EXPECT_EQ(static_cast<int>(note_sort("gap")), 8);
  EXPECT_EQ(static_cast<int>(note_sort("provenance")), 11);
  EXPECT_EQ(static_cast<int>(note_sort("else")), 255);
  EXPECT_EQ(static_cast<std::uint32_t>(Listed::Entries), 32U);
  EXPECT_EQ(static_cast<std::uint32_t>(Listed::Corrections), 36U);
}

}  // namespace
}  // namespace twin::link
