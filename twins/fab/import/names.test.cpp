#include "twins/fab/import/names.hpp"

#include <gtest/gtest.h>

namespace twins::fab::import {
namespace {

// Two things would share an index, or one thing would get two.
TEST(Names, number_things_in_the_order_met) {
  Names names;
  EXPECT_EQ(names.find("A"), None);
  EXPECT_EQ(names.add("A", 2), 0U);
  EXPECT_EQ(names.add("a", 3), 1U);  // case counts: the data hold DefMEt_FE_118
  EXPECT_EQ(names.add("A", 9), 0U);
  EXPECT_EQ(names.size(), 2U);
  EXPECT_EQ(names.find("a"), 1U);
  EXPECT_EQ(names.line(0), 2U);
  EXPECT_EQ(names.name(1), "a");
}

}  // namespace
}  // namespace twins::fab::import
