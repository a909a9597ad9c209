// The index on a store, against lists in memory: one call in the test of each store.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "twin/core/draw.hpp"
#include "twin/record/index.hpp"
#include "twin/record/index_tables.hpp"
#include "twin/record/store_check.hpp"

namespace twin::record {

namespace index_check {

struct Told {  // what the index was told of one entry
  Posting posting = {};
  std::vector<IndexKey> keys = {};
};

// A journal's entries: times go on, with some that came late; keys of three lists.
inline std::vector<Told> example(std::size_t count, std::uint64_t seed) {
  const core::Draw draw{.seed = seed};
  std::vector<Told> all(count);
  core::Tick now = 1'000'000;
  for (std::uint32_t k = 0; k < count; ++k) {
    const core::Block b = draw.block(1, k, 0);
    now += b[0] % 2'000;
    all[k].posting = {.entry = k,
                      .at = b[0] % 17 == 0 ? now - static_cast<core::Tick>(b[1] % 600'000) : now,
                      .kind = static_cast<std::uint8_t>(b[1] % 5)};
    for (std::uint32_t i = 0; i < b[2] % 5; ++i) {
      const core::Block c = draw.block(2, k, i);
      all[k].keys.push_back({.list = c[0] % 3, .id = c[1] % 2 == 0 ? c[2] % 3 : c[2] % 200});
    }
    if (k == 7) all[k].keys.push_back({.list = 40, .id = 0xFFFF'FFFF});
  }
  return all;
}

// All rows of the index, to the last bit.
inline std::string dump(Store& store) {
  std::string text;
  for (const TableShape* table :
       {&index_tables::Postings, &index_tables::Blocks, &index_tables::Progress}) {
    store.scan(*table, {}, {}, [&](std::span<const Cell> cells) {
      for (const Cell& cell : cells) {
        if (const auto* n = std::get_if<std::int64_t>(&cell)) {
          text += std::to_string(*n) + " ";
        } else {
          for (const std::uint8_t byte : std::get<Blob>(cell)) text += std::to_string(byte) + ".";
        }
      }
      text += "\n";
      return Go::On;
    });
  }
  return text;
}

}  // namespace index_check

inline void check_index(const OpenStore& open, std::size_t entries = 3'000) {
  using namespace index_check;
  constexpr std::uint64_t Seed = 128;
  const std::vector<Told> all = example(entries, Seed);
  const core::Draw draw{.seed = Seed};
  std::unique_ptr<Store> store = open();
  auto index = std::make_unique<Index>(*store, IndexOptions{.postings_held_max = 900});
  index->clear();
  std::map<IndexKey, std::vector<Posting>> lists;
  for (std::uint32_t k = 0; k < entries; ++k) {
    index->add(all[k].posting, all[k].keys);
    for (IndexKey key : all[k].keys) {
      auto& list = lists[key];
      if (list.empty() || list.back() != all[k].posting) list.push_back(all[k].posting);
    }
    const core::Block b = draw.block(3, k, 0);
    if (b[0] % 200 == 0) index->flush();
    if (b[0] % 500 == 1) {  // stopped: what was not yet written is told again
      index.reset();
      store.reset();
      store = open();
      index = std::make_unique<Index>(*store, IndexOptions{.postings_held_max = 900});
      ASSERT_LE(index->position(), k + 1);
      for (std::uint64_t i = index->position(); i <= k; ++i) {
        index->add(all[i].posting, all[i].keys);
      }
    }
    if (b[1] % 40 != 0) continue;
    const std::string where = "seed " + std::to_string(Seed) + " entry " + std::to_string(k);
    const IndexKey key{.list = b[2] % 3, .id = b[2] % 2 == 0 ? b[3] % 3 : b[3] % 200};
    ASSERT_EQ(index->entries(key), lists[key]) << where;
    ASSERT_EQ(index->count(key), lists[key].size()) << where;
    const EntrySpan span{.first = b[2] % (k + 1), .end = b[3] % (k + 2)};
    std::vector<Posting> some, found;
    for (const Posting& p : lists[key]) {
      if (p.entry >= span.first && p.entry < span.end) some.push_back(p);
    }
    index->each(key, span, [&](const Posting& p) {
      found.push_back(p);
      return Go::On;
    });
    ASSERT_EQ(found, some) << where;
    // Every entry of an hour lies in the spans, and no span is there for nothing.
    const core::Tick begin = all[b[2] % (k + 1)].posting.at, end = begin + 60'000;
    const auto spans = index->entries_between(begin, end);
    for (std::uint32_t i = 0; i <= k; ++i) {
      const core::Tick at = all[i].posting.at;
      if (at < begin || at >= end) continue;
      ASSERT_TRUE(std::any_of(spans.begin(), spans.end(),
                              [&](const EntrySpan& s) { return i >= s.first && i < s.end; }))
          << where << " entry " << i;
    }
    const TimeSpan times = index->times_of({.first = k, .end = std::uint64_t{k} + 1});
    ASSERT_LE(times.least, all[k].posting.at) << where;
    ASSERT_GE(times.most, all[k].posting.at) << where;
  }
  std::vector<std::uint32_t> ids;
  for (const auto& [key, list] : lists) {
    if (key.list == 1 && !list.empty()) ids.push_back(key.id);
  }
  EXPECT_EQ(index->ids(1), ids);
  EXPECT_EQ(index->ids(40), (std::vector<std::uint32_t>{0xFFFF'FFFF}));
  EXPECT_TRUE(index->ids(41).empty());
  index->flush();
  EXPECT_EQ(index->ids(1), ids);
  EXPECT_EQ(index->position(), entries);
  // Made again in one go: the same rows.
  const std::string before = dump(*store);
  index->clear();
  EXPECT_EQ(dump(*store), "");
  for (const Told& told : all) index->add(told.posting, told.keys);
  index->flush();
  EXPECT_EQ(dump(*store) == before, true) << "an index made again differs";
}

}  // namespace twin::record
