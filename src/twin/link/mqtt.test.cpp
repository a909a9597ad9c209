#include "twin/link/mqtt.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "twin/contract/refusal.hpp"
#include "twin/link/mosquitto_broker.hpp"

namespace twin::link {
namespace {

using std::chrono::milliseconds;

struct Heard {
  std::string topic, payload;
  int qos;
  Retain retained;
};

// A client that writes down what it hears.
struct Ear {
  std::vector<Heard> heard;
  std::vector<int> published;
  int connects = 0;
  Mqtt mqtt;
  explicit Ear(MqttOptions options) : mqtt(std::move(options)) {
    mqtt.on_message([this](const MqttMessage& m) {
      heard.push_back({std::string(m.topic), std::string(m.payload), m.qos, m.retained});
    });
    mqtt.on_published([this](int n) { published.push_back(n); });
    mqtt.on_connected([this] { ++connects; });
  }
};

// Turns all clients until it is so, 10 s at most.
bool until(std::initializer_list<Ear*> ears, const std::function<bool()>& so) {
  for (int k = 0; k < 2'000; ++k) {
    for (Ear* ear : ears) ear->mqtt.wait(milliseconds(2));
    if (so()) return true;
  }
  return false;
}

class MqttBroker : public ::testing::TestWithParam<MqttVersion> {
 protected:
  void SetUp() override {
    if (!MosquittoBroker::present()) GTEST_SKIP() << "mosquitto is not installed";
  }
  MqttOptions options(int port, const char* filter = nullptr, int qos = 1) {
    MqttOptions o{.port = port, .version = GetParam()};
    if (filter != nullptr) o.subscriptions = {{.filter = filter, .qos = qos}};
    return o;
  }
};

TEST_P(MqttBroker, CarriesEveryQualityOfService) {
  // If this failed, the twin would hear nothing from the MES.
  MosquittoBroker broker;
  Ear ear(options(broker.port(), "fab/#", 2)), mouth(options(broker.port()));
  ASSERT_TRUE(until({&ear, &mouth}, [&] { return ear.connects > 0 && mouth.connects > 0; }));
  // The subscription is taken before what is published behind its own answer.
  ASSERT_TRUE(until({&ear, &mouth}, [&] {
    static_cast<void>(mouth.mqtt.publish("fab/ready", "", 0));
    return !ear.heard.empty();
  }));
  ear.heard.clear();
  const std::string large(300'000, 'x');
  const auto number = mouth.mqtt.publish("fab/a", "one", 1);
  const auto second = mouth.mqtt.publish("fab/b", large, 2);
  ASSERT_TRUE(number && second);
  ASSERT_TRUE(until({&ear, &mouth}, [&] {
    return mouth.published.size() == 2 &&
           std::ranges::count_if(ear.heard, [](const Heard& h) { return h.qos > 0; }) == 2;
  }));
  std::erase_if(ear.heard, [](const Heard& h) { return h.qos == 0; });
  EXPECT_EQ(ear.heard[0].topic, "fab/a");
  EXPECT_EQ(ear.heard[0].payload, "one");
  EXPECT_EQ(ear.heard[0].qos, 1);
  EXPECT_EQ(ear.heard[1].payload, large);
  EXPECT_EQ(ear.heard[1].qos, 2);
  EXPECT_EQ(mouth.published, (std::vector{*number, *second}));
  EXPECT_EQ(mouth.mqtt.queued(), 0U);
}

TEST_P(MqttBroker, KeepsTheLastWordAndTheWill) {
  // If this failed, whoever comes late would not know a tool's state, or that its link is dead.
  MosquittoBroker broker;
  {
    MqttOptions o = options(broker.port());
    o.keepalive_s = 5;
    o.will = MqttWill{.topic = "fab/n/line", .payload = "gone"};
    Ear mouth(std::move(o));
    static_cast<void>(mouth.mqtt.publish("fab/n/state", "up", 1, Retain::Yes));
    ASSERT_TRUE(until({&mouth}, [&] { return mouth.published.size() == 1; }));
    ::shutdown(mouth.mqtt.socket(), SHUT_RDWR);  // without a word
    Ear ear(options(broker.port(), "fab/n/#"));
    ASSERT_TRUE(until({&ear}, [&] { return ear.heard.size() >= 2; }));
    std::ranges::sort(ear.heard, {}, &Heard::topic);
    EXPECT_EQ(ear.heard[0].payload, "gone");
    EXPECT_EQ(ear.heard[1].payload, "up");
    EXPECT_EQ(ear.heard[1].retained, Retain::Yes);
  }
}

TEST_P(MqttBroker, KeptSessionHearsWhatCameMeanwhile) {
  // If this failed, a restart of the twin would lose all that was said meanwhile, and the sources
  // would have to say it again.
  MosquittoBroker broker;
  MqttOptions kept = options(broker.port(), "fab/#");
  kept.client_id = "twin";
  kept.session = MqttSession::Kept;
  Ear mouth(options(broker.port()));
  {
    Ear ear(kept);
    ASSERT_TRUE(until({&ear, &mouth}, [&] {
      static_cast<void>(mouth.mqtt.publish("fab/ready", "", 0));
      return !ear.heard.empty();
    }));
  }
  for (int k = 0; k < 50; ++k) static_cast<void>(mouth.mqtt.publish("fab/a", std::to_string(k), 1));
  ASSERT_TRUE(until({&mouth}, [&] { return mouth.published.size() == 50; }));
  Ear ear(kept);
  ASSERT_TRUE(until({&ear}, [&] { return ear.heard.size() >= 50; }));
  EXPECT_EQ(ear.heard.back().payload, "49");
}

TEST_P(MqttBroker, ComesBackAfterTheBrokerDied) {
  // If this failed, a broker's restart would end the link.
  MosquittoBroker broker;
  Ear ear(options(broker.port(), "fab/#")), mouth(options(broker.port()));
  ASSERT_TRUE(until({&ear, &mouth}, [&] { return ear.connects == 1 && mouth.connects == 1; }));
  broker.stop(SIGKILL);
  ASSERT_TRUE(
      until({&ear, &mouth}, [&] { return !ear.mqtt.connected() && !mouth.mqtt.connected(); }));
  EXPECT_NE(ear.mqtt.problem(), "");
  const auto number = mouth.mqtt.publish("fab/a", "while it was down", 1);
  ASSERT_TRUE(number);
  broker.start();
  ASSERT_TRUE(until({&ear, &mouth}, [&] {
    return ear.connects == 2 && mouth.connects == 2 &&
           std::ranges::find(mouth.published, *number) != mouth.published.end();
  }));
  EXPECT_EQ(ear.mqtt.problem(), "");
}

TEST_P(MqttBroker, UserWithoutTheRightWordIsToldWhy) {
  // If this failed, a wrong password would look like a broken network.
  MosquittoBroker broker("allow_anonymous false\n");
  MqttOptions o = options(broker.port());
  o.user = "twin";
  o.password = "wrong";
  Ear ear(std::move(o));
  ASSERT_TRUE(until({&ear}, [&] { return ear.mqtt.problem().find("uthori") != std::string::npos; }))
      << ear.mqtt.problem();
  EXPECT_EQ(ear.connects, 0);
}

INSTANTIATE_TEST_SUITE_P(Versions, MqttBroker,
                         ::testing::Values(MqttVersion::V311, MqttVersion::V5),
                         [](const auto& p) { return p.param == MqttVersion::V5 ? "V5" : "V311"; });

TEST(Mqtt, WithoutABrokerItQueuesUpToItsLimit) {
  // If this failed, a twin without its broker would grow until it dies.
  Ear ear(MqttOptions{.port = free_port(), .queued_max = 3});
  for (int k = 0; k < 3; ++k) EXPECT_TRUE(ear.mqtt.publish("a", "b", 1));
  EXPECT_FALSE(ear.mqtt.publish("a", "b", 1));
  ear.mqtt.wait(milliseconds(1));
  ear.mqtt.wait(milliseconds(1));
  EXPECT_FALSE(ear.mqtt.connected());
  EXPECT_EQ(ear.mqtt.problem(), "the broker does not answer");
}

TEST(Mqtt, HostThatIsSilentHoldsNobodyUp) {
  // If this failed, a broker behind a dead network would stop the tools' lines on the same thread
  // for minutes. A full backlog is as silent as a host that is off.
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  ASSERT_EQ(::bind(fd, plain, length), 0);
  ASSERT_EQ(::listen(fd, 0), 0);
  ASSERT_EQ(::getsockname(fd, plain, &length), 0);
  std::vector<int> fillers;
  for (int k = 0; k < 4; ++k) {
    fillers.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
    static_cast<void>(::connect(fillers.back(), plain, length));
  }
  for (const auto version : {MqttVersion::V311, MqttVersion::V5}) {
    Ear ear(MqttOptions{.port = ntohs(address.sin_port),
                        .client_id = "twin",
                        .version = version,
                        .session = MqttSession::Kept});
    const auto began = std::chrono::steady_clock::now();
    for (int k = 0; k < 20; ++k) ear.mqtt.turn();
    EXPECT_LT(std::chrono::steady_clock::now() - began, milliseconds(1'000));
    EXPECT_FALSE(ear.mqtt.connected());
  }
  for (const int filler : fillers) ::close(filler);
  ::close(fd);
}

TEST(Mqtt, WhatCannotBePublishedIsNot) {
  // If this failed, a lot's name could end as a wildcard, and the broker would cut the line.
  Ear ear(MqttOptions{.port = free_port()});
  EXPECT_FALSE(ear.mqtt.publish("a/+", "b", 1));
  EXPECT_FALSE(ear.mqtt.publish(std::string_view("a\0b", 3), "b", 1));
  EXPECT_FALSE(ear.mqtt.publish("", "b", 1));
  EXPECT_FALSE(ear.mqtt.publish("a", "b", 3));
}

TEST(Mqtt, ImpossibleOptionsAreRefusedWithTheirReason) {
  // If this failed, a wrong line in a site's file would show as silence.
  const auto why = [](MqttOptions o) {
    return contract::refusal([&] { Mqtt mqtt(std::move(o)); });
  };
  EXPECT_EQ(why({.host = ""}), "MQTT: no host is given");
  EXPECT_EQ(why({.port = 70'000}), "MQTT: port 70000 (1 to 65535)");
  EXPECT_EQ(why({.session = MqttSession::Kept}),
            "MQTT: a kept session needs a client id, by which the broker knows us again");
  EXPECT_EQ(why({.password = "x"}), "MQTT: a password without a user");
  EXPECT_EQ(why({.tls = {.ca_file = "no-such.pem"}}),
            "MQTT: the certificate of the authority 'no-such.pem' (there is no such file)");
  EXPECT_EQ(why({.subscriptions = {{.filter = "a/#/b", .qos = 1}}}),
            "MQTT: the subscription 'a/#/b' with QoS 1 (a filter, and 0 to 2)");
  EXPECT_EQ(why({.will = MqttWill{.topic = "a/+"}}),
            "MQTT: the will's topic 'a/+' with QoS 1 (a topic without wildcards, and 0 to 2)");
}

}  // namespace
}  // namespace twin::link
