// If these failed, a rule would put a lot first because its index is no number.
#include "twin/decide/rule_arithmetic.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace twin::decide {
namespace {

// Wrong: something would leave the numbers that rules live in.
TEST(RuleArithmetic, StaysInside) {
  const double corners[] = {0.0,     -0.0,   1.0,  -1.0,      1e-300,
                            -1e-300, 5e-324, 1e50, RuleLimit, -RuleLimit};
  for (const RuleOp op : {RuleOp::Add, RuleOp::Subtract, RuleOp::Multiply, RuleOp::Divide,
                          RuleOp::Max, RuleOp::Min}) {
    for (const double a : corners) {
      for (const double b : corners) EXPECT_LE(std::abs(applied(op, a, b)), RuleLimit);
    }
  }
  EXPECT_EQ(applied(RuleOp::Divide, 7.0, 0.0), 1.0);
  EXPECT_EQ(applied(RuleOp::Divide, 7.0, -0.0), 1.0);
  EXPECT_EQ(applied(RuleOp::Divide, 1.0, 5e-324), RuleLimit);
  EXPECT_EQ(applied(RuleOp::Subtract, 5.0, 7.0), -2.0);
  EXPECT_EQ(applied(RuleOp::Divide, 5.0, 2.0), 2.5);
  EXPECT_EQ(applied(RuleOp::Max, 5.0, 7.0), 7.0);
  EXPECT_EQ(applied(RuleOp::Min, 5.0, 7.0), 5.0);
}

}  // namespace
}  // namespace twin::decide
