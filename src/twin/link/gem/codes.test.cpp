// If these failed, an acknowledgement would say something else on the wire than its name.
#include "twin/link/gem/codes.hpp"

#include <gtest/gtest.h>

namespace twin::link::gem {
namespace {

TEST(Codes, HaveTheNumbersOfTheWire) {
  EXPECT_EQ(static_cast<int>(Hcack::Later), 4);
  EXPECT_EQ(static_cast<int>(Lrack::UnknownRptid), 5);
  EXPECT_EQ(static_cast<int>(Drack::UnknownVid), 4);
  EXPECT_EQ(static_cast<int>(Tiaack::BadGroup), 5);
  EXPECT_EQ(static_cast<int>(Control::Remote), 5);
  EXPECT_TRUE(is_online(Control::Local));
  EXPECT_FALSE(is_online(Control::HostOffline));
}

}  // namespace
}  // namespace twin::link::gem
