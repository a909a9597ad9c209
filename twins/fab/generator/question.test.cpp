// The names of the generator's questions.
#include "twins/fab/generator/question.hpp"

#include <gtest/gtest.h>

namespace twins::fab::generator {
namespace {

TEST(Question, NumbersStayAsTheyAre) {
  // Wrong: committed data sets could not be made again from their seeds.
  EXPECT_EQ(number(Question::Choice), 1U);
  EXPECT_EQ(number(Question::Amount), 2U);
  EXPECT_EQ(number(Question::LeaveOut), 3U);
  EXPECT_EQ(number(Question::GroupWeight), 4U);
  EXPECT_EQ(number(Question::GroupLoad), 5U);
  EXPECT_EQ(number(Question::GroupBatch), 6U);
  EXPECT_EQ(number(Question::FirstPm), 7U);
  EXPECT_EQ(number(Question::WipPlace), 8U);
  EXPECT_EQ(number(Question::WipDue), 9U);
}

}  // namespace
}  // namespace twins::fab::generator
