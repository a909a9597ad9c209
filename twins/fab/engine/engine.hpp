// The laws of the fab: what each event does to the State. One Engine lives for one call of advance; it holds nothing
// but references, so all memory is in the State. Split by subject: dispatch, by_plan, process, availability, routing.
#pragma once
#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "twin/core/draw.hpp"
#include "twin/math/elementary.hpp"
#include "twins/fab/engine/gate.hpp"
#include "twins/fab/layout.hpp"
#include "twins/fab/occasions.hpp"
#include "twins/fab/rules/dispatching.hpp"
#include "twins/fab/rules/group_plan.hpp"
#include "twins/fab/rules/qualification.hpp"
#include "twins/fab/rules/rule.hpp"
#include "twins/fab/state.hpp"
#include "twins/fab/tool_time.hpp"
#include "twins/fab/wafer_marks.hpp"

namespace twins::fab {

using twin::core::Draw;

// A duration by inversion, one uniform in (0, 1) a draw; rounded once to whole ticks.
inline double inverted(Duration::Law law, double mean, double half_width, double u) {
  switch (law) {
    case Duration::Law::Constant: return mean;
    case Duration::Law::Uniform: return mean + (2.0 * u - 1.0) * half_width;
    case Duration::Law::Exponential: return -mean * twin::math::log(u);
  }
  return mean;
}

// NOLINTNEXTLINE(bugprone-incorrect-roundings): of times, which are not negative
inline Tick to_ticks(double ms) { return static_cast<Tick>(ms + 0.5); }

// Receives what happens; the default receives nothing and costs nothing.
struct NoSink {
  static constexpr bool Enabled = false;
};

template <class Rule, class Sink>
struct Engine {
  const Layout& m;
  const Rule& rule;
  State& x;
  const double* theta;
  Draw draw;
  Sink& sink;
  const double* pace = nullptr;  // [tool] multiplies process times; null: all 1
  Dispatching how{};
  Gate* gate = nullptr;                      // null: lots enter as scheduled
  const Qualification* qualified = nullptr;  // null: every tool does all steps of its group
  const GroupPlan* planned = nullptr;        // null: the rule decides everywhere
  bool beside_plan = false;                  // the rule is asked for lots of no plan alone
  twin::core::PhiloxKeys keys{draw.seed};
  // The arrays of m and x by their first elements: nearer than through two references. `lots`
  // moves when the array grows.
  const StepInfo* steps = m.steps.data();
  const GroupInfo* infos = m.groups.data();
  const std::uint32_t* tool_group = m.tool_group.data();
  Lot* lots = x.lots.data();
  Tool* tools = x.tools.data();
  Group* groups = x.groups.data();
  Line* lines = x.lines.data();
  GroupTally* tallies = x.group_tally.data();

  // All that happens at x.now, then the dispatching that it calls for.
  void run_until(Tick until);
  void handle(const twin::des::Event& event);
  void fetch_ahead()
      const;  // brings what the next events will touch into the cache; no effect on results

  // routing.hpp
  void release(std::uint32_t stream);
  void release_lot(std::uint32_t stream);
  void come(std::uint32_t slot);    // a lot that is due to enter at the first step of its route
  void enter(std::uint32_t slot);   // it waits outside no longer
  [[gnu::noinline]] void let_in();  // all that the gate admits
  [[gnu::noinline]] void let_in_unheld(std::uint32_t slot);  // one whom no control holds any more
  [[nodiscard]] Tick next_release(std::uint32_t stream, std::uint64_t k, Tick last) const;
  void release_listed();
  std::uint32_t create_lot(std::uint32_t lot_class, std::uint32_t first_step, std::uint32_t wafers,
                           std::int32_t priority, Tick due, double weight);
  void route_from(std::uint32_t slot, std::uint32_t step, std::uint32_t route);
  void arrive(std::uint32_t slot);
  void leave_tool(std::uint32_t slot);
  void complete_step(std::uint32_t slot);
  void finish(std::uint32_t slot);
  void free_slot(std::uint32_t slot);

  // queue.hpp
  void enqueue(std::uint32_t slot);
  void dequeue(std::uint32_t slot);
  [[nodiscard]] bool goes_before(const Lot& a, const Lot& b) const;

  // dispatch.hpp
  void touch(std::uint32_t group, std::uint32_t lot);
  // Once a moment, and once for each lot that the gate lets in: the former must not become a call for the latter.
  [[gnu::always_inline]] inline void settle();
  void dispatch(std::uint32_t group, std::uint32_t arrived);
  bool try_start(std::uint32_t tool);
  [[nodiscard]] std::uint32_t select_lot(std::uint32_t tool) const;
  bool start_batch(std::uint32_t tool);
  [[nodiscard]] Look look_at(std::uint32_t tool) const;
  [[nodiscard]] double value_of(const Lot& lot, const Look& look) const;
  [[nodiscard]] bool wins(const Lot& a, double va, const Lot& b, double vb) const;
  [[nodiscard]] std::uint32_t best_of(std::uint32_t line, std::uint32_t room, const Look& look,
                                      std::uint32_t last = None) const;
  [[nodiscard]] std::uint32_t fitting_wafers(std::uint32_t line, std::uint32_t most) const;
  [[nodiscard]] bool full_enough(std::uint32_t line, const StepInfo& step, const Lot& best) const;
  [[nodiscard]] double batch_value(std::uint32_t line, const StepInfo& step,
                                   const Look& look) const;
  [[nodiscard]] bool may_still_come(std::uint32_t line) const;

  // by_plan.hpp
  [[gnu::noinline]] void dispatch_by_plan(std::uint32_t group);
  [[nodiscard]] bool has_plan(std::uint32_t group) const {
    return planned != nullptr && planned->group[group] != 0 && x.now < planned->until;
  }
  [[nodiscard]] bool is_planned(std::uint32_t slot) const;  // for a job that is not void
  [[nodiscard]] bool is_passed_over(std::uint32_t slot) const {
    return beside_plan && is_planned(slot);
  }
  bool start_planned(std::uint32_t tool, const std::vector<std::uint32_t>& slots);

  // process.hpp
  void enter_tool(std::uint32_t slot, std::uint32_t tool);
  void start_job(std::uint32_t tool, std::uint32_t first_lot);
  void end_job(std::uint32_t tool, std::uint32_t entry);
  [[nodiscard]] Tick setup_ticks(const Tool& tool, const StepInfo& step) const;

  // availability.hpp
  void fail(std::uint32_t tool, std::uint32_t process);
  [[nodiscard]] bool is_waited_for(std::uint32_t tool) const;
  void take_down(std::uint32_t tool);
  void put_back(std::uint32_t tool);
  void stand_still(std::uint32_t tool);
  void go_on(std::uint32_t tool);
  void start_deferred(std::uint32_t tool);
  void break_down(std::uint32_t tool, std::uint32_t process);
  void repair(std::uint32_t tool, std::uint32_t process);
  void pm_due(std::uint32_t tool, std::uint32_t k);
  void pass_marks(std::uint32_t tool);
  void ask_pm(std::uint32_t tool, std::uint32_t k);
  void start_pm(std::uint32_t tool);
  void end_pm(std::uint32_t tool);
  void tool_changed(std::uint32_t tool);
  void refresh(std::uint32_t tool);
  void unlist(std::uint32_t tool);
  void release_reservation(std::uint32_t lot);
  void reserve_next(std::uint32_t lot);

  [[nodiscard]] twin::core::Block visit_words(const Lot& lot) const {
    return philox4x32_10(
        {draw.member, static_cast<std::uint32_t>(What::LotVisit), lot.serial, lot.visit}, keys);
  }
  // Does some tool of the group not do all of its steps; and this tool?
  [[nodiscard]] bool is_restricted(std::uint32_t group) const {
    return qualified != nullptr && qualified->group[group] != 0;
  }
  [[nodiscard]] bool is_restricted_tool(std::uint32_t tool) const {
    return qualified != nullptr && qualified->row[tool] != None;
  }
  [[nodiscard]] std::uint32_t area_of(std::uint32_t group) const { return infos[group].area; }
  void schedule(Tick at, Happens what, std::uint32_t who, std::uint32_t arg = 0) {
    x.agenda.push(at, who, static_cast<std::uint16_t>(what), static_cast<std::uint16_t>(arg));
  }
};

template <class Rule, class Sink>
void Engine<Rule, Sink>::run_until(Tick until) {
  if (gate != nullptr) let_in();  // for whom something was changed from outside
  for (Tick at = x.agenda.next_at(); at <= until; at = x.agenda.next_at()) {
    x.now = at;
    do {
      const twin::des::Event event = x.agenda.pop();
      fetch_ahead();
      handle(event);
      ++x.events;
    } while (x.agenda.next_at() == at);
    settle();
    if (gate != nullptr && gate->stirred(x)) let_in();
  }
  x.now = until;
}

template <class Rule, class Sink>
void Engine<Rule, Sink>::fetch_ahead() const {
  if (const twin::des::Event* e = x.agenda.glance(1)) {
    if (static_cast<Happens>(e->kind) == Happens::Arrive) {
      __builtin_prefetch(&lots[e->who]);
    } else if (static_cast<Happens>(e->kind) == Happens::JobEnd) {
      const char* tool = reinterpret_cast<const char*>(&tools[e->who]);
      __builtin_prefetch(tool);
      __builtin_prefetch(tool + ((e->arg & 1U) == 0 ? 64 : 128));
    }
  }
  if (const twin::des::Event* e = x.agenda.glance(0)) {
    if (static_cast<Happens>(e->kind) == Happens::Arrive) {
      __builtin_prefetch(&steps[lots[e->who].step]);
    } else if (static_cast<Happens>(e->kind) == Happens::JobEnd) {
      const std::uint32_t lot = tools[e->who].jobs[e->arg & 1U].first_lot;
      if (lot != None) __builtin_prefetch(&lots[lot]);
    }
  }
}

template <class Rule, class Sink>
void Engine<Rule, Sink>::handle(const twin::des::Event& event) {
  switch (static_cast<Happens>(event.kind)) {
    case Happens::Arrive:
      if (lots[event.who].place == LotPlace::Moving)
        arrive(event.who);
      else if (lots[event.who].place == LotPlace::Finished)
        free_slot(event.who);  // scrapped on the way
      return;
    case Happens::JobEnd: {
      const Tool& tool = tools[event.who];
      if (static_cast<std::uint16_t>(event.arg >> 1) == (tool.epoch & 0x7fffU))
        end_job(event.who, event.arg & 1U);
      return;
    }
    case Happens::Release: return release(event.who);
    case Happens::Listed: return release_listed();
    case Happens::Fail: return fail(event.who, event.arg);
    case Happens::Repair: return repair(event.who, event.arg);
    case Happens::PmDue: return pm_due(event.who, event.arg);
    case Happens::PmDone: return end_pm(event.who);
    case Happens::SlotFree: return tool_changed(event.who);
    case Happens::Dispatch: return touch(event.who, None);
    case Happens::PmAsked: ask_pm(event.who, event.arg); return tool_changed(event.who);
    case Happens::TakenDown: return take_down(event.who);
    case Happens::PutBack: return put_back(event.who);
    case Happens::Enter: return let_in_unheld(event.who);
  }
}

}  // namespace twins::fab

#include "twins/fab/engine/availability.hpp"
#include "twins/fab/engine/by_plan.hpp"
#include "twins/fab/engine/dispatch.hpp"
#include "twins/fab/engine/process.hpp"
#include "twins/fab/engine/queue.hpp"
#include "twins/fab/engine/routing.hpp"
