// If this failed, a desk could be opened on a twin that answers half of what it is asked.
#include "apps/api/port.hpp"

#include <gtest/gtest.h>

#include "apps/api/example.hpp"

namespace apps::api {
namespace {

TEST(ApiPort, TheExampleAnswersAll) {
  example::Twin twin;
  const TwinPort port = twin.port();
  EXPECT_TRUE(port.record && port.trail && port.moment && port.read && port.simulate &&
              port.try_value && port.outcome && port.drop);
  EXPECT_TRUE(port.read({.topic = Topic::Lot, .name = "L7"}).has_value());
  EXPECT_FALSE(port.read({.topic = Topic::Lot, .name = "L8"}).has_value());
}

}  // namespace
}  // namespace apps::api
