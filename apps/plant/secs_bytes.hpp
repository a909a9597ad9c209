// The plant's messages as the HSMS frames that its tools would send, and back: for tests in one
// process that want the real bytes without a session. MES messages are MQTT payloads instead.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "apps/plant/arrival.hpp"
#include "twin/link/gem/equipment.hpp"

namespace apps::plant {

class SecsBytes {
 public:
  // Both must outlive this.
  SecsBytes(const Sources& sources, const twins::fab::EventNames& names);

  // What the source puts on its line: an HSMS frame with S6F11, or the payload of a publish.
  [[nodiscard]] std::vector<std::uint8_t> bytes(const Message& message);

  // The same with a bit or a length broken, so that no parser may take it.
  [[nodiscard]] std::vector<std::uint8_t> broken(const Message& message, std::uint32_t damage);

  // What a link makes of these bytes of that source: nothing where they are not whole. `raw` is the
  // bytes, names are numbered by names().
  [[nodiscard]] std::optional<twin::link::Arrival> read(std::uint32_t source,
                                                        std::span<const std::uint8_t> bytes,
                                                        Tick arrived);
  [[nodiscard]] const twin::event::Names& names() const { return heard_; }

 private:
  [[nodiscard]] bool is_mes(std::uint32_t source) const { return source == sources_.mes(); }

  const Sources& sources_;
  Arrivals arrivals_;
  twin::link::gem::EquipmentModel model_;
  twin::link::tool::Telling telling_;
  twin::event::Names heard_;
};

}  // namespace apps::plant
