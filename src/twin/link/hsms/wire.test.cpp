// If these failed, the tests of sessions would not test what a line does.
#include "twin/link/hsms/wire.hpp"

#include <gtest/gtest.h>

namespace twin::link::hsms {
namespace {

TEST(Wire, CarriesWhatIsSaidAndWakesWhoWaits) {
  Wire wire;
  wire.connect();
  EXPECT_EQ(wire.host.state(), State::Selected);
  EXPECT_EQ(wire.tool.state(), State::Selected);
  const core::Tick before = wire.now;
  wire.advance(31'000);
  EXPECT_EQ(wire.now, before + 31'000);
  EXPECT_EQ(wire.host.counts().linktests + wire.tool.counts().linktests, 2U);
  wire.dead = true;
  wire.advance(40'000);
  EXPECT_EQ(wire.host.state(), State::NotConnected);
  EXPECT_EQ(wire.tool.state(), State::NotConnected);
}

}  // namespace
}  // namespace twin::link::hsms
