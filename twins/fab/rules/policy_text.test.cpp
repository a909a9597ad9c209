#include "twins/fab/rules/policy_text.hpp"

#include <gtest/gtest.h>

namespace twins::fab {
namespace {

// Wrong: a policy that was put together would be another than the one that was meant.
TEST(PolicyText, PutsTogetherAndTakesApart) {
  EXPECT_EQ(with_parameter("fifo", "conwip=60"), "fifo:conwip=60");
  EXPECT_EQ(with_parameter("cr:batch=mcb", "conwip=60"), "cr:batch=mcb,conwip=60");
  EXPECT_EQ(with_parameter("cr:conwip=60,batch=mcb", "conwip=50"), "cr:batch=mcb,conwip=50");
  EXPECT_EQ(with_parameter("cr:conwip.a=6", "conwip=50"), "cr:conwip.a=6,conwip=50");
  EXPECT_EQ(without_release("cr:conwip=60,batch=mcb,workload=3,bottleneck=x"), "cr:batch=mcb");
  EXPECT_EQ(without_release("cr:conwip.a=6"), "cr");
  EXPECT_EQ(without_release("cr"), "cr");
  EXPECT_EQ(release_of("cr:conwip=60,batch=mcb,conwip.a=3"), "conwip=60,conwip.a=3");
  EXPECT_EQ(release_of("cr:batch=mcb"), "");
  EXPECT_EQ(with_parameter("cr:not.a#1=p", "not.a#1=q"), "cr:not.a#1=p,not.a#1=q");
  EXPECT_EQ(without_qualification("cr:not.a#1=p,conwip=6,only.a#2=r/001"), "cr:conwip=6");
  EXPECT_EQ(qualification_of("cr:not.a#1=p,conwip=6,only.a#2=r/001"), "not.a#1=p,only.a#2=r/001");
}

}  // namespace
}  // namespace twins::fab
