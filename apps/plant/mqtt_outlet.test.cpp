// If these failed, a lot's move would be lost with the broker that held it, or a command not obeyed.
#include "apps/plant/mqtt_outlet.hpp"

#include <gtest/gtest.h>

#include <set>

#include "twin/contract/refusal.hpp"
#include "twin/link/mosquitto_broker.hpp"
#include "twin/link/uns.hpp"
#include "twins/fab/lively_fab.hpp"

namespace apps::plant {
namespace {

using std::chrono::milliseconds;
namespace link = twin::link;

Tick line_ms() {
  return std::chrono::duration_cast<milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

TEST(MqttOutlet, ReadsCommandsStrictly) {
  const auto layout = twins::fab::lively_fab();
  const twins::fab::EventNames names(*layout);
  const Command c =
      read_command(R"({"do":"start_pm","tool":"Etch#1","calendar":1,"id":7})", names.names);
  EXPECT_EQ(c.kind, Command::Kind::StartPm);
  EXPECT_EQ(layout->tool_name(c.tool), "Etch#1");
  EXPECT_EQ(c.item, 1U);
  EXPECT_EQ(read_command(R"({"do":"priority","lot":"L12","value":30})", names.names).lot, 12U);
  EXPECT_EQ(read_command(R"({"do":"rule","rule":"cr"})", names.names).rule, "cr");
  const auto refusal = [&](const char* json) {
    return twin::contract::refusal([&] { static_cast<void>(read_command(json, names.names)); });
  };
  EXPECT_EQ(refusal("nonsense"), "command: no JSON object");
  EXPECT_EQ(refusal("{}"), "command: no 'do'");
  EXPECT_EQ(refusal(R"({"do":"dance"})"),
            "command: 'do' must be hold, release, priority, start_pm, recipe_offset or rule");
  EXPECT_EQ(refusal(R"({"do":"hold","lot":7})"), "command: 'lot' must be the name of a lot");
  EXPECT_EQ(refusal(R"({"do":"hold","tool":"Z"})"), "command: 'tool' must be the name of a tool");
  EXPECT_EQ(refusal(R"({"do":"start_pm","calendar":-1})"), "command: 'calendar' must be 0 to 255");
  EXPECT_EQ(refusal(R"({"do":"priority","value":"high"})"), "command: 'value' must be a number");
  EXPECT_EQ(refusal(R"({"do":"rule","rule":1})"), "command: 'rule' must be the name of a rule");
  EXPECT_EQ(refusal(R"({"do":"hold","l\u006ft":"L1","by":"me"})"), "command: unknown key 'by'");
}

TEST(MqttOutlet, KeepsWhatIsNotAcknowledgedAndObeys) {
  if (!link::MosquittoBroker::present()) GTEST_SKIP() << "mosquitto is not installed";
  link::MosquittoBroker broker;
  const auto layout = twins::fab::lively_fab();
  Sources sources(*layout, {});
  const twins::fab::EventNames names(*layout);
  std::vector<Command> obeyed;
  MqttOutlet outlet(sources, names,
                    {.port = broker.port(),
                     .site = "n",
                     .again_ms = 200,
                     .line_time = line_ms,
                     .obey = [&](const Command& c) {
                       obeyed.push_back(c);
                       return Obeyed{true, "done"};
                     }});
  std::set<std::uint64_t> heard;
  std::vector<std::string> answers;
  std::uint64_t torn = 0;
  bool acknowledges = false;
  twin::event::Names learnt;
  link::Mqtt twin({.port = broker.port(), .client_id = "twin", .subscriptions = {{"fab/n/#"}}});
  twin.on_message([&](const link::MqttMessage& m) {
    if (m.topic == "fab/n/mes/command/answer") return void(answers.emplace_back(m.payload));
    if (m.topic != "fab/n/mes/event") return;
    try {
      const auto a = link::read_payload(m.payload, "mqtt/", learnt);
      EXPECT_EQ(a.source, "mqtt/mes");
      heard.insert(a.seq);
      const link::Numbers numbers{.src = "mes", .epoch = a.epoch, .seq = {a.seq, a.seq}};
      if (acknowledges)
        static_cast<void>(twin.publish("fab/n/twin/ack/mes", link::write_numbers(numbers), 1));
    } catch (const twin::core::Error&) {
      ++torn;
    }
  });
  const auto turn_until = [&](const auto& holds) {
    for (const Tick end = line_ms() + 10'000; line_ms() < end && !holds();) {
      outlet.turn(milliseconds(1));
      twin.wait(milliseconds(1));
    }
    return holds();
  };
  const auto tell = [&](std::uint64_t seq) {
    Message m;
    m.source = sources.mes();
    m.seq = seq;
    m.at = static_cast<Tick>(seq);
    m.clock = 1'000 + m.at;
    m.event.kind = twin::event::Kind::Moved;
    m.event.lot = 3;
    EXPECT_EQ(outlet.tell(m), Takes::Mine);
    if (seq == 7) outlet.corrupt(m, 12'345);
  };
  ASSERT_TRUE(turn_until([&] { return outlet.connected() && twin.connected(); }));
  for (std::uint64_t k = 0; k < 100; ++k) tell(k);
  EXPECT_TRUE(turn_until([&] { return heard.size() == 100 && torn > 0; }));
  EXPECT_EQ(outlet.kept(), 100U);
  EXPECT_EQ(outlet.settled(), 0);
  broker.stop(SIGKILL);  // it takes with it all that it had
  for (std::uint64_t k = 100; k < 200; ++k) tell(k);
  broker.start();
  acknowledges = true;
  EXPECT_TRUE(turn_until([&] { return outlet.kept() == 0; })) << outlet.kept();
  EXPECT_EQ(heard.size(), 200U);
  EXPECT_EQ(outlet.settled(), twin::core::Never);

  static_cast<void>(twin.publish("fab/n/mes/command", R"({"do":"hold","lot":"L3","id":5})", 1));
  EXPECT_TRUE(turn_until([&] { return !answers.empty(); }));
  ASSERT_EQ(obeyed.size(), 1U);
  EXPECT_EQ(obeyed[0].lot, 3U);
  EXPECT_EQ(answers[0], R"({"done":true,"id":5,"why":"done"})");
  EXPECT_EQ(outlet.event_topic(), "fab/n/mes/event");
  EXPECT_EQ(outlet.command_topic(), "fab/n/mes/command");
  Message of_tool;
  EXPECT_EQ(outlet.tell(of_tool), Takes::NotMine);
}

}  // namespace
}  // namespace apps::plant
