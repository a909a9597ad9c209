// The notice that a running plant puts up, DIR/plant.toml: its clock as an affine map of the
// computer's, its links with their ports and topics, the data set. A twin beside it reads it.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "twin/core/tick.hpp"

namespace apps::plant {

using twin::core::Tick;

struct NoticedTool {
  std::string name = {};
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  bool operator==(const NoticedTool&) const = default;
};

struct Notice {
  std::int64_t time_zero_ms = 0;     // moment of tick 0 [ms since 1970]
  std::int64_t started_real_ms = 0;  // the computer's clock at tick 0 [ms since 1970]
  double speed = 1.0;                // plant seconds a real second
  std::string data = {};             // folder of the data set, absolute
  std::uint64_t seed = 1;
  std::string links = "per-tool";
  std::string plant = {};        // hash of all that it was told, to tell plants apart
  std::string description = {};  // file of the tools' class, beside the notice; empty: no HSMS
  std::vector<NoticedTool> tools = {};
  std::string broker = {};  // "host:port"; empty: no MQTT
  std::string mes_topic = {}, ack_topic = {}, command_topic = {};
  bool operator==(const Notice&) const = default;

  // Plant time [tick] when the computer's clock says real_ms.
  [[nodiscard]] Tick at(std::int64_t real_ms) const;
};

std::string to_string(const Notice& notice);                         // the file's text
Notice read_notice(std::string_view text, const std::string& file);  // throws twin::core::Error

}  // namespace apps::plant
