#include "twins/fab/decide/act.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "twin/core/expect.hpp"
#include "twins/fab/floor.hpp"

namespace twins::fab::decide {

namespace {

using twin::core::Never;

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};

std::string duration_text(Tick until, Tick now) {
  if (until == Never) return "";
  return fmt::format(" for {:.1f} h", static_cast<double>(until - now) / HourMs);
}

std::string calendar_name(const Layout& m, std::uint32_t tool, std::uint32_t calendar) {
  const ToolGroup& group = m.description.tool_groups[m.tool_group[tool]];
  return calendar < group.maintenances.size() ? group.maintenances[calendar].name : "?";
}

std::optional<std::string> no_lot(const State& x, std::uint32_t lot) {
  if (find_lot(x, lot) != None) return std::nullopt;
  return fmt::format("lot {} (is not in the fab)", lot);
}

std::optional<std::string> no_calendar(const Layout& m, std::uint32_t tool,
                                       std::uint32_t calendar) {
  if (tool >= m.tools()) return fmt::format("tool {} (there are {})", tool, m.tools());
  const std::uint32_t pms = m.groups[m.tool_group[tool]].pms;
  if (calendar >= pms)
    return fmt::format("maintenance {} of {} (its group has {})", calendar, m.tool_name(tool), pms);
  return std::nullopt;
}

}  // namespace

std::string text_of(const Layout& m, const Act& act, Tick now) {
  const auto tool_name = [&](std::uint32_t t) {
    return t < m.tools() ? m.tool_name(t) : fmt::format("tool {}", t);
  };
  return std::visit(
      Overloaded{
          [&](const SetPriority& a) {
            return fmt::format("lot {} to priority {}{}", a.lot, a.priority,
                               duration_text(a.until, now));
          },
          [&](const HoldLot& a) {
            return fmt::format("hold lot {}{}", a.lot, duration_text(a.until, now));
          },
          [&](const ReleaseLot& a) { return fmt::format("release lot {} from hold", a.lot); },
          [&](const StartPm& a) {
            return fmt::format("start maintenance {} of {} now",
                               calendar_name(m, a.tool, a.calendar), tool_name(a.tool));
          },
          [&](const ShiftPm& a) {
            return fmt::format("maintenance {} of {} in {:.1f} h",
                               calendar_name(m, a.tool, a.calendar), tool_name(a.tool),
                               static_cast<double>(a.due - now) / HourMs);
          },
          [&](const AcceptLot& a) {
            return fmt::format("accept a lot of {} at priority {}, due in {:.1f} days",
                               a.stream < m.streams.size()
                                   ? m.description.products[m.streams[a.stream].product].name
                                   : "?",
                               a.priority, static_cast<double>(a.due - now) / DayMs);
          }},
      act);
}

std::optional<std::string> why_not(const Layout& m, const State& x, const Act& act) {
  return std::visit(
      Overloaded{[&](const SetPriority& a) -> std::optional<std::string> {
                   if (auto why = no_lot(x, a.lot)) return why;
                   if (a.until <= x.now) return "an end (lies not ahead)";
                   return std::nullopt;
                 },
                 [&](const HoldLot& a) -> std::optional<std::string> {
                   if (auto why = no_lot(x, a.lot)) return why;
                   if (a.until <= x.now) return "an end (lies not ahead)";
                   const Lot& lot = x.lots[find_lot(x, a.lot)];
                   if (lot.place == LotPlace::Held || lot.hold_requested)
                     return fmt::format("lot {} (is held already)", a.lot);
                   return std::nullopt;
                 },
                 [&](const ReleaseLot& a) -> std::optional<std::string> {
                   if (auto why = no_lot(x, a.lot)) return why;
                   const Lot& lot = x.lots[find_lot(x, a.lot)];
                   if (lot.place != LotPlace::Held && !lot.hold_requested)
                     return fmt::format("lot {} (is not held)", a.lot);
                   return std::nullopt;
                 },
                 [&](const StartPm& a) -> std::optional<std::string> {
                   if (auto why = no_calendar(m, a.tool, a.calendar)) return why;
                   if (x.tools[a.tool].pm == a.calendar ||
                       x.pms[a.tool * m.max_pms + a.calendar].asked != 0)
                     return fmt::format("maintenance {} of {} (waits or is under way already)",
                                        calendar_name(m, a.tool, a.calendar), m.tool_name(a.tool));
                   return std::nullopt;
                 },
                 [&](const ShiftPm& a) -> std::optional<std::string> {
                   if (auto why = no_calendar(m, a.tool, a.calendar)) return why;
                   const GroupInfo& group = m.groups[m.tool_group[a.tool]];
                   if (m.pms[group.first_pm + a.calendar].trigger != Maintenance::Trigger::Calendar)
                     return fmt::format("maintenance {} of {} (comes by wafers, not by days)",
                                        calendar_name(m, a.tool, a.calendar), m.tool_name(a.tool));
                   if (a.due < x.now) return "a due time (lies behind)";
                   return std::nullopt;
                 },
                 [&](const AcceptLot& a) -> std::optional<std::string> {
                   if (a.stream >= m.streams.size())
                     return fmt::format("stream {} (there are {})", a.stream, m.streams.size());
                   return std::nullopt;
                 }},
      act);
}

Doing::Doing(const AnyFab& fab, State& x, std::span<const double> theta, twin::core::Draw draw)
    : fab_(fab), x_(x), theta_(theta), draw_(draw) {}

void Doing::begin(std::span<const Act> acts) {
  Interventions people(fab_, x_);
  std::uint32_t accepted = 0;
  for (const Act& act : acts) {
    std::visit(Overloaded{[&](const SetPriority& a) {
                            const std::uint32_t slot = find_lot(x_, a.lot);
                            if (slot == None) return;
                            const std::int32_t before = x_.lots[slot].priority;
                            people.set_priority(a.lot, a.priority);
                            if (a.until != Never) undo_.push_back({a.until, a.lot, before});
                          },
                          [&](const HoldLot& a) {
                            if (!was_done(people.hold(a.lot))) return;
                            if (a.until != Never) undo_.push_back({a.until, a.lot, {}});
                          },
                          [&](const ReleaseLot& a) { people.release(a.lot); },
                          [&](const StartPm& a) { people.start_pm(a.tool, a.calendar); },
                          [&](const ShiftPm& a) { shift(a); },
                          [&](const AcceptLot& a) { accept(a, accepted++); }},
               act);
  }
  std::stable_sort(undo_.begin(), undo_.end(),
                   [](const Undo& a, const Undo& b) { return a.at > b.at; });
}

Tick Doing::next() const { return undo_.empty() ? Never : undo_.back().at; }

void Doing::at() {
  TWIN_EXPECT(x_.now == next(), x_.now, next());
  Interventions people(fab_, x_);
  while (!undo_.empty() && undo_.back().at == x_.now) {
    const Undo undo = undo_.back();
    undo_.pop_back();
    if (undo.priority)
      people.set_priority(undo.lot, *undo.priority);
    else
      people.release(undo.lot);
  }
}

void Doing::shift(const ShiftPm& act) {
  std::vector<twin::des::Event> events = x_.agenda.sorted();
  for (twin::des::Event& e : events)
    if (e.kind == static_cast<std::uint16_t>(Happens::PmDue) && e.who == act.tool &&
        e.arg == act.calendar)
      e.at = std::max(act.due, x_.now);
  x_.agenda.assign(std::move(events), x_.agenda.next_seq());
}

void Doing::accept(const AcceptLot& act, std::uint32_t n) {
  const Layout& m = fab_.layout();
  const StreamInfo& stream = m.streams[act.stream];
  const std::uint32_t route = m.description.products[stream.product].route;
  const QueueRule rule{{}, &fab_};
  NoSink none;
  Floor::Laws laws{m, rule, x_, theta_.data(), draw_, none};
  const std::uint32_t id = x_.next_lot_id, serial = x_.next_serial;
  const std::uint32_t slot = laws.create_lot(stream.lot_class, m.routes[route].first_step,
                                             stream.wafers, act.priority, act.due, stream.weight);
  x_.lots[slot].id = x_.lots[slot].serial = FirstAccepted + n;
  x_.next_lot_id = id;
  x_.next_serial = serial;
  laws.route_from(slot, m.routes[route].first_step, route);
  // Dispatching is the engine's own, first of all when the run goes on.
  for (const Touch& t : x_.touched) {
    x_.groups[t.group].touched = false;
    x_.agenda.push(x_.now, t.group, static_cast<std::uint16_t>(Happens::Dispatch), 0);
  }
  x_.touched.clear();
}

}  // namespace twins::fab::decide
