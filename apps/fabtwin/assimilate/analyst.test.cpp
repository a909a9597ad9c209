// If this failed, a method that says nothing would be scored by something.
#include "apps/fabtwin/assimilate/analyst.hpp"

#include <gtest/gtest.h>

namespace apps::fabtwin::assimilate {
namespace {

TEST(Answer, SaysNothingUnlessItIsTold) {
  const Answer answer;
  EXPECT_FALSE(answer.told);
  EXPECT_EQ(answer.estimate.size(), 0);
  EXPECT_EQ(answer.weights.size(), 0);
  EXPECT_TRUE(answer.ancestors.empty());
  EXPECT_EQ(Method().lag, 0U);
}

}  // namespace
}  // namespace apps::fabtwin::assimilate
