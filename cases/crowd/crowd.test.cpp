// If this failed, a few hundred strangers who talk slowly would keep people and monitors from the twin.
#include "cases/crowd/crowd.hpp"

#include <gtest/gtest.h>

namespace cases::crowd {
namespace {

TEST(Crowd, FourHundredStrangersHurtNobody) {
  constexpr std::size_t Strangers = 400, Asked = 200;
  if (const std::string why = impossible(Strangers); !why.empty()) GTEST_SKIP() << why;
  const CrowdCounts counts = meet(Strangers, Asked);
  EXPECT_EQ(counts.held, Strangers);
  EXPECT_EQ(counts.answered, counts.asked);
  EXPECT_EQ(counts.left, 0U);
  EXPECT_LT(counts.stranger_kb, 100.0);  // a body of 4 MB was promised by a quarter of them
}

}  // namespace
}  // namespace cases::crowd
