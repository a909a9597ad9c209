// If this failed, ten thousand connections that say little would fill our memory, or keep those who
// mean well waiting (reliability.md, C4 test 13, whole).
#include <gtest/gtest.h>

#include <cstdio>

#include "cases/crowd/crowd.hpp"

namespace cases::crowd {
namespace {

TEST(CrowdLong, TenThousandStrangersHurtNobody) {
  constexpr std::size_t Strangers = 10'000, Asked = 1'000;
  if (const std::string why = impossible(Strangers); !why.empty()) GTEST_SKIP() << why;
  const CrowdCounts counts = meet(Strangers, Asked);
  EXPECT_EQ(counts.held, Strangers);
  EXPECT_EQ(counts.answered, counts.asked);
  EXPECT_EQ(counts.left, 0U);
  EXPECT_LT(counts.stranger_kb, 32.0);
  // Times are told, not judged: what else the computer does counts in them.
  std::printf("%zu strangers, %.1f KiB each; 99 %% of answers within %.2f ms, %.2f ms before\n",
              counts.held, counts.stranger_kb, counts.crowd_ms, counts.alone_ms);
  RecordProperty("crowd_ms", std::to_string(counts.crowd_ms));
  RecordProperty("alone_ms", std::to_string(counts.alone_ms));
}

}  // namespace
}  // namespace cases::crowd
