// If this failed, somebody with a network of IPv6 would be as many strangers as he likes.
#include "apps/api/wire.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"

namespace apps::api {
namespace {

TEST(ApiWire, CountsANetworkAsOne) {
  const auto crowd = [](const char* text) { return crowd_of(boost::asio::ip::make_address(text)); };
  EXPECT_EQ(crowd("10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(crowd("::ffff:10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(crowd("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(crowd("2001:db8:1:2::9"), "2001:db8:1:2::/64");
}

TEST(ApiWire, WithoutItsFilesThereIsNoTls) {
  EXPECT_EQ(twin::contract::refusal([] { const Tls tls({.certificate = "no.pem", .key = "no"}); }),
            "TLS: no.pem (it cannot be read)");
}

}  // namespace
}  // namespace apps::api
