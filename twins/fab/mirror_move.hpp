// One event moving one State: the mirror's laws, split by subject into lots, jobs and tools. Every
// function first asks whether the event fits and then moves, so that a refusal changes nothing.
#pragma once
#include "twins/fab/mirror.hpp"

namespace twins::fab {

struct Mirror::Move {
  Mirror& mirror;
  Floor& floor;
  const Layout& m;
  State& x;
  const twin::event::Event& e;
  std::uint32_t slot = None;  // of the event's lot
  std::uint32_t step = None;  // global, that the event names; the lot's own where it names none

  Applied apply();

  // mirror_lots.cpp: a lot's life between tools, and what people do to it
  Applied released();
  Applied skipped();
  Applied moved();
  Applied arrived();
  Applied reworked();
  Applied finished();
  Applied held();
  Applied released_from_hold();
  Applied split();
  Applied merged();
  Applied scrapped();
  Applied priority_changed();
  void count_again(Origin origin);  // a lot just released turns out to be of another class

  // mirror_jobs.cpp: from the queue through a tool
  Applied batch_formed();
  Applied setup_started();
  Applied load_started();
  Applied processing_started();
  Applied processing_ended();
  Applied suspended();
  Applied resumed();
  Applied unloaded();
  [[nodiscard]] Applied can_enter() const;
  [[nodiscard]] Applied can_go_on() const;  // the lot is in this tool, which works
  [[nodiscard]] Job* job_of_lot() const;
  Job& enter_alone();
  Job& open_job();
  void join(Job& job);
  void leave_job(Job& job);  // the last lot closes it
  void account() const;      // what two overlapping jobs did up to now
  [[nodiscard]] bool told_before(Tick phase, const Job& job, bool over) const;

  // mirror_tools.cpp
  Applied tool_down();
  Applied tool_up();
  Applied pm_due();
  Applied pm_started();
  Applied pm_ended();
  [[nodiscard]] std::uint32_t calendar() const;

  [[nodiscard]] Lot& lot() const { return x.lots[slot]; }
  [[nodiscard]] Tool& tool() const { return x.tools[e.tool]; }
  [[nodiscard]] const GroupInfo& group() const { return m.groups[m.tool_group[e.tool]]; }
};

}  // namespace twins::fab
