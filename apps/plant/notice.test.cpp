// If these failed, a twin beside the plant would go by another clock or knock at other doors.
#include "apps/plant/notice.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"

namespace apps::plant {
namespace {

Notice example() {
  Notice n;
  n.time_zero_ms = 1'514'764'800'000;
  n.started_real_ms = 1'800'000'000'123;
  n.speed = 62.5;
  n.data = "/a \"fab\"\\x";
  n.seed = 42;
  n.plant = "00ff";
  n.description = "tools.toml";
  n.tools = {{"Litho#1", "127.0.0.1", 5000}, {"Litho#2", "127.0.0.1", 5001}};
  n.broker = "127.0.0.1:1883";
  n.mes_topic = "fab/a/mes/event";
  n.ack_topic = "fab/a/twin/ack/mes";
  n.command_topic = "fab/a/mes/command";
  return n;
}

TEST(Notice, IsReadBack) {
  Notice n = example();
  EXPECT_EQ(read_notice(to_string(n), "plant.toml"), n);
  n.tools.clear();
  n.description.clear();
  n.broker = n.mes_topic = n.ack_topic = n.command_topic = "";
  n.speed = 60.0;
  EXPECT_EQ(read_notice(to_string(n), "plant.toml"), n);
}

TEST(Notice, ItsClockIsAnAffineMap) {
  const Notice n = example();
  EXPECT_EQ(n.at(n.started_real_ms), 0);
  EXPECT_EQ(n.at(n.started_real_ms + 1000), 62'500);
  EXPECT_EQ(n.at(n.started_real_ms + 1), 62);
}

TEST(Notice, IsRefusedWhereItIsNone) {
  const auto refusal = [](const std::string& text) {
    return twin::contract::refusal([&] { static_cast<void>(read_notice(text, "plant.toml")); });
  };
  EXPECT_EQ(refusal(""), "plant.toml:1: the notice has no 'time_zero_ms' (it is needed)");
  std::string text = to_string(example());
  text.replace(text.find(":5001"), 5, ":0");
  EXPECT_EQ(refusal(text).substr(0, 14), "plant.toml:23:");
  EXPECT_NE(refusal(text).find("address = \"127.0.0.1:0\" (must be host:port)"), std::string::npos);
}

}  // namespace
}  // namespace apps::plant
