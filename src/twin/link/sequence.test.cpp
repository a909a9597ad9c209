#include "twin/link/sequence.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>

#include "twin/core/archive.hpp"
#include "twin/core/draw.hpp"

namespace twin::link {
namespace {

using Met = Sequence::Met;

TEST(Sequence, TellsNextHoleFilledAndDuplicate) {
  // If this failed, a lost message would not be missed, or a doubled one be taken twice.
  Sequence s;
  EXPECT_EQ(s.meet(5).met, Met::Next);  // whoever comes late cannot know what was before
  EXPECT_EQ(s.meet(6).met, Met::Next);
  const auto hole = s.meet(9);
  EXPECT_EQ(hole.met, Met::Hole);
  EXPECT_EQ(hole.hole, (SeqRange{7, 8}));
  EXPECT_EQ(s.missing(), 2U);
  EXPECT_EQ(s.meet(9).met, Met::Duplicate);
  EXPECT_EQ(s.meet(5).met, Met::Duplicate);
  EXPECT_EQ(s.meet(8).met, Met::Filled);
  EXPECT_EQ(s.missing(), 1U);
  EXPECT_EQ(s.holes(9), (std::vector<SeqRange>{{7, 7}}));
  EXPECT_EQ(s.meet(7).met, Met::Filled);
  EXPECT_EQ(s.missing(), 0U);
  EXPECT_EQ(s.ranges(), (std::vector<SeqRange>{{5, 9}}));
}

TEST(Sequence, CorruptNumberIsAJumpAndSpoilsNothing) {
  // If this failed, one bad number would make 10^18 messages missing, or hide all later gaps.
  Sequence s;
  s.meet(10);
  EXPECT_EQ(s.meet(1'000'000'000'000'000'000).met, Met::Jump);
  EXPECT_EQ(s.missing(), 0U);
  EXPECT_EQ(s.meet(11).met, Met::Next);
  EXPECT_EQ(s.meet(13).met, Met::Hole);
  EXPECT_EQ(s.missing(), 1U);
}

TEST(Sequence, HoldsTheLargestAndTheSmallestNumber) {
  // If this failed, a counter at its end would wrap into another message's number.
  constexpr std::uint64_t Top = std::numeric_limits<std::uint64_t>::max();
  Sequence s;
  EXPECT_EQ(s.meet(Top).met, Met::Next);
  EXPECT_EQ(s.meet(0).met, Met::Jump);
  EXPECT_EQ(s.meet(Top).met, Met::Duplicate);
  EXPECT_EQ(s.meet(0).met, Met::Duplicate);
  EXPECT_EQ(s.meet(Top - 2).met, Met::Hole);
  EXPECT_EQ(s.meet(Top - 1).met, Met::Filled);
  EXPECT_TRUE(s.contains(Top));
  EXPECT_FALSE(s.contains(1));
}

TEST(Sequence, IsTheSetOfWhatItMetInWhateverOrder) {
  // If this failed, exactly-once would depend on the order of the wire. Held against a plain set.
  for (std::uint32_t round = 0; round < 200; ++round) {
    const core::Draw draw{.seed = round};
    Sequence s;
    std::set<std::uint64_t> plain;
    for (std::uint32_t k = 0; k < 300; ++k) {
      const std::uint64_t n = draw.block(1, k, 0)[0] % 200;
      EXPECT_EQ(s.meet(n).met == Met::Duplicate, !plain.insert(n).second);
      const std::uint64_t span = *plain.rbegin() - *plain.begin() + 1;
      ASSERT_EQ(s.missing(), span - plain.size()) << "seed " << round;
    }
    std::uint64_t in_holes = 0;
    for (const SeqRange& h : s.holes(1'000)) in_holes += h.last - h.first + 1;
    EXPECT_EQ(in_holes, s.missing());
    EXPECT_EQ(core::load<Sequence>(core::save(s)), s);
  }
}

}  // namespace
}  // namespace twin::link
