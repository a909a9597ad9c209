// A tool that is asked says what state it is in: where the mirror has it in another, and nothing near
// tells of a change, the word for it was lost, or was never said to us.
#include <algorithm>

#include "twins/fab/live/bridge.hpp"

namespace twins::fab::live {

using twin::event::Event;
using twin::event::Kind;
using twin::event::ToolState;

namespace {

bool changes_state(Kind kind) {
  return kind == Kind::ToolDown || kind == Kind::ToolUp || kind == Kind::PmStarted ||
         kind == Kind::PmEnded;
}

// Engineering and non-scheduled time say nothing of what the mirror knows.
bool agrees(const Tool& tool, ToolState state) {
  const bool down = tool.breakdowns != 0, maintained = tool.pm != 0xff;
  switch (state) {
    case ToolState::Productive:
    case ToolState::Standby: return !down && !maintained;
    case ToolState::UnscheduledDown: return down || maintained;  // it may break while maintained
    case ToolState::ScheduledDown: return maintained;
    default: return true;
  }
}

}  // namespace

// Within patience of a change that somebody tells, what is asked and what is told may have crossed:
// the change counts.
void Folder::hear_state(Fold& fold, const Told& told) {
  const Event& e = told.event;
  if (e.chamber != None || e.tool >= layout_.tools() || e.unit != twin::event::Unit::State) return;
  const auto state = static_cast<ToolState>(static_cast<int>(e.value));
  if (agrees(fold.x.tools[e.tool], state)) return;
  const auto is_near = [&](const Told& t) {
    return t.event.tool == e.tool && changes_state(t.event.kind);
  };
  const auto first = std::lower_bound(around_.begin(), around_.end(), e.at - patience_,
                                      [](const Told& t, Tick at) { return t.event.at < at; });
  const auto last = std::find_if(first, around_.end(),
                                 [&](const Told& t) { return t.event.at > e.at + patience_; });
  if (std::any_of(first, last, is_near) || std::ranges::any_of(fold.waiting, is_near)) return;
  Bridge{*this, fold, told, std::max(fold.x.now, e.at)}.be_in(state);
  if (!fold.waiting.empty()) retry(fold, told);
}

// Which one it is nobody says: one that has been asked for, or else the first. If it is another, its
// end will tell. A lot that is inside contradicts the word.
void Folder::Bridge::begin_maintenance(std::uint32_t tool) {
  const GroupInfo& group = folder.layout_.groups[folder.layout_.tool_group[tool]];
  const PmClock* clocks = &fold.x.pms[tool * folder.layout_.max_pms];
  std::uint32_t which = 0;
  while (which < group.pms && clocks[which].asked == 0) ++which;
  if (group.pms == 0) return;
  Event started = about(Kind::PmStarted, None, tool);
  started.item = folder.mirror_.names().pm_item[group.first_pm + (which < group.pms ? which : 0)];
  bring_up(tool);
  (void)infer(started);
}

void Folder::Bridge::be_in(ToolState state) {
  const std::uint32_t t = told.event.tool;
  switch (state) {
    case ToolState::Productive:
    case ToolState::Standby:
      bring_up(t);
      end_maintenance(t);
      break;
    case ToolState::UnscheduledDown: (void)infer(about(Kind::ToolDown, None, t)); break;
    case ToolState::ScheduledDown: begin_maintenance(t); break;
    default: return;
  }
  fold.doubts.push_back({.lot = None, .tool = t, .since = told.event.at});
}

}  // namespace twins::fab::live
