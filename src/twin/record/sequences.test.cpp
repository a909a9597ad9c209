// If these failed, a message would be taken twice, or refused although it is new.
#include "twin/record/sequences.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <set>

#include "twin/core/draw.hpp"

namespace twin::record {
namespace {

// A range that is joined, split or searched wrongly: held against a plain set, numbers in any order.
TEST(Sequences, AgreeWithAPlainSet) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const core::Draw draw{.seed = seed};
    Sequences seen;
    std::set<std::uint64_t> plain;
    std::uint64_t next = 0;
    for (std::uint32_t i = 0; i < 400; ++i) {
      const core::Block b = draw.block(1, 0, i);
      const std::uint64_t n = b[0] % 3 == 0 ? b[1] % 300 : next++;
      EXPECT_EQ(seen.contains({1, 2}, n), plain.contains(n));
      EXPECT_EQ(seen.insert({1, 2}, n), plain.insert(n).second);
    }
    std::set<std::uint64_t> listed;
    std::uint64_t before = 0;
    for (const Range& r : seen.ranges({1, 2})) {
      if (!listed.empty()) {
        EXPECT_GT(r.first, before + 1);  // neither touching nor overlapping
      }
      for (std::uint64_t n = r.first; n <= r.last; ++n) listed.insert(n);
      before = r.last;
    }
    EXPECT_EQ(listed, plain);
    EXPECT_EQ(seen.count(), plain.size());
    const auto back = Sequences::decode(seen.encode());
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, seen);
    EXPECT_EQ(back->count(), seen.count());
  }
}

// The ends of the numbers, where a sum would wrap.
TEST(Sequences, KnowTheFirstAndTheLastNumber) {
  constexpr std::uint64_t Last = std::numeric_limits<std::uint64_t>::max();
  Sequences seen;
  for (const std::uint64_t n : {Last, std::uint64_t{0}, Last - 1, std::uint64_t{1}}) {
    EXPECT_TRUE(seen.insert({}, n));
    EXPECT_FALSE(seen.insert({}, n));
  }
  EXPECT_EQ(seen.ranges({}), (std::vector<Range>{{0, 1}, {Last - 1, Last}}));
  EXPECT_EQ(Sequences::decode(seen.encode()), seen);
}

// Sources or epochs that are taken for one another, or listed in the order of a hash.
TEST(Sequences, KeepSourcesApart) {
  Sequences seen;
  for (std::uint32_t sensor = 100; sensor-- > 0;) {
    for (std::uint32_t epoch = 3; epoch-- > 0;) EXPECT_TRUE(seen.insert({sensor, epoch}, 5));
  }
  const auto keys = seen.keys();
  ASSERT_EQ(keys.size(), 300U);
  EXPECT_EQ(keys[0], (SourceKey{0, 0}));
  EXPECT_EQ(keys[299], (SourceKey{99, 2}));
}

// A copy that looks into the original.
TEST(Sequences, ACopyIsItsOwn) {
  Sequences a;
  EXPECT_TRUE(a.insert({1, 1}, 1));
  Sequences b = a;
  EXPECT_TRUE(b.insert({1, 1}, 2));
  EXPECT_TRUE(a.insert({1, 1}, 2));
  a = b;
  EXPECT_TRUE(a.insert({1, 1}, 3));
  EXPECT_FALSE(b.contains({1, 1}, 3));
}

// Bytes that are believed, or that make us allocate or run without end.
TEST(Sequences, RefuseOtherBytes) {
  Sequences seen;
  for (std::uint32_t i = 0; i < 20; ++i) EXPECT_TRUE(seen.insert({i % 3, 0}, i * 2));
  const auto bytes = seen.encode();
  for (std::size_t n = 0; n < bytes.size(); ++n)
    EXPECT_FALSE(Sequences::decode(std::span(bytes).first(n))) << n;
  auto longer = bytes;
  longer.push_back(0);
  EXPECT_FALSE(Sequences::decode(longer));
  const core::Draw draw{.seed = 1};
  for (std::uint32_t i = 0; i < 2000; ++i) {
    auto other = bytes;
    const core::Block b = draw.block(1, 0, i);
    other[b[0] % other.size()] = static_cast<std::uint8_t>(b[1]);
    if (const auto back = Sequences::decode(other)) {
      EXPECT_EQ(back->encode(), other);
    }
  }
}

// An entry of the twin's own that is taken for a message.
TEST(Sequences, OnlyMessagesHaveAnIdentity) {
  EXPECT_FALSE(identity_of(core::Advance{}));
  EXPECT_FALSE(identity_of(core::Action{}));
  EXPECT_FALSE(identity_of(core::Note{}));
  EXPECT_FALSE(identity_of(core::Correction{.amends = 4, .now = {}}));
  EXPECT_TRUE(identity_of(core::Correction{}));
  const auto id = identity_of(core::Observation{.sensor = 1, .epoch = 2, .sensor_seq = 3});
  ASSERT_TRUE(id);
  EXPECT_EQ(id->key, (SourceKey{1, 2}));
  EXPECT_EQ(id->number, 3U);
}

}  // namespace
}  // namespace twin::record
