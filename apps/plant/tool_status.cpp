#include "apps/plant/tool_status.hpp"

namespace apps::plant {

using twin::event::ToolState;
using twins::fab::ToolMode;

ToolStatus tool_status(const twins::fab::ToolView& tool, Tick at) {
  ToolStatus s{.at = at};
  for (const auto& job : tool.jobs) s.lots.insert(s.lots.end(), job.lots.begin(), job.lots.end());
  const ProcessState stands = tool.jobs.empty() ? ProcessState::Idle : ProcessState::Pause;
  switch (tool.mode) {
    case ToolMode::Down:
      s.equipment = ToolState::UnscheduledDown;
      s.process = stands;
      break;
    case ToolMode::Pm:
      s.equipment = ToolState::ScheduledDown;
      s.process = stands;
      break;
    case ToolMode::Setup:
    case ToolMode::Load:
      s.equipment = ToolState::Productive;
      s.process = ProcessState::Setup;
      break;
    case ToolMode::Process:
    case ToolMode::Unload:
      s.equipment = ToolState::Productive;
      s.process = ProcessState::Executing;
      break;
    case ToolMode::Idle: break;
  }
  return s;
}

std::optional<ToolStatus> tool_status(const Site& site, std::uint32_t source) {
  if (site.sources().links() != Links::PerTool || source >= site.sources().mes()) return {};
  const Fab& fab = site.fab();
  return tool_status(twins::fab::observe_tool(fab.state(), source), fab.now());
}

}  // namespace apps::plant
