// What every store must do, whatever database stands behind it: one call in its test. And the same
// for what is built on stores, so that the historian and the index are tried on each of them.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "twin/core/draw.hpp"
#include "twin/core/error.hpp"
#include "twin/record/store.hpp"

namespace twin::record {

// Opens the same store again at every call; the first call makes it, empty.
using OpenStore = std::function<std::unique_ptr<Store>()>;

namespace store_check {

inline constexpr ColumnShape Columns[] = {{"place", CellType::Integer},
                                          {"number", CellType::Integer},
                                          {"reading", CellType::Real},
                                          {"words", CellType::Text},
                                          {"packed", CellType::Packed}};
inline constexpr TableShape Probe{.name = "probe", .columns = Columns, .keys = 2};

// The words of the error that f() ends with; "accepted" without one.
template <class F>
std::string words_of(F f) {
  try {
    f();
  } catch (const core::Error& e) {
    return e.what();
  }
  return "accepted";
}

struct Row {
  double reading = 0.0;
  std::string words = {};
  std::vector<std::uint8_t> packed = {};
  bool operator==(const Row& other) const {
    const bool both = std::isnan(reading) && std::isnan(other.reading);
    return (both || reading == other.reading) && words == other.words && packed == other.packed;
  }
};
using Key = std::pair<std::int64_t, std::int64_t>;
using Rows = std::map<Key, Row>;

inline void put(Store& store, const std::vector<std::pair<Key, Row>>& rows) {
  std::vector<Cell> cells;
  for (const auto& [key, row] : rows) {
    cells.insert(cells.end(), {key.first, key.second, row.reading, std::string_view(row.words),
                               Blob(row.packed)});
  }
  store.put(Probe, cells);
}

inline std::vector<std::pair<Key, Row>> rows_of(Store& store, const KeyRange& range,
                                                ScanOptions options = {}) {
  std::vector<std::pair<Key, Row>> rows;
  store.scan(Probe, range, options, [&](std::span<const Cell> cells) {
    const Blob packed = std::get<Blob>(cells[4]);
    rows.push_back({{std::get<std::int64_t>(cells[0]), std::get<std::int64_t>(cells[1])},
                    {.reading = std::get<double>(cells[2]),
                     .words = std::string(std::get<std::string_view>(cells[3])),
                     .packed = {packed.begin(), packed.end()}}});
    return Go::On;
  });
  return rows;
}

inline bool holds(const KeyRange& range, const Key& key) {
  if (range.equal.empty()) return key.first >= range.from && key.first <= range.to;
  if (key.first != range.equal[0]) return false;
  if (range.equal.size() == 2) return key.second == range.equal[1];
  return key.second >= range.from && key.second <= range.to;
}

// A row of awkward and ordinary cells.
inline Row any_row(core::Draw draw, std::uint32_t who) {
  using Limits = std::numeric_limits<double>;
  constexpr double Readings[] = {0.0,
                                 0.1,
                                 -1e300,
                                 Limits::denorm_min(),
                                 Limits::max(),
                                 Limits::infinity(),
                                 -Limits::infinity(),
                                 Limits::quiet_NaN(),
                                 1.0 / 3.0};
  const char* const words[] = {"", "plain", "it's \"quoted\" \\ and % and ?", "晶圆 Ä\r\n\t", "$1"};
  const core::Block b = draw.block(1, who, 0);
  Row row{.reading = Readings[b[0] % std::size(Readings)],
          .words = words[b[1] % std::size(words)],
          .packed = std::vector<std::uint8_t>(b[2] % 300)};
  for (std::size_t k = 0; k < row.packed.size(); ++k)
    row.packed[k] = static_cast<std::uint8_t>(k + b[3]);
  return row;
}

// Against a map in memory, over many random steps.
inline void check_as_a_map(const OpenStore& open) {
  constexpr std::uint64_t Seed = 16;
  const core::Draw draw{.seed = Seed};
  std::unique_ptr<Store> store = open();
  store->define(Probe);
  Rows model;
  constexpr std::int64_t Keys[] = {std::numeric_limits<std::int64_t>::min(), -1, 0, 1, 2, 3,
                                   std::numeric_limits<std::int64_t>::max()};
  for (std::uint32_t k = 0; k < 300; ++k) {
    const core::Block b = draw.block(2, k, 0), c = draw.block(2, k, 1);
    const auto key = [&](std::uint32_t word) { return Keys[word % std::size(Keys)]; };
    KeyRange range;
    if (b[1] % 3 > 0) range.equal.push_back(key(b[2]));
    if (b[1] % 3 > 1) range.equal.push_back(key(b[3]));
    if (c[0] % 4 != 0) range.from = key(c[1]);
    if (c[0] % 5 != 0) range.to = key(c[2]);
    const ScanOptions options{.order = c[3] % 2 == 0 ? Order::Rising : Order::Falling,
                              .limit = c[3] % 3 == 0 ? 2 : std::uint64_t{INT64_MAX}};
    if (b[0] % 8 < 5) {
      std::vector<std::pair<Key, Row>> rows;
      for (std::uint32_t i = 0; i < 1 + b[1] % 4; ++i) {
        rows.push_back({{key(b[2] + i), key(b[3] + i / 2)}, any_row(draw, 10 * k + i)});
      }
      put(*store, rows);
      for (const auto& [at, row] : rows) model[at] = row;
    } else if (b[0] % 8 == 5) {
      const std::uint64_t erased = store->erase(Probe, range);
      EXPECT_EQ(erased, std::erase_if(model, [&](const auto& e) { return holds(range, e.first); }))
          << "seed " << Seed << " step " << k;
    } else if (b[0] % 8 == 6) {
      store.reset();
      store = open();  // what was put lasts
      store->define(Probe);
    }
    std::vector<std::pair<Key, Row>> expected;
    for (const auto& e : model) {
      if (holds(range, e.first)) expected.push_back(e);
    }
    if (options.order == Order::Falling) std::reverse(expected.begin(), expected.end());
    if (expected.size() > options.limit) expected.resize(options.limit);
    ASSERT_EQ(rows_of(*store, range, options), expected) << "seed " << Seed << " step " << k;
  }
  store->erase(Probe, {});
}

inline void check_transactions(const OpenStore& open) {
  const std::unique_ptr<Store> store = open();
  store->define(Probe);
  put(*store, {{{1, 1}, {.words = "before"}}});
  {
    Transaction undone(*store);
    put(*store, {{{1, 1}, {.words = "changed"}}, {{1, 2}, {.words = "new"}}});
    EXPECT_EQ(rows_of(*store, {}).size(), 2U);  // seen inside
  }
  EXPECT_EQ(rows_of(*store, {}).size(), 1U);
  EXPECT_EQ(rows_of(*store, {})[0].second.words, "before");
  {
    Transaction kept(*store);
    put(*store, {{{1, 2}, {.words = "new"}}});
    // Another connection reads on, and sees what was there before.
    const std::unique_ptr<Store> reader = open();
    EXPECT_EQ(rows_of(*reader, {}).size(), 1U);
    kept.commit();
    EXPECT_EQ(rows_of(*reader, {}).size(), 2U);
  }
  EXPECT_EQ(rows_of(*store, {}).size(), 2U);
  store->erase(Probe, {});
}

inline void check_scans(const OpenStore& open) {
  const std::unique_ptr<Store> store = open();
  store->define(Probe);
  std::vector<std::pair<Key, Row>> rows(5'000);
  for (std::size_t k = 0; k < rows.size(); ++k) {
    rows[k] = {{7, static_cast<std::int64_t>(k)}, {.reading = static_cast<double>(k)}};
  }
  put(*store, rows);
  EXPECT_EQ(rows_of(*store, {.equal = {7}}), rows);  // larger than what is fetched at once
  std::uint64_t seen = 0;
  const auto three = [&](std::span<const Cell>) { return ++seen == 3 ? Go::Stop : Go::On; };
  EXPECT_EQ(store->scan(Probe, {}, {}, three), 3U);
  EXPECT_EQ(store->scan(Probe, {.equal = {8}}, {}, three), 0U);
  EXPECT_EQ(store->scan(Probe, {}, {.limit = 0}, three), 0U);
  // An error of the visitor's passes, and the store goes on.
  EXPECT_EQ(words_of([&] {
              store->scan(Probe, {}, {},
                          [](std::span<const Cell>) -> Go { throw core::Error("enough"); });
            }),
            "enough");
  EXPECT_EQ(store->erase(Probe, {}), 5'000U);
}

inline void check_refusals(const OpenStore& open) {
  const std::unique_ptr<Store> store = open();
  store->define(Probe);
  for (const std::string& words : {std::string("a\0b", 3), std::string("\xFF"),
                                   std::string("\xC0\x80"), std::string("\xED\xA0\x80")}) {
    EXPECT_EQ(words_of([&] {
                put(*store, {{{1, 1}, {.words = words}}});
              }),
              store->name() +
                  " cannot take a text (table probe, column words: not UTF-8, or with a zero "
                  "byte)");
  }
  EXPECT_TRUE(rows_of(*store, {}).empty());
}

}  // namespace store_check

inline void check_store(const OpenStore& open) {
  store_check::check_as_a_map(open);
  store_check::check_transactions(open);
  store_check::check_scans(open);
  store_check::check_refusals(open);
}

}  // namespace twin::record
