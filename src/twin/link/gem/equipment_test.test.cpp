// If this failed, the tests of the equipment would test something else.
#include "twin/link/gem/equipment_test.hpp"

#include <gtest/gtest.h>

namespace twin::link::gem {
namespace {

TEST(Spoken, BeginsOnLine) {
  Spoken tool;
  tool.begin();
  EXPECT_EQ(tool.equipment.communication(), Communication::Communicating);
  EXPECT_EQ(tool.equipment.control(), Control::Remote);
  EXPECT_EQ(tool.equipment.waiting(), 0U);
}

}  // namespace
}  // namespace twin::link::gem
