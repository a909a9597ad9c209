// What must have happened for an event to fit that does not: something was lost. The lot and the
// tool are taken to where the event has them by the mirror's own moves, at the time of the event.
#pragma once
#include "twins/fab/floor.hpp"
#include "twins/fab/live/fold.hpp"

namespace twins::fab::live {

// Of one event in one fold. Everything inferred is counted and leaves a Doubt.
struct Folder::Bridge {
  Folder& folder;
  Fold& fold;
  const Told& told;
  Tick at = 0;  // [tick] of what is inferred

  // The event goes on from where its lot is: a few of its events are missing. One such event is
  // enough; anything stranger needs a second that agrees, for a lie is told once.
  [[nodiscard]] bool plausible() const;
  // It came after all: a lot's arrival that was inferred, of the step that it has begun since.
  [[nodiscard]] bool known() const;
  // The last one of this lot that was refused for good had it in the same tool or at the same step.
  [[nodiscard]] bool agreed() const;
  // Infers and applies; what the event came to.
  Applied cross(Applied why);
  // The event is a word of what state its tool is in (SEMI E10), and the mirror has it in another.
  void be_in(twin::event::ToolState state);

 private:
  [[nodiscard]] std::uint32_t slot() const;
  [[nodiscard]] bool reached(const Lot& lot) const;
  [[nodiscard]] std::uint32_t step_of(const Lot& lot) const;  // global, that the event names
  bool infer(twin::event::Event event);                       // applied, counted
  twin::event::Event about(twin::event::Kind kind, std::uint32_t lot, std::uint32_t tool) const;
  bool bring_into_being();
  void bring_up(std::uint32_t tool);
  void end_maintenance(std::uint32_t tool);
  void begin_maintenance(std::uint32_t tool);
  void take_out(std::uint32_t lot_slot);
  void set_free(std::uint32_t lot_slot);  // on its way, wherever it was
  [[nodiscard]] bool goes_on(const Lot& lot) const;
  [[nodiscard]] bool keeps_tool(const Lot& lot) const;
  void pass_tool(std::uint32_t lot_slot);
  void queue_at_step();
  void make_room();
  void be_inside(bool processing);
  void tool_itself(Applied why);
};

}  // namespace twins::fab::live
