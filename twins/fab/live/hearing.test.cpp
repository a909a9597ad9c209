// Which messages of a source have come, and which are missing.
#include "twins/fab/live/hearing.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "twin/core/archive.hpp"
#include "twin/core/draw.hpp"

namespace twins::fab::live {
namespace {

TEST(Hearing, KnowsEveryNumberItHeard) {
  // Wrong: a message would be taken twice, or a hole would not be seen. Against a set of all numbers
  // heard: two countings, in any order, with repetitions.
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const twin::core::Draw draw{.seed = seed};
    Hearing h;
    std::set<std::pair<std::uint32_t, std::uint64_t>> all;
    std::uint64_t repeated = 0;
    for (std::uint32_t k = 0; k < 400; ++k) {
      const auto words = draw.block(1, k, 0);
      const std::uint32_t epoch = words[0] % 2;
      const std::uint64_t seq = words[1] % 300;
      const bool is_new = all.emplace(epoch, seq).second;
      EXPECT_EQ(h.hear(epoch, seq) == Hearing::Heard::New, is_new);
      repeated += is_new ? 0U : 1U;
    }
    std::uint64_t missing = 0;
    for (std::uint32_t epoch = 0; epoch < 2; ++epoch) {
      std::uint64_t last = 300;
      for (const auto& [e, seq] : all) {
        if (e != epoch) continue;
        if (last != 300) missing += seq - last - 1;
        last = seq;
      }
    }
    EXPECT_EQ(h.missing(), missing);
    EXPECT_EQ(h.messages, all.size());
    EXPECT_EQ(h.repeated, repeated);
    std::uint64_t in_gaps = 0;
    for (const Gap& gap : gaps({h}))
      for (std::uint64_t seq = gap.from; seq < gap.until; ++seq, ++in_gaps)
        EXPECT_EQ(all.count({gap.epoch, seq}), 0U);
    EXPECT_EQ(in_gaps, missing);
    EXPECT_TRUE(twin::core::load<Hearing>(twin::core::save(h)) == h);
  }
}

TEST(Hearing, SeesAGapByTheNextMessage) {
  // Wrong: a loss would be seen late (fault test 9: one message later at most).
  Hearing h;
  EXPECT_EQ(h.hear(0, 40), Hearing::Heard::New);  // nobody knows what was before
  EXPECT_EQ(h.missing(), 0U);
  h.hear(0, 42);
  EXPECT_EQ(h.missing(), 1U);
  EXPECT_EQ(gaps({Hearing{}, h}), (std::vector<Gap>{{.source = 1, .from = 41, .until = 42}}));
  h.hear(0, 41);
  EXPECT_TRUE(gaps({h}).empty());
  h.hear(1, 0);  // it counts anew
  EXPECT_TRUE(gaps({h}).empty());
  h.hear(0, ~std::uint64_t{0} - 1);  // and the largest number that can be
  EXPECT_EQ(h.hear(0, ~std::uint64_t{0} - 1), Hearing::Heard::Repeated);
  EXPECT_EQ(h.hear(0, ~std::uint64_t{0}), Hearing::Heard::Repeated);
}

}  // namespace
}  // namespace twins::fab::live
