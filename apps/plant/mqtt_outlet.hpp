// The plant's MES on MQTT: lot moves as JSON in the unified namespace, kept until the twin has said
// by number that it has them; commands by JSON, answered.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "apps/plant/arrival.hpp"
#include "apps/plant/fab.hpp"
#include "apps/plant/plant.hpp"
#include "twin/link/mqtt.hpp"

namespace apps::plant {

// A command as JSON: {"do":"hold","lot":"L7"}, {"do":"start_pm","tool":"Etch#1","calendar":0}.
// Throws twin::core::Error for what is none.
Command read_command(std::string_view json, const twin::event::Names& names);

class MqttOutlet : public Outlet {
 public:
  struct Options {
    std::string host = "127.0.0.1";
    int port = 1883;
    std::string site = "plant";       // fab/<site>/...
    Tick again_ms = 3'000;            // [ms real] what is not acknowledged is said again after this
    std::size_t at_once_max = 1'000;  // messages said again in one turn
    std::function<Tick()> line_time;  // [ms] of a clock that never runs backwards
    std::function<Obeyed(const Command&)> obey;
  };
  MqttOutlet(const Sources& sources, const twins::fab::EventNames& names, Options options);

  Takes tell(const Message& message) override;
  void corrupt(const Message& message, std::uint32_t damage) override;
  void cut(std::uint32_t source, bool down) override;
  [[nodiscard]] Tick settled() const override;
  void turn(std::chrono::milliseconds wait) override;

  [[nodiscard]] std::size_t kept() const { return kept_.size(); }
  [[nodiscard]] bool connected() const { return mqtt_.connected(); }
  [[nodiscard]] std::string event_topic() const;
  [[nodiscard]] std::string ack_topic() const;
  [[nodiscard]] std::string command_topic() const;  // answers go to <it>/answer

 private:
  struct Said {
    std::string topic = {}, payload = {};
    Tick at = 0;     // [tick]
    Tick sent = -1;  // [ms] line time; -1: not yet
  };
  void receive(const twin::link::MqttMessage& message);
  void obey(std::string_view json);
  bool publish(Said& said);

  const Sources& sources_;
  Options options_;
  Arrivals arrivals_;
  twin::link::Mqtt mqtt_;
  std::map<std::pair<std::uint32_t, std::uint64_t>, Said> kept_;  // by epoch and number
  bool cut_ = false;
};

}  // namespace apps::plant
