// The plant's tools on real HSMS lines: a passive GEM equipment each, all on one thread. A line that
// is down is spooled for by the equipment itself; what a host commands waits for the plant.
#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/plant/arrival.hpp"
#include "apps/plant/fab.hpp"
#include "apps/plant/notice.hpp"
#include "apps/plant/plant.hpp"
#include "apps/plant/tool_status.hpp"
#include "twin/link/gem/equipment.hpp"
#include "twin/link/hsms/sockets.hpp"

namespace apps::plant {

class SecsOutlet : public Outlet {
 public:
  struct Options {
    std::uint16_t port = 0;    // of the first tool, the others follow; 0: any that are free
    std::uint32_t window = 8;  // reports of a tool under way at once
    std::size_t spool_max = 1'000'000;
    std::function<Tick()> line_time;   // [ms] of a clock that never runs backwards
    std::function<Tick()> plant_time;  // [ms since 1970]
    std::function<Obeyed(const Command&)> obey;
    // What a source's tool is now; nothing, or empty: its status variables say nothing.
    std::function<std::optional<ToolStatus>(std::uint32_t source)> status = {};
  };
  // Listens at once. Throws twin::core::Error where a port is in use. Sources and names must outlive
  // it.
  SecsOutlet(const Sources& sources, const twins::fab::EventNames& names, Options options);
  ~SecsOutlet() override;

  Takes tell(const Message& message) override;
  void corrupt(const Message& message, std::uint32_t damage) override;
  void cut(std::uint32_t source, bool down) override;
  [[nodiscard]] Tick settled() const override;
  void turn(std::chrono::milliseconds wait) override;

  [[nodiscard]] std::vector<NoticedTool> doors() const;  // [tool]
  [[nodiscard]] std::size_t selected() const;            // lines that a host has selected

 private:
  struct Line;
  struct StatusVariables {  // their indices
    std::uint32_t equipment = 0, process = 0, lots = 0;
  };
  void serve(Line& line, Tick now);
  std::optional<Tick> read_status(Line& line, std::uint32_t source) const;
  void command(Line& line, const twin::link::gem::Happening& asked);

  const Sources& sources_;
  Options options_;
  Arrivals arrivals_;
  twin::link::gem::EquipmentModel model_;
  twin::link::tool::Telling telling_;
  StatusVariables variables_;
  twin::link::hsms::Sockets sockets_;
  std::vector<std::unique_ptr<Line>> lines_;  // [source]
};

}  // namespace apps::plant
