// If these failed, a study would ask another model than its file names, or wait for one that is not there.
#include "apps/fabtwin/uq/um_bridge.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"

namespace apps::fabtwin::uq {
namespace {

TEST(UqUmBridgeAddress, IsReadOrRefused) {
  const auto a = um_bridge_server("http://model.lab:4242/");
  EXPECT_EQ(a.host, "model.lab");
  EXPECT_EQ(a.port, "4242");
  EXPECT_FALSE(a.tls);
  for (const char* url : {"model:4242", "http://model", "http://:1", "http://a:b", "http://a:1/x"})
    EXPECT_EQ(twin::contract::refusal([&] { um_bridge_server(url); }),
              "'" + std::string(url) + "' is no address of a model (http://HOST:PORT?)");
}

}  // namespace
}  // namespace apps::fabtwin::uq
