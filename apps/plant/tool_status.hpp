// What a tool of the plant is, for its status variables: a host that asks (S1F3) learns it without
// having heard any event. GEM (SEMI E30) knows no lot and no E10 state; tools have them as variables
// of their own.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "apps/plant/site.hpp"
#include "twin/event/vocabulary.hpp"

namespace apps::plant {

// The process states of SEMI E30, which leaves their numbers to the tool. One that stands is in pause
// where lots are inside.
enum class ProcessState : std::uint8_t { Init, Idle, Setup, Ready, Executing, Pause };

struct ToolStatus {
  Tick at = 0;  // [tick] when it is so
  // E10; setup counts as productive, as the mirror has it, though E10 has it among scheduled downtime.
  twin::event::ToolState equipment = twin::event::ToolState::Standby;
  ProcessState process = ProcessState::Idle;
  std::vector<std::uint32_t> lots = {};  // inside, by job
  bool operator==(const ToolStatus&) const = default;
};

// Nothing for a source that speaks for a group of tools: which of them would it be?
std::optional<ToolStatus> tool_status(const Site& site, std::uint32_t source);
ToolStatus tool_status(const twins::fab::ToolView& tool, Tick at);

}  // namespace apps::plant
